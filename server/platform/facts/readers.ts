import type { FactKind } from '../../../contract/facts.ts';
import type { Logger } from '../log.ts';
import { everyTenant, statement, type Database, type Transaction } from '../db/database.ts';
import type { Fact } from './fact.ts';

/** A place in the fact log: the writing transaction's number and the fact's own position. */
export interface Cursor {
  transaction: string;
  position: number;
}

export interface FactRow {
  tenant_id: string;
  position: number;
  transaction: string;
  kind: FactKind;
  ticket_id: string | null;
  ticket_position: number | null;
  subject_id: string | null;
  actor_kind: Fact['actor']['kind'];
  actor_id: string | null;
  actor_name: string | null;
  data: Record<string, unknown>;
  occurred_at: Date;
  recorded_at: Date;
}

/**
 * The columns a FactRow holds. The text of the transaction bears the column's own name, so whoever sorts by it has to
 * say `fact.transaction`: as a text 1000 comes before 999.
 */
export const factColumns = 'tenant_id, position, transaction::text AS transaction, kind, ticket_id, ticket_position, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at';

export function toFact(row: FactRow): Fact {
  return {
    tenantId: row.tenant_id, position: row.position, transaction: row.transaction, kind: row.kind,
    ticketId: row.ticket_id, ticketPosition: row.ticket_position, subjectId: row.subject_id,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    data: row.data, occurredAt: row.occurred_at, recordedAt: row.recorded_at,
  };
}

// Transactions commit out of order. A fact is safe to pass only when every transaction that began before its own has
// ended, that is when its transaction lies before the oldest one still running; those facts are complete and final.
const readAfter = statement<FactRow>('fact.read_after', `
  SELECT ${factColumns} FROM fact
  WHERE (transaction, position) > ($1::xid8, $2) AND transaction < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY fact.transaction, fact.position LIMIT $3`);

const lastSafe = statement<Cursor>('fact.last_safe', `
  SELECT transaction::text AS transaction, position FROM fact
  WHERE transaction < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY fact.transaction DESC, fact.position DESC LIMIT 1`);

/** The facts after a place, oldest first, never skipping one that is still being committed. */
export async function readFacts(transaction: Transaction, after: Cursor, limit: number): Promise<Fact[]> {
  return (await transaction.query(readAfter, [after.transaction, after.position, limit])).map(toFact);
}

/** The newest place up to which the log is complete. */
export async function endOfLog(transaction: Transaction): Promise<Cursor> {
  return (await transaction.query(lastSafe, []))[0] ?? { transaction: '0', position: 0 };
}

/** The newest place as feeds name it (消息位置): whoever follows the log from there misses nothing of what came after this was asked. */
export async function newestPlace(database: Database): Promise<string> {
  const { transaction, position } = (await database.look(everyTenant, lastSafe, []))[0] ?? { transaction: '0', position: 0 };
  return `${transaction}-${position}`;
}

/** Somebody who follows the fact log and has an effect of their own in the database (读取者). */
export interface Reader {
  name: string;
  /** The kinds it wants; others are passed over. */
  kinds: ReadonlySet<FactKind>;
  /** Its effect for a batch, inside the transaction that also moves its cursor: each fact counts exactly once. */
  react(transaction: Transaction, facts: readonly Fact[]): Promise<void>;
}

const batchSize = 500;
const pollMilliseconds = 1_000;
// A fact just announced may have to wait for an older transaction to end: look again soon, a few times.
const soonMilliseconds = 200;
const soonTimes = 5;
const slowestRetryMilliseconds = 30_000;

const insertReader = statement<never>('fact_reader.insert', `
  INSERT INTO fact_reader (name, transaction, position, updated_at) VALUES ($1, '0', 0, now()) ON CONFLICT DO NOTHING`);
const findReader = statement<Cursor>('fact_reader.find', `
  SELECT transaction::text AS transaction, position FROM fact_reader WHERE name = $1`);
const lockReader = statement<never>('fact_reader.lock', `
  SELECT 1 FROM fact_reader WHERE name = $1 AND transaction = $2::xid8 AND position = $3 FOR UPDATE SKIP LOCKED`);
const moveReader = statement<Cursor>('fact_reader.move', `
  UPDATE fact_reader SET transaction = $4::xid8, position = $5, updated_at = now()
  WHERE name = $1 AND transaction = $2::xid8 AND position = $3 RETURNING 1`);

async function storedCursor(database: Database, reader: Reader): Promise<Cursor> {
  const cursor = (await database.look(everyTenant, findReader, [reader.name]))[0];
  if (!cursor) throw new Error(`reader ${reader.name} was not registered`);
  return cursor;
}

const cursorOf = ({ transaction, position }: Fact): Cursor => ({ transaction, position });

/**
 * The effect of a batch and the move of the cursor, in one transaction; false when the cursor does not stand at `from`
 * (any more), or another node is at it. A crash may lose such a transaction although it was committed, effect and
 * cursor alike: then it is done again. So it need not wait for the disk.
 */
function carryOut(database: Database, reader: Reader, from: Cursor, wanted: readonly Fact[], to: Cursor): Promise<boolean> {
  return database.transact(everyTenant, async (transaction) => {
    const locked = await transaction.query(lockReader, [reader.name, from.transaction, from.position]);
    if (locked.length === 0) return false;
    await reader.react(transaction, wanted);
    await transaction.query(moveReader, [reader.name, from.transaction, from.position, to.transaction, to.position]);
    return true;
  }, { lasting: false });
}

/** Moves a cursor past facts that its reader does not want; false when it does not stand at `from`. */
async function passOver(database: Database, reader: Reader, from: Cursor, to: Cursor): Promise<boolean> {
  const moved = await database.transact(everyTenant, (transaction) =>
    transaction.query(moveReader, [reader.name, from.transaction, from.position, to.transaction, to.position]), { lasting: false });
  return moved.length > 0;
}

/**
 * One turn of a reader: takes the next batch and returns how many facts it passed; 0 when there is nothing, or when
 * another node is at it. Looks before it locks, as a lock costs a write and most turns find nothing.
 */
export async function advance(database: Database, reader: Reader, limit = batchSize): Promise<number> {
  const from = await storedCursor(database, reader);
  const facts = await database.transact(everyTenant, (transaction) => readFacts(transaction, from, limit));
  const last = facts.at(-1);
  if (!last) return 0;
  const wanted = facts.filter((fact) => reader.kinds.has(fact.kind));
  const done = wanted.length > 0 ? await carryOut(database, reader, from, wanted, cursorOf(last)) : await passOver(database, reader, from, cursorOf(last));
  return done ? facts.length : 0;
}

/** Registers a reader at the beginning of the log, once. */
export async function registerReader(database: Database, name: string): Promise<void> {
  await database.transact(everyTenant, (transaction) => transaction.query(insertReader, [name]));
}

interface Batch {
  facts: readonly Fact[];
  /** Whether more are known, or likely, to follow. */
  more: boolean;
}

/**
 * Reads the log for all readers of this process: those that stand near each other, as most do, share one look into the
 * database. Facts handed out are final, so it does not matter how long ago they were read.
 */
function openWindow(database: Database): (after: Cursor, limit: number) => Promise<Batch> {
  let facts: readonly Fact[] = [];
  // Where in `facts` the ones after a place begin.
  let places = new Map<string, number>();
  const underWay = new Map<string, Promise<readonly Fact[]>>();
  const nameOf = ({ transaction, position }: Cursor) => `${transaction} ${position}`;

  async function look(after: Cursor): Promise<readonly Fact[]> {
    const read = (await database.look(everyTenant, readAfter, [after.transaction, after.position, batchSize])).map(toFact);
    if (read.length > 0) {
      facts = read;
      places = new Map([[nameOf(after), 0], ...read.map((fact, index): [string, number] => [nameOf(fact), index + 1])]);
    }
    return read;
  }

  return async (after, limit) => {
    const place = nameOf(after);
    const index = places.get(place);
    if (index !== undefined && index < facts.length) {
      return { facts: facts.slice(index, index + limit), more: facts.length === batchSize || index + limit < facts.length };
    }
    const sharing = underWay.get(place);
    const looking = sharing ?? look(after).finally(() => underWay.delete(place));
    if (!sharing) underWay.set(place, looking);
    const read = await looking;
    return { facts: read.slice(0, limit), more: read.length === batchSize || limit < read.length };
  };
}

/**
 * Keeps readers going: each takes batches until it has caught up, then sleeps until woken or a second has passed.
 * Facts that a reader does not want are only passed over in memory, and its cursor follows when nothing is new, or after
 * a second: until then they may be looked at again, which does nothing.
 * A batch that fails is tried again with growing pauses and, from the second time, fact by fact, so that the log
 * names the one that fails; the reader does not pass it, as effects must not be lost.
 */
export function runReaders(database: Database, readers: readonly Reader[], log: Logger): { wake: () => void; stop: () => Promise<void> } {
  let stopping = false;
  const factsAfter = openWindow(database);
  const running = readers.map((reader) => {
    // Looks still to be taken soon after the last news; 0 when the reader is at rest.
    let looks = 0;
    let wakeUp = () => {};
    const sleep = (milliseconds: number) => new Promise<void>((resolve) => {
      const timeout = setTimeout(resolve, milliseconds);
      wakeUp = () => {
        clearTimeout(timeout);
        resolve();
      };
    });

    // Where the cursor stands in the database, as far as known, and how far this process has looked beyond it.
    let stored: Cursor | null = null;
    let seen: Cursor = { transaction: '0', position: 0 };
    let storedAt = 0;

    function standAt(cursor: Cursor): void {
      stored = seen = cursor;
      storedAt = performance.now();
    }

    // What the effect under way is for.
    let attempted: readonly Fact[] = [];

    /** One batch: how many facts were passed, and whether there are more. */
    async function turn(limit: number): Promise<{ passed: number; more: boolean }> {
      if (!stored) standAt(await storedCursor(database, reader));
      const from = stored!;
      attempted = [];
      const { facts, more } = await factsAfter(seen, limit);
      const to = facts.length > 0 ? cursorOf(facts.at(-1)!) : seen;
      const wanted = facts.filter((fact) => reader.kinds.has(fact.kind));
      let stands = true;
      if (wanted.length > 0) {
        attempted = facts;
        stands = await carryOut(database, reader, from, wanted, to);
        if (stands) standAt(to);
      } else if (to !== from && (facts.length === 0 || performance.now() - storedAt > pollMilliseconds)) {
        stands = await passOver(database, reader, from, to);
        if (stands) standAt(to);
      } else {
        seen = to;
      }
      if (stands) return { passed: facts.length, more };
      // Another node is at it: see next time how far it came.
      stored = null;
      return { passed: 0, more: false };
    }

    const done = (async () => {
      let failures = 0;
      // Facts of the batch that failed still to be taken one by one.
      let single = 0;
      while (!stopping) {
        try {
          const { passed, more } = await turn(single > 0 ? 1 : batchSize);
          single = passed > 0 ? Math.max(0, single - passed) : 0;
          failures = 0;
          if (more) continue;
          looks = passed > 0 ? soonTimes : Math.max(0, looks - 1);
          const pause = looks > 0 ? soonMilliseconds : pollMilliseconds;
          // At the same moments as the others, so that one look into the database serves all.
          await sleep(pause - performance.now() % pause);
        } catch (error) {
          if (stopping) return;
          failures += 1;
          stored = null;
          const first = attempted[0];
          single = Math.max(single, attempted.length);
          log.error({
            reader: reader.name, failures, error,
            ...(attempted.length === 1 && first ? { tenant: first.tenantId, fact: first.position, kind: first.kind, ticket: first.ticketId } : { facts: attempted.length }),
          }, 'a reader of the fact log failed; it will try again');
          await sleep(Math.min(slowestRetryMilliseconds, 100 * 2 ** failures));
        }
      }
    })();
    return {
      done,
      wake: () => {
        // At rest it looks at once; in the midst of news what comes in quick succession is taken together.
        if (looks === 0) wakeUp();
        looks = soonTimes;
      },
      stop: () => wakeUp(),
    };
  });
  return {
    wake: () => running.forEach((reader) => reader.wake()),
    stop: async () => {
      stopping = true;
      for (const reader of running) reader.stop();
      await Promise.all(running.map((reader) => reader.done));
    },
  };
}
