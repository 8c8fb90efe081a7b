/**
 * What to run before every commit: `npm run check`. Types, lint, import rules and the quick tests, side by side; each
 * step's time is printed, and what a failed one had to say. With `--without-tests` for whoever runs them all anyway.
 * What the compiler found out of each file is kept in node_modules/.cache/check: next time it looks at what changed.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Step {
  readonly name: string;
  /** A script for Node and its arguments. */
  readonly command: readonly string[];
}

const root = join(import.meta.dirname, '..');
const compiler = 'node_modules/typescript/bin/tsc';
const projects = ['tsconfig.json', 'web/tsconfig.json', 'web/portal/tsconfig.json', 'web/chat/tsconfig.json'];
/** The launcher is plain JavaScript, which the projects leave out. */
const launcherTypes = ['--allowJs', '--checkJs', '--strict', '--noUncheckedIndexedAccess', '--module', 'nodenext'];

const steps: Step[] = [
  { name: 'quick tests', command: ['tools/run-tests.ts', '--quick'] },
  { name: 'lint', command: ['node_modules/oxlint/bin/oxlint', '-f', 'unix'] },
  ...projects.map((project) => ({ name: `types of ${project}`, command: [compiler, '--noEmit', '--incremental', '--tsBuildInfoFile', join(root, 'node_modules/.cache/check', `${project.replaceAll('/', '-')}.tsbuildinfo`), '-p', project] })),
  {
    name: 'types of tools/launch.js',
    command: [compiler, '--noEmit', '--ignoreConfig', '--skipLibCheck', '--types', 'node', ...launcherTypes, 'tools/launch.js'],
  },
  { name: 'import rules', command: ['tools/check-imports.ts'] },
  { name: 'package-lock.json', command: ['tools/complete-lock.ts', '--check'] },
  { name: 'docs/refusals.md', command: ['tools/write-refusals.ts', '--check'] },
  { name: 'sdk/api.ts', command: ['tools/write-sdk.ts', '--check'] },
];

/** Two at a time; the longest first. */
const started = performance.now();
const withoutTests = process.argv.includes('--without-tests');
const left = steps.filter(isThere).slice(withoutTests ? 1 : 0);
// Whoever is done with a step takes the next.
const results = await Promise.all([runLane(left), runLane(left)]);
const failed = results.flat().filter((ok) => !ok).length;
console.log(`${failed === 0 ? 'All in order' : `${failed} of ${results.flat().length} failed`}, in ${since(started)}.`);
process.exitCode = failed === 0 ? 0 : 1;

async function runLane(left: Step[]): Promise<boolean[]> {
  const verdicts: boolean[] = [];
  for (let step = left.shift(); step; step = left.shift()) verdicts.push(await run(step));
  return verdicts;
}

/** A step whose subject does not exist yet is none. */
function isThere(step: Step): boolean {
  return step.command.every((part) => !/\.(json|js|ts)$/.test(part) || existsSync(join(root, part)));
}

async function run({ name, command }: Step): Promise<boolean> {
  const begun = performance.now();
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill();
  process.on('exit', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  process.removeListener('exit', stop);
  console.log(`${code === 0 ? '✓' : '✗'} ${name}  ${since(begun)}`);
  if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '    '));
  return code === 0;
}

function since(begun: number): string {
  return `${((performance.now() - begun) / 1000).toFixed(1)} s`;
}
