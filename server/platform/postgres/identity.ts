import { execFile } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { ConfigurationError } from '../config/configuration-error.ts';

/** A user of the operating system. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** As whom, and how tied to this program, PostgreSQL's programs run. */
export interface Identity {
  /** Whom they run as when this program is root; undefined means as this program's own user. */
  readonly user: SystemUser | undefined;
  /** Name of this program's own user, by which PostgreSQL recognises it at the socket. */
  readonly ownName: string;
  /** Whether `setpriv` is there to have the children signalled when this program dies. */
  readonly parentDeathSignal: boolean;
}

/**
 * Whom PostgreSQL runs as when nobody owns a cluster yet and this program is root, in order of preference: a user made
 * for the purpose, else `nobody`. Not `postgres`: it often runs another PostgreSQL of the same machine, and the two
 * could then read, signal and sign in to each other.
 */
const unprivilegedNames = ['bihuan', 'nobody', 'daemon'];

/**
 * Decides as whom PostgreSQL runs. PostgreSQL refuses to run as root, so root steps down to another user.
 *
 * @param clusterOwner uid of whoever owns the cluster that exists already; it must stay the same user
 * @throws {ConfigurationError} when root can't step down
 */
export async function chooseIdentity(clusterOwner: number | undefined): Promise<Identity> {
  const ownName = ownUserName();
  if (process.getuid?.() !== 0) {
    if (clusterOwner !== undefined && process.getuid !== undefined && clusterOwner !== process.getuid()) {
      throw new ConfigurationError(
        `DATA_DIR must belong to whoever starts the program: its database belongs to user ${clusterOwner}, ` +
          `this is ${process.getuid()} (${ownName}).`,
      );
    }
    return { user: undefined, ownName, parentDeathSignal: await works({ user: undefined, ownName, parentDeathSignal: true }) };
  }
  const candidates = await findUsers(clusterOwner);
  for (const user of candidates) {
    for (const parentDeathSignal of [true, false]) {
      const identity = { user, ownName, parentDeathSignal };
      if (await works(identity)) return identity;
    }
  }
  throw new ConfigurationError(
    'DATABASE_URL must be given when the program runs as root and cannot become another user: PostgreSQL refuses to ' +
      `run as root, and becoming ${candidates.map((user) => user.name).join(' or ') || unprivilegedNames.join(' or ')} failed.`,
  );
}

/** The signals a child can be given when this program dies: a fast shutdown for a server, the end for anything else. */
export type DeathSignal = 'INT' | 'KILL';

/**
 * How to run a program under an identity.
 *
 * @param deathSignal what it gets when this program dies, where that is possible
 */
export function commandAs(
  identity: Identity,
  deathSignal: DeathSignal,
  file: string,
  args: readonly string[],
): { file: string; args: string[]; options: Pick<SpawnOptions, 'uid' | 'gid' | 'env'> } {
  // Nothing of this program's environment goes along: it holds passwords, and settings of libpq and of locales.
  const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  if (process.platform === 'win32') env['SystemRoot'] = process.env['SystemRoot'];
  const { user } = identity;
  if (!identity.parentDeathSignal) {
    return { file, args: [...args], options: user === undefined ? { env } : { env, uid: user.uid, gid: user.gid } };
  }
  // The kernel forgets the death signal when a process changes its user, so setpriv must do both, in this order.
  const become = user === undefined ? [] : ['--reuid', `${user.uid}`, '--regid', `${user.gid}`, '--clear-groups'];
  return {
    file: 'setpriv',
    args: [...become, '--no-new-privs', '--pdeathsig', deathSignal, '--', file, ...args],
    options: { env },
  };
}

/** Whether a program started under this identity runs at all. */
async function works(identity: Identity): Promise<boolean> {
  if (process.platform === 'win32') return !identity.parentDeathSignal;
  const { file, args, options } = commandAs(identity, 'INT', '/bin/sh', ['-c', 'exit 0']);
  return runs(file, args, options);
}

/** Runs a short program to its end and tells whether it ended well. */
export function runs(
  file: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'uid' | 'gid' | 'env'>,
): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(file, args, { ...options, timeout: 20_000 }, (error) => resolve(error === null));
  });
}

function ownUserName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new ConfigurationError(
      `DATABASE_URL must be given when the program runs as a user without a name (${process.getuid?.()}): ` +
        'PostgreSQL needs one in /etc/passwd.',
    );
  }
}

async function findUsers(clusterOwner: number | undefined): Promise<SystemUser[]> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const users: SystemUser[] = [];
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) users.push({ name, uid: Number(uid), gid: Number(gid) });
  }
  if (clusterOwner !== undefined && clusterOwner !== 0) {
    const owner = users.find((user) => user.uid === clusterOwner);
    if (owner !== undefined) return [owner];
    throw new ConfigurationError(
      `DATA_DIR must belong to a user that this machine knows: its database belongs to user ${clusterOwner}, who has no ` +
        'name in /etc/passwd.',
    );
  }
  return unprivilegedNames.flatMap((name) => users.find((user) => user.name === name && user.uid !== 0) ?? []);
}
