import { randomBytes } from 'node:crypto';
import { chmod, link, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from './config.ts';
import { ConfigurationError } from './configuration-error.ts';
import { prepareDataDirectory } from './data-directory.ts';

const fileName = 'secret-key';

/**
 * The key that signs links and sessions and encrypts kept secrets: `SECRET_KEY`, else the one kept in the data
 * directory, which is made on the first start. Whoever loses it loses every signed link, so it belongs in backups.
 *
 * @throws {ConfigurationError} when the kept one is damaged or cannot be read or written
 */
export async function readSecretKey(config: Pick<Config, 'secretKey' | 'dataDirectory'>): Promise<string> {
  if (config.secretKey !== undefined) return config.secretKey;
  await prepareDataDirectory(config.dataDirectory);
  const path = join(config.dataDirectory, fileName);
  try {
    return (await readKept(path)) ?? (await makeAndKeep(path));
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ConfigurationError(`DATA_DIR must hold a readable ${fileName}, but ${path} cannot be used (${reason}).`);
  }
}

/** As `readSecretKey`, for a tool beside the program: where there is none, none is made. */
export async function findSecretKey(config: Pick<Config, 'secretKey' | 'dataDirectory'>): Promise<string | undefined> {
  return config.secretKey ?? readKept(join(config.dataDirectory, fileName));
}

async function readKept(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const key = text.trim();
  if (key.length < 32 || key.length > 1024) {
    throw new ConfigurationError(`SECRET_KEY must be 32 to 1024 characters long, but the one kept in ${path} is not.`);
  }
  // Someone may have copied it back from a backup with open permissions.
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600);
  return key;
}

/** Two programs starting together, or one killed half-way, must end with one whole key: written aside, then linked. */
async function makeAndKeep(path: string): Promise<string> {
  const key = randomBytes(48).toString('base64url');
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(aside, 'wx', 0o600);
    try {
      await file.writeFile(`${key}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    try {
      await link(aside, path);
      await flushFolder(dirname(path));
      return key;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const kept = await readKept(path);
      if (kept === undefined) throw error;
      return kept;
    }
  } finally {
    await rm(aside, { force: true });
  }
}

/** The name in its folder has to reach the disk as well: a key that is lost with the power leaves every link without a meaning. */
async function flushFolder(path: string): Promise<void> {
  // Windows knows no flushing of folders.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
