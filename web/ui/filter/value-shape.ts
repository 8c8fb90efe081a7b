import type { FilterOperator, FilterValue, PropertyDefinition, PropertyKind, Span } from '../../../rules/conditions/filter.ts';
import { operatorsFor } from '../../../rules/conditions/check-filter.ts';

export type ValueShape = 'none' | 'one' | 'several' | 'pair' | 'period' | 'span';

/** What an operator compares with (值的形状). */
export function shapeOf(operator: FilterOperator): ValueShape {
  switch (operator) {
    case 'empty': case 'not_empty': return 'none';
    case 'in': case 'not_in': case 'contains_all': return 'several';
    case 'between': return 'pair';
    case 'during': return 'period';
    case 'within_last': case 'older_than': case 'within_next': return 'span';
    default: return 'one';
  }
}

const preferred: Partial<Record<PropertyKind, FilterOperator>> = {
  key: 'in', reference: 'in', person: 'in', team: 'in', set: 'in', tree: 'under', date_time: 'within_last', date: 'within_last', number: 'at_least', money: 'at_least',
};

/** The test one most likely wants of a property. */
export function usualTest(definition: PropertyDefinition): { operator: FilterOperator; value?: FilterValue } {
  const offered = operatorsFor(definition);
  const wanted = preferred[definition.kind];
  const operator = wanted !== undefined && offered.includes(wanted) ? wanted : (offered[0] as FilterOperator);
  const value = usualValue(operator, definition);
  return value === undefined ? { operator } : { operator, value };
}

function usualValue(operator: FilterOperator, { kind }: PropertyDefinition): FilterValue | undefined {
  if (shapeOf(operator) === 'span') return { n: 7, unit: 'day' };
  if (shapeOf(operator) === 'period') return 'today';
  return kind === 'boolean' && shapeOf(operator) === 'one' ? true : undefined;
}

/** What becomes of a value when the operator changes: kept as far as its shape allows. */
export function carriedValue(value: FilterValue | undefined, from: FilterOperator, to: FilterOperator, definition: PropertyDefinition): FilterValue | undefined {
  const [before, after] = [shapeOf(from), shapeOf(to)];
  if (value !== undefined && before === after) return value;
  if (after === 'several' && before === 'one' && (typeof value === 'string' || typeof value === 'number')) return [value];
  if (after === 'one' && before === 'several' && Array.isArray(value) && value.length > 0) return (value as readonly (string | number)[])[0];
  return usualValue(to, definition);
}

/** Units of a stretch of time; a date knows no hours. */
export const unitsOf = (kind: PropertyKind): readonly Span['unit'][] => (kind === 'date' ? ['day', 'week', 'month'] : ['minute', 'hour', 'day', 'week', 'month']);
