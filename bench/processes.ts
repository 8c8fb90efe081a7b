import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** What a program and its database have used: the program's process, and all processes it started. */
export interface Use {
  program: number;
  database: number;
}

interface Stat {
  parent: number;
  /** Of the process itself and of the children that ended, in clock ticks. */
  ticks: number;
}

let ticksPerSecond: number | undefined;

/**
 * Processor time used so far, in milliseconds; null where the system has no /proc. Processes that ended count as long
 * as their parent lives.
 */
export function processorTime(root: number): Use | null {
  if (process.platform !== 'linux') return null;
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const stats = readStats();
  const milliseconds = (pid: number) => ((stats.get(pid)?.ticks ?? 0) * 1_000) / ticksPerSecond!;
  return { program: milliseconds(root), database: descendants(stats, root).reduce((sum, pid) => sum + milliseconds(pid), 0) };
}

/** Keeps a program and its database, with whatever they start, to the first core of the machine (绑核); false where the system cannot. */
export function keepToOneCore(root: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    for (const pid of [root, ...descendants(readStats(), root)]) execFileSync('taskset', ['-a', '-c', '-p', '0', String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Memory in use, in megabytes: the program's resident pages, and its database's share (pages that several use count once). */
export function memory(root: number): { program: number | null; database: number | null } {
  if (process.platform !== 'linux') return { program: null, database: null };
  try {
    const proportional = descendants(readStats(), root).map((pid) => kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss'));
    const sum = proportional.reduce<number | null>((total, one) => (total === null || one === null ? null : total + one), 0);
    const resident = kilobytes(`/proc/${root}/status`, 'VmRSS');
    return { program: resident === null ? null : resident / 1024, database: sum === null ? null : sum / 1024 };
  } catch {
    return { program: null, database: null };
  }
}

function kilobytes(file: string, name: string): number | null {
  try {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    // Of another user, and this one may not look.
    return null;
  }
}

function readStats(): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in brackets may hold anything; fields 4 (parent) and 14–17 (times) come after it. See proc_pid_stat(5).
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      stats.set(Number(name), { parent: Number(fields[1]), ticks: fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) });
    } catch {
      // It ended meanwhile.
    }
  }
  return stats;
}

function descendants(stats: ReadonlyMap<number, Stat>, root: number): number[] {
  const found: number[] = [];
  for (const [pid, { parent }] of stats) if (parent === root) found.push(pid, ...descendants(stats, pid));
  return found;
}
