import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { operatorsFor } from '../conditions/check-filter.ts';
import { dayIn, instantOf } from '../conditions/days.ts';
import { matches } from '../conditions/filter-to-logic.ts';
import { ticketProperties, type Filter, type FilterContext } from '../conditions/filter.ts';
import { checkDefinition } from './check-definition.ts';
import { automationLimits, type Definition, type Recurrence } from './definition.ts';
import { decidingTests, explainConditions, UnreadableCondition } from './explain.ts';
import { guard, nextCause, retrySeconds, rulesOfLoop } from './guard.ts';
import { eventProperties, ruleProperties, withoutEvent } from './properties.ts';
import { nextOccurrence, untouchedPace } from './recurrence.ts';

const sound: Definition = {
  trigger: { kind: 'facts', facts: ['ticket.created'] }, counts: [{ key: 'device', same: 'asset', within: { n: 3, unit: 'day' } }],
  conditions: { all: [{ property: 'subject', operator: 'contains', value: '漏水' }, { property: 'count.device', operator: 'at_least', value: 3 }, { property: 'event.actor', operator: 'is', value: 'customer' }] },
  actions: [{ kind: 'set', priority: 'urgent' }],
};
const properties = ruleProperties(ticketProperties, sound);
const context: FilterContext = { now: '2026-11-22T04:00:00.000Z', me: null, myTeams: [], timeZone: 'Asia/Shanghai' };

describe('a rule is checked before it is published', () => {
  const codes = (definition: Partial<Definition>) => checkDefinition({ ...sound, ...definition }, ticketProperties).map((problem) => `${problem.path} ${problem.code}`);
  const cases: [Partial<Definition>, string[]][] = [
    [{}, []],
    [{ actions: [] }, ['/actions no_actions']],
    [{ trigger: { kind: 'facts', facts: [] } }, ['/trigger/facts no_facts']],
    [{ counts: [] }, ['/conditions/all/1/property unknown_property']],
    [{ counts: [sound.counts![0]!, sound.counts![0]!] }, ['/counts/1/key key_taken']],
    [{ trigger: { kind: 'untouched', for: { n: 2, unit: 'day' } } }, ['/conditions/all/2/property unknown_property']],
    [{ trigger: { kind: 'untouched', for: { n: 400, unit: 'day' } }, conditions: { all: [] } }, ['/trigger/for stretch']],
    [{ trigger: { kind: 'schedule', every: { kind: 'daily', at: '09:00' } }, conditions: { all: [] } }, ['/once once_needed']],
    [{ trigger: { kind: 'schedule', every: { kind: 'weekly', days: [], at: '25:00' } }, conditions: { all: [] }, once: { per: 'ticket' } }, ['/trigger/every/at time', '/trigger/every/days no_days']],
    [{ trigger: { kind: 'schedule', every: { kind: 'interval', n: 25, unit: 'hour' } }, conditions: { all: [] }, once: { per: 'ticket' } }, ['/trigger/every/n interval']],
    [{ actions: [{ kind: 'set' }, { kind: 'tag', tags: [] }, { kind: 'comment', visibility: 'public', body: '{{x}}' }] }, ['/actions/0 sets_nothing', '/actions/1/tags required', '/actions/2/body unknown_variable']],
    [{ actions: [{ kind: 'status', status: 'resolved' }, { kind: 'status', status: 'waiting' }, { kind: 'status', status: 'cancelled' }] }, ['/actions/0/resolution required', '/actions/1/for required', '/actions/2/reason required']],
    [{ actions: [{ kind: 'call', method: 'GET', url: 'javascript:alert(1)', body: 'x' }] }, ['/actions/0/url url', '/actions/0/body no_body']],
    [{ actions: [{ kind: 'notify', whom: [], text: ' ' }, { kind: 'checklist', items: [] }, { kind: 'create', relation: 'child', subject: '' }] }, ['/actions/0/whom required', '/actions/0/text required', '/actions/1/items required', '/actions/2/subject required']],
  ];
  for (const [definition, expected] of cases) test(expected.join(', ') || 'a sound one', () => assert.deepEqual(codes(definition), expected));
});

/** Filters over a few properties, with values that occur. */
const tests: fc.Arbitrary<Filter> = fc.constantFrom('subject', 'status', 'assignee', 'rating', 'count.device', 'event.actor', 'event.text', 'event.changed').chain((property) => {
  const definition = properties[property]!;
  const value = property === 'status' ? fc.constantFrom('new', 'open') : property === 'event.actor' ? fc.constantFrom('staff', 'customer') : property === 'event.changed' ? fc.constantFrom('priority', 'status')
    : definition.kind === 'number' ? fc.integer({ min: 0, max: 5 }) : fc.constantFrom('漏水', 'x');
  const plain = operatorsFor(definition).filter((operator) => ['is', 'is_not', 'contains', 'not_contains', 'at_least', 'less', 'empty', 'not_empty'].includes(operator));
  return fc.constantFrom(...plain).chain((operator) => (operator === 'empty' || operator === 'not_empty' ? fc.constant({ property, operator } as Filter) : value.map((one) => ({ property, operator, value: one }) as Filter)));
});
const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof({ depthSize: 'small', maxDepth: 4 }, tests, fc.array(tie('filter'), { maxLength: 3 }).map((all) => ({ all })), fc.array(tie('filter'), { maxLength: 3 }).map((any) => ({ any })), tie('filter').map((not) => ({ not }))),
})).filter;
const records = fc.record({
  subject: fc.constantFrom('厨房漏水', '门锁'), status: fc.constantFrom('new', 'open'), assignee: fc.constantFrom(null, 'x'), rating: fc.constantFrom(null, 1, 5), count: fc.record({ device: fc.integer({ min: 0, max: 5 }) }),
  event: fc.record({ actor: fc.constantFrom('staff', 'customer'), text: fc.constantFrom(null, '漏水了'), changed: fc.constantFrom([], ['priority']) }),
});

describe('conditions explain themselves', () => {
  test('and come to the same as without explaining, for any conditions and tickets', () => {
    fc.assert(fc.property(filters, records, (filter, record) => {
      const explained = explainConditions(filter, record, properties, context);
      assert.equal(explained.holds, matches(filter, record, properties, context));
      // What decided is enough to decide.
      if (!explained.holds && 'mode' in explained && explained.mode === 'all') assert.ok(explained.parts.some((part) => !part.holds));
    }), { numRuns: 500 });
  });

  test('with the value that was found at each test', () => {
    const explained = explainConditions(sound.conditions, { subject: '门锁坏了', count: { device: 2 }, event: { actor: 'customer' } }, properties, context);
    assert.deepEqual(decidingTests(explained).map((part) => [part.property, part.found]), [['subject', '门锁坏了'], ['count.device', 2]]);
  });

  test('and what means nothing any more is an error, not a no', () => {
    assert.throws(() => explainConditions({ not: { property: 'fields.gone', operator: 'is', value: 'x' } }, {}, properties, context), (error) => error instanceof UnreadableCondition && error.property === 'fields.gone');
  });

  test('leaving out what happened leaves no ticket out that could match', () => {
    fc.assert(fc.property(filters, records, (filter, record) => {
      const { filter: plain } = withoutEvent(filter);
      if (matches(filter, record, properties, context)) assert.equal(matches(plain, record, properties, context), true);
      const named = JSON.stringify(plain);
      assert.ok(Object.keys(eventProperties).every((property) => !named.includes(property)));
    }), { numRuns: 500 });
  });
});

describe('rules that set each other off', () => {
  test('end within the depth budget, however many there are and in whatever order', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 50, maxLength: 80 }), (order) => {
      let cause: string[] = [];
      let acted = 0;
      for (const rule of order) {
        const stopped = guard(rule, cause);
        if (stopped === 'own_effect') continue;
        if (stopped === 'loop') {
          assert.ok(cause.every((one) => rulesOfLoop(rule, cause).includes(one)));
          break;
        }
        acted += 1;
        cause = nextCause(rule, cause).rules;
      }
      assert.ok(acted <= automationLimits.depth);
    }));
  });

  test('do not answer themselves, but do answer others', () => {
    assert.equal(guard('a', ['b', 'a']), 'own_effect');
    assert.equal(guard('a', ['a', 'b']), null);
    assert.equal(guard('a', Array.from({ length: automationLimits.depth }, (_, index) => (index % 2 ? 'a' : 'b')).reverse()), 'loop');
  });

  test('are tried again three times, ever later, and then left for a person', () => {
    assert.deepEqual([0, 1, 2, 3].map(retrySeconds), [5, 20, 80, null]);
  });
});

describe('a recurrence', () => {
  const recurrences: fc.Arbitrary<Recurrence> = fc.oneof(
    fc.record({ kind: fc.constant('interval' as const), n: fc.integer({ min: 1, max: 600 }), unit: fc.constant('minute' as const) }),
    fc.record({ kind: fc.constant('daily' as const), at: fc.constantFrom('00:00', '02:30', '09:00', '23:59') }),
    fc.record({ kind: fc.constant('weekly' as const), days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), at: fc.constantFrom('00:00', '02:30', '18:00') }),
  );
  const moments = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-12-31T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString());

  test('is due strictly later, within its period, and never skips an occurrence', () => {
    fc.assert(fc.property(recurrences, moments, fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'UTC'), (every, after, zone) => {
      const next = nextOccurrence(every, after, zone);
      assert.ok(next > after);
      const most = every.kind === 'interval' ? 25 * 3_600_000 : every.kind === 'daily' ? 26 * 3_600_000 : 7 * 86_400_000 + 2 * 3_600_000;
      assert.ok(Date.parse(next) - Date.parse(after) <= most);
      // Whatever lies between is followed by the same occurrence.
      const between = new Date(Math.floor((Date.parse(after) + Date.parse(next)) / 2)).toISOString();
      if (between > after && between < next) assert.equal(nextOccurrence(every, between, zone), next);
    }), { numRuns: 300 });
  });

  test('goes by the clock of the zone, also when that clock is changed', () => {
    assert.equal(nextOccurrence({ kind: 'daily', at: '09:00' }, '2026-11-22T00:59:59.000Z', 'Asia/Shanghai'), '2026-11-22T01:00:00.000Z');
    assert.equal(nextOccurrence({ kind: 'daily', at: '09:00' }, '2026-11-22T01:00:00.000Z', 'Asia/Shanghai'), '2026-11-23T01:00:00.000Z');
    assert.equal(nextOccurrence({ kind: 'weekly', days: [1], at: '08:00' }, '2026-11-22T04:00:00.000Z', 'Asia/Shanghai'), '2026-11-23T00:00:00.000Z');
    assert.equal(nextOccurrence({ kind: 'interval', n: 15, unit: 'minute' }, '2026-11-22T04:01:00.000Z', 'Asia/Shanghai'), '2026-11-22T04:15:00.000Z');
    // 02:30 is skipped in Berlin on 2026-03-29; it is due at the first moment after the gap.
    assert.equal(nextOccurrence({ kind: 'daily', at: '02:30' }, '2026-03-28T12:00:00.000Z', 'Europe/Berlin'), instantOf('2026-03-29', 'Europe/Berlin', '02:30'));
    assert.equal(dayIn(nextOccurrence({ kind: 'daily', at: '02:30' }, '2026-03-28T12:00:00.000Z', 'Europe/Berlin'), 'Europe/Berlin'), '2026-03-29');
  });

  test('looks for silence at a tenth of it, at most every minute', () => {
    assert.deepEqual([{ n: 5, unit: 'minute' }, { n: 1, unit: 'hour' }, { n: 2, unit: 'day' }].map((stretch) => untouchedPace(stretch as { n: number; unit: 'hour' })), [60_000, 360_000, 900_000]);
  });
});
