import type { Services } from '../../platform/context.ts';
import { keepDoing } from '../../platform/process/keep-doing.ts';
import { everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { isImported, type Fact } from '../../platform/facts/fact.ts';
import { endOfLog, readFacts, type Cursor } from '../../platform/facts/readers.ts';
import type { Happening, Hub } from '../../platform/realtime/hub.ts';
import { accessOf, type TicketRow } from '../../records/ticket/row.ts';

const batchSize = 500;
const pollMilliseconds = 1_000;
// A fact just announced may have to wait for an older transaction to end: look again soon, a few times.
const soonMilliseconds = 20;
const soonTimes = 15;

const findAccess = statement<TicketRow>('feed.find_access', `
  SELECT t.tenant_id, t.id, t.type_id, t.department_id, t.team_id, t.assignee_id, t.created_by_kind, t.created_by_id, t.participant_ids
  FROM unnest($1::uuid[], $2::uuid[]) AS wanted (tenant_id, id) JOIN ticket t ON t.tenant_id = wanted.tenant_id AND t.id = wanted.id`);

const reached = new WeakMap<Hub, Cursor>();

/**
 * The place up to which everything has been handed to a hub's receivers; null when nobody follows the log for it.
 * A receiver that has caught up when it joined has been offered all that lies before it, whatever organization it was of.
 */
export function reachedBy(hub: Hub): Cursor | null {
  return reached.get(hub) ?? null;
}

/** Facts with what access to their tickets depends on now. */
export async function withAccess(transaction: Transaction, facts: readonly Fact[]): Promise<Happening[]> {
  const wanted = new Map(facts.filter((fact) => fact.ticketId !== null).map((fact) => [`${fact.tenantId} ${fact.ticketId}`, fact]));
  const rows = wanted.size === 0 ? [] : await transaction.query(findAccess, [[...wanted.values()].map((fact) => fact.tenantId), [...wanted.values()].map((fact) => fact.ticketId)]);
  const access = new Map(rows.map((row) => [`${row.tenant_id} ${row.id}`, accessOf(row)]));
  return facts.map((fact) => ({ fact, access: fact.ticketId === null ? null : access.get(`${fact.tenantId} ${fact.ticketId}`) ?? null }));
}

/**
 * Follows the end of the fact log for this process's open connections (实时尾随): one look-up for all of them. Unlike
 * the other readers it keeps no place of its own; a connection resumes from the place its browser names.
 */
export async function followTail(services: Pick<Services, 'database' | 'hub' | 'log'>): Promise<{ wake: () => void; stop: () => Promise<void> }> {
  const { database, hub, log } = services;
  let looks = 0;
  // Known before anybody can connect, so that no fact falls between a connection's own look and this one.
  let cursor: Cursor = await database.transact(everyTenant, endOfLog);
  reached.set(hub, cursor);
  const pause = (): number => {
    looks -= 1;
    return looks > 0 ? soonMilliseconds : pollMilliseconds;
  };
  const work = keepDoing(
    async () => {
      const found = await database.transact(everyTenant, async (transaction) => {
        if (hub.receivers === 0) {
          const end = await endOfLog(transaction);
          // With nobody listening there is nothing to tell. Whoever came while we looked may count on what lay
          // between, so then the old place stands.
          if (hub.receivers === 0) reached.set(hub, cursor = end);
          return [];
        }
        return withAccess(transaction, await readFacts(transaction, cursor, batchSize));
      });
      const last = found.at(-1)?.fact;
      if (last) {
        cursor = { transaction: last.transaction, position: last.position };
        // What was taken over from elsewhere is no news: whoever imports looks at the import.
        hub.deliver(found.filter(({ fact }) => !isImported(fact)));
        reached.set(hub, cursor);
        return 0;
      }
      return pause();
    },
    (error) => {
      log.warn({ error }, 'the tail of the fact log could not be read; it will be tried again');
      return pause();
    },
  );
  return {
    wake: () => {
      // With nobody listening the end of the log is looked up once a second and no more.
      if (hub.receivers === 0) return;
      // Not before its time: what is committed in quick succession is read together.
      if (looks <= 0) work.wake();
      looks = soonTimes;
    },
    stop: work.stop,
  };
}
