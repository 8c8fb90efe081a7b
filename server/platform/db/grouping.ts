import type { Work } from './database.ts';

/** Nobody knows whether a COMMIT was carried out, as its answer never came. */
export class CommitUnanswered extends Error {}

/** One call that waits to be committed together with others. */
export interface Member {
  work: Work<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

export interface GroupingOptions {
  /** How many groups may be under way at once, of all tenants together. */
  groups: number;
  /** Commits a group at once and settles its members; false when it has to be taken apart. */
  together: (tenantId: string, members: readonly Member[]) => Promise<boolean>;
  /** Runs one in a transaction of its own. */
  alone: (tenantId: string, work: Work<unknown>) => Promise<unknown>;
}

const maximumGroup = 32;
const gatherMilliseconds = 4;
const recentMilliseconds = 500;
// A call by itself may wait for a lock, for as long as a statement may last: after this long it is no longer waited for.
const aloneMilliseconds = 25;
// Of those who come back as soon as they are answered, hardly ever all are there at the same moment.
const expectedShare = 0.9;
const mostIdleLines = 1_000;

/** The calls of one tenant. */
interface Line {
  waiting: Member[];
  /** When the first of those waiting came, or the group before them was done. */
  since: number;
  groups: number;
  /** Calls that are not settled, and the most there were at once of late: so many are likely to come again. */
  pending: number;
  recentMost: number;
  recentSince: number;
}

/** Waits for something, but no longer than so many milliseconds. */
function atMost(milliseconds: number, one: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, milliseconds);
    void one.then(() => {
      clearTimeout(patience);
      resolve();
    });
  });
}

/**
 * Groups calls that arrive together (合并提交): a group begins when as many wait as are likely to come, when the first has
 * waited a moment, or when it is full. While one group of a tenant is under way only a full one follows beside it: with fewer
 * it is cheaper to wait for those who are just being answered.
 */
export function openGrouping({ groups: maximumGroups, together, alone }: GroupingOptions): (tenantId: string, work: Work<unknown>) => Promise<unknown> {
  const lines = new Map<string, Line>();
  // Tenants with calls that wait, in the order of their turns.
  const turns = new Set<string>();
  let groups = 0;
  let timer: NodeJS.Timeout | null = null;
  let turning = false;

  function lineOf(tenantId: string): Line {
    let line = lines.get(tenantId);
    if (!line) {
      if (lines.size >= mostIdleLines) for (const [name, { pending }] of lines) if (pending === 0) lines.delete(name);
      line = { waiting: [], since: 0, groups: 0, pending: 0, recentMost: 0, recentSince: 0 };
      lines.set(tenantId, line);
    }
    return line;
  }

  function isReady(line: Line, now: number): boolean {
    if (line.waiting.length >= maximumGroup) return true;
    if (line.groups > 0) return false;
    return line.waiting.length >= expected(line, now) || now - line.since >= gatherMilliseconds;
  }

  function expected(line: Line, now: number): number {
    if (line.pending >= line.recentMost || now - line.recentSince > recentMilliseconds) {
      line.recentMost = line.pending;
      line.recentSince = now;
    }
    return Math.min(maximumGroup, Math.ceil(line.recentMost * expectedShare));
  }

  function pump(): void {
    const now = performance.now();
    let soonest = Infinity;
    // A tenant that has more waiting comes up again at the end.
    for (const tenantId of turns) {
      if (groups >= maximumGroups) return;
      const line = lines.get(tenantId)!;
      if (isReady(line, now)) begin(tenantId, line, now);
      else if (line.groups === 0) soonest = Math.min(soonest, line.since + gatherMilliseconds);
    }
    if (soonest !== Infinity) {
      timer ??= setTimeout(() => {
        timer = null;
        pump();
      }, Math.max(1, Math.ceil(soonest - now)));
    }
  }

  function begin(tenantId: string, line: Line, now: number): void {
    const group = line.waiting.splice(0, maximumGroup);
    line.since = now;
    // What is left goes to the end of the line, so that no tenant starves another.
    turns.delete(tenantId);
    if (line.waiting.length > 0) turns.add(tenantId);
    groups += 1;
    line.groups += 1;
    let under = true;
    let patience: NodeJS.Timeout | undefined;
    const over = (): void => {
      clearTimeout(patience);
      if (!under) return;
      under = false;
      groups -= 1;
      line.groups -= 1;
      // Those who were answered just now are given a moment to come with their next call.
      line.since = performance.now();
      pump();
    };
    void run(tenantId, group, () => (patience = setTimeout(over, aloneMilliseconds))).finally(over);
  }

  async function run(tenantId: string, members: readonly Member[], onAlone: () => void): Promise<void> {
    if (members.length > 1) {
      try {
        if (await together(tenantId, members)) return;
      } catch (error) {
        if (error instanceof CommitUnanswered) {
          // Run again, what was committed after all would be there twice.
          for (const member of members) member.reject(error);
          return;
        }
        // The group could not be committed: each member now stands for itself.
      }
    }
    onAlone();
    const begun: Promise<void>[] = [];
    // In the order they came; but whoever waits for a lock keeps none of those behind waiting.
    for (const member of members) {
      const one = alone(tenantId, member.work).then(member.resolve, member.reject);
      begun.push(one);
      await atMost(aloneMilliseconds, one);
    }
    await Promise.all(begun);
  }

  return (tenantId, work) => new Promise((resolve, reject) => {
    const line = lineOf(tenantId);
    line.pending += 1;
    const settled = <Value>(settle: (value: Value) => void) => (value: Value) => {
      line.pending -= 1;
      settle(value);
    };
    if (line.waiting.length === 0) line.since = performance.now();
    line.waiting.push({ work, resolve: settled(resolve), reject: settled(reject) });
    turns.add(tenantId);
    // Calls that arrive in the same turn of the event loop find each other.
    if (turning) return;
    turning = true;
    setImmediate(() => {
      turning = false;
      pump();
    });
  });
}
