import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedFields } from './closed-fields.ts';
import type { FieldDefinition, Form } from './form.ts';
import { maskedFields, withMasks } from './masked-fields.ts';

const label = { zh: '字段' };
const form = (...fields: Record<string, unknown>[]): Form => ({ fields: fields.map((field) => ({ label, ...field })) as unknown as FieldDefinition[] });
const formula = (key: string, rule: unknown, result = 'text') => ({ key, kind: 'formula', result, formula: rule, label });

test('a formula is masked with what it reads, through other formulas and the rows of tables', () => {
  const { fields, columns } = maskedFields(form(
    formula('third', { cat: [{ var: 'fields.second' }, '!'] }), formula('second', { cat: [{ var: 'fields.id' }] }), { key: 'id', kind: 'text', masked: true },
    formula('count', { length: [{ var: 'fields.plain' }] }, 'number'), { key: 'plain', kind: 'text' },
    { key: 'rows', kind: 'table', columns: [{ key: 'a', kind: 'text', label }, formula('b', { cat: [{ var: 'row.a' }, { var: 'fields.id' }] }), formula('c', { cat: [{ var: 'row.b' }] }), formula('d', { cat: [{ var: 'row.a' }] })] },
    formula('fromRows', { length: [{ map: [{ var: 'fields.rows' }, { var: 'b' }] }] }, 'number'),
  ));
  assert.deepEqual([...fields].sort(), ['fromRows', 'id', 'second', 'third']);
  assert.deepEqual([...columns].map(([key, some]) => [key, [...some]]), [['rows', ['b', 'c']]]);
  const shown = withMasks({ id: 'AB', third: 'AB!', fromRows: 3, plain: 'x', second: null, rows: [{ a: 'x', b: 'xAB' }, 5] }, { fields, columns }, (value) => (typeof value === 'string' ? '***' : null));
  assert.deepEqual(shown, { id: '***', third: '***', fromRows: null, plain: 'x', second: null, rows: [{ a: 'x', b: '***' }, 5] });
});

test('a field is closed to whom its condition, or that of its section, hides it from; without a ticket also when that depends on it', () => {
  const administrators = { in: ['administrator', { var: 'actor.roles' }] };
  const some: Form = {
    sections: [{ key: 's', label, visible: administrators }],
    fields: form({ key: 'cost', kind: 'number', visible: administrators }, { key: 'inside', kind: 'text', section: 's' }, { key: 'late', kind: 'text', visible: { '==': [{ var: 'ticket.status' }, 'resolved'] } },
      { key: 'either', kind: 'text', visible: { or: [administrators, { '==': [{ var: 'ticket.status' }, 'resolved'] }] } }).fields,
  };
  const reading = (...roles: string[]) => ({ actor: { kind: 'staff' as const, id: 'x', roles }, now: '2026-11-22T08:00:00.000Z', today: '2026-11-22' });
  const on = (status: string) => ({ fields: {}, ticket: { status } });
  assert.deepEqual(closedFields(some, reading('agent'), on('new')), ['cost', 'inside', 'either']);
  assert.deepEqual(closedFields(some, reading('agent'), on('resolved')), ['cost', 'inside']);
  assert.deepEqual(closedFields(some, reading('administrator'), on('new')), []);
  assert.deepEqual(closedFields(some, reading('administrator')), ['either']);
  assert.deepEqual(closedFields(some, reading('agent')), ['cost', 'inside', 'either']);
});
