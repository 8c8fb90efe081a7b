import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigurationError } from './configuration-error.ts';

/**
 * Makes the data directory exist, private to its owner when it is made here. The permissions of an existing one, and
 * of every folder above it, stay as they are.
 *
 * @param path absolute
 * @param mode for a new one
 * @throws {ConfigurationError} when it cannot be made or written to
 */
export async function prepareDataDirectory(path: string, mode: number = 0o700): Promise<void> {
  try {
    await makeFolder(path, mode);
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigurationError(`DATA_DIR must be a folder that the program may write to, but ${path} is not (${reason}).`);
  }
}

/**
 * Makes a folder and those above it that are missing. Not by mkdir's own `recursive`, which never ends where a file
 * system answers "no such folder" although the one above exists (/proc).
 */
async function makeFolder(path: string, mode?: number): Promise<void> {
  try {
    await makeOne(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await makeOne(path, mode);
  }
}

async function makeOne(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
