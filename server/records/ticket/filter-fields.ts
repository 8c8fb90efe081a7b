import { sql, type RawBuilder } from 'kysely';
import type { Predicate, PropertyKind } from '../../../rules/conditions/filter.ts';
import { indexedText, indexedValue } from './field-keys.ts';
import { comparison, textTest } from './filter-columns.ts';

type Test = Exclude<Predicate, { all: unknown } | { any: unknown } | { not: unknown }>;
type Value = string | number | boolean;

const never = sql<boolean>`FALSE`;

/**
 * A test of a field of the ticket type (自定义字段条件): numbers are compared as numbers, days and times by their notation,
 * which sorts as they do. What has another shape than its kind, as old tickets may have, is neither less nor more.
 *
 * @param indexedIn the types that have the field, when its values stand in ticket_field for all of them
 */
export function fieldTest(test: Test, key: string, kind: PropertyKind, indexedIn?: readonly string[]): RawBuilder<boolean> {
  const value = sql`(ticket.fields -> ${key})`;
  const indexed = indexedIn === undefined ? null : indexedTest(test, key, kind, indexedIn);
  if (indexed) return indexed;
  switch (test.test) {
    case 'one_of': return oneOf(value, kind, test.values);
    case 'has_all': return isArray(value, sql`${value} ?& ${test.values}::text[]`);
    case 'empty': return empty(value, kind);
    case 'equals_text': case 'includes_text': case 'starts_with_text':
      return guarded(value, 'string', textTest(sql`(${value} #>> '{}')`, test.test, test.value));
    default: {
      if (kind === 'number' || kind === 'money') {
        const amount = kind === 'money' ? sql`(${value} -> 'amount')` : value;
        return typeof test.value === 'number' ? guarded(amount, 'number', sql`(${amount} #>> '{}')::float8 ${comparison(test.test)} ${test.value}::float8`) : never;
      }
      return typeof test.value === 'string' ? guarded(value, 'string', sql`(${value} #>> '{}') COLLATE "C" ${comparison(test.test)} ${test.value}`) : never;
    }
  }
}

/** Asked only of what has this type: a condition behind CASE is not looked at before. */
function guarded(value: RawBuilder<unknown>, type: 'string' | 'number' | 'array', condition: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`CASE WHEN jsonb_typeof(${value}) = ${sql.lit(type)} THEN ${condition} ELSE FALSE END`;
}

const isArray = (value: RawBuilder<unknown>, condition: RawBuilder<unknown>): RawBuilder<boolean> => guarded(value, 'array', condition);

function oneOf(value: RawBuilder<unknown>, kind: PropertyKind, values: readonly Value[]): RawBuilder<boolean> {
  if (values.length === 0) return never;
  if (kind === 'set') return isArray(value, sql`${value} ?| ${values.filter((one) => typeof one === 'string')}::text[]`);
  const compared = kind === 'money' ? sql`(${value} -> 'amount')` : value;
  // As documents, so that 5 is not “5”.
  return sql`${compared} = ANY(${values.map((one) => JSON.stringify(one))}::text[]::jsonb[])`;
}

function empty(value: RawBuilder<unknown>, kind: PropertyKind): RawBuilder<boolean> {
  const nothing = ['null', '""', ...kind === 'text' || kind === 'set' || kind === 'presence' ? ['[]', '{}', '0', 'false'] : []];
  return sql`coalesce(${kind === 'money' ? sql`coalesce(${value} -> 'amount', 'null')` : value}, 'null') IN (${sql.join(nothing.map((one) => sql`${sql.lit(one)}::jsonb`))})`;
}

/** The same by ticket_field, where that can tell. */
function indexedTest(test: Test, key: string, kind: PropertyKind, typeIds: readonly string[]): RawBuilder<boolean> | null {
  const has = (condition: RawBuilder<unknown>) => sql<boolean>`EXISTS (SELECT 1 FROM ticket_field has
    WHERE has.tenant_id = ticket.tenant_id AND has.type_id = ticket.type_id AND has.field = ${key} AND ${condition} AND has.created_at = ticket.created_at AND has.ticket_id = ticket.id)`;
  if (typeIds.length === 0) return never;
  switch (test.test) {
    case 'one_of': {
      const values = test.values.map(indexedValue);
      return has(values.length === 1 ? sql`has.value = ${values[0]}` : sql`has.value = ANY(${values}::text[])`);
    }
    case 'has_all': return sql`(${sql.join(test.values.map((value) => has(sql`has.value = ${indexedValue(value)}`)), sql` AND `)})`;
    case 'equals_text': case 'starts_with_text': {
      const beginning = indexedText(test.value);
      // What was cut off in the index cannot be told there.
      if (beginning === null) return null;
      return has(test.test === 'equals_text' ? sql`has.value = ${beginning}` : sql`has.value >= ${beginning} AND has.value < ${`${beginning}\u{10ffff}`}`);
    }
    case 'includes_text': case 'empty': return null;
    default: return kind === 'text' ? null : has(sql`has.value ${comparison(test.test)} ${indexedValue(test.value)}`);
  }
}
