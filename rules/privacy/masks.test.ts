import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskLevels, maskLevelsOf, masked, personalData, showAt, standardMaskPolicy, type MaskLevel, type MaskPolicy, type PersonalDatum } from './masks.ts';

const shown: [datum: PersonalDatum, value: string, as: string][] = [
  ['phone', '13812345678', '138****5678'], ['phone', '+8613812345678', '+86138****5678'], ['phone', '057188886666', '0571****6666'], ['phone', '8888666', '****666'], ['phone', '110', '****'],
  ['email', 'zhang@example.com', 'z***@example.com'], ['email', '😀x@example.com', '😀***@example.com'], ['email', '@example.com', '***'], ['email', 'nothing', '***'],
  ['id_number', '330105199001011234', '330***********1234'], ['id_number', 'E12345678', '*******78'], ['id_number', '1234', '****'],
  ['identifier', 'oAb3xyzXYZ12349k', 'oAb3****9k'], ['identifier', 'short', '****'],
  ['sensitive', '血型 A', '******'],
];
for (const [datum, value, as] of shown) test(`${datum} ${value} is shown as ${as}`, () => assert.equal(masked(datum, value), as));

test('a mask hides at least a part of what is long enough to have parts, and never is the value', () => {
  fc.assert(fc.property(fc.constantFrom(...personalData), fc.string({ minLength: 5, maxLength: 40, unit: fc.constantFrom(...'0123456789abcdef@.') }), (datum, value) => {
    assert.notEqual(masked(datum, value), value);
    assert.ok(masked(datum, value).includes('*'));
  }));
});

test('everybody sees what the policy says for everybody, and holders of a role the most that one of theirs allows', () => {
  const policy: MaskPolicy = { ...standardMaskPolicy, data: { ...standardMaskPolicy.data, phone: { everybody: 'masked', roles: { a: 'raw', b: 'hidden' } } } };
  assert.equal(maskLevelsOf(policy, []).phone, 'masked');
  assert.equal(maskLevelsOf(policy, ['b']).phone, 'hidden');
  assert.equal(maskLevelsOf(policy, ['b', 'c']).phone, 'masked');
  assert.equal(maskLevelsOf(policy, ['a', 'b']).phone, 'raw');
  assert.equal(maskLevelsOf(policy, ['a']).email, 'masked');
  assert.equal(maskLevelsOf(policy, ['toString', 'constructor']).phone, 'masked', 'names that every object has are no roles');
});

test('one more role never hides anything', () => {
  const level = fc.constantFrom<MaskLevel>(...maskLevels);
  const roles = ['a', 'b', 'c'];
  fc.assert(fc.property(level, fc.dictionary(fc.constantFrom(...roles), level), fc.subarray(roles, { minLength: 1 }), fc.constantFrom(...roles), (everybody, given, held, another) => {
    const policy: MaskPolicy = { ...standardMaskPolicy, data: { ...standardMaskPolicy.data, phone: { everybody, roles: given } } };
    const before = maskLevels.indexOf(maskLevelsOf(policy, held).phone);
    assert.ok(maskLevels.indexOf(maskLevelsOf(policy, [...held, another]).phone) >= before);
  }));
});

test('what is hidden is nothing, what is raw is all, and nothing stays nothing', () => {
  for (const datum of personalData) {
    assert.equal(showAt('hidden', datum, '13812345678'), null);
    assert.equal(showAt('raw', datum, '13812345678'), '13812345678');
    assert.equal(showAt('raw', datum, null), null);
  }
});
