import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ConfigurationError } from './configuration-error.ts';
import { readSecretKey } from './secret-key.ts';

describe('the secret key', () => {
  let dataDirectory: string;
  let path: string;
  beforeEach(async () => {
    dataDirectory = join(await mkdtemp(join(tmpdir(), 'bihuan-secret-')), 'data');
    path = join(dataDirectory, 'secret-key');
  });
  afterEach(() => rm(join(dataDirectory, '..'), { recursive: true }));

  const read = (secretKey?: string) => readSecretKey({ secretKey, dataDirectory });

  test('a given key is used and nothing is kept', async () => {
    assert.equal(await read('k'.repeat(32)), 'k'.repeat(32));
    await assert.rejects(stat(dataDirectory), { code: 'ENOENT' });
  });

  test('without one a key is made, kept for its owner alone, and the same ever after', async () => {
    const key = await read();
    assert.match(key, /^[\w-]{64}$/);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(dataDirectory)).mode & 0o777, 0o700);
    assert.equal(await read(), key);
  });

  test('programs that start together agree on one key', async () => {
    const keys = await Promise.all(Array.from({ length: 10 }, () => read()));
    assert.equal(new Set(keys).size, 1);
    assert.equal((await readFile(path, 'utf8')).trim(), keys[0]);
    assert.deepEqual(await readdir(dataDirectory), ['secret-key'], 'nothing else is left');
  });

  test('a kept key that others could read is closed to them', async () => {
    await mkdir(dataDirectory);
    await writeFile(path, `${'k'.repeat(40)}\n`);
    await chmod(path, 0o644);
    assert.equal(await read(), 'k'.repeat(40));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test('a damaged key stops the start rather than being replaced', async () => {
    await mkdir(dataDirectory);
    for (const damaged of ['', '\n', 'short']) {
      await writeFile(path, damaged);
      await assert.rejects(read(), (error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.match(error.message, /^SECRET_KEY must be/);
        return true;
      });
      assert.equal(await readFile(path, 'utf8'), damaged);
    }
  });
});
