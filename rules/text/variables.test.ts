import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { renderText, unknownVariables, variables } from './variables.ts';

test('variables are filled in, with a substitute where there is no value', () => {
  const values = { 'customer.name': '王芳', 'ticket.number': '20261121-00042', 'fields.floor': '12', 'customer.email': '' };
  const cases: [text: string, rendered: string, missing: string[]][] = [
    ['您好 {{customer.name}}，工单 {{ ticket.number }} 已处理', '您好 王芳，工单 20261121-00042 已处理', []],
    ['{{asset.name|设备}} 在 {{fields.floor}} 楼', '设备 在 12 楼', []],
    ['{{customer.email}}{{asset.code}}{{asset.code}}', '', ['customer.email', 'asset.code']],
    ['{{fields.none|}}', '', []],
    ['{{ nonsense }} {{constructor}} {{}} {{fields.__proto__}}', '{{ nonsense }} {{constructor}} {{}} {{fields.__proto__}}', []],
    ['{ {customer.name} } {{customer.name', '{ {customer.name} } {{customer.name', []],
  ];
  for (const [text, rendered, missing] of cases) assert.deepEqual(renderText(text, values), { text: rendered, missing }, text);
});

test('what a value holds is text and is not read again', () => {
  const nasty = ['{{ticket.number}}', '$&', '$1', "$'", '<script>alert(1)</script>', '{{agent.name|x}}'];
  for (const value of nasty) assert.equal(renderText('[{{ticket.subject}}]', { 'ticket.subject': value, 'ticket.number': 'no', 'agent.name': 'no' }).text, `[${value}]`);
  fc.assert(fc.property(fc.string(), (value) => assert.equal(renderText('a{{ticket.subject}}b', { 'ticket.subject': value }).text, `a${value}b`)));
});

test('unknown names are told, known ones are not', () => {
  assert.deepEqual(unknownVariables('{{customer.phone}} {{customer.secret}} {{ x }} {{x}} {{fields.floor|1}} {{Fields.floor}}'), ['customer.secret', 'x', 'Fields.floor']);
  assert.deepEqual(unknownVariables(Object.keys(variables).map((name) => `{{${name}}}`).join('')), []);
  fc.assert(fc.property(fc.string(), (text) => assert.equal(renderText(text.replaceAll('{', ''), {}).text, text.replaceAll('{', ''))));
});
