import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { openLogFile } from './log-file.ts';

describe('the log of PostgreSQL', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bihuan-log-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('the tail is what was written since the file was opened', async () => {
    const path = join(folder, 'log');
    await writeFile(path, 'from yesterday\n', { mode: 0o600 });
    const log = await openLogFile(path, 1000);
    assert.equal(log.tail(), '');
    writeSync(log.descriptor, 'from today\n');
    assert.equal(log.tail(), 'from today');
    log.close();
    assert.equal(await readFile(path, 'utf8'), 'from yesterday\nfrom today\n');
    assert.equal((await stat(path)).mode & 0o077, 0);
  });

  test('a full file becomes the one before it, while its writer goes on writing', async () => {
    const path = join(folder, 'log');
    const log = await openLogFile(path, 1000);
    for (let round = 0; round < 5; round += 1) {
      writeSync(log.descriptor, `${String(round).repeat(1200)}\n`);
      await log.rotate();
    }
    writeSync(log.descriptor, 'last\n');
    assert.equal(await readFile(path, 'utf8'), 'last\n');
    assert.equal(await readFile(`${path}.1`, 'utf8'), `${'4'.repeat(1200)}\n`);
    assert.equal(log.tail(), 'last');
    log.close();
  });

  test('a full file is moved aside when it is opened', async () => {
    const path = join(folder, 'log');
    await writeFile(path, 'x'.repeat(1500));
    (await openLogFile(path, 1000)).close();
    assert.equal((await stat(path)).size, 0);
    assert.equal((await stat(`${path}.1`)).size, 1500);
  });
});
