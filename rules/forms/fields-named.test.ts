import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsNamed } from './fields-named.ts';

test('a document names fields in conditions, texts, values and questions', () => {
  assert.deepEqual([...fieldsNamed({
    condition: { all: [{ property: 'fields.urgency', operator: 'is', value: 'fields' }, { '==': [{ var: 'fields.floor' }, 3] }] },
    sort: '-fields.amount', actions: [{ kind: 'set', fields: { cause: 'x' } }, { kind: 'note', body: '见 {{fields.note}}，{{ticket.number}}' }],
    nodes: [{ fields: [{ key: 'signed', required: true }, 'plain'] }], byKey: { 'fields.keyed': 1 },
  })].toSorted(), ['amount', 'cause', 'floor', 'keyed', 'note', 'plain', 'signed', 'urgency']);
  assert.deepEqual([...fieldsNamed({ a: 'otherfields.x', b: 'a.fields.y', c: null, d: 5 })], []);
});
