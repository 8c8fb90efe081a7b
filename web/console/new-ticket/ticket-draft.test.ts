import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TicketTemplate } from '../../../contract/form.ts';
import { blank, isEmpty, toRequest, withTemplate } from './ticket-draft.ts';

const type = { id: 'type', key: 'service_request', name: '服务' };
const burst: TicketTemplate = {
  id: 'burst', name: '爆管', nameEn: null, type, subject: '水管爆裂', description: '先关总阀', category: { id: 'water', path: ['漏水'] }, team: null, priority: 'urgent',
  fields: { floor: 3 }, tags: [], checklist: [], checklists: [], active: true, position: 0, version: 1,
};
const lift: TicketTemplate = { ...burst, id: 'lift', name: '困人', subject: '电梯困人', description: null, category: null, priority: null, fields: { lift: 'A' } };

test('a template fills in what is empty, and another one takes its place', () => {
  const filled = withTemplate(blank, burst, undefined);
  assert.deepEqual([filled.subject, filled.description, filled.category, filled.priority, filled.fields, filled.type], ['水管爆裂', '先关总阀', 'water', 'urgent', { floor: 3 }, 'type']);
  const other = withTemplate(filled, lift, burst);
  assert.deepEqual([other.subject, other.description, other.category, other.priority, other.fields], ['电梯困人', '', undefined, undefined, { lift: 'A' }]);
  const none = withTemplate(other, undefined, lift);
  assert.deepEqual([none.subject, none.template, none.fields], ['', undefined, {}]);
});

test('what was typed outlasts any template', () => {
  const typed = withTemplate({ ...blank, subject: '三楼漏水', fields: { floor: 5 }, priority: 'low', category: 'other' }, burst, undefined);
  assert.deepEqual([typed.subject, typed.fields, typed.priority, typed.category], ['三楼漏水', { floor: 5 }, 'low', 'other']);
  const without = withTemplate({ ...typed, description: '急' }, undefined, burst);
  assert.deepEqual([without.subject, without.description, without.fields, without.priority], ['三楼漏水', '急', { floor: 5 }, 'low']);
});

test('a request names its template, and a text that was deleted stays so', () => {
  const draft = { ...withTemplate(blank, burst, undefined), description: '' };
  const request = toRequest(draft, [], {});
  assert.deepEqual([request.template, request.description, request.subject], ['burst', '', '水管爆裂']);
  assert.equal('description' in toRequest({ ...blank, subject: 'x' }, [], {}), false);
  assert.deepEqual([isEmpty(blank), isEmpty(draft)], [true, false]);
});
