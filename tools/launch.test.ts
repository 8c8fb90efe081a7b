import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Plain JavaScript, which the type checker leaves alone. */
const { missing } = (await import(import.meta.resolve('./launch/install.js'))) as {
  missing: (wanted: object, installed: object, development: boolean) => string | undefined;
};

const repository = join(import.meta.dirname, '..');

/** A server that says what it hears, ends in order when told to, and as its argument wants. */
const server = `
import { whenLauncherIsGone } from './platform/process/exit-with-parent.ts';
const [wish] = process.argv.slice(2);
if (wish === 'code') process.exit(7);
if (wish === 'signal') process.kill(process.pid, 'SIGKILL');
const alive = setInterval(() => undefined, 60_000);
const stop = (why: string) => { clearInterval(alive); console.log('stopped by ' + why); };
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop(signal));
whenLauncherIsGone(() => stop('the end of the launcher'));
console.log('serving as ' + process.pid);
`;

describe('the launcher', { skip: process.platform === 'win32' && 'asks for signals and /bin/sh' }, () => {
  let root: string;
  const children = new Set<ChildProcess>();

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'bihuan-launch-'));
    await cp(join(repository, 'tools', 'launch.js'), join(root, 'tools', 'launch.js'));
    await cp(join(repository, 'tools', 'launch'), join(root, 'tools', 'launch'), { recursive: true });
    const guard = join('server', 'platform', 'process', 'exit-with-parent.ts');
    await cp(join(repository, guard), join(root, guard));
    await put('server/main.ts', server);
    await put('web/build.ts', `import { appendFileSync } from 'node:fs'; appendFileSync('builds', 'x');`);
    await put('rules/rule.ts', 'export const one = 1;');
    // A package of its own folder needs no network.
    await put('thing/package.json', JSON.stringify({ name: 'thing', version: '1.0.0' }));
    const scripts = { start: 'node tools/launch.js start' };
    const manifest = { name: 'fixture', version: '1.0.0', type: 'module', scripts, dependencies: { thing: 'file:./thing' } };
    await put('package.json', JSON.stringify(manifest));
    await put('package-lock.json', JSON.stringify(lockFile('1.0.0')));
  });

  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(root, { recursive: true });
  });

  function lockFile(version: string) {
    return {
      name: 'fixture',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'fixture', version: '1.0.0', dependencies: { thing: 'file:./thing' } },
        'node_modules/thing': { resolved: 'thing', link: true },
        thing: { version },
      },
    };
  }

  async function put(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }

  const builds = async () => (await readFile(join(root, 'builds'), 'utf8').catch(() => '')).length;

  /** Without the variables that npm sets for what it runs, and with this Node in front. */
  function environment(): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_/i.test(name));
    return { ...Object.fromEntries(own), PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };
  }

  function launch(args: string[], command = [process.execPath, join(root, 'tools', 'launch.js')]) {
    const [file = '', ...first] = command;
    const child = spawn(file, [...first, ...args], { cwd: root, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    let said = '';
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<{ code: number | null; signal: string | null; said: string; output: string }>((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, said, output }));
    });
    const serving = async () => {
      while (!/serving as \d+/.test(output)) {
        assert.ok(child.exitCode === null && child.signalCode === null, `ended early: ${said}`);
        await wait(10);
      }
      return Number(/serving as (\d+)/.exec(output)?.[1]);
    };
    return { child, ended, serving };
  }

  /** Starts, stops, and tells what the launcher had to say. */
  async function startAndStop(): Promise<string> {
    const { child, ended, serving } = launch(['start']);
    await serving();
    child.kill('SIGTERM');
    return (await ended).said;
  }

  test('installs and builds on the first start, and neither on the second', async () => {
    const first = await startAndStop();
    assert.match(first, /^Installing .*\nInstalled in \d+ s\.\nBuilding .*\nBuilt in/);
    assert.equal(await builds(), 1);
    assert.equal(await startAndStop(), '');
    assert.equal(await builds(), 1);
  });

  test('builds again when an input changed, and only then', async () => {
    const before = await builds();
    await appendFile(join(root, 'rules', 'rule.ts'), '\n// changed');
    assert.match(await startAndStop(), /^Building/);
    assert.equal(await builds(), before + 1);

    await utimes(join(root, 'rules', 'rule.ts'), new Date(), new Date());
    await put('rules/rule.test.ts', 'a test is no part of what is built');
    assert.equal(await startAndStop(), '');

    await rm(join(root, 'web', 'dist', '.stamp'));
    await startAndStop();
    assert.equal(await builds(), before + 2);
  });

  test('a build that fails stops the start, and is tried again', async () => {
    const text = await readFile(join(root, 'web', 'build.ts'), 'utf8');
    await put('web/build.ts', 'process.exit(3);');
    for (let time = 0; time < 2; time += 1) {
      const { code, said, output } = await launch(['start']).ended;
      assert.equal(code, 1);
      assert.match(said, /The web faces could not be built \(code 3\)\.$/m);
      assert.equal(output, '');
    }
    await put('web/build.ts', text);
    assert.match(await startAndStop(), /^Building/);
  });

  test('installs again when the lock file changed or an installation was broken off', async () => {
    await put('thing/package.json', JSON.stringify({ name: 'thing', version: '1.1.0' }));
    await put('package-lock.json', JSON.stringify(lockFile('1.1.0')));
    assert.match(await startAndStop(), /^Installing/);
    assert.doesNotMatch(await startAndStop(), /Installing/);

    await rm(join(root, 'node_modules', '.installed-from-lock'));
    await rm(join(root, 'node_modules', '.package-lock.json'));
    assert.match(await startAndStop(), /^Installing/);
  });

  test('takes what somebody installed with npm ci', async () => {
    await run('npm', ['ci'], { cwd: root, env: environment() });
    assert.doesNotMatch(await startAndStop(), /Installing/);
    await stat(join(root, 'node_modules', '.installed-from-lock'));
  });

  test('tells what npm said when it fails', async () => {
    const text = await readFile(join(root, 'package-lock.json'), 'utf8');
    const other = { ...lockFile('1.1.0'), packages: { '': { name: 'fixture' }, 'node_modules/other': { version: '1.0.0' } } };
    await put('package-lock.json', JSON.stringify(other));
    const { code, said } = await launch(['start']).ended;
    await put('package-lock.json', text);
    assert.equal(code, 1);
    assert.match(said, /EUSAGE[^]*The packages could not be installed with npm ci: it ended with code 1\.\n$/);
    await startAndStop();
  });

  test('of two first starts at once one installs and builds, the other waits', async () => {
    await rm(join(root, 'node_modules'), { recursive: true });
    await rm(join(root, 'web', 'dist'), { recursive: true });
    const before = await builds();
    const both = [launch(['start']), launch(['start'])];
    await Promise.all(both.map(({ serving }) => serving()));
    for (const { child } of both) child.kill('SIGTERM');
    const said = (await Promise.all(both.map(({ ended }) => ended))).map((end) => end.said).join('');
    assert.equal(said.match(/^Installing/gm)?.length, 1);
    assert.equal(await builds(), before + 1);
  });

  test('a lock left by a dead launcher is taken over', async () => {
    await put('tmp/web build.lock', '999999999 1@boot 0123456789abcdef\n');
    await rm(join(root, 'web', 'dist'), { recursive: true });
    assert.match(await startAndStop(), /^Building/);
  });

  test('passes a signal on once, and the end of the server back', async () => {
    const { child, ended, serving } = launch(['start']);
    await serving();
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    const end = await ended;
    assert.equal(end.output.match(/stopped by SIGTERM/g)?.length, 1);
    assert.equal(end.code, 0);
    assert.equal((await launch(['start', 'code']).ended).code, 7);
    assert.equal((await launch(['start', 'signal']).ended).signal, 'SIGKILL');
  });

  test('the server stops when the launcher is killed', async () => {
    const { child, ended, serving } = launch(['start']);
    await serving();
    child.kill('SIGKILL');
    // Its output stays open until the server, too, has ended.
    assert.match((await ended).output, /stopped by the end of the launcher/);
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`the server stops when npm gets ${signal}`, { skip: process.platform !== 'linux' && 'needs /proc' }, async () => {
      const { child, ended, serving } = launch(['start'], ['npm']);
      await serving();
      child.kill(signal);
      assert.match((await ended).output, /stopped by SIGTERM/);
    });
  }

  test('says what it can do, and what is missing', async () => {
    for (const args of [[], ['fly'], ['constructor']]) {
      const { code, said } = await launch(args).ended;
      assert.equal(code, 1);
      assert.match(said, /^Usage: .*start \| dev/);
    }
    const { code, said } = await launch(['bench']).ended;
    assert.equal(code, 1);
    assert.equal(said, 'bench/run.ts does not exist.\n');
  });
});

describe('what is missing from an installation', () => {
  const here = { os: process.platform, cpu: [process.arch] };
  const wanted = {
    '': {},
    'node_modules/needed': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/for-tests': { version: '1.0.0', dev: true },
    'node_modules/for-here': { version: '1.0.0', optional: true, ...here },
    'node_modules/for-elsewhere': { version: '1.0.0', optional: true, os: ['plan9'], cpu: [process.arch] },
    'node_modules/for-some-library': { version: '1.0.0', optional: true, ...here, libc: ['musl'] },
  };
  const whole = {
    'node_modules/needed': wanted['node_modules/needed'],
    'node_modules/for-tests': wanted['node_modules/for-tests'],
    'node_modules/for-here': wanted['node_modules/for-here'],
    'node_modules/extra': { version: '9.0.0' },
  };
  const without = (path: keyof typeof whole) => Object.fromEntries(Object.entries(whole).filter(([name]) => name !== path));

  test('nothing, when all that suits this platform is there', () => {
    assert.equal(missing(wanted, whole, true), undefined);
  });

  test('a package that is absent, of another version, or of another content', () => {
    assert.equal(missing(wanted, without('node_modules/needed'), true), 'node_modules/needed');
    for (const other of [{ version: '1.0.1', integrity: 'sha512-a' }, { version: '1.0.0', integrity: 'sha512-b' }]) {
      assert.equal(missing(wanted, { ...whole, 'node_modules/needed': other }, true), 'node_modules/needed');
    }
  });

  test('an optional package for this very platform', () => {
    assert.equal(missing(wanted, without('node_modules/for-here'), true), 'node_modules/for-here');
  });

  test('packages for tests, only when tests are to run', () => {
    assert.equal(missing(wanted, without('node_modules/for-tests'), true), 'node_modules/for-tests');
    assert.equal(missing(wanted, without('node_modules/for-tests'), false), undefined);
  });
});
