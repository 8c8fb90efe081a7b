import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyForm } from './apply-form.ts';
import type { ApplyOptions, Form } from './form.ts';
import { hiddenAnswers } from './hidden-answers.ts';

const label = { zh: '名' };
const form: Form = { fields: [
  { key: 'chargeable', kind: 'choice', label, options: [{ key: 'yes', label }, { key: 'no', label }] },
  { key: 'labour', kind: 'number', label, visible: { '==': [{ var: 'fields.chargeable' }, 'yes'] } },
  { key: 'total', kind: 'formula', label, result: 'number', formula: { '*': [{ var: 'fields.labour' }, 2] }, visible: { '==': [{ var: 'fields.chargeable' }, 'yes'] } },
  { key: 'inner', kind: 'text', label, visible: { '==': [{ var: 'actor.kind' }, 'staff'] } },
] };

function told(given: Record<string, unknown>, previous: Record<string, unknown> = {}, options: Partial<ApplyOptions> = {}): string[] {
  const applied = applyForm(form, given, { mode: Object.keys(previous).length > 0 ? 'update' : 'create', previous, actor: { kind: 'staff' }, now: '2026-11-22T00:00:00.000Z', timeZone: 'Asia/Shanghai', ...options });
  return hiddenAnswers(form, applied, given, previous).map(({ path, code }) => `${path} ${code}`);
}

test('an answer to a field that other answers hide is told of, whatever it is', () => {
  assert.deepEqual(told({ labour: 100 }), ['/labour hidden']);
  assert.deepEqual(told({ labour: '100.00' }), ['/labour hidden'], 'of a wrong type, too');
  assert.deepEqual(told({ chargeable: 'no', labour: 100 }), ['/labour hidden'], 'hidden by an answer that came with it');
  assert.deepEqual(told({ chargeable: 'yes', labour: 100 }), []);
  assert.deepEqual(told({ chargeable: 'no', labour: 100 }, { chargeable: 'yes', labour: 50 }), ['/labour hidden']);
});

test('nothing, what stands there already, and formulas are no answers', () => {
  assert.deepEqual(told({ labour: null }), []);
  assert.deepEqual(told({ labour: '' }), []);
  assert.deepEqual(told({ total: 7 }), []);
  assert.deepEqual(told({ chargeable: 'no', labour: 50 }, { chargeable: 'yes', labour: 50 }), [], 'the rule clears it, and the history tells');
});

test('what is hidden from this person is refused as what they may not change, once', () => {
  assert.deepEqual(told({ inner: 'x' }, {}, { actor: { kind: 'customer' } }), []);
});
