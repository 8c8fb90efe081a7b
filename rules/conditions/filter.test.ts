import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkFilter, isFilter, operatorsFor } from './check-filter.ts';
import { describeFilter } from './describe-filter.ts';
import { filterToLogic, matches, prepareFilter, type FilterRecord } from './filter-to-logic.ts';
import { filterOperators, foldCase, operatorsOf, periods, propertyKinds, ticketProperties, type Filter, type FilterContext, type FilterTest, type Properties } from './filter.ts';
import { checkRule } from './check-rule.ts';
import { asText } from './json.ts';

const me = '0199aa00-0000-7000-8000-000000000001';
const other = '0199aa00-0000-7000-8000-000000000002';
const [teamA, teamB] = ['0199aa00-0000-7000-8000-0000000000a1', '0199aa00-0000-7000-8000-0000000000b1'];
const tree: Record<string, readonly string[]> = { house: ['house', 'water', 'pipe'], water: ['water', 'pipe'], pipe: ['pipe'], road: ['road'] };
// A Wednesday, 10:30 in Shanghai.
const context: FilterContext = { now: '2026-11-18T02:30:00.000Z', me, myTeams: [teamA], timeZone: 'Asia/Shanghai', below: (_, entry) => tree[entry] ?? [entry] };
const properties: Properties = {
  ...ticketProperties,
  'fields.note': { kind: 'text' }, 'fields.count': { kind: 'number' }, 'fields.cost': { kind: 'money' }, 'fields.day': { kind: 'date' }, 'fields.hour': { kind: 'time' }, 'fields.paid': { kind: 'boolean' },
  'fields.kind': { kind: 'key', keys: ['leak', 'noise'] }, 'fields.symptoms': { kind: 'set', keys: ['wet', 'loud', 'dark'] }, 'fields.photo': { kind: 'presence' },
};

const record: FilterRecord = {
  subject: '3号楼 水管爆裂 KFR-35', status: 'open', priority: 'urgent', assignee: me, team: teamB, category: 'pipe', tag: ['加急', 'VIP'], watcher: [other], createdAt: '2026-11-17T16:00:00.000Z', rating: null, customer: null,
  fields: { note: '', count: 3, cost: { amount: 1250, currency: 'CNY' }, day: '2026-11-20', hour: '09:30', paid: false, kind: 'leak', symptoms: ['wet', 'dark'], photo: [] },
};

test('each operator means what it says', () => {
  const cases: [string, FilterTest['operator'], FilterTest['value'], boolean][] = [
    ['subject', 'contains', 'kfr', true], ['subject', 'contains', '水管', true], ['subject', 'not_contains', '电梯', true], ['subject', 'starts_with', '3号', true], ['subject', 'is', '3号楼 水管爆裂 kfr-35', true], ['fields.note', 'empty', undefined, true], ['fields.note', 'contains', 'a', false], ['fields.note', 'is_not', 'a', true],
    ['status', 'is', 'open', true], ['status', 'is_not', 'open', false], ['status', 'in', ['new', 'open'], true], ['status', 'not_in', ['new'], true], ['fields.kind', 'empty', undefined, false],
    ['assignee', 'is', 'me', true], ['assignee', 'is_not', 'me', false], ['assignee', 'in', ['none', other], false], ['customer', 'is', 'none', true], ['customer', 'is_not', 'none', false], ['team', 'is', 'mine', false], ['team', 'in', ['mine', teamB], true],
    ['category', 'under', 'house', true], ['category', 'under', 'road', false], ['category', 'not_under', 'road', true], ['category', 'is', 'water', false], ['department', 'not_under', 'road', true], ['department', 'is', 'none', true],
    ['tag', 'contains', 'VIP', true], ['tag', 'contains_all', ['VIP', '加急'], true], ['tag', 'contains_all', ['VIP', 'x'], false], ['tag', 'in', ['x', 'VIP'], true], ['tag', 'not_in', ['x'], true], ['watcher', 'contains', 'me', false], ['watcher', 'not_contains', 'me', true], ['fields.symptoms', 'not_contains', 'loud', true],
    ['fields.count', 'is', 3, true], ['fields.count', 'less', 3, false], ['fields.count', 'at_most', 3, true], ['fields.count', 'between', [1, 3], true], ['rating', 'less', 3, false], ['rating', 'is_not', 3, true], ['rating', 'empty', undefined, true], ['fields.count', 'in', [1, 3], true],
    ['fields.cost', 'more', 1_249, true], ['fields.cost', 'is', 1_250, true], ['fields.cost', 'between', [1_251, 2_000], false], ['fields.paid', 'is', false, true], ['fields.paid', 'is', true, false], ['fields.hour', 'before', '10:00', true], ['fields.hour', 'between', ['09:30', '10:00'], true], ['fields.photo', 'empty', undefined, true],
    ['fields.day', 'is', '2026-11-20', true], ['fields.day', 'after', '2026-11-20', false], ['fields.day', 'within_next', { n: 2, unit: 'day' }, true], ['fields.day', 'within_next', { n: 1, unit: 'day' }, false], ['fields.day', 'during', 'this_week', true], ['fields.day', 'between', ['2026-11-20', '2026-11-21'], true],
    // Midnight of the 18th in Shanghai is the 17th in UTC.
    ['createdAt', 'is', '2026-11-18', true], ['createdAt', 'is', '2026-11-17', false], ['createdAt', 'during', 'today', true], ['createdAt', 'during', 'yesterday', false], ['createdAt', 'before', '2026-11-18', false], ['createdAt', 'after', '2026-11-17', true], ['createdAt', 'after', '2026-11-18', false],
    ['createdAt', 'between', ['2026-11-17', '2026-11-18'], true], ['createdAt', 'between', ['2026-11-16', '2026-11-17'], false], ['createdAt', 'is', '2026-11-18T00:00:00+08:00', true], ['createdAt', 'within_last', { n: 11, unit: 'hour' }, true], ['createdAt', 'within_last', { n: 10, unit: 'hour' }, false], ['createdAt', 'older_than', { n: 10, unit: 'hour' }, true],
    ['createdAt', 'within_last', { n: 1, unit: 'day' }, true], ['createdAt', 'older_than', { n: 1, unit: 'month' }, false], ['resolvedAt', 'within_last', { n: 1, unit: 'week' }, false], ['resolvedAt', 'older_than', { n: 1, unit: 'week' }, false], ['resolvedAt', 'empty', undefined, true],
  ];
  for (const [property, operator, value, expected] of cases) {
    const filter = { property, operator, ...(value === undefined ? {} : { value }) };
    assert.deepEqual(checkFilter(filter, properties), [], JSON.stringify(filter));
    assert.equal(matches(filter, record, properties, context), expected, JSON.stringify(filter));
  }
});

test('all, any and not join filters; the empty ones mean everything and nothing', () => {
  const open: Filter = { property: 'status', operator: 'is', value: 'open' };
  const closed: Filter = { property: 'status', operator: 'is', value: 'closed' };
  const cases: [Filter, boolean][] = [[{ all: [] }, true], [{ any: [] }, false], [{ not: { any: [] } }, true], [{ all: [open, closed] }, false], [{ any: [open, closed] }, true], [{ not: closed }, true], [{ all: [open, { any: [closed, { not: closed }] }] }, true]];
  for (const [filter, expected] of cases) assert.equal(matches(filter, record, properties, context), expected, JSON.stringify(filter));
});

test('nobody is me where nobody asks', () => {
  const nobody = { ...context, me: null, myTeams: [] };
  for (const filter of [{ property: 'assignee', operator: 'is', value: 'me' }, { property: 'team', operator: 'is', value: 'mine' }, { property: 'watcher', operator: 'contains_all', value: ['me'] }] as const) {
    assert.equal(matches(filter, { ...record, assignee: null, team: null }, properties, nobody), false);
  }
});

test('what is no filter is told beside where it stands, and means no record', () => {
  const cases: [unknown, string][] = [
    [null, ' not_a_filter'], [[], ' not_a_filter'], [{}, ' not_a_filter'], [{ all: [], any: [] }, ' not_a_filter'], [{ all: {} }, ' not_a_filter'], [{ property: 'status', operator: 'is', value: 'open', extra: 1 }, ' not_a_filter'], [{ all: [{ not: 5 }] }, '/all/0/not not_a_filter'],
    [{ property: 'gone', operator: 'is', value: 1 }, '/property unknown_property'], [{ property: 'fields.gone', operator: 'empty' }, '/property unknown_property'], [{ property: 'constructor', operator: 'empty' }, '/property unknown_property'],
    [{ property: 'status', operator: 'like', value: 'open' }, '/operator unknown_operator'], [{ property: 'status', operator: 'less', value: 1 }, '/operator operator'], [{ property: 'status', operator: 'empty' }, '/operator operator'],
    [{ property: 'status', operator: 'is', value: 'nope' }, '/value unknown_key'], [{ property: 'status', operator: 'in', value: ['open', 'nope'] }, '/value unknown_key'], [{ property: 'status', operator: 'is' }, '/value value'], [{ property: 'status', operator: 'in', value: [] }, '/value value'],
    [{ property: 'rating', operator: 'is', value: '3' }, '/value value'], [{ property: 'rating', operator: 'empty', value: 1 }, '/value value'], [{ property: 'fields.cost', operator: 'is', value: 1.5 }, '/value value'], [{ property: 'fields.day', operator: 'is', value: '2026-02-30' }, '/value value'], [{ property: 'fields.day', operator: 'within_last', value: { n: 1, unit: 'hour' } }, '/value value'],
    [{ property: 'fields.count', operator: 'between', value: [3, 1] }, '/value order'], [{ property: 'fields.day', operator: 'between', value: ['2026-02-02', '2026-02-01'] }, '/value order'], [{ property: 'createdAt', operator: 'within_last', value: { n: 0, unit: 'day' } }, '/value value'], [{ property: 'createdAt', operator: 'during', value: 'someday' }, '/value value'],
    [{ property: 'subject', operator: 'contains', value: 'x'.repeat(201) }, '/value too_long'], [{ property: 'tag', operator: 'in', value: Array.from({ length: 101 }, String) }, '/value too_many_values'],
  ];
  for (const [filter, expected] of cases) {
    assert.deepEqual(checkFilter(filter, properties).map(({ path, code }) => `${path} ${code}`), [expected], JSON.stringify(filter));
    assert.equal(matches(filter as Filter, record, properties, context), false);
  }
  let deep: unknown = { all: [] };
  for (let level = 0; level < 3_000; level += 1) deep = { not: deep };
  assert.equal(checkFilter(deep, properties)[0]?.code, 'too_deep');
  assert.equal(checkFilter({ any: Array.from({ length: 10_000 }, () => ({ all: [] })) }, properties)[0]?.code, 'too_many_tests');
});

test('every kind offers operators that exist, and every operator is offered', () => {
  assert.deepEqual(Object.keys(operatorsOf).sort(), [...propertyKinds].sort());
  assert.deepEqual([...new Set(Object.values(operatorsOf).flat())].sort(), [...filterOperators].sort());
  assert.ok(!operatorsFor({ kind: 'key', always: true }).includes('empty'));
});

test('case is folded letter by letter', () => {
  for (const [text, folded] of [['ÀÉ', 'àé'], ['ΣΑΣ', 'σασ'], ['İI', 'ii'], ['ß', 'ß'], ['水K', '水k'], ['𐐀', '𐐨']]) assert.equal(foldCase(text!), folded);
});

// An oracle that knows only the fixed offset of Shanghai and reads operators straight off, without resolving anything.
const dayMilliseconds = 86_400_000;
const shanghai = (instant: string) => Date.parse(instant) + 8 * 3_600_000;
const dayNumber = (value: string) => (value.length === 10 ? Date.parse(value) / dayMilliseconds : Math.floor(shanghai(value) / dayMilliseconds));
const today = dayNumber(context.now);

function expected(filter: Filter, at: FilterRecord): boolean {
  if ('all' in filter) return filter.all.every((part) => expected(part, at));
  if ('any' in filter) return filter.any.some((part) => expected(part, at));
  if ('not' in filter) return !expected(filter.not, at);
  const { property, operator } = filter;
  const { kind } = properties[property]!;
  const stored = property.startsWith('fields.') ? at.fields?.[property.slice(7)] : at[property];
  const held = kind === 'money' ? (stored as { amount: number } | null | undefined)?.amount : stored;
  const empty = held === null || held === undefined || held === '' || (Array.isArray(held) && held.length === 0);
  const negations: Partial<Record<string, FilterTest['operator']>> = { is_not: 'is', not_in: 'in', not_contains: 'contains', not_under: 'under', not_empty: 'empty' };
  const positive = negations[operator];
  if (positive) return !expected({ ...filter, operator: positive }, at);
  if (operator === 'empty') return empty;
  const wanted = (Array.isArray(filter.value) ? filter.value : [filter.value]) as (string | number | boolean)[];
  const one = (value: string | number | boolean): boolean => {
    if (value === 'none' && ['person', 'team', 'reference', 'tree'].includes(kind)) return empty;
    const list = Array.isArray(held) ? held : [held];
    if (value === 'me' && (kind === 'person' || properties[property]!.people)) return list.includes(me);
    if (value === 'mine' && kind === 'team') return held === teamA;
    if (kind === 'text') return foldCase(asText(held)) === foldCase(String(value));
    if (kind === 'date_time' && !empty && String(value).length === 10) return dayNumber(asText(held)) === dayNumber(String(value));
    if (kind === 'date_time' && !empty) return Date.parse(asText(held)) === Date.parse(String(value));
    return list.includes(value);
  };
  if (operator === 'contains_all') return wanted.every((value) => one(value));
  if (operator === 'is' || operator === 'in' || (operator === 'contains' && kind === 'set')) return wanted.some((value) => one(value));
  if (operator === 'under') return [...(tree[asText(filter.value)] ?? [])].includes(asText(held));
  if (empty) return false;
  const [first, last] = wanted;
  const timed = kind === 'date_time';
  const rank = (value: unknown): number => (typeof value === 'number' ? value : kind === 'time' ? Number(String(value).replace(':', '')) : String(value).length === 10 ? Date.parse(String(value)) - (timed ? 8 * 3_600_000 : 0) : Date.parse(String(value)));
  const end = (value: unknown): number => (timed && String(value).length === 10 ? rank(value) + dayMilliseconds - 1 : rank(value));
  const span = filter.value as { n: number; unit: string };
  const length = { minute: 60_000, hour: 3_600_000, day: dayMilliseconds, week: 7 * dayMilliseconds }[span?.unit as 'day'];
  const now = timed ? Date.parse(context.now) : today * dayMilliseconds;
  switch (operator) {
    case 'contains': return foldCase(asText(held)).includes(foldCase(String(first)));
    case 'starts_with': return foldCase(asText(held)).startsWith(foldCase(String(first)));
    case 'less': case 'before': return rank(held) < rank(first);
    case 'at_most': return rank(held) <= rank(first);
    case 'more': case 'after': return rank(held) > end(first);
    case 'at_least': return rank(held) >= rank(first);
    case 'between': return rank(held) >= rank(first) && rank(held) <= end(last);
    case 'within_last': return rank(held) >= now - span.n * length && rank(held) <= now;
    case 'older_than': return rank(held) < now - span.n * length;
    case 'within_next': return rank(held) >= now && rank(held) <= now + span.n * length;
    case 'during': {
      const day = dayNumber(asText(held));
      const date = new Date(day * dayMilliseconds).toISOString();
      const [monday, month, before] = [today - 2, '2026-11', '2026-10'];
      return { today: day === today, yesterday: day === today - 1, this_week: day >= monday && day < monday + 7, last_week: day >= monday - 7 && day < monday, this_month: date.startsWith(month), last_month: date.startsWith(before), this_year: date.startsWith('2026') }[filter.value as 'today'];
    }
    default: throw new Error(operator);
  }
}

const instants = fc.integer({ min: Date.parse('2026-09-25T00:00:00Z'), max: Date.parse('2027-01-05T00:00:00Z') }).map((at) => new Date(at).toISOString());
const nearMidnight = fc.integer({ min: -60, max: 20 }).chain((day) => fc.constantFrom(-1, 0, 1).map((ms) => new Date((today + day) * dayMilliseconds - 8 * 3_600_000 + ms).toISOString()));
const days = fc.integer({ min: -50, max: 50 }).map((day) => new Date((today + day) * dayMilliseconds).toISOString().slice(0, 10));
const times = fc.constantFrom('00:00', '09:29', '09:30', '23:59');
const texts = fc.constantFrom('水', '水管', 'kfr', 'KFR-35', 'a', 'Σ', 'σ', '0');
const ids = fc.constantFrom(me, other, teamA, teamB);
const entries = fc.constantFrom('house', 'water', 'pipe', 'road');
const numbers = fc.integer({ min: -3, max: 5 });

function valuesOf(property: string): { stored: fc.Arbitrary<unknown>; asked: fc.Arbitrary<string | number | boolean> } {
  const { kind, keys } = properties[property]!;
  switch (kind) {
    case 'text': return { stored: fc.array(texts, { maxLength: 3 }).map((parts) => parts.join(' ')), asked: texts };
    case 'key': return { stored: fc.constantFrom(...(keys ?? ['console', 'phone'])), asked: fc.constantFrom(...(keys ?? ['console', 'phone'])) };
    case 'set': { const one = keys ? fc.constantFrom(...keys) : properties[property]!.people ? fc.constantFrom(me, other) : fc.constantFrom('VIP', '加急', 'x'); return { stored: fc.uniqueArray(one), asked: properties[property]!.people ? fc.oneof(one, fc.constant('me')) : one }; }
    case 'tree': return { stored: entries, asked: fc.oneof(entries, fc.constant('none')) };
    case 'person': return { stored: ids, asked: fc.oneof(ids, fc.constantFrom('me', 'none')) };
    case 'team': return { stored: ids, asked: fc.oneof(ids, fc.constantFrom('mine', 'none')) };
    case 'reference': return { stored: ids, asked: fc.oneof(ids, fc.constant('none')) };
    case 'number': return { stored: numbers, asked: numbers };
    case 'money': return { stored: numbers.map((amount) => ({ amount, currency: 'CNY' })), asked: numbers };
    case 'date': return { stored: days, asked: days };
    case 'date_time': return { stored: fc.oneof(instants, nearMidnight), asked: fc.oneof(days, instants, nearMidnight) };
    case 'time': return { stored: times, asked: times };
    case 'boolean': return { stored: fc.boolean(), asked: fc.boolean() };
    case 'presence': return { stored: fc.constantFrom([], ['file']), asked: fc.constant('') };
  }
}

const records: fc.Arbitrary<FilterRecord> = fc.record(Object.fromEntries(Object.keys(properties).map((property) => [property, fc.option(valuesOf(property).stored, { freq: 4 })])))
  .map((flat) => ({ ...Object.fromEntries(Object.entries(flat).filter(([name]) => !name.startsWith('fields.'))), fields: Object.fromEntries(Object.entries(flat).filter(([name]) => name.startsWith('fields.')).map(([name, value]) => [name.slice(7), value])) }));

const tests: fc.Arbitrary<Filter> = fc.constantFrom(...Object.keys(properties)).chain((property) => fc.constantFrom(...operatorsFor(properties[property]!)).chain((operator): fc.Arbitrary<Filter> => {
  const { asked } = valuesOf(property);
  const { kind } = properties[property]!;
  if (operator === 'empty' || operator === 'not_empty') return fc.constant({ property, operator });
  if (operator === 'during') return fc.constantFrom(...periods).map((value) => ({ property, operator, value }));
  if (operator === 'within_last' || operator === 'older_than' || operator === 'within_next') {
    return fc.record({ n: fc.integer({ min: 1, max: 40 }), unit: fc.constantFrom(...(kind === 'date' ? ['day', 'week'] as const : ['minute', 'hour', 'day', 'week'] as const)) }).map((value) => ({ property, operator, value }));
  }
  if (operator === 'between') return fc.tuple(asked as fc.Arbitrary<string>, asked as fc.Arbitrary<string>).map((value) => ({ property, operator, value }));
  if (operator === 'in' || operator === 'not_in' || operator === 'contains_all') return fc.uniqueArray(asked as fc.Arbitrary<string>, { minLength: 1, maxLength: 3 }).map((value) => ({ property, operator, value }));
  return (operator === 'under' || operator === 'not_under' ? entries : asked).map((value) => ({ property, operator, value }));
}));
const { filter: filters } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof({ depthSize: 'small', maxDepth: 4 }, tests, fc.array(tie('filter'), { maxLength: 3 }).map((all) => ({ all })), fc.array(tie('filter'), { maxLength: 3 }).map((any) => ({ any })), tie('filter').map((not) => ({ not }))),
}));
const labels = { property: () => undefined, value: () => undefined };

test('a filter means just the records an independent reading of it means', () => {
  let checked = 0;
  fc.assert(fc.property(filters, fc.array(records, { minLength: 3, maxLength: 3 }), (filter, some) => {
    if (!isFilter(filter, properties)) return;
    checked += 1;
    const means = prepareFilter(filter, properties, context);
    for (const one of some) assert.equal(means(one), expected(filter, one), `${JSON.stringify(filter)} on ${JSON.stringify(one)}`);
  }), { numRuns: 5_000 });
  assert.ok(checked > 3_000, `only ${checked} filters were sound`);
});

test('what a filter becomes is a sound JsonLogic rule, and what it means can be said', () => {
  fc.assert(fc.property(filters, (filter) => {
    if (!isFilter(filter, properties)) return;
    assert.deepEqual(checkRule(filterToLogic(filter, properties, context), 'any').filter(({ code }) => code !== 'too_deep'), []);
    for (const language of ['zh', 'en'] as const) assert.ok(!/undefined|\[object/.test(describeFilter(filter, labels, language)));
  }), { numRuns: 1_000 });
});

test('filters are told in words', () => {
  const names: Record<string, string> = { status: '状态', priority: '优先级', assignee: '负责人', createdAt: '创建时间', tag: '标签' };
  const values: Record<string, string> = { open: '处理中', urgent: '紧急', high: '高' };
  const zh = { property: (property: string) => names[property], value: (_: string, value: string) => values[value] };
  const filter: Filter = { all: [{ property: 'status', operator: 'is', value: 'open' }, { any: [{ property: 'priority', operator: 'in', value: ['urgent', 'high'] }, { property: 'assignee', operator: 'is', value: 'me' }] }, { property: 'createdAt', operator: 'within_last', value: { n: 7, unit: 'day' } }, { not: { property: 'tag', operator: 'contains_all', value: ['a', 'b'] } }] };
  assert.equal(describeFilter(filter, zh, 'zh'), '状态是“处理中”，且（优先级是“紧急”或“高”，或负责人是“我”），且创建时间在最近7天内，且并非（标签同时包含“a”、“b”）');
  assert.equal(describeFilter(filter, labels, 'en'), 'status is “open” and (priority is “urgent” or “high” or assignee is “me”) and createdAt is within the last 7 days and not (tag contains all of “a” and “b”)');
  assert.equal(describeFilter({ all: [] }, zh, 'zh'), '全部');
});
