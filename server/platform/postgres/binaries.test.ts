import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigurationError } from '../config/configuration-error.ts';
import { locateBinaries, usableBinaries } from './binaries.ts';
import { chooseIdentity, commandAs, runs } from './identity.ts';
import type { Identity } from './identity.ts';

type Installed = Awaited<ReturnType<typeof locateBinaries>>;

const isRoot = process.getuid?.() === 0;

test('the PostgreSQL that comes along runs', async () => {
  const identity = await chooseIdentity(undefined);
  const binaries = await usableBinaries(await locateBinaries(), identity);
  const { file, args, options } = commandAs(identity, 'KILL', binaries.initdb, ['--version']);
  assert.equal(await runs(file, args, options), true);
});

describe('copies of programs that another user cannot reach', { skip: !isRoot && 'needs root' }, () => {
  let workshop: string;
  /** A folder that everyone may enter, as caches are. */
  let open: string;
  let installed: Installed;
  let identity: Identity;

  before(async () => {
    identity = await chooseIdentity(undefined);
    workshop = await mkdtemp(join(tmpdir(), 'bihuan-binaries-'));
    open = await mkdtemp('/tmp/bihuan-cache-');
    await chmod(open, 0o755);
    installed = await makeInstallation('small', 8);
  });

  after(async () => {
    await rm(workshop, { recursive: true });
    await rm(open, { recursive: true });
  });

  /** Not the real thing, but as deep, with links, and unreachable: mkdtemp makes folders 0700. */
  async function makeInstallation(name: string, libraries: number): Promise<Installed> {
    const folder = join(workshop, name);
    await mkdir(join(folder, 'bin'), { recursive: true });
    await mkdir(join(folder, 'lib'));
    await writeFile(join(folder, 'bin', 'postgres'), '#!/bin/sh\nexit 0\n', { mode: 0o700 });
    await symlink('../bin/postgres', join(folder, 'lib', 'link'));
    for (let number = 0; number < libraries; number += 1) {
      await writeFile(join(folder, 'lib', `library-${number}`), Buffer.alloc(50_000, number), { mode: 0o600 });
    }
    return { folder, version: 'test' };
  }

  async function cacheFolder(name: string, mode = 0o755): Promise<string> {
    const folder = join(open, name);
    await mkdir(folder);
    await chmod(folder, mode);
    return folder;
  }

  /** The one copy in a cache folder. */
  async function copyIn(cache: string): Promise<string> {
    const [name, ...more] = await readdir(cache);
    assert.ok(name !== undefined && more.length === 0, 'one copy');
    return join(cache, name);
  }

  test('are made once, for everyone to read and only root to write', async () => {
    const cache = await cacheFolder('plain');
    const first = await usableBinaries(installed, identity, [cache]);
    const copy = await copyIn(cache);
    assert.equal(first.postgres, join(copy, 'bin', 'postgres'));
    assert.equal((await stat(join(copy, 'bin', 'postgres'))).mode & 0o777, 0o755);
    assert.equal((await stat(join(copy, 'lib', 'library-7'))).mode & 0o777, 0o644);
    const made = (await stat(copy)).ctimeMs;
    assert.deepEqual(await usableBinaries(installed, identity, [cache]), first);
    assert.equal((await stat(copy)).ctimeMs, made, 'the second time it is the same copy');
  });

  test('are not needed where the programs can be reached', async () => {
    const folder = join(await cacheFolder('reachable'), 'native');
    await mkdir(join(folder, 'bin'), { recursive: true });
    await writeFile(join(folder, 'bin', 'postgres'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    const { postgres } = await usableBinaries({ folder, version: 'test' }, identity, []);
    assert.equal(postgres, join(folder, 'bin', 'postgres'));
  });

  test('are not trusted when another user made or can change them', async () => {
    const cache = await cacheFolder('hostile', 0o1777);
    await usableBinaries(installed, identity, [cache]);
    const copy = await copyIn(cache);
    const { uid = 0 } = identity.user ?? {};
    const tamperings: [string, () => Promise<void>][] = [
      ['owned by another', () => chown(copy, uid, uid)],
      ['a file owned by another', () => chown(join(copy, 'lib', 'library-1'), uid, uid)],
      ['a file that others may write', () => chmod(join(copy, 'bin', 'postgres'), 0o777)],
      ['a folder that others may write', () => chmod(join(copy, 'lib'), 0o775)],
      ['a file more', () => writeFile(join(copy, 'lib', 'more'), '')],
      ['a file cut short', () => writeFile(join(copy, 'lib', 'library-2'), 'x')],
      ['a file gone', () => rm(join(copy, 'lib', 'library-2'))],
      ['a link elsewhere', async () => {
        await rm(join(copy, 'lib', 'link'));
        await symlink('/etc/passwd', join(copy, 'lib', 'link'));
      }],
      ['itself a link', async () => {
        await rename(copy, `${copy}-elsewhere`);
        await symlink(`${copy}-elsewhere`, copy);
      }],
    ];
    for (const [what, tamper] of tamperings) {
      await tamper();
      const { postgres } = await usableBinaries(installed, identity, [cache]);
      assert.ok(!postgres.startsWith(`${copy}/`), what);
      for (const name of await readdir(cache)) await rm(join(cache, name), { recursive: true });
      await usableBinaries(installed, identity, [cache]);
    }
  });

  test('are not made in a folder whose entries others could replace', async () => {
    const cache = await cacheFolder('unsafe', 0o777);
    await assert.rejects(usableBinaries(installed, identity, [cache]), ConfigurationError);
    assert.deepEqual(await readdir(cache), []);
    const safe = await cacheFolder('safe');
    const { postgres } = await usableBinaries(installed, identity, [cache, join(open, 'absent'), safe]);
    assert.ok(postgres.startsWith(safe), 'the next place is taken');
  });

  test('are whole or not there after a kill, and what is left of the killed one is removed', async () => {
    const cache = await cacheFolder('killed');
    const large = await makeInstallation('large', 300);
    const script = `
      const { chooseIdentity } = await import(${JSON.stringify(import.meta.resolve('./identity.ts'))});
      const { usableBinaries } = await import(${JSON.stringify(import.meta.resolve('./binaries.ts'))});
      await usableBinaries(${JSON.stringify(large)}, await chooseIdentity(undefined), [${JSON.stringify(cache)}]);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    while ((await readdir(cache)).length === 0 && child.exitCode === null) await wait(1);
    child.kill('SIGKILL');
    assert.equal(await ended, 'SIGKILL');
    assert.match((await readdir(cache)).join(), /\.partial-/, 'killed half-way');
    await usableBinaries(large, identity, [cache]);
    assert.doesNotMatch(await copyIn(cache), /\.partial-/);
  });
});
