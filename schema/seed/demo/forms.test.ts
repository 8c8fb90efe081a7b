import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyForm } from '../../../rules/forms/apply-form.ts';
import { checkForm } from '../../../rules/forms/check-form.ts';
import { demoCategories } from './categories.ts';
import { demoComplaintType, demoRequestForm, demoTemplates, roomIn } from './forms.ts';

test('the forms of the demonstration can be published, and its templates name categories that are there', () => {
  assert.deepEqual(checkForm(demoRequestForm), []);
  assert.deepEqual(checkForm(demoComplaintType.form), []);
  for (const template of demoTemplates) assert.ok(demoCategories.some((category) => category.key === template.categoryKey), template.categoryKey);
});

test('a request can be made without filling anything in, and costs are added up', () => {
  const how = { mode: 'create', actor: { kind: 'staff' }, now: '2026-11-22T00:00:00Z', timeZone: 'Asia/Shanghai' } as const;
  assert.deepEqual(applyForm(demoRequestForm, {}, how).problems, []);
  const money = (amount: number) => ({ amount, currency: 'CNY' });
  assert.deepEqual(applyForm(demoRequestForm, { chargeable: true, labour: money(8000), material: money(1250) }, how).values['total'], money(9250));
  assert.deepEqual(applyForm(demoRequestForm, { chargeable: true, material: money(1250) }, how).values['total'], money(1250));
});

test('building and room are read from an address', () => {
  assert.deepEqual(roomIn('杭州市西湖区文二西路386号溪畔云庭3幢1单元1502室'), { building: '3幢1单元', room: '1502' });
  assert.deepEqual(roomIn('杭州市拱墅区申花路77号申花里8幢2单元'), { building: '8幢2单元' });
  assert.deepEqual(roomIn('杭州市滨江区江南大道'), {});
});
