import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type answerRules, mergeAnswers, planCommands, ruleOfRefusal, stepRules } from './field-sync.ts';

const at = (hour: number): string => `2026-11-22T${String(hour).padStart(2, '0')}:00:00Z`;

const table: [what: string, answer: unknown, seen: unknown, present: unknown, changedAt: number | null, kept: 'technician' | 'office' | 'settled', rule?: keyof typeof answerRules][] = [
  ['nobody else touched it', 5, 1, 1, null, 'settled'],
  ['both said the same', 5, 1, 5, 12, 'settled'],
  ['the office changed it before', 5, 1, 2, 9, 'technician', 'technician_later'],
  ['the office changed it after', 5, 1, 2, 12, 'office', 'office_later'],
  ['nobody knows when', 5, 1, 2, null, 'technician', 'technician_later'],
  ['emptied on site', null, 1, 2, 9, 'office', 'office_kept_value'],
  ['emptied at the office', 5, 1, null, 12, 'technician', 'technician_kept_value'],
  ['nothing and an empty text are the same', '', null, undefined, 12, 'settled'],
  ['lists differ by their order', ['b', 'a'], ['a'], ['a', 'b'], 9, 'technician', 'technician_later'],
  ['members in another order', { b: 1, a: 2 }, {}, { a: 2, b: 1 }, 9, 'settled'],
];

test('answers from the site and changes of the office: who holds, by which rule', () => {
  for (const [what, answer, seen, present, changedAt, kept, rule] of table) {
    const { taken, conflicts } = mergeAnswers({ x: answer }, { x: seen }, { x: present }, { answeredAt: at(10), changedAt: () => (changedAt === null ? null : at(changedAt)) });
    if (kept === 'settled') {
      assert.deepEqual([taken, conflicts], [{ x: answer }, []], what);
    } else {
      assert.deepEqual(conflicts.map((one) => [one.kept, one.rule]), [[kept, rule]], what);
      assert.deepEqual(taken, kept === 'technician' ? { x: answer } : {}, what);
    }
  }
  assert.deepEqual(mergeAnswers({ x: 1 }, { x: 1 }, { x: 2 }, { answeredAt: at(10), changedAt: () => at(9) }), { taken: {}, conflicts: [] }, 'what was left as it was seen takes nothing back');
});

test('nothing is dropped without a word: each answer is taken, stands already, or is told as a conflict with both versions', () => {
  const value = fc.option(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('', 'a', 'b')), { nil: null });
  fc.assert(fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.tuple(value, value, value, fc.integer({ min: 0, max: 20 }))), (fields) => {
    const pick = (index: 0 | 1 | 2) => Object.fromEntries(Object.entries(fields).map(([key, parts]) => [key, parts[index]]));
    const [answers, seen, present] = [pick(0), pick(1), pick(2)];
    const { taken, conflicts } = mergeAnswers(answers, seen, present, { answeredAt: at(10), changedAt: (field) => at(fields[field]![3]) });
    for (const [key, answer] of Object.entries(answers)) {
      const conflict = conflicts.find(({ field }) => field === key);
      const nothing = (one: unknown) => one === null || one === '';
      const leftAsSeen = answer === seen[key] || (nothing(answer) && nothing(seen[key]));
      assert.ok(key in taken || conflict !== undefined || leftAsSeen);
      if (conflict) assert.deepEqual([conflict.technician, conflict.office, conflict.kept === 'technician'], [answer, present[key], key in taken]);
    }
  }));
});

test('what did not go through has a reason and a way out', () => {
  const cases: [code: string, status: string | null, paths: string[], rule: keyof typeof stepRules][] = [
    ['visit_not_yours', 'accepted', [], 'reassigned'], ['not_found', null, [], 'reassigned'], ['visit_step_not_open', 'cancelled', [], 'cancelled'], ['visit_step_not_open', 'on_site', [], 'moved_on'],
    ['invalid_input', 'on_site', ['/fields/voltage'], 'answers_refused'], ['invalid_input', 'travelling', ['/location/lat'], 'position_needed'], ['check_in_far', 'travelling', [], 'position_needed'],
    ['file_type_mismatch', 'on_site', [], 'file_refused'], ['field_sequence_reused', 'on_site', [], 'number_reused'], ['surprise', 'on_site', [], 'other'],
  ];
  for (const [code, status, paths, rule] of cases) assert.equal(ruleOfRefusal({ code, paths }, status), rule, code);
  for (const rule of Object.values(stepRules)) assert.ok(rule.remedies.length > 0 && rule.zh.length > 0 && rule.en.length > 0);
});

test('commands in any order, any number of times, are planned once and in the order of the device', () => {
  const all = [{ sequence: 1, visitId: 'a', previous: null }, { sequence: 2, visitId: 'a', previous: 1 }, { sequence: 3, visitId: 'b', previous: null }, { sequence: 5, visitId: 'a', previous: 2 }];
  fc.assert(fc.property(fc.shuffledSubarray(all), fc.subarray([1, 2, 3, 5]), (sent, known) => {
    const applied = new Set(known);
    const plan = planCommands(sent, applied);
    assert.deepEqual(plan.map(({ command }) => command.sequence), sent.map(({ sequence }) => sequence).sort());
    const done = new Set(applied);
    for (const { command, verdict } of plan) {
      if (applied.has(command.sequence)) assert.equal(verdict, 'already');
      else if (verdict === 'take') {
        // What comes before it on its visit is known, or goes before it in this very list.
        assert.ok(command.previous === null || done.has(command.previous) || sent.some((one) => one.sequence === command.previous));
        done.add(command.sequence);
      }
    }
  }));
  assert.deepEqual(planCommands([all[3]!], new Set([1])).map(({ verdict }) => verdict), ['early']);
});
