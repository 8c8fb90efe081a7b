import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

/** Plain JavaScript, which the type checker leaves alone. */
const { alone } = (await import(import.meta.resolve('./launch/alone.js'))) as {
  alone: <T>(root: string, name: string, deed: () => Promise<T>) => Promise<T>;
};
const source = import.meta.resolve('./launch/alone.js');

describe('what two launchers must not do at once', { timeout: 60_000 }, () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'bihuan-alone-'));
    await mkdir(join(root, 'tmp'));
  });
  after(() => rm(root, { recursive: true }));

  const path = () => join(root, 'tmp', 'deed.lock');
  const longAgo = new Date(Date.now() - 3_600_000);
  const mark = '0123456789abcdef';

  for (const [what, text] of [
    ['is empty, as its owner was killed before it wrote', ''],
    ['is of an older launcher', '999999999'],
    ['is of an older launcher, and names this very process', String(process.pid)],
    ['names a process that has gone', `999999999 1@boot ${mark}\n`],
    ['names this process’s number, born at another time', `${process.pid} 1@boot ${mark}\n`],
    ['names a number that a stranger has now', `${process.ppid} 1@boot ${mark}\n`],
    ['was cut short', `${process.ppid} 1@bo`],
  ] as const) {
    test(`is not kept from being done by a lock that ${what}`, { skip: process.platform === 'win32' && text.startsWith(`${process.ppid} `) && 'Windows tells no time of birth' }, async () => {
      await writeFile(path(), text);
      await utimes(path(), longAgo, longAgo);
      assert.equal(await alone(root, 'deed', async () => readFile(path(), 'utf8').then((held) => held.startsWith(`${process.pid} `))), true);
      assert.deepEqual(await readdir(join(root, 'tmp')), [], 'nothing is left behind');
    });
  }

  test('a lock that is being written just now is given time', async () => {
    await writeFile(path(), '');
    let done = false;
    const waiting = alone(root, 'deed', async () => (done = true));
    await wait(300);
    assert.equal(done, false);
    await rm(path());
    assert.equal(await waiting, true);
  });

  test('of several processes one does it at a time, and one that is killed holds up nobody', async () => {
    const log = join(root, 'log');
    const script = (deed: string) => `import { alone } from ${JSON.stringify(source)}; import { appendFileSync } from 'node:fs';
      await alone(${JSON.stringify(root)}, 'deed', async () => { appendFileSync(${JSON.stringify(log)}, '('); ${deed}; appendFileSync(${JSON.stringify(log)}, ')'); });`;
    const run = (deed: string) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script(deed)], { stdio: 'ignore' });
      return { child, ended: new Promise((resolve) => child.on('exit', resolve)) };
    };
    const stuck = run('await new Promise((resolve) => setTimeout(resolve, 600_000))');
    while ((await readFile(log, 'utf8').catch(() => '')) !== '(') await wait(20);
    const others = Array.from({ length: 4 }, () => run('await new Promise((resolve) => setTimeout(resolve, 30))'));
    await wait(300);
    assert.equal(await readFile(log, 'utf8'), '(', 'they wait for the living');
    stuck.child.kill('SIGKILL');
    await Promise.all([stuck, ...others].map(({ ended }) => ended));
    assert.equal(await readFile(log, 'utf8'), '(()()()()');
    assert.deepEqual(await readdir(join(root, 'tmp')), []);
  });
});
