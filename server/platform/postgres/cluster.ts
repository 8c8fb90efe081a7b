import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { chown, mkdtemp, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { commandAs } from './identity.ts';
import type { Identity } from './identity.ts';
import { halfMadePrefix } from './leftovers.ts';

/** The all-powerful role of the embedded PostgreSQL; the program itself works as an ordinary one. */
export const superuser = 'postgres';

/**
 * What the C library calls a locale that knows the letters of all scripts, where it is sure to be there. Some
 * extensions still ask the C library: under plain "C", pg_trgm finds no letter, thus no trigram, in Chinese text.
 */
const characterLocale = { linux: 'C.UTF-8', darwin: 'en_US.UTF-8' }[process.platform as string];

/**
 * A folder as another user's process can reach it although it may not enter the folders above: not by its path but by
 * an open descriptor that it inherits. Nobody's permissions have to be loosened for that, and the process gets at this
 * folder and no other.
 */
export interface ReachableFolder {
  /** What to call the folder in the process's arguments. */
  readonly path: string;
  /** To be passed on as the process's file descriptor 3; undefined when the plain path serves. */
  readonly descriptor: number | undefined;
  close(): void;
}

/** Makes a folder reachable for processes of the identity; needs Linux when the identity is another user. */
export function reach(folder: string, identity: Identity): ReachableFolder {
  if (identity.user === undefined || process.platform !== 'linux') {
    return { path: folder, descriptor: undefined, close: () => undefined };
  }
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  return { path: '/proc/self/fd/3', descriptor, close: () => closeSync(descriptor) };
}

/** uid of a cluster's owner; undefined when there is no cluster. */
export async function ownerOf(cluster: string): Promise<number | undefined> {
  const found = await stat(cluster).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found?.uid;
}

/**
 * Makes a cluster: UTF-8, sorted by code point (an order that never changes with a library's version; Chinese orders
 * are named in queries), with checksums. It is made aside and renamed when it is whole and on disk, so that a program
 * killed at any moment leaves either no cluster or a whole one.
 *
 * @param password the superuser's, where there are no sockets that tell who asks
 * @throws {Error} with what initdb had to say
 */
export async function createCluster(
  dataDirectory: string,
  cluster: string,
  binaries: Binaries,
  identity: Identity,
  password: string | undefined,
): Promise<void> {
  const aside = await mkdtemp(join(dataDirectory, halfMadePrefix));
  const passwordFile = join(dataDirectory, `${halfMadePrefix}password-${randomBytes(4).toString('hex')}`);
  try {
    if (identity.user !== undefined) await chown(aside, identity.user.uid, identity.user.gid);
    if (password !== undefined) await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    const folder = reach(aside, identity);
    try {
      await runInitdb(binaries, identity, folder, password === undefined ? undefined : passwordFile);
    } finally {
      folder.close();
    }
    await rename(aside, cluster);
    await flushFolder(dataDirectory);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function runInitdb(
  binaries: Binaries,
  identity: Identity,
  folder: ReachableFolder,
  passwordFile: string | undefined,
): Promise<void> {
  const authentication =
    passwordFile === undefined
      ? ['--auth-local=peer', '--auth-host=reject']
      : ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const { file, args, options } = commandAs(identity, 'KILL', binaries.initdb, [
    '-D',
    folder.path,
    '-U',
    superuser,
    '-E',
    'UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(characterLocale === undefined ? [] : [`--lc-ctype=${characterLocale}`]),
    '--data-checksums',
    ...authentication,
  ]);
  let output = '';
  const failure = await new Promise<string | undefined>((resolve) => {
    const child = spawn(file, args, {
      ...options,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', folder.descriptor ?? 'ignore'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString('utf8')).slice(-4000);
      });
    }
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}`));
  });
  if (failure !== undefined) throw new Error(`The database could not be made (initdb: ${failure}).\n${output.trim()}`);
}

/** A rename is on disk only when its folder is. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
