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
const soonMilliseconds = 100;
const soonTimes = 10;
const slowestRetryMilliseconds = 30_000;

const insertReader = statement<never>('fact_reader.insert', `
  INSERT INTO fact_reader (name, transaction, position, updated_at) VALUES ($1, '0', 0, now()) ON CONFLICT DO NOTHING`);
const findReader = statement<Cursor>('fact_reader.find', `
  SELECT transaction::text AS transaction, position FROM fact_reader WHERE name = $1`);
const lockReader = statement<never>('fact_reader.lock', `
  SELECT 1 FROM fact_reader WHERE name = $1 AND transaction = $2::xid8 AND position = $3 FOR UPDATE SKIP LOCKED`);
const moveReader = statement<never>('fact_reader.move', `
  UPDATE fact_reader SET transaction = $2::xid8, position = $3, updated_at = now() WHERE name = $1`);

/**
 * One turn of a reader: takes the next batch and returns how many facts it passed; 0 when there is nothing, or when
 * another node is at it. Looks before it locks, as a lock costs a write and most turns find nothing.
 */
export async function advance(database: Database, reader: Reader, limit = batchSize): Promise<number> {
  return database.transact(everyTenant, async (transaction) => {
    const cursor = (await transaction.query(findReader, [reader.name]))[0];
    if (!cursor) throw new Error(`reader ${reader.name} was not registered`);
    const facts = await readFacts(transaction, cursor, limit);
    const last = facts.at(-1);
    if (!last) return 0;
    const locked = await transaction.query(lockReader, [reader.name, cursor.transaction, cursor.position]);
    if (locked.length === 0) return 0;
    const wanted = facts.filter((fact) => reader.kinds.has(fact.kind));
    if (wanted.length > 0) await reader.react(transaction, wanted);
    await transaction.query(moveReader, [reader.name, last.transaction, last.position]);
    return facts.length;
  });
}

/** Registers a reader at the beginning of the log, once. */
export async function registerReader(database: Database, name: string): Promise<void> {
  await database.transact(everyTenant, (transaction) => transaction.query(insertReader, [name]));
}

/**
 * Keeps readers going: each takes batches until it has caught up, then sleeps until woken or a second has passed.
 * A batch that fails is tried again with growing pauses and, from the second time, fact by fact, so that the log
 * names the one that fails; the reader does not pass it, as effects must not be lost.
 */
export function runReaders(database: Database, readers: readonly Reader[], log: Logger): { wake: () => void; stop: () => Promise<void> } {
  let stopping = false;
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
    const done = (async () => {
      let failures = 0;
      while (!stopping) {
        try {
          const passed = await advance(database, reader, failures === 0 ? batchSize : 1);
          const behind = passed === batchSize || failures > 0 && passed > 0;
          failures = 0;
          if (behind) continue;
          looks = passed > 0 ? soonTimes : Math.max(0, looks - 1);
          await sleep(looks > 0 ? soonMilliseconds : pollMilliseconds);
        } catch (error) {
          if (stopping) return;
          failures += 1;
          log.error({ reader: reader.name, failures, error }, 'a reader of the fact log failed; it will try again');
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
