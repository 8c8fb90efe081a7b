import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
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
    await mkdir(path, { recursive: true, mode });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigurationError(`DATA_DIR must be a folder that the program may write to, but ${path} is not (${reason}).`);
  }
}
