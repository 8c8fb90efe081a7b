import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formProblemCodes } from '../../contract/form-problems.ts';
import { checkForm, type CheckFormOptions } from './check-form.ts';
import type { Form } from './form.ts';

const label = { zh: '字段' };
const option = { key: 'a', label };
const seen = new Set<string>();

function told(form: unknown, options?: CheckFormOptions): string[] {
  return checkForm(form, options).map(({ path, code }) => {
    seen.add(code);
    return `${path} ${code}`;
  });
}

const field = (more: Record<string, unknown>) => ({ fields: [{ key: 'f', kind: 'text', label, ...more }] });
const column = (more: Record<string, unknown>) => field({ kind: 'table', columns: [{ key: 'c', kind: 'number', label, ...more }] });
const nestedTree = (depth: number): unknown[] => (depth === 0 ? [] : [{ key: `k${depth}`, label, children: nestedTree(depth - 1) }]);
const both = (first: Record<string, unknown>, second: Record<string, unknown>) => ({ fields: [{ key: 'a', kind: 'text', label, ...first }, { key: 'b', kind: 'text', label, ...second }] });
const reads = (key: string) => ({ '!!': { var: `fields.${key}` } });

test('each problem stands beside what causes it', () => {
  const cases: [unknown, string[]][] = [
    [null, [' type']], [{}, ['/fields required']], [{ fields: {} }, ['/fields type']], [{ fields: [], extra: 1 }, ['/extra unknown_property']], [{ fields: [5] }, ['/fields/0 type']],
    [{ fields: Array.from({ length: 301 }, (_, index) => ({ key: `f${index}`, kind: 'text', label })) }, ['/fields maxItems']],
    [{ fields: [], sections: [{ key: 's', label }, { key: 's', label }] }, ['/sections/1/key duplicate_key']], [{ fields: [], sections: 5 }, ['/sections type']], [field({ section: 'nope' }), ['/fields/0/section unknown_section']],
    [{ fields: [{}] }, ['/fields/0/kind required']], [field({ kind: 'rating' }), ['/fields/0/kind one_of']], [field({ key: 'A' }), ['/fields/0/key key']], [field({ key: 'constructor' }), ['/fields/0/key reserved_key']], [both({ key: 'b' }, {}), ['/fields/1/key duplicate_key']],
    [field({ label: { zh: ' ' } }), ['/fields/0/label/zh required']], [field({ label: 'x' }), ['/fields/0/label type']], [field({ label: { zh: 'x'.repeat(101) } }), ['/fields/0/label/zh maxLength']], [field({ label: { zh: 'a\u0000' } }), ['/fields/0/label/zh text']], [field({ pattern: '(a+)+$' }), ['/fields/0/pattern unknown_property']],
    [field({ audience: 'all' }), ['/fields/0/audience one_of']], [field({ masked: 1 }), ['/fields/0/masked type']], [field({ masked: true, kind: 'long_text' }), []], [field({ masked: true, kind: 'number' }), ['/fields/0/masked unknown_property']], [column({ masked: true, kind: 'text' }), ['/fields/0/columns/0/masked unknown_property']], [field({ maxLength: 501 }), ['/fields/0/maxLength maximum']], [field({ minLength: -1 }), ['/fields/0/minLength minimum']], [field({ minLength: 5, maxLength: 2 }), ['/fields/0/minLength order']],
    [field({ format: 'phone', mask: '99' }), ['/fields/0/mask format_or_mask']], [field({ mask: '--' }), ['/fields/0/mask mask']], [field({ format: 'iban' }), ['/fields/0/format one_of']], [field({ default: 5 }), ['/fields/0/default default']], [field({ format: 'phone', default: 'x' }), ['/fields/0/default default']],
    [field({ kind: 'number', min: 1.5 }), ['/fields/0/min decimals']], [field({ kind: 'number', decimals: 7 }), ['/fields/0/decimals maximum']], [field({ kind: 'number', max: 1e20 }), ['/fields/0/max maximum']], [field({ kind: 'number', min: 1, default: 0 }), ['/fields/0/default default']],
    [field({ kind: 'money' }), ['/fields/0/currencies required']], [field({ kind: 'money', currencies: ['cny'] }), ['/fields/0/currencies/0 currency']], [field({ kind: 'money', currencies: ['CNY', 'CNY'] }), ['/fields/0/currencies uniqueItems']], [field({ kind: 'date', min: 'tomorrow' }), ['/fields/0/min day_limit']], [field({ kind: 'time', min: '25:00' }), ['/fields/0/min time']],
    [field({ kind: 'choice' }), ['/fields/0/options required']], [field({ kind: 'choice', options: [] }), ['/fields/0/options no_options']], [field({ kind: 'choice', options: [{ ...option, retired: true }] }), ['/fields/0/options no_options']], [field({ kind: 'choice', options: [option, option] }), ['/fields/0/options/1/key duplicate_option']], [field({ kind: 'choice', options: [{ key: 'a b', label }] }), ['/fields/0/options/0/key option_key']],
    [field({ kind: 'choice', options: [{ ...option, color: 'red' }] }), ['/fields/0/options/0/color color']], [field({ kind: 'choice', options: [{ ...option, children: [] }] }), ['/fields/0/options/0/children unknown_property']], [field({ kind: 'choice', options: [option], default: 'b' }), ['/fields/0/default default']],
    [field({ kind: 'choice', options: Array.from({ length: 2_001 }, (_, index) => ({ key: `o${index}`, label })) }), ['/fields/0/options maxItems']], [field({ kind: 'tree', options: nestedTree(6) }), ['/fields/0/options/0/children/0/children/0/children/0/children/0/children too_deep']],
    [field({ kind: 'table', columns: [] }), ['/fields/0/columns no_columns']], [column({ kind: 'table' }), ['/fields/0/columns/0/kind one_of']], [column({ visible: false }), ['/fields/0/columns/0/visible unknown_property']], [column({ required: { var: 'row.nope' } }), ['/fields/0/columns/0/required/var unknown_variable']], [column({ default: 'x' }), ['/fields/0/columns/0/default default']],
    [field({ kind: 'table', columns: Array.from({ length: 21 }, (_, index) => ({ key: `c${index}`, kind: 'text', label })) }), ['/fields/0/columns maxItems']], [field({ kind: 'table', columns: [{ key: 'f', kind: 'formula', result: 'number', label, formula: { var: 'row.g' } }, { key: 'g', kind: 'formula', result: 'number', label, formula: 1 }] }), ['/fields/0/columns/0/formula/var unknown_variable']],
    [field({ kind: 'formula', result: 'number' }), ['/fields/0/formula required']], [field({ visible: { fubar: 1 } }), ['/fields/0/visible unknown_operator']], [field({ visible: { var: 'fields.nope' } }), ['/fields/0/visible/var unknown_variable']], [field({ visible: { var: 'ticket.secret' } }), ['/fields/0/visible/var unknown_variable']], [field({ required: { var: ['row.x'] } }), ['/fields/0/required/var/0 unknown_variable']],
    [field({ visible: { var: 'fields' } }), ['/fields/0/visible/var whole_data']], [field({ visible: { var: { cat: ['fields.', 'f'] } } }), ['/fields/0/visible/var computed_variable']], [field({ visible: { '==': [1] } }), ['/fields/0/visible/== arguments']], [field({ visible: { and: true } }), ['/fields/0/visible/and list_needed']],
    [field({ visible: reads('f') }), ['/fields/0/visible circle']], [both({ visible: reads('b') }, { visible: reads('a') }), ['/fields/0/visible circle']], [{ fields: [{ key: 'f', kind: 'formula', result: 'number', label, formula: { '+': [{ var: 'fields.f' }, 1] } }] }, ['/fields/0/formula circle']],
    [both({ readOnly: reads('b') }, { visible: reads('a') }), ['/fields/0/readOnly circle']],
    [{ sections: [{ key: 's', label, visible: reads('f') }], fields: [{ key: 'f', kind: 'text', label, section: 's' }] }, ['/fields/0/visible circle']], [field({ help: { zh: 'x'.repeat(999) }, label: { zh: 'a', en: 5 } }), ['/fields/0/label/en type']],
    [{ fields: Array.from({ length: 300 }, (_, index) => ({ key: `f${index}`, kind: 'text', label, help: { zh: '字'.repeat(1_000), en: 'a'.repeat(1_000) }, visible: { '==': [{ var: 'ticket.status' }, 'x'.repeat(1_900)] } })) }, [' too_large']],
  ];
  for (const [form, expected] of cases) assert.deepEqual(told(form), expected, JSON.stringify(form)?.slice(0, 200));
});

test('a field that looks at its own answer only to lock it is no circle, nor are rules about what is required', () => {
  assert.deepEqual(told(field({ readOnly: reads('f') })), []);
  assert.deepEqual(told(both({ required: reads('b') }, { required: reads('a') })), []);
});

test('answers to what was published before have to make sense', () => {
  const published = [{ fields: [{ key: 'k', kind: 'choice', label, options: [option, { key: 'b', label }] }, { key: 'n', kind: 'number', label }, { key: 't', kind: 'table', label, columns: [{ key: 'c', kind: 'choice', label, options: [option] }] }, { key: 's', kind: 'formula', result: 'number', label, formula: 1 }] }] as unknown as Form[];
  const draft = (...fields: Record<string, unknown>[]) => ({ fields: fields.map((one) => ({ label, ...one })) });
  assert.deepEqual(told(draft({ key: 'n', kind: 'text' }), { published }), ['/fields/0/kind retyped']);
  assert.deepEqual(told(draft({ key: 's', kind: 'formula', result: 'text', formula: 'x' }), { published }), ['/fields/0/kind retyped']);
  assert.deepEqual(told(draft({ key: 'k', kind: 'choice', options: [option] }), { published }), ['/fields/0/options option_removed']);
  assert.deepEqual(told(draft({ key: 'k', kind: 'choice', options: [option] }), { published, isOptionUsed: (_, key) => key !== 'b' }), []);
  assert.deepEqual(told(draft({ key: 'k', kind: 'choice', options: [{ ...option, retired: true }, { key: 'b', label }, { key: 'c', label }] }), { published }), []);
  assert.deepEqual(told(draft({ key: 't', kind: 'table', columns: [{ key: 'c', kind: 'text', label }] }), { published }), ['/fields/0/columns/0/kind retyped']);
  assert.deepEqual(told(draft({ key: 't', kind: 'table', columns: [{ key: 'c', kind: 'choice', label, options: [{ key: 'z', label }] }] }), { published: [...published, ...published], isOptionUsed: (key) => key === 't.c' }), ['/fields/0/columns/0/options option_removed']);
  assert.deepEqual(told(draft(), { published }), []);
});

test('there is a sentence for every problem, and a case here for every sentence', () => {
  const elsewhere = ['too_large', 'too_deep'];
  assert.deepEqual([...seen].filter((code) => !formProblemCodes.includes(code)), []);
  assert.deepEqual(formProblemCodes.filter((code) => !seen.has(code) && !elsewhere.includes(code)), []);
});

test('anything at all can be checked', () => {
  const names = fc.constantFrom('key', 'kind', 'label', 'options', 'columns', 'visible', 'formula', 'default', 'min', 'max', 'result', 'currencies', 'zh', 'children', 'section', 'mask', 'format');
  const words = fc.constantFrom('f', 'text', 'number', 'money', 'choice', 'tree', 'table', 'formula', 'date', 'today', 'a', '');
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof({ depthSize: 'medium' }, words, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null), fc.array(tie('json'), { maxLength: 4 }), fc.dictionary(fc.oneof(names, fc.constantFrom('var', '==', 'map')), tie('json'), { maxKeys: 5 })),
  }));
  const fields = fc.array(fc.record({ key: fc.oneof(words, json), kind: fc.oneof(words, json), label: fc.oneof(fc.constant(label), json), x: json, options: json, columns: json, visible: json, formula: json, default: json, mask: json }, { requiredKeys: ['key', 'kind', 'label'] }), { maxLength: 3 });
  fc.assert(fc.property(fc.oneof(json, fields.map((list) => ({ fields: list })), fc.record({ fields, sections: json })), (form) => {
    for (const { path, code } of checkForm(form)) assert.ok((path === '' || path.startsWith('/')) && code !== '');
  }), { numRuns: 3_000, examples: [[{ fields: [{ key: 'f', kind: 'number', label: [], options: [{ key: [Object.create(null)] }] }] }]] });
});
