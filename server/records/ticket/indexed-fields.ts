import type { Context } from '../../platform/context.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import type { Configuration } from '../organization/configuration.ts';
import { indexEntries, type IndexableKind } from './field-keys.ts';
import type { TicketRow } from './row.ts';

interface IndexedField {
  type_id: string;
  field: string;
  kind: string;
  ready: boolean;
}

const findFields = statement<IndexedField>('indexed_field.find', 'SELECT type_id, field, kind, ready FROM indexed_field WHERE tenant_id = $1');

const kept = new WeakMap<Configuration, { until: number; fields: ReadonlyMap<string, readonly string[]> }>();
const keptMilliseconds = 30_000;

/**
 * The fields whose values can be looked up in ticket_field, by key: the types that have them (已建索引的字段). A field is
 * among them once it is indexed, as far as it was there before, in every type that has it.
 */
export async function readyFields(context: Context, configuration: Configuration): Promise<ReadonlyMap<string, readonly string[]>> {
  const wanted = [...configuration.types.values()].some((type) => type.form.fields.some((field) => field.indexed));
  if (!wanted) return new Map();
  const present = kept.get(configuration);
  if (present && present.until > context.now.getTime()) return present.fields;
  const rows = await context.transaction.query(findFields, [context.tenantId]);
  const ready = new Set(rows.filter((row) => row.ready).map((row) => `${row.type_id} ${row.field} ${row.kind}`));
  const fields = new Map<string, string[] | null>();
  for (const type of configuration.types.values()) {
    for (const field of type.form.fields) {
      const here = field.indexed === true && ready.has(`${type.id} ${field.key} ${field.kind}`);
      const before = fields.get(field.key);
      fields.set(field.key, here && before !== null ? [...before ?? [], type.id] : null);
    }
  }
  const found = new Map([...fields].filter((entry): entry is [string, string[]] => entry[1] !== null));
  kept.set(configuration, { until: context.now.getTime() + keptMilliseconds, fields: found });
  return found;
}

// What is indexed is known to the database: a writer sees a field from the moment it was marked.
const writeEntries = statement<never>('ticket_field.write', `
  WITH fresh AS (
    SELECT DISTINCT v.field, v.value FROM unnest($5::text[], $6::text[], $7::text[]) AS v (field, kind, value)
    JOIN indexed_field i ON i.tenant_id = $1 AND i.type_id = $2 AND i.field = v.field AND i.kind = v.kind),
  gone AS (
    DELETE FROM ticket_field f USING indexed_field i
    WHERE i.tenant_id = $1 AND i.type_id = $2 AND f.tenant_id = $1 AND f.type_id = $2 AND f.field = i.field
      AND f.created_at = $3 AND f.ticket_id = $4 AND f.field = ANY($8::text[]) AND f.value = ANY($9::text[])
      AND NOT EXISTS (SELECT 1 FROM fresh WHERE fresh.field = f.field AND fresh.value = f.value))
  INSERT INTO ticket_field (tenant_id, type_id, field, value, created_at, ticket_id)
  SELECT $1, $2, field, value, $3, $4 FROM fresh ON CONFLICT DO NOTHING`);

interface Entry {
  field: string;
  kind: string;
  value: string;
}

/**
 * Keeps the entries of a ticket's indexed fields, in the transaction that changes them. Without knowing the form: a
 * value has entries for every kind it could be of, and the database takes those of the kind that is indexed.
 */
export async function writeFieldEntries(transaction: Transaction, ticket: Pick<TicketRow, 'id' | 'type_id' | 'created_at' | 'fields'>, before: Record<string, unknown>): Promise<void> {
  const fresh = entriesOf(ticket.fields as Record<string, unknown>);
  const old = entriesOf(before);
  if (fresh.length === 0 && old.length === 0) return;
  await transaction.query(writeEntries, [
    transaction.tenantId, ticket.type_id, ticket.created_at, ticket.id, fresh.map((one) => one.field), fresh.map((one) => one.kind), fresh.map((one) => one.value),
    old.map((one) => one.field), old.map((one) => one.value),
  ]);
}

const kindsOfText: readonly IndexableKind[] = ['text', 'date', 'time', 'date_time', 'choice', 'tree', 'person', 'customer', 'asset'];

function entriesOf(fields: Record<string, unknown>): Entry[] {
  return Object.entries(fields).flatMap(([field, value]): Entry[] => {
    const kinds: readonly IndexableKind[] = typeof value === 'string' ? kindsOfText : typeof value === 'number' ? ['number'] : typeof value === 'boolean' ? ['boolean'] : Array.isArray(value) ? ['choices'] : ['money'];
    return kinds.flatMap((kind) => indexEntries(kind, value).map((entry) => ({ field, kind, value: entry })));
  });
}
