import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { replaceFolder } from './build.ts';

test('a build takes the place of the one before when it is whole; one that fails leaves it as it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bihuan-build-'));
  try {
    const place = join(folder, 'dist', 'console');
    const write = (text: string) => async (into: string) => {
      await mkdir(into, { recursive: true });
      await writeFile(join(into, 'index.html'), text);
    };
    await replaceFolder(place, write('one'));
    assert.equal(await readFile(join(place, 'index.html'), 'utf8'), 'one');
    await replaceFolder(place, async (into) => {
      await write('two')(into);
      assert.equal(await readFile(join(place, 'index.html'), 'utf8'), 'one', 'served until the new one is whole');
    });
    assert.equal(await readFile(join(place, 'index.html'), 'utf8'), 'two');
    await assert.rejects(replaceFolder(place, async (into) => {
      await write('half')(into);
      throw new Error('a source does not compile');
    }));
    assert.equal(await readFile(join(place, 'index.html'), 'utf8'), 'two');
    assert.deepEqual(await readdir(join(folder, 'dist')), ['console'], 'nothing is left lying beside it');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
