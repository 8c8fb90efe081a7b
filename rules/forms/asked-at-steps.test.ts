import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyForm } from './apply-form.ts';
import { askedAtSteps, missingAtStep, stepFields } from './asked-at-steps.ts';
import type { ApplyOptions, Form } from './form.ts';

const whenResolved = { '==': [{ var: 'ticket.status' }, 'resolved'] };
const form: Form = {
  fields: [
    { key: 'floor', kind: 'text', label: { zh: '楼层' } },
    { key: 'reading', kind: 'number', label: { zh: '读数' }, required: whenResolved },
    { key: 'double', kind: 'formula', label: { zh: '两倍' }, result: 'number', formula: { '*': [{ var: 'fields.reading' }, 2] } },
    { key: 'cause', kind: 'text', label: { zh: '原因' }, visible: whenResolved },
    { key: 'detail', kind: 'text', label: { zh: '说明' }, visible: { '>': [{ var: 'fields.reading' }, 100] }, required: true },
    { key: 'always', kind: 'text', label: { zh: '必填' }, required: true },
    { key: 'locked', kind: 'text', label: { zh: '锁定' }, readOnly: true, required: whenResolved },
  ],
};
const options: ApplyOptions = { mode: 'update', previous: {}, ticket: { status: 'open' }, actor: { kind: 'staff' }, now: '2026-11-22T01:00:00Z', timeZone: 'Asia/Shanghai' };
const after = { status: 'resolved' };

test('a step asks for what it wants, what appears with it, and what hangs on the answers', () => {
  assert.deepEqual(askedAtSteps(form), ['reading', 'locked']);
  assert.deepEqual(stepFields(form, {}, options, after), { asked: ['reading', 'double', 'cause'], open: ['floor', 'always'] });
  assert.deepEqual(stepFields(form, { reading: 120 }, options, after).asked, ['reading', 'double', 'cause', 'detail']);
});

test('what is answered already is not asked again', () => {
  assert.deepEqual(stepFields(form, {}, { ...options, previous: { reading: 5 } }, after), { asked: ['cause'], open: ['floor', 'reading', 'always'] });
});

test('what is missing is what the server will refuse, and an old gap is not', () => {
  assert.deepEqual(missingAtStep(form, {}, options, after), ['reading']);
  assert.deepEqual(missingAtStep(form, { reading: 5 }, options, after), []);
  assert.deepEqual(missingAtStep(form, { reading: 120 }, options, after), ['detail'], 'brought about by the answer');
  assert.deepEqual(missingAtStep(form, { reading: 120, detail: '漏' }, options, after), []);
  // The gap in `always` was there before, and nobody touched it.
  assert.deepEqual(applyForm(form, { reading: 5 }, { ...options, touched: ['reading'] }).problems, []);
});
