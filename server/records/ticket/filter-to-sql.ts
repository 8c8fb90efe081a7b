import { sql, type RawBuilder } from 'kysely';
import type { Predicate, Properties, PropertyKind } from '../../../rules/conditions/filter.ts';
import { columnOf, textTest, type FilterColumn } from './filter-columns.ts';
import { fieldTest } from './filter-fields.ts';

export type SqlCondition = RawBuilder<boolean>;

/** What a filter is compiled with. */
export interface FilterTarget {
  properties: Properties;
  /** Fields whose values stand in ticket_field, by key: the types that have them. */
  indexedFields: ReadonlyMap<string, readonly string[]>;
  /** Properties beside the standard ones and the fields: what is reckoned for the occasion. */
  columns?: ReadonlyMap<string, FilterColumn>;
}

type Test = Exclude<Predicate, { all: unknown } | { any: unknown } | { not: unknown }>;

const always = sql<boolean>`TRUE`;
const never = sql<boolean>`FALSE`;

/**
 * A plain filter as a condition on the columns of `ticket` (筛选条件编译): parameters for all that a person wrote, the
 * program's own words as literals, so that the planner sees which partial index they imply. It holds for exactly the
 * tickets that `matches` of rules/conditions means; what is not known is false, also under NOT.
 */
export function predicateToSql(predicate: Predicate, target: FilterTarget): SqlCondition {
  if ('all' in predicate) return joined(predicate.all.map((part) => predicateToSql(part, target)), 'AND', always);
  if ('any' in predicate) return joined(predicate.any.map((part) => predicateToSql(part, target)), 'OR', never);
  if ('not' in predicate) return sql<boolean>`NOT coalesce(${predicateToSql(predicate.not, target)}, FALSE)`;
  return testToSql(predicate, target);
}

function joined(parts: readonly SqlCondition[], operator: 'AND' | 'OR', none: SqlCondition): SqlCondition {
  if (parts.length === 0) return none;
  if (parts.length === 1) return parts[0]!;
  return sql<boolean>`(${sql.join(parts, sql.raw(` ${operator} `))})`;
}

function testToSql(test: Test, target: FilterTarget): SqlCondition {
  const definition = Object.hasOwn(target.properties, test.property) ? target.properties[test.property] : undefined;
  if (!definition) return never;
  const key = /^fields\.(.+)$/.exec(test.property)?.[1];
  if (key !== undefined) return fieldTest(test, key, definition.kind, target.indexedFields.get(key));
  const column = target.columns?.get(test.property) ?? columnOf(test.property);
  return column ? columnTest(test, column, definition.kind) : never;
}

function columnTest(test: Test, column: FilterColumn, kind: PropertyKind): SqlCondition {
  switch (test.test) {
    case 'one_of': return column.oneOf(test.values);
    case 'has_all': return joined(test.values.map((value) => column.oneOf([value])), 'AND', always);
    case 'empty': return column.empty;
    case 'equals_text': case 'includes_text': case 'starts_with_text':
      return kind === 'text' && column.value ? textTest(column.value, test.test, test.value) : never;
    default:
      return column.bound ? column.bound(test.test, test.value) : never;
  }
}
