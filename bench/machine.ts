import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import type pg from 'pg';

/** Numbers of file systems, as statfs(2) tells them. */
const fileSystems: Record<number, string> = { 0xef53: 'ext4', 0x58465342: 'XFS', 0x9123683e: 'Btrfs', 0x2fc12fc1: 'ZFS', 0x794c7630: 'overlay', 0x01021994: 'tmpfs (in memory: commits cost nothing here)' };

/** What the figures depend on beside the program, in one line. To be called before the machine is put under load. */
export function describeMachine(): string {
  const processors = cpus();
  return [
    new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    `${processors[0]?.model.trim() || process.arch}, ${processors.length} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `${process.platform}, ${fileSystems[statfsSync(tmpdir()).type] ?? 'unknown file system'}`,
    `Node ${process.versions.node}`,
    ...commit(),
    ...(process.platform === 'win32' ? [] : [`load average ${loadavg()[0]!.toFixed(1)} at the start`]),
  ].join(' · ');
}

/** The version of a database server, as `18.4`. */
export async function postgresVersion(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return rows[0]!.server_version;
}

/** Which version of the program was measured, where git is there to tell. */
function commit(): string[] {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return [`commit ${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', '../server', '../rules', '../contract', '../schema') === '' ? '' : ' and changes'}`];
  } catch {
    return [];
  }
}
