import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyMapping, at, checkMapping, type FieldMapping } from './mapping.ts';

const came = { device: { name: '２号泵', site: null }, items: [{ text: '<p>压力&nbsp;过高</p><p>1.2 MPa</p>' }], level: 'CRIT', phone: '１３９－０００１－２２２２', count: 3, off: false, tags: ['a', 'b'] };

test('a value is found by its path, put into a text, or always the same', () => {
  assert.deepEqual(applyMapping([
    { target: 'subject', text: '{{device.name}} {{items.0.text}}', cleanse: ['plain_text', 'one_line', 'narrow'] },
    { target: 'requester.phone', from: 'phone', cleanse: ['digits'] },
    { target: 'fields.count', from: 'count' }, { target: 'fields.off', from: 'off' }, { target: 'tags', from: 'tags' }, { target: 'channel', value: 'alarm' },
  ], came), { subject: '2号泵 压力 过高 1.2 MPa', 'requester.phone': '13900012222', 'fields.count': 3, 'fields.off': false, tags: ['a', 'b'], channel: 'alarm' });
});

test('a table says what a word means; what it does not know stays, or becomes what is taken otherwise', () => {
  const table = { crit: 'urgent', warn: 'high' };
  const of = (mapping: Omit<FieldMapping, 'target'>, thing: unknown = came) => applyMapping([{ target: 'priority', ...mapping }], thing)['priority'];
  assert.equal(of({ from: 'level', table }), 'urgent');
  assert.equal(of({ from: 'level', table: { info: 'low' } }), 'CRIT');
  assert.equal(of({ from: 'level', table: { info: 'low' }, otherwise: 'normal' }), 'normal');
  assert.equal(of({ from: 'gone', table, otherwise: 'normal' }), 'normal');
  assert.equal(of({ from: 'device.site', otherwise: 'normal' }), 'normal');
  assert.equal(of({ from: 'gone' }), undefined);
});

test('the first line that finds something fills a target', () => {
  assert.deepEqual(applyMapping([{ target: 'subject', from: 'title' }, { target: 'subject', from: 'device.name' }, { target: 'subject', value: 'x' }], came), { subject: '２号泵' });
});

test('nothing is found that a thing has only inherited', () => {
  for (const path of ['constructor', '__proto__', 'toString.name', 'items.length.constructor', 'device.__proto__.polluted']) assert.equal(typeof at(came, path) === 'function' || typeof at(came, path) === 'object', false, path);
  assert.deepEqual(Object.keys(applyMapping([{ target: '__proto__', value: 'x' }], {})), ['__proto__']);
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
});

test('whatever comes, mapping ends with storable texts of bounded length', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), fc.array(fc.constantFrom('trim', 'one_line', 'plain_text', 'lower', 'upper', 'digits', 'narrow') as fc.Arbitrary<'trim'>, { maxLength: 4 }), (thing, cleanse) => {
    const value = applyMapping([{ target: 'a', text: '{{a}}{{b.c}}{{0}}', cleanse }], thing)['a'];
    if (value !== undefined) assert.ok(typeof value === 'string' && value.length <= 20_000 && value.isWellFormed());
  }));
});

test('what is wrong with a mapping is said by line', () => {
  const targets = (target: string) => ['subject', 'fields.a'].includes(target);
  assert.deepEqual(checkMapping([
    { target: 'subject', from: 'a.b' }, { target: 'fields.b', from: 'a' }, { target: 'subject' }, { target: 'subject', from: 'a', value: 1 }, { target: 'subject', from: 'a..b' },
    { target: 'fields.a', text: 'x'.repeat(2_001) }, { target: 'fields.a', value: 'x', cleanse: ['wash' as 'trim'] },
  ], targets), [
    { line: 1, code: 'unknown_target' }, { line: 2, code: 'no_source' }, { line: 3, code: 'several_sources' }, { line: 4, code: 'bad_path' }, { line: 5, code: 'too_long' }, { line: 6, code: 'unknown_cleansing' },
  ]);
});
