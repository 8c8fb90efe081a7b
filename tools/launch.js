// The way in for every npm script. Plain JavaScript without dependencies, for it runs before anything is installed
// and on any Node from 20 on; what it starts runs on Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChangedFaces, forgetFaces } from './launch/faces.js';
import { ensureInstalled } from './launch/install.js';
import { programOptions } from './launch/options.js';
import { LaunchError, say } from './launch/say.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestNode = 24;
// What Node made of the TypeScript once is kept, by content: a start, and each of a hundred processes of the tests, spares itself making it anew.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'node-compile');

/**
 * The Node that runs the program: this one when it is new enough, else the pinned one from `node_modules`.
 *
 * @returns {string} path of the executable
 */
function chooseRuntime() {
  if (Number(process.versions.node.split('.')[0]) >= oldestNode && existsSync(process.execPath)) return process.execPath;
  const pinned =
    process.platform === 'win32'
      ? join(root, 'node_modules', `node-win-${process.arch}`, 'bin', 'node.exe')
      : join(root, 'node_modules', '.bin', 'node');
  const answer = spawnSync(pinned, ['--version'], { encoding: 'utf8' });
  if (answer.status !== 0) {
    throw new LaunchError(
      `Node ${oldestNode} or newer is needed, this is ${process.version}, and the one from npm does not run on ` +
        `${process.platform}-${process.arch} (${answer.error?.message ?? answer.stderr.trim()}). Install Node ${oldestNode}.`,
    );
  }
  return pinned;
}

/**
 * Runs a script of the project and goes on when it is done.
 *
 * @param {string} runtime the Node to use
 * @param {string} script path from the project's folder
 * @param {string[]} args
 * @param {string[]} [flags] for Node itself
 * @returns {Promise<never>} ends the launcher with the script's exit code or signal
 */
function runAndEnd(runtime, script, args, flags = []) {
  if (!existsSync(join(root, script))) throw new LaunchError(`${script} does not exist.`);
  // The channel tells the child when this process is gone, even by SIGKILL (see exit-with-parent.ts in the server).
  const child = spawn(runtime, [...flags, join(root, script), ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  endWithNpm(child);

  // A terminal signals the whole group, npm passes its signal on as well: the child hears of it once from here.
  const asked = new Set();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (asked.has(signal)) return;
      asked.add(signal);
      child.kill(signal);
    });
  }

  return new Promise((_, reject) => {
    child.on('error', (error) => reject(new LaunchError(`${runtime} could not be started: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (signal === null) process.exit(code ?? 1);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      // A signal that does not end a process (or Windows) leaves this line to be reached.
      setTimeout(() => process.exit(1), 1000);
    });
  });
}

/**
 * Stops the child when npm is gone. npm cannot pass SIGKILL on, and where it starts the launcher through a shell that
 * stays in between, SIGTERM ends that shell and never reaches the launcher.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function endWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const ancestors = npmAncestors();
  const watch = setInterval(() => {
    if (npmAncestors() === ancestors) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 100).unref();
}

/**
 * The processes between npm and the launcher, npm included, as text to compare.
 *
 * @returns {string}
 */
function npmAncestors() {
  const parent = process.ppid;
  try {
    const [, flag] = readFileSync(`/proc/${parent}/cmdline`, 'utf8').split('\0');
    if (flag !== '-c') return String(parent);
    // The name in brackets may hold spaces; the parent's number is the second field after it.
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    return `${parent} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return String(parent);
  }
}

/**
 * Starts a second program beside the one that `runAndEnd` waits for; it ends with the launcher.
 *
 * @param {string} runtime
 * @param {string} script path from the project's folder
 * @param {string[]} args
 */
function runBeside(runtime, script, args) {
  const child = spawn(runtime, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  child.on('exit', (code) => code !== 0 && code !== null && say(`${script} ended with code ${code}.`));
  process.on('exit', () => child.kill());
}

/** @type {Record<string, (args: string[]) => Promise<unknown>>} */
const verbs = {
  async start(args) {
    await ensureInstalled(root, { development: false });
    const runtime = chooseRuntime();
    await buildChangedFaces(root, runtime);
    return runAndEnd(runtime, 'server/main.ts', args, programOptions);
  },
  async dev(args) {
    await ensureInstalled(root, { development: true });
    const runtime = chooseRuntime();
    process.env.DEMO ??= '1';
    forgetFaces(root);
    runBeside(runtime, 'web/build.ts', ['--watch']);
    return runAndEnd(runtime, 'server/main.ts', args, [...programOptions, '--watch', '--watch-preserve-output']);
  },
  async build() {
    await ensureInstalled(root, { development: false });
    forgetFaces(root);
    await buildChangedFaces(root, chooseRuntime());
  },
  async test(args) {
    await ensureInstalled(root, { development: true });
    const runtime = chooseRuntime();
    const paths = args.filter((arg) => !arg.startsWith('-'));
    const facesNeeded = !args.includes('--quick') && (paths.length === 0 || paths.some((path) => path.includes('test/')));
    if (facesNeeded) await buildChangedFaces(root, runtime);
    return runAndEnd(runtime, 'tools/run-tests.ts', args);
  },
  async 'verify-history'(args) {
    await ensureInstalled(root, { development: false });
    return runAndEnd(chooseRuntime(), 'tools/verify-history.ts', args);
  },
  check: (args) => installAndRun('tools/check.ts', args),
  bench: (args) => installAndRun('bench/run.ts', args),
  'db-types': (args) => installAndRun('tools/db-types.ts', args),
};

/**
 * @param {string} script path from the project's folder
 * @param {string[]} args
 */
async function installAndRun(script, args) {
  await ensureInstalled(root, { development: true });
  return runAndEnd(chooseRuntime(), script, args);
}

const [verb = '', ...args] = process.argv.slice(2);
const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
try {
  if (run === undefined) throw new LaunchError(`Usage: node tools/launch.js ${Object.keys(verbs).join(' | ')}`);
  await run(args);
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  say(error.message);
  process.exit(1);
}
