import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ConfigurationError } from '../config/configuration-error.ts';
import { lockDirectory } from './directory-lock.ts';

for (const withoutFlock of [false, true]) {
  describe(`a lock ${withoutFlock ? 'by name' : 'by the kernel where it can'}`, () => {
    let folder: string;
    const lock = (patience = 0) => lockDirectory(folder, { patience, withoutFlock });

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bihuan-lock-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    test('is held by one, and can be taken again once released', async () => {
      const first = await lock();
      await assert.rejects(lock(), (error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.equal(error.message.includes('\n'), false);
        assert.ok(error.message.includes(`in use by process ${process.pid}`));
        return true;
      });
      first.release();
      (await lock()).release();
    });

    test('is waited for by the patient, who are told once whom they wait for', async () => {
      const first = await lock();
      const told: string[] = [];
      const second = lockDirectory(folder, { patience: 60_000, withoutFlock, onWait: (pid) => told.push(pid) });
      setTimeout(() => first.release(), 250);
      (await second).release();
      assert.deepEqual(told, [String(process.pid)]);
    });

    test('is taken over from the dead: a number that is free, or that another process was born with', async () => {
      for (const name of ['999999999 1@boot 0123456789abcdef\n', `${process.pid} 1@boot 0123456789abcdef\n`, 'torn', '']) {
        await writeFile(join(folder, 'lock'), name);
        (await lock()).release();
      }
    });

    test('goes to exactly one of many who find a stale one', async () => {
      await writeFile(join(folder, 'lock'), '999999999 1@boot 0123456789abcdef\n');
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lock()));
      const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      assert.equal(won.length, 1);
      won[0]?.value.release();
      assert.deepEqual((await readdir(folder)).filter((name) => name !== 'lock'), []);
    });
  });
}

test('a name counts for those who have flock too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bihuan-lock-'));
  const named = await lockDirectory(folder, { patience: 0, withoutFlock: true });
  await assert.rejects(lockDirectory(folder, { patience: 0 }), ConfigurationError);
  named.release();
  const kernel = await lockDirectory(folder, { patience: 0 });
  await assert.rejects(lockDirectory(folder, { patience: 0, withoutFlock: true }), ConfigurationError);
  kernel.release();
  await rm(folder, { recursive: true });
});

test('a link in place of the lock file is not followed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bihuan-lock-'));
  await writeFile(join(folder, 'precious'), 'text');
  await symlink(join(folder, 'precious'), join(folder, 'lock'));
  await assert.rejects(lockDirectory(folder, { patience: 0 }), { code: 'ELOOP' });
  await rm(folder, { recursive: true });
});
