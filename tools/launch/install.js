import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { alone } from './alone.js';
import { LaunchError, say } from './say.js';

/**
 * Makes `node_modules` hold what `package-lock.json` wants, and returns at once when it does already.
 *
 * @param {string} root the project's folder
 * @param {{ development: boolean }} needs whether the packages for tests and checks are wanted too
 */
export async function ensureInstalled(root, { development }) {
  const lockText = readFileSync(join(root, 'package-lock.json'));
  const stamp = `${createHash('sha256').update(lockText).digest('hex')} ${process.platform}-${process.arch}\n`;
  if (readStamp(root) === stamp) return;

  const wanted = JSON.parse(lockText.toString('utf8')).packages;
  if (readInstalled(root) !== undefined) {
    if (missing(wanted, readInstalled(root), true) === undefined) return writeStamp(root, stamp);
    // Someone installed without the development packages: enough to serve, and not ours to change.
    if (!development && missing(wanted, readInstalled(root), false) === undefined) return;
  }

  await alone(root, 'installation', async () => {
    if (readStamp(root) === stamp) return;
    const count = Object.keys(wanted).length - 1;
    say(`Installing the packages of package-lock.json (up to ${count}) …`);
    const started = Date.now();
    rmSync(stampPath(root), { force: true });
    await npmInstall(root);
    const lacking = missing(wanted, readInstalled(root) ?? {}, true);
    if (lacking !== undefined) {
      throw new LaunchError(`npm ci ended well, yet ${lacking} is not there. Is package-lock.json for this platform?`);
    }
    writeStamp(root, stamp);
    say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  });
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules', '.installed-from-lock');
}

/** @param {string} root */
function readStamp(root) {
  return existsSync(stampPath(root)) ? readFileSync(stampPath(root), 'utf8') : undefined;
}

/**
 * @param {string} root
 * @param {string} stamp
 */
function writeStamp(root, stamp) {
  try {
    writeFileSync(stampPath(root), stamp);
  } catch {
    // A read-only installation is as good; it is only compared again the next time.
  }
}

/**
 * npm's own note of what it put into `node_modules`; npm writes it last, so an interrupted installation has none.
 *
 * @param {string} root
 */
function readInstalled(root) {
  try {
    return JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * The first package that the lock file wants on this platform and that is absent or of another version.
 * Packages beyond the lock file don't matter.
 *
 * @param {Record<string, LockedPackage>} wanted
 * @param {Record<string, LockedPackage>} installed
 * @param {boolean} development
 * @returns {string | undefined} its path under the project's folder
 *
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, dev?: boolean, devOptional?: boolean,
 *   os?: string | string[], cpu?: string | string[], libc?: string | string[] }} LockedPackage
 */
export function missing(wanted, installed, development) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    if (!development && (entry.dev || entry.devOptional)) continue;
    const there = installed[path];
    if (there === undefined) {
      if (!entry.optional || isForThisPlatform(entry)) return path;
    } else if (there.version !== entry.version || there.integrity !== entry.integrity) return path;
  }
  return undefined;
}

/**
 * Whether an optional package names this platform. One that names none, or a C library, may rightly be absent.
 *
 * @param {LockedPackage} entry
 */
function isForThisPlatform(entry) {
  const os = [entry.os ?? []].flat();
  const cpu = [entry.cpu ?? []].flat();
  return entry.libc === undefined && os.includes(process.platform) && cpu.includes(process.arch);
}

/**
 * Runs `npm ci`. Its output is kept back and shown only when it fails.
 *
 * @param {string} root
 */
async function npmInstall(root) {
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, ...first] = findNpm(root);
  const child = spawn(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && first.length === 0,
  });
  let output = '';
  const keep = (/** @type {Buffer} */ chunk) => {
    if (output.length < 200_000) output += chunk.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  /** @type {string | undefined} */
  const failure = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}`));
  });
  if (failure === undefined) return;
  // What went wrong stands at the beginning, where to read more at the end; npm may put its whole manual in between.
  const lines = output.trimEnd().split('\n');
  const shown = lines.length > 30 ? [...lines.slice(0, 20), '…', ...lines.slice(-5)] : lines;
  throw new LaunchError(`${shown.join('\n')}\nThe packages could not be installed with npm ci: ${failure}.`);
}

/**
 * How to call npm: the very npm that called us, on its own Node, for the `node` found first may be the one in
 * `node_modules` that is about to be replaced; else the npm beside this Node; else the one in PATH.
 *
 * @param {string} root
 * @returns {[string, ...string[]]}
 */
function findNpm(root) {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  const outside = (/** @type {string | undefined} */ path) =>
    path !== undefined && existsSync(path) && !path.startsWith(join(root, 'node_modules'));
  if (cli !== undefined && outside(cli) && cli.endsWith('.js')) {
    if (node !== undefined && outside(node)) return [node, cli];
    if (outside(process.execPath)) return [process.execPath, cli];
  }
  if (process.platform === 'win32') {
    const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
    if (outside(beside)) return [process.execPath, beside];
  }
  return ['npm'];
}
