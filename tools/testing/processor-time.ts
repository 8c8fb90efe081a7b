import { readFileSync, readdirSync } from 'node:fs';

/** What the kernel counts processor time in, on Linux everywhere: hundredths of a second. */
const tick = 10;

/**
 * The processor time (处理器时间) that a process and whatever came of it have taken so far, in milliseconds: the databases, browsers
 * and programs it started with it, unless somebody else had to bury them. Unlike the time that went by it hardly depends
 * on what else the machine does.
 *
 * @returns undefined where the system does not tell: anywhere but on Linux
 */
export function processorTimeOf(processId: number): number | undefined {
  const children = new Map<number, number[]>();
  const ticks = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const fields = readFields(name);
      if (fields === undefined) continue;
      const [parent, ...taken] = fields;
      children.set(parent!, [...(children.get(parent!) ?? []), Number(name)]);
      ticks.set(Number(name), taken.reduce((sum, one) => sum + one, 0));
    }
  } catch {
    return undefined;
  }
  if (!ticks.has(processId)) return undefined;
  let sum = 0;
  const family = [processId];
  for (const one of family) {
    sum += ticks.get(one) ?? 0;
    family.push(...(children.get(one) ?? []));
  }
  return sum * tick;
}

/** The parent, and what it took itself and what its dead children had taken, each in the program and in the kernel. */
function readFields(name: string): number[] | undefined {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The name in brackets may hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [fields[1], fields[11], fields[12], fields[13], fields[14]].map(Number);
  } catch {
    // It ended just now.
    return undefined;
  }
}
