/**
 * Runs the tests: `node tools/run-tests.ts [--quick] [--slow] [--failed-step name …] [file or folder …]`.
 *
 * Files share processes in batches, except those that kill servers (test/faults), which get one each (testing/discover.ts); the
 * batches run side by side. With CI=true whatever works on a database, two nodes on one and the walk through all faces among
 * it, runs a second time on the PostgreSQL of the system, where there is one. A step that failed before the tests (--failed-step)
 * counts as one failure. The last line is `N passed, N failed`, with `, N skipped` when some were.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryPlace } from '../test/support/temporary-place.ts';
import { findGroups } from './testing/discover.ts';
import { runGroup } from './testing/group.ts';
import type { Counts, Failure, Group, Outcome } from './testing/group.ts';
import { openReach } from './testing/on-database.ts';
import { startSystemPostgres } from './testing/system-postgres.ts';

const root = join(import.meta.dirname, '..');
const patience = { silence: 180_000, farewell: 30_000 };
/** How much of what a failed group printed is shown, in lines. */
const shownOutput = 60;
/** More files than these do not fail by bad luck. */
const mostRetried = 3;

const { values: options, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, slow: { type: 'boolean', default: false }, 'failed-step': { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
});

const total: Counts = { passed: 0, failed: 0, skipped: 0, milliseconds: 0, processor: 0 };
const failures: Failure[] = [];
const unsteady: string[] = [];
const times: { file: string; milliseconds: number; processor: number }[] = [];
for (const step of options['failed-step']) fail(step, 'It failed before the tests ran; what it had to say stands above.');

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Ends the groups with it, for each is killed when this process exits.
  process.on(signal, () => process.exit(1));
}

// What groups make once and share: the cluster of test/support/prepared.ts.
const shelf = mkdtempSync(join(temporaryPlace(), `bihuan-test-${process.pid}-`));
process.on('exit', () => rmSync(shelf, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
process.env['TEST_SHELF'] = shelf;

const groups = findGroups(root, { quick: options.quick, paths: positionals });
const inBrowser = (group: Group): boolean => group.files.every((file) => shorten(file).startsWith('test/browser/'));
const startingPrograms = (group: Group): boolean => group.files.every((file) => /^(test\/faults|tools)\//.test(shorten(file)));
const shared = groups.filter((group) => !inBrowser(group) && !startingPrograms(group));
// Tests mostly wait: for a page, for a server that starts, for the disk. So groups run side by side in four lanes. Whoever is done with
// its own takes on from the others, and one of them in the end from those in a browser: of these never more than two at once.
const starters = groups.filter(startingPrograms);
const browsers = groups.filter(inBrowser);
let secondBrowser = false;
await Promise.all([
  drain(shared).then(helpOut),
  drain(browsers).then(helpOut),
  process.env['CI'] === 'true' ? drain(starters).then(helpOut) : undefined,
  process.env['CI'] === 'true' && !options.quick ? runOnSystemPostgres().then(helpOut) : undefined,
]);
conclude();

async function helpOut(): Promise<void> {
  await drain(starters);
  if (!secondBrowser) {
    secondBrowser = true;
    await drain(browsers);
  }
  await drain(shared);
}

async function drain(left: Group[]): Promise<void> {
  for (let group = left.shift(); group; group = left.shift()) await run(group);
}

async function run(group: Group, again = false): Promise<void> {
  const place = group.environment === undefined ? '' : ` (${group.name})`;
  const outcome = await runGroup(group, patience, (file, counts) => {
    const mark = counts.failed > 0 ? '✗' : '✓';
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    const failed = counts.failed > 0 ? `, ${counts.failed} failed` : '';
    console.log(`${mark} ${shorten(file)}${place}  ${counts.passed} passed${failed}${skipped}  ${seconds(counts.milliseconds)}`);
  });
  // Something may lose a race on a machine that does several things at once: it is told, tried once more by itself, and named in the end.
  const suspects = new Set(outcome.failures.map(({ file }) => file));
  const retried = !again && process.env['CI'] === 'true' && outcome.unfinished.length === 0 && suspects.size > 0 && suspects.size <= mostRetried && !suspects.has('');
  for (const [file, counts] of outcome.files) {
    if (retried && suspects.has(file)) continue;
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    times.push({ file: `${shorten(file)}${place}`, milliseconds: counts.milliseconds, processor: counts.processor });
  }
  if (retried) {
    for (const { file, test, error } of outcome.failures) console.log(`${shorten(file)} › ${test}\n${indent(error)}`);
    tellOutput(group, outcome);
    console.log('Once more:');
    unsteady.push(...outcome.failures.map(({ file, test }) => `${shorten(file)}${place} › ${test}`));
    return run({ ...group, files: group.files.filter((file) => suspects.has(file)) }, true);
  }
  failures.push(...outcome.failures.map((failure) => ({ ...failure, test: `${failure.test}${place}` })));
  tellOutput(group, outcome);
  // A crash costs the file that crashed, not those after it. Where it can't be told which that was, each is run alone.
  const together = outcome.unfinished.length < group.files.length ? [outcome.unfinished] : outcome.unfinished.map((file) => [file]);
  for (const files of together) if (files.length > 0) await run({ ...group, files });
}

function tellOutput(group: Group, { failures, output }: Outcome): void {
  if (failures.length === 0 || output.trim() === '') return;
  console.log(`\nThe end of what ${group.name} printed:`);
  console.log(indent(output.trimEnd().split('\n').slice(-shownOutput).join('\n')));
}

async function runOnSystemPostgres(): Promise<void> {
  const reachesDatabase = openReach(join(root, 'test/support/postgres.ts'));
  const onDatabase = (file: string) =>
    /^(server|test\/support|test\/api|schema)\/|^test\/(faults\/two-nodes|browser\/walk)\.test\.ts$/.test(shorten(file)) && !shorten(file).startsWith('server/platform/postgres/')
    && reachesDatabase(file)
    // Walks along all routes and documents, whose thousands of requests say little of the database: once is enough.
    && !/^test\/api\/(bad-input|access-walk|documents|idempotency|versions|addresses)\.test\.ts$/.test(shorten(file));
  const again = groups.map((group) => group.files.filter(onDatabase)).filter((files) => files.length > 0);
  if (again.length === 0) return;
  const system = await startSystemPostgres().catch((error: unknown) => {
    fail('on the PostgreSQL of the system', error instanceof Error ? error.message : String(error));
    return null;
  });
  if (system === null) return;
  if (system === undefined) return console.log('No PostgreSQL 15 or newer is installed here: tested on the embedded one only.');
  try {
    const name = `PostgreSQL ${system.version}`;
    for (const files of again) await run({ name, files, environment: { TEST_DATABASE_URL: system.url } });
  } finally {
    await system.stop();
  }
}

/** Counts something as a failed test that is none. */
function fail(what: string, error: string): void {
  total.failed += 1;
  failures.push({ file: '', test: what, error });
}

function conclude(): void {
  if (options.slow) {
    console.log('\nWhat took most of the processor, and how long it took altogether:');
    const slowest = times.sort((one, other) => other.processor - one.processor || other.milliseconds - one.milliseconds).slice(0, 25);
    for (const { file, milliseconds, processor } of slowest) console.log(`${seconds(processor).padStart(8)} ${seconds(milliseconds).padStart(9)}  ${file}`);
    console.log(`${seconds(times.reduce((sum, { processor }) => sum + processor, 0)).padStart(8)}           all files`);
  }
  if (failures.length > 0) console.log('\nFailures:');
  for (const { file, test, error } of failures) {
    console.log(`\n✗ ${file === '' ? 'tests' : shorten(file)} › ${test}`);
    console.log(indent(error));
  }
  // Directly above the last line, so that nobody overlooks what only a second try made good.
  if (unsteady.length > 0) console.log(`\nFailed at first, and tried once more:\n${indent(unsteady.join('\n'))}`);
  if (total.passed + total.failed === 0) console.log('No test ran.');
  console.log('');
  console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

function shorten(file: string): string {
  return relative(root, file);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
