import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ConfigurationError } from './configuration-error.ts';
import { prepareDataDirectory } from './data-directory.ts';

describe('the data directory', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bihuan-data-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function assertRefused(path: string): Promise<void> {
    await assert.rejects(prepareDataDirectory(path), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, /^DATA_DIR must be a folder that the program may write to, but .* is not \(E[A-Z]+\)\.$/);
      return true;
    });
  }

  test('is made with the folders above it, for its owner alone', async () => {
    const path = join(folder, 'a', 'b', 'data');
    await prepareDataDirectory(path);
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    assert.equal((await stat(join(folder, 'a'))).mode & 0o100, 0o100);
  });

  test('keeps its permissions when it exists', async () => {
    const path = join(folder, 'data');
    await mkdir(path);
    await chmod(path, 0o750);
    await prepareDataDirectory(path);
    assert.equal((await stat(path)).mode & 0o777, 0o750);
  });

  test('cannot be a file, lie under one, or be named beyond all bounds', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '', { mode: 0o777 });
    await assertRefused(file);
    await assertRefused(join(file, 'data'));
    await assertRefused(join(folder, 'x'.repeat(300)));
  });

  test('cannot lie where no folders can be made', { skip: !existsSync('/proc/self') && 'needs /proc' }, async () => {
    await assertRefused('/proc/bihuan/data');
  });
});
