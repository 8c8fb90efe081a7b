import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { temporaryPlace } from '../test/support/temporary-place.ts';
import { findGroups } from './testing/discover.ts';
import { runGroup } from './testing/group.ts';
import type { Counts, Outcome } from './testing/group.ts';

const root = join(import.meta.dirname, '..');
const patient = { silence: 60_000, farewell: 60_000 };

describe('the test runner', { concurrency: 4 }, () => {
  let workshop: string;
  before(async () => {
    workshop = await mkdtemp(join(tmpdir(), 'bihuan-runner-'));
  });
  after(() => rm(workshop, { recursive: true }));

  async function put(path: string, text: string): Promise<string> {
    const full = join(workshop, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, text);
    return full;
  }

  /** A test file with the usual imports. */
  const file = (name: string, text: string) =>
    put(name, `import { test, describe, before, after } from 'node:test'; import assert from 'node:assert/strict';\n${text}`);

  async function runFiles(files: string[], patience = patient): Promise<Outcome & { sum: Counts; finished: string[] }> {
    const finished: string[] = [];
    const outcome = await runGroup({ name: 'group', files }, patience, (path) => finished.push(path));
    const sum: Counts = { passed: 0, failed: 0, skipped: 0, milliseconds: 0, processor: 0 };
    for (const counts of outcome.files.values()) {
      sum.passed += counts.passed;
      sum.failed += counts.failed;
      sum.skipped += counts.skipped;
    }
    return { ...outcome, sum, finished };
  }

  test('counts tests once, suites never, and names what failed', async () => {
    const path = await file(
      'counts.test.ts',
      `test('passes', () => {});
       describe('a suite', () => {
         test('passes too', () => {});
         test('is skipped', { skip: true }, () => {});
         test('has parts', async (t) => { await t.test('of which one fails', () => { assert.equal(1, 2); }); });
       });
       console.log('something printed');`,
    );
    const { sum, failures, output, finished } = await runFiles([path]);
    assert.deepEqual({ ...sum, milliseconds: 0 }, { passed: 2, failed: 1, skipped: 1, milliseconds: 0, processor: 0 });
    assert.equal(failures[0]?.test, 'a suite › has parts › of which one fails');
    assert.equal(failures[0].file, path);
    assert.match(failures[0].error, /1 !== 2/);
    assert.match(output, /something printed/);
    assert.deepEqual(finished, [path]);
  });

  test('takes a file that cannot be loaded for a failure, and runs the others', async () => {
    const broken = await file('broken.test.ts', `import './absent.ts';`);
    const good = await file('good.test.ts', `test('passes', () => {});`);
    const { sum, failures } = await runFiles([broken, good]);
    assert.equal(sum.passed, 1);
    assert.equal(sum.failed, 1);
    assert.match(failures[0]?.error ?? '', /ERR_MODULE_NOT_FOUND/);
  });

  test('takes a hook that fails for a failure', async () => {
    const { failures } = await runFiles([
      await file('hook.test.ts', `describe('d', () => { after(() => { throw new Error('afterwards'); }); test('t', () => {}); });`),
    ]);
    assert.equal(failures.length, 1);
    assert.match(failures[0]?.error ?? '', /afterwards/);
  });

  for (const [how, deed] of [
    ['ends with code 0', 'process.exit(0)'],
    ['ends with code 3', 'process.exit(3)'],
    ['was killed by SIGKILL', `process.kill(process.pid, 'SIGKILL')`],
  ] as const) {
    test(`blames the test in which the process ${how}, and tells what is left to run`, async () => {
      const first = await file(`${how}/1-first.test.ts`, `test('passes', async () => { await new Promise((r) => setTimeout(r, 50)); });`);
      const crash = await file(`${how}/2-crash.test.ts`, `test('crashes', async () => { await new Promise((r) => setTimeout(r, 50)); ${deed}; });`);
      const last = await file(`${how}/3-last.test.ts`, `test('never has its turn', () => {});`);
      const { sum, failures, unfinished } = await runFiles([first, crash, last]);
      assert.deepEqual({ ...sum, milliseconds: 0 }, { passed: 1, failed: 1, skipped: 0, milliseconds: 0, processor: 0 });
      assert.deepEqual(
        failures.map((failure) => [failure.file, failure.test]),
        [[crash, 'during crashes']],
      );
      assert.match(failures[0]?.error ?? '', new RegExp(`${how.replace('ends', 'ended')} before its tests were through`));
      assert.deepEqual(unfinished, [last]);
    });
  }

  test('does not wait for ever for a test that hangs', async () => {
    const path = await file('hang.test.ts', `test('hangs', () => new Promise(() => setInterval(() => {}, 1000)));`);
    const { failures } = await runFiles([path], { silence: 2000, farewell: 60_000 });
    assert.equal(failures[0]?.test, 'during hangs');
    assert.match(failures[0].error, /^nothing happened for \d+ s$/);
  });

  test('takes it for a failure when something keeps the process alive, and says what', async () => {
    const path = await file(
      'open.test.ts',
      `import { createServer } from 'node:net'; test('leaves a server', async () => { await new Promise((r) => createServer().listen(0, r)); });`,
    );
    const { sum, failures } = await runFiles([path], { silence: 60_000, farewell: 6000 });
    assert.deepEqual([sum.passed, sum.failed], [1, 1]);
    assert.match(failures[0]?.error ?? '', /something was left open: .*TCPServerWrap/);
  });

  test('takes it for a failure when a test throws after its end', async () => {
    const path = await file(
      'late.test.ts',
      `test('early', () => { setTimeout(() => { throw new Error('too late'); }, 20); });
       test('longer', async () => { await new Promise((r) => setTimeout(r, 200)); });`,
    );
    const { failures } = await runFiles([path]);
    assert.match(failures.map((failure) => failure.error).join(), /too late/);
  });

  test('finds the tests, and runs those for faults and browsers alone and last', async () => {
    const paths = [
      'rules/a.test.ts',
      'server/deep/b.test.ts',
      'test/browser/c.test.ts',
      'test/faults/d.test.ts',
      'test/faults/e.test.ts',
      'test/support/f.test.ts',
      'web/ui/g.test.ts',
      'web/console/data/h.test.ts',
      'tools/i.test.ts',
    ];
    for (const path of [...paths, 'node_modules/x.test.ts', 'web/dist/y.test.ts', '.cache/z.test.ts', 'data/left.test.ts', 'rules/no-test.ts']) {
      await put(join('project', path), '');
    }
    const project = join(workshop, 'project');
    const list = (selection: Parameters<typeof findGroups>[1]) =>
      findGroups(project, selection).map((group) => group.files.map((path) => path.slice(project.length + 1)));
    const [rules, server, browser, fault, fault2, support, web, deeper, tool] = paths;
    assert.deepEqual(list({ quick: false, paths: [] }), [[server, support], [rules, deeper, web], [tool], [fault], [fault2], [browser]]);
    assert.deepEqual(list({ quick: true, paths: [] }), [[rules, deeper, web], [tool]]);
    assert.deepEqual(list({ quick: false, paths: [join(project, 'test/faults'), join(project, 'web/ui/g.test.ts')] }), [
      [web],
      [fault],
      [fault2],
    ]);
    assert.throws(() => list({ quick: false, paths: [join(project, 'nowhere')] }), /ENOENT/);
  });

  test('hooks concern the file they stand in, those of shared modules the whole process; a file is over before the next is loaded', async () => {
    const seen = join(workshop, 'seen');
    const say = (what: string) => `appendFileSync(${JSON.stringify(seen)}, '${what} ');`;
    await put('support.ts', `import { appendFileSync } from 'node:fs'; import { after, afterEach } from 'node:test'; after(() => { ${say('end')} }); afterEach(() => { ${say('each')} }); export const tidyUp = (what) => after(() => appendFileSync(${JSON.stringify(seen)}, what + ' '));`);
    const using = `import { tidyUp } from './support.ts'; import { appendFileSync } from 'node:fs'; import { beforeEach } from 'node:test';`;
    const first = await file('first-hooks.test.ts', `${using} await 1; ${say('load-1')} before(() => { ${say('before-1')} }); beforeEach(() => { ${say('each-1')} }); after(() => { ${say('after-1')} }); describe('d', () => { test('one', () => { ${say('one')} }); });`);
    const second = await file('second-hooks.test.ts', `${using} ${say('load-2')} test('two', () => { ${say('two')} }); after(() => { ${say('after-2')} }); tidyUp('tidy-2');`);
    const { sum, failures } = await runFiles([first, second]);
    assert.deepEqual([failures, sum.passed], [[], 2]);
    assert.equal(await readFile(seen, 'utf8'), 'load-1 before-1 each-1 one each after-1 load-2 two each after-2 tidy-2 end ');
  });

  test('what a test asks for after it waited for something is its own all the same', async () => {
    const seen = join(workshop, 'seen-within');
    const say = (what: string) => `appendFileSync(${JSON.stringify(seen)}, '${what} ');`;
    const path = await file(
      'within.test.ts',
      `import { appendFileSync } from 'node:fs';
       test('one', async () => {
         await new Promise((resolve) => setTimeout(resolve, 5));
         after(async () => { await 1; ${say('after-one')} });
         await test('inner', async () => { await 1; ${say('inner')} });
         ${say('one')}
       });
       describe('suite', () => { test('two', async () => { await 1; after(() => { ${say('after-two')} }); ${say('two')} }); });`,
    );
    const { sum, failures } = await runFiles([path]);
    assert.deepEqual([failures, sum.passed], [[], 3]);
    assert.equal(await readFile(seen, 'utf8'), 'inner one after-one two after-two ');
  });

  const runAll = (...args: string[]) => runIn({}, ...args);

  async function runIn(environment: Record<string, string>, ...args: string[]): Promise<{ code: number; lines: string[]; processId: number }> {
    return new Promise((resolve) => {
      const env = { ...process.env, CI: '', ...environment };
      const child = execFile(process.execPath, [join(root, 'tools', 'run-tests.ts'), ...args], { cwd: root, env }, (error, output) => {
        resolve({ code: error === null ? 0 : Number(error.code), lines: output.trimEnd().split('\n'), processId: child.pid! });
      });
    });
  }

  test('ends with the sum alone on the last line', async () => {
    const { code, lines } = await runAll('server/platform/postgres/settings.test.ts');
    assert.equal(code, 0);
    assert.equal(lines.at(-1), '2 passed, 0 failed');
  });

  for (const [how, fails] of [['cannot make a cluster', '$1'], ['does not start', '-D']] as const) {
    test(`a PostgreSQL of the system that ${how} is one failure, and leaves nothing behind`, { skip: process.platform === 'win32' }, async () => {
      const programs = join(workshop, how, 'bin');
      await mkdir(programs, { recursive: true });
      await put(`${how}/bin/initdb`, `#!/bin/sh\n[ "$1" = --version ] && echo 'initdb (PostgreSQL) 99.1' && exit\n[ '${fails}' = -D ] && exit 0\necho 'no space left' >&2; exit 1`);
      await put(`${how}/bin/postgres`, '#!/bin/sh\nexit 1');
      for (const name of ['initdb', 'postgres']) await chmod(join(programs, name), 0o755);
      await chmod(workshop, 0o755);
      const { code, lines, processId } = await runIn({ CI: 'true', PATH: `${programs}:${process.env['PATH']}` }, 'server/records/organization/forms-migration.test.ts');
      assert.equal(code, 1);
      assert.equal(lines.at(-1), '1 passed, 1 failed', lines.join('\n'));
      assert.match(lines.join('\n'), /✗ tests › on the PostgreSQL of the system/);
      assert.deepEqual((await readdir(temporaryPlace())).filter((name) => name.startsWith(`bihuan-system-${processId}-`)), []);
    });
  }

  test('counts steps that failed before it', async () => {
    const { code, lines } = await runAll('--failed-step=npm run check', '--failed-step=npm run db-types', 'server/platform/postgres/settings.test.ts');
    assert.equal(code, 1);
    assert.equal(lines.at(-1), '2 passed, 2 failed');
    assert.match(lines.join('\n'), /✗ tests › npm run check/);
  });

  test('fails when no test ran', async () => {
    const { code, lines } = await runAll('docs');
    assert.equal(code, 1);
    assert.deepEqual(lines, ['No test ran.', '', '0 passed, 0 failed']);
  });
});
