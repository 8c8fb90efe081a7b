import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareForms } from './compare-forms.ts';
import { checkForm } from './check-form.ts';
import type { FieldDefinition, Form } from './form.ts';
import { restoredForm } from './restored-form.ts';

const text = (key: string, more: Partial<FieldDefinition> = {}): FieldDefinition => ({ key, kind: 'text', label: { zh: key }, ...more } as FieldDefinition);
const of = (...fields: FieldDefinition[]): Form => ({ fields });
const changes = (before: Form, after: Form) => compareForms(before, after).fields.map(({ key, change }) => `${key} ${change}`);

test('what came, went, changed and moved is told, and nothing else', () => {
  assert.deepEqual(changes(of(text('a'), text('b')), of(text('a'), text('b'))), []);
  assert.deepEqual(changes(of(text('a'), text('b')), of(text('b'), text('c'))), ['c added', 'a removed']);
  assert.deepEqual(changes(of(text('a'), text('b'), text('c'), text('d')), of(text('d'), text('a'), text('b'), text('c'))), ['d moved'], 'one was moved, not three');
  assert.deepEqual(compareForms(of(text('a', { required: true })), of(text('a', { required: { '==': [1, 1] }, help: { zh: '说明' } }))).fields, [{
    key: 'a', change: 'changed', label: { zh: 'a' },
    properties: [{ property: 'required', before: true, after: { '==': [1, 1] } }, { property: 'help', before: null, after: { zh: '说明' } }],
  }]);
  const sections = compareForms({ fields: [], sections: [{ key: 's', label: { zh: '一' } }] }, { fields: [], sections: [{ key: 's', label: { zh: '二' } }] }).sections;
  assert.deepEqual(sections.map(({ change, properties }) => [change, properties[0]!.property]), [['changed', 'label']]);
});

test('however fields are shuffled, taking out the moved ones leaves the rest in order', () => {
  const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
  fc.assert(fc.property(fc.shuffledSubarray(keys, { minLength: 6 }), (order) => {
    const moved = new Set(compareForms(of(...keys.map((key) => text(key))), of(...order.map((key) => text(key)))).fields.map(({ key, change }) => (assert.equal(change, 'moved'), key)));
    assert.deepEqual(order.filter((key) => !moved.has(key)), keys.filter((key) => !moved.has(key)));
    assert.ok(moved.size < keys.length);
  }));
});

test('an earlier version comes back with the options that tickets may hold by now, retired', () => {
  const choice = (...options: string[]): FieldDefinition => ({ key: 'c', kind: 'choice', label: { zh: '选' }, options: options.map((key) => ({ key, label: { zh: key } })) });
  const tree: FieldDefinition = { key: 't', kind: 'tree', label: { zh: '树' }, options: [{ key: 'x', label: { zh: 'x' }, children: [{ key: 'y', label: { zh: 'y' } }] }] };
  const table = (...options: string[]): FieldDefinition => ({ key: 'rows', kind: 'table', label: { zh: '表' }, columns: [choice(...options) as never] });
  const first = of(choice('a'), { ...tree, options: [{ key: 'x', label: { zh: 'x' } }] } as FieldDefinition, table('a'), text('gone'));
  const later = [of(choice('a', 'b', 'c'), tree, table('a', 'z')), of(choice('a', 'b'))];
  const restored = restoredForm(first, later);
  assert.deepEqual(restored.fields.map((field) => ('options' in field ? field.options.map((option) => `${option.key}${option.retired ? '*' : ''}`) : [])), [['a', 'b*', 'c*'], ['x', 'y*'], [], []]);
  assert.deepEqual(restored.fields[2]!.kind === 'table' && restored.fields[2].columns[0]!.kind === 'choice' && restored.fields[2].columns[0].options.map(({ key }) => key), ['a', 'z']);
  assert.deepEqual(checkForm(restored, { published: [...later, first] }), [], 'it can be published');
  assert.equal(restoredForm(first, [first]).fields[0], first.fields[0], 'where nothing came, nothing is changed');
});
