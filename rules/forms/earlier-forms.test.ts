import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkForm } from './check-form.ts';
import { earlierForms } from './earlier-forms.ts';
import type { Form } from './form.ts';

const label = { zh: '名' };
const options = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }).map((keys) => keys.map((key) => ({ key, label })));
const plain = (key: string) => fc.oneof(
  fc.constantFrom('text', 'number', 'date').map((kind) => ({ key, kind, label })),
  options.map((all) => ({ key, kind: 'choice', label, options: all })),
  fc.constantFrom('number', 'text').map((result) => ({ key, kind: 'formula', label, result, formula: result === 'number' ? { '+': [1, 2] } : { cat: ['a'] } })),
);
const some = (keys: readonly string[], make: (key: string) => fc.Arbitrary<unknown>, least = 0) => fc.subarray([...keys], { minLength: least }).chain((chosen) => fc.tuple(...chosen.map(make)));
const table = (key: string) => some(['c', 'd'], plain, 1).map((columns) => ({ key, kind: 'table', label, columns }));
const form = some(['a', 'b', 't'], (key) => (key === 't' ? fc.oneof(plain(key), table(key)) : plain(key))).map((fields) => ({ fields }) as unknown as Form);

describe('what was published of a form before', () => {
  test('in short says the same of every new form', () => {
    const told = (next: Form, published: readonly Form[]) => checkForm(next, { published }).map((problem) => JSON.stringify(problem)).toSorted();
    fc.assert(fc.property(form, fc.array(form, { maxLength: 6 }), (next, published) => {
      assert.deepEqual(told(next, earlierForms(published)), told(next, published));
    }), { numRuns: 500 });
  });

  test('is one form where nothing changed its kind, however many versions there were', () => {
    const version = (index: number) => ({ fields: [{ key: 'a', kind: 'choice', label: { zh: `第 ${index} 版` }, options: [{ key: `o${index % 3}`, label }] }] }) as unknown as Form;
    assert.deepEqual(earlierForms(Array.from({ length: 200 }, (_, index) => version(index))), [{ fields: [{ key: 'a', kind: 'choice', options: [{ key: 'o0' }, { key: 'o1' }, { key: 'o2' }] }] }]);
    assert.deepEqual(earlierForms([]), []);
  });
});
