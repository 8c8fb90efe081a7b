import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.js';

/** So long a lock may stand without a whole name in it: its owner was killed while writing, or it is of an older launcher. */
const namingMilliseconds = 3_000;

/**
 * Does something that two launchers must not do at the same time in one folder; the second waits for the first.
 * A lock whose process has gone is taken over: it names the process and its birth, which a later process of the same
 * number (in a container they are the same few at each start) does not share.
 *
 * @template T
 * @param {string} root the project's folder
 * @param {string} name of the deed, as it appears in the waiting line
 * @param {() => Promise<T>} deed
 * @returns {Promise<T>}
 */
export async function alone(root, name, deed) {
  const folder = join(root, 'tmp');
  const path = join(folder, `${name}.lock`);
  mkdirSync(folder, { recursive: true });
  const mark = randomBytes(8).toString('hex');
  const own = `${process.pid} ${birthOf(process.pid)} ${mark}\n`;
  const aside = `${path}.${mark}`;
  let told = false;
  while (!take(path, own, aside)) {
    const { text, age } = look(path);
    const holder = livingHolder(text);
    if (holder === undefined && (isWhole(text) || age > namingMilliseconds)) removeStale(path, text, `${aside}.stale`);
    else {
      if (!told && holder !== undefined) say(`Waiting for process ${holder}, which does the ${name} here …`);
      told ||= holder !== undefined;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const release = () => {
    if (look(path).text === own) rmSync(path, { force: true });
  };
  process.once('exit', release);
  try {
    return await deed();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/**
 * @param {string} path of the lock
 * @param {string} own what to write into it
 * @param {string} aside a name that nobody else uses
 * @returns {boolean} whether the lock is ours now
 */
function take(path, own, aside) {
  try {
    writeFileSync(aside, own, { flag: 'wx' });
    // Linked when whole, so that nobody finds a half-written name, however its writer ended.
    linkSync(aside, path);
    return true;
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    return takeWithoutLink(path, own);
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * For file systems without hard links.
 *
 * @param {string} path
 * @param {string} own
 */
function takeWithoutLink(path, own) {
  try {
    writeFileSync(path, own, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {{ text: string, age: number }} what stands in the lock, and for how many milliseconds
 */
function look(path) {
  try {
    return { age: Date.now() - statSync(path).mtimeMs, text: readFileSync(path, 'utf8') };
  } catch {
    // Let go just now.
    return { age: 0, text: '' };
  }
}

const named = /^(\d+) (.*) [0-9a-f]{16}\n$/s;

/** @param {string} text */
const isWhole = (text) => named.test(text);

/**
 * @param {string} text of a lock
 * @returns {number | undefined} the process it names, when that lives
 */
function livingHolder(text) {
  const [, number, birth] = named.exec(text) ?? [];
  const pid = Number(number);
  // This process holds none yet: one with its number is of an earlier process.
  return number !== undefined && pid !== process.pid && birthOf(pid) === birth ? pid : undefined;
}

/**
 * Moves a stale lock away before removing it; when somebody else has locked meanwhile, their name is put back.
 *
 * @param {string} path
 * @param {string} stale
 * @param {string} aside
 */
function removeStale(path, stale, aside) {
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== stale) linkSync(aside, path);
  } catch {
    // Another one was quicker.
  }
  rmSync(aside, { force: true });
}

/**
 * Something about a living process that no later process of the same number shares; on Windows only that it lives.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
function birthOf(pid) {
  if (process.platform === 'win32') return isSignallable(pid) ? 'alive' : undefined;
  if (process.platform !== 'linux') {
    const answer = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return answer.status === 0 ? answer.stdout.trim() || undefined : undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The fields after the name, which stands in brackets and may hold anything: state is the first, start the 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${fields[19]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isSignallable(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
