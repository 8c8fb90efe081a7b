import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../config/configuration-error.ts';
import { superuser } from './cluster.ts';
import type { Identity } from './identity.ts';

/** The longest path of a socket in bytes: `sun_path` holds 108 with its end, on macOS 104. */
const longestSocketPath = process.platform === 'linux' ? 107 : 103;

/** The number in a socket's file name; with sockets only, no port of the machine is used. */
export const socketPort = 5432;

/** A private folder for the socket and for the rules of who may use it. */
export interface RunFolder {
  readonly path: string;
  readonly socketFolder: string;
  /** Rules of who may sign in (pg_hba.conf), and who is whom (pg_ident.conf). */
  readonly hbaFile: string;
  readonly identFile: string;
}

/**
 * Makes the folder for the socket. It lies outside the data directory, whose path may be too long for a socket and may
 * lead through folders that the server's user can't enter.
 *
 * The kernel tells PostgreSQL who is at the other end of the socket (`peer`), so there is no password to keep, and even
 * other processes of the server's own user are refused. The rules lie beside the socket and belong to this program's
 * user: root must not write into a folder that the server's user could fill with links.
 *
 * @param note where the folder's path is kept, so that the start after a kill can remove it
 * @param role the role that the program works as, besides the superuser
 */
export async function makeRunFolder(
  note: string,
  dataDirectory: string,
  identity: Identity,
  role: string,
): Promise<RunFolder> {
  const path = await makeShortFolder(note, dataDirectory, identity);
  const socketFolder = join(path, 'socket');
  await mkdir(socketFolder, { mode: 0o700 });
  if (identity.user !== undefined) await chown(socketFolder, identity.user.uid, identity.user.gid);
  const hbaFile = join(path, 'pg_hba.conf');
  const identFile = join(path, 'pg_ident.conf');
  const readable = { mode: 0o644, flag: 'wx' };
  const self = `"${identity.ownName.replaceAll('"', '""')}"`;
  await writeFile(hbaFile, 'local all all peer map=program\n', readable);
  await writeFile(identFile, `program ${self} ${superuser}\nprogram ${self} ${role}\n`, readable);
  if (identity.user !== undefined) {
    // The mask of new files may forbid others to read, and the server's user is an other here.
    await chmod(hbaFile, 0o644);
    await chmod(identFile, 0o644);
    await chmod(path, 0o711);
  }
  return { path, socketFolder, hbaFile, identFile };
}

async function makeShortFolder(note: string, dataDirectory: string, identity: Identity): Promise<string> {
  // Another user must be able to enter; /run and /tmp are made for that.
  const parents = identity.user === undefined ? [tmpdir(), '/tmp', dataDirectory] : ['/run', '/tmp', tmpdir()];
  for (const parent of parents) {
    const path = join(parent, `bihuan-${randomBytes(8).toString('hex')}`);
    if (Buffer.byteLength(join(path, 'socket', `.s.PGSQL.${socketPort}`)) > longestSocketPath) continue;
    // Noted before it is made: killed in between, there is nothing to remove rather than something unknown.
    await writeFile(note, path, { mode: 0o600 });
    try {
      await mkdir(path, { mode: 0o700 });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    }
  }
  await rm(note, { force: true });
  throw new ConfigurationError(`DATABASE_URL must be given: none of ${parents.join(', ')} takes PostgreSQL's socket.`);
}
