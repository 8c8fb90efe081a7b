import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../conditions/json-logic.ts';
import type { TimeSpan } from '../definition.ts';
import { fromCycle, fromDuration, isSameSpan, toDuration } from './durations.ts';
import { readExpression } from './expressions.ts';

test('time spans go out as durations and come back as long as they were', () => {
  fc.assert(fc.property(fc.record<TimeSpan>({ amount: fc.integer({ min: 1, max: 3_650 }), unit: fc.constantFrom('minutes', 'hours', 'days') }), (span) => {
    assert.ok(isSameSpan(span, fromDuration(toDuration(span))!));
  }));
  assert.deepEqual(fromDuration('P1DT12H'), { amount: 36, unit: 'hours' });
  assert.deepEqual(fromDuration('PT90S'), { amount: 2, unit: 'minutes' });
  assert.deepEqual(fromDuration('P2W'), { amount: 14, unit: 'days' });
  for (const none of ['', 'P', 'PT', 'P0D', 'PT0S', '2 days', 'P1.5D', '-P1D', 'P9999Y', `P${'9'.repeat(400)}D`]) assert.equal(fromDuration(none), null, none);
  assert.deepEqual(fromCycle('R3/PT1H'), { times: 3, span: { amount: 1, unit: 'hours' } });
  for (const none of ['R/PT1H', 'R0/PT1H', 'R101/PT1H', 'PT1H', 'R3/2026-01-01/PT1H', '0 0 * * *']) assert.equal(fromCycle(none), null, none);
});

test('simple conditions of other designers are read', () => {
  const holds = (text: string, vars: Record<string, unknown>) => evaluate(readExpression(text)!.rule, { vars } as never);
  assert.equal(holds('${amount > 10000}', { amount: 10_001 }), true);
  assert.equal(holds('${amount > 10000}', { amount: 10_000 }), false);
  assert.equal(holds('= amount >= 5 and not(urgent)', { amount: 5, urgent: false }), true);
  assert.equal(holds("${decision == 'approved' || level gt 2}", { decision: 'refused', level: 3 }), true);
  assert.equal(holds('#{!(a && b) && c != null}', { a: true, b: false, c: 1 }), true);
  assert.equal(holds('=order.total = -3', { order: { total: -3 } }), true);
  assert.deepEqual(readExpression('${Approved == true && amount < 1}')!.variables, ['approved', 'amount']);
});

test('whatever says more is not guessed at', () => {
  for (const text of ['', '${}', '${execution.getVariable("a")}', '${a +}', '${a ? b : c}', '${a > }', 'new java.lang.ProcessBuilder("x").start()', '${(a}', '=for x in y return x', '${a..b}', '${"unclosed}', `\${${'('.repeat(80)}a${')'.repeat(80)}}`, `\${${'!'.repeat(199)}a}`, 'a b', '${__proto__ == 1 1}', `\${${'a'.repeat(3_000)}}`]) {
    assert.equal(readExpression(text), null, text.slice(0, 60));
  }
});
