import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { alone } from './alone.js';
import { LaunchError, say } from './say.js';

const inputs = ['web', 'contract', 'rules', 'package-lock.json'];
const output = join('web', 'dist');

/**
 * Builds the web faces when one of their inputs changed since the last build, and returns at once when none did.
 *
 * @param {string} root the project's folder
 * @param {string} runtime the Node that builds
 */
export async function buildChangedFaces(root, runtime) {
  if (!existsSync(join(root, 'web', 'build.ts'))) return say('There is no web/build.ts: starting without web faces.');
  if (isUpToDate(root)) return;
  await alone(root, 'web build', async () => {
    if (isUpToDate(root)) return;
    say('Building the web faces …');
    const started = Date.now();
    // Taken before the build: what is edited meanwhile is built the next time.
    const before = describe(root);
    forgetFaces(root);
    await runBuild(root, runtime);
    writeStamp(root, before);
    say(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  });
}

/**
 * Forgets that the faces were built, so that the next start builds them.
 *
 * @param {string} root
 */
export function forgetFaces(root) {
  rmSync(stampPath(root), { force: true });
}

/** @param {string} root */
function stampPath(root) {
  return join(root, output, '.stamp');
}

/**
 * Sizes and times are compared first, for reading every file on every start is slow; only when they differ
 * (a fresh checkout, a touched file) do the contents decide.
 *
 * @param {string} root
 */
function isUpToDate(root) {
  let stamp;
  try {
    stamp = JSON.parse(readFileSync(stampPath(root), 'utf8'));
  } catch {
    return false;
  }
  const files = listInputs(root);
  if (manifestOf(root, files) === stamp.manifest) return true;
  if (hashOf(root, files) !== stamp.hash) return false;
  writeStamp(root, describe(root));
  return true;
}

/** @param {string} root */
function describe(root) {
  const files = listInputs(root);
  return { manifest: manifestOf(root, files), hash: hashOf(root, files) };
}

/**
 * @param {string} root
 * @param {{ manifest: string, hash: string }} stamp
 */
function writeStamp(root, stamp) {
  try {
    mkdirSync(dirname(stampPath(root)), { recursive: true });
    writeFileSync(stampPath(root), JSON.stringify(stamp));
  } catch {
    // A read-only checkout only compares again the next time.
  }
}

/**
 * @param {string} root
 * @returns {string[]} paths of all input files, sorted; tests don't count
 */
function listInputs(root) {
  /** @type {string[]} */
  const files = [];
  const walk = (/** @type {string} */ path) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (child === output || entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) walk(child);
      else if (!/\.test\.tsx?$/.test(entry.name)) files.push(child);
    }
  };
  for (const input of inputs) {
    if (!existsSync(join(root, input))) continue;
    if (statSync(join(root, input)).isDirectory()) walk(input);
    else files.push(input);
  }
  return files.sort();
}

/**
 * @param {string} root
 * @param {string[]} files
 */
function manifestOf(root, files) {
  const lines = files.map((file) => {
    const { size, mtimeMs } = statSync(join(root, file));
    return `${file} ${size} ${mtimeMs}`;
  });
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/**
 * @param {string} root
 * @param {string[]} files
 */
function hashOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(join(root, file));
    hash.update(`${file.split(sep).join('/')} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} runtime
 */
async function runBuild(root, runtime) {
  const child = spawn(runtime, [join(root, 'web', 'build.ts')], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  /** @type {string | undefined} */
  const failure = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `code ${code}`)));
  });
  if (failure !== undefined) throw new LaunchError(`The web faces could not be built (${failure}).`);
}
