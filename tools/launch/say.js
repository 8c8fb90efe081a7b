import { mkdirSync, openSync, readFileSync, closeSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A failure that the person at the terminal can read without a stack trace. */
export class LaunchError extends Error {}

/**
 * A line for the person at the terminal. On stderr, so that a program's own output stays clean.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Does something that two launchers must not do at the same time in one folder; the second waits for the first.
 * A lock whose process has gone is taken over.
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
  let told = false;
  for (;;) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      const holder = readHolder(path);
      if (holder !== undefined && !isAlive(holder)) rmSync(path, { force: true });
      else {
        if (!told && holder !== undefined) say(`Waiting for process ${holder}, which does the ${name} here …`);
        told ||= holder !== undefined;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await deed();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/**
 * @param {string} path
 * @returns {number | undefined} undefined while the holder has not written its number yet, or has just let go
 */
function readHolder(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
