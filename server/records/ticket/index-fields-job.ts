import { setTimeout as pause } from 'node:timers/promises';
import type { Services } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { loadConfiguration } from '../organization/configuration.ts';
import { isIndexable } from './field-keys.ts';
import { writeFieldEntries } from './indexed-fields.ts';
import type { TicketRow } from './row.ts';

const presentFields = statement<{ field: string; kind: string; ready: boolean }>('indexed_field.of_type', 'SELECT field, kind, ready FROM indexed_field WHERE tenant_id = $1 AND type_id = $2');
const mark = statement<never>('indexed_field.mark', `
  INSERT INTO indexed_field (tenant_id, type_id, field, kind, marked_at) SELECT $1, $2, field, kind, $5 FROM unnest($3::text[], $4::text[]) AS wanted (field, kind)
  ON CONFLICT (tenant_id, type_id, field) DO NOTHING`);
const unmark = statement<never>('indexed_field.unmark', 'DELETE FROM indexed_field WHERE tenant_id = $1 AND type_id = $2 AND field = ANY($3::text[])');
const removeEntries = statement<{ field: string }>('ticket_field.remove', `
  WITH gone AS (SELECT field, value, created_at, ticket_id FROM ticket_field WHERE tenant_id = $1 AND type_id = $2 AND field = ANY($3::text[]) LIMIT $4)
  DELETE FROM ticket_field f USING gone WHERE f.tenant_id = $1 AND f.type_id = $2 AND f.field = gone.field AND f.value = gone.value AND f.created_at = gone.created_at AND f.ticket_id = gone.ticket_id
  RETURNING f.field`);
const horizon = statement<{ next: string }>('indexed_field.horizon', 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next');
const passed = statement<{ passed: boolean }>('indexed_field.passed', 'SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 AS passed');
// Locked for the moment, so that nobody changes what is being written down.
const nextTickets = statement<Pick<TicketRow, 'id' | 'type_id' | 'created_at' | 'fields'>>('indexed_field.tickets', `
  SELECT id, type_id, created_at, fields FROM ticket WHERE tenant_id = $1 AND type_id = $2 AND (created_at, id) < ($3::timestamptz, $4::uuid)
  ORDER BY created_at DESC, id DESC LIMIT $5 FOR SHARE`);
const makeReady = statement<never>('indexed_field.ready', 'UPDATE indexed_field SET ready = true WHERE tenant_id = $1 AND type_id = $2 AND field = ANY($3::text[]) AND NOT ready');

const slice = 500;
const pollMilliseconds = 50;

/**
 * Brings the index of a type's fields in line with its published form (字段索引): what is newly marked gets the entries of
 * all tickets there are, what is no longer marked loses them. Tickets that change meanwhile keep their own entries from
 * the moment the field is known to be marked. Running it twice does no harm.
 */
export async function indexFields(services: Pick<Services, 'database' | 'clock'>, { tenantId, typeId }: { tenantId: string; typeId: string }): Promise<void> {
  const { database, clock } = services;
  const transact = <Result>(work: Parameters<typeof database.transact<Result>>[1]) => database.transact(tenantId, work);
  const { stale, fresh } = await transact(async (transaction) => {
    const type = (await loadConfiguration(transaction, Number.POSITIVE_INFINITY)).types.get(typeId);
    // Of what is masked nothing is looked up.
    const wanted = (type?.form.fields ?? []).filter((field) => field.indexed === true && !field.masked && isIndexable(field.kind));
    const present = await transaction.query(presentFields, [tenantId, typeId]);
    const stays = present.filter((row) => wanted.some((field) => field.key === row.field && field.kind === row.kind));
    const goes = present.filter((row) => !stays.includes(row)).map((row) => row.field);
    if (goes.length > 0) await transaction.query(unmark, [tenantId, typeId, goes]);
    await transaction.query(mark, [tenantId, typeId, wanted.map((field) => field.key), wanted.map((field) => field.kind), clock.now()]);
    return { stale: goes, fresh: wanted.map((field) => field.key).filter((key) => !stays.some((row) => row.field === key && row.ready)) };
  });
  // What has another kind now begins anew as well.
  while (stale.length > 0 && (await transact((transaction) => transaction.query(removeEntries, [tenantId, typeId, stale, slice * 10]))).length > 0);
  if (fresh.length === 0) return;

  // Whoever began before the mark was there may not have seen it: they have to end first.
  const { next } = (await transact((transaction) => transaction.query(horizon, [])))[0]!;
  while (!(await transact((transaction) => transaction.query(passed, [next])))[0]!.passed) await pause(pollMilliseconds);
  let place = { moment: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
  for (;;) {
    const tickets = await transact(async (transaction) => {
      const some = await transaction.query(nextTickets, [tenantId, typeId, place.moment, place.id, slice]);
      for (const ticket of some) if (Object.keys(ticket.fields as object).some((key) => fresh.includes(key))) await writeFieldEntries(transaction, ticket, {});
      return some;
    });
    const last = tickets.at(-1);
    if (last) place = { moment: last.created_at.toISOString(), id: last.id };
    if (tickets.length < slice) break;
  }
  await transact((transaction) => transaction.query(makeReady, [tenantId, typeId, fresh]));
}
