import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contactsSaid } from './said-contacts.ts';

test('mobile numbers and addresses in a text are found; numbers of other things are not', () => {
  const cases: [string, string[], string[]][] = [
    ['我电话13900000001，谢谢', ['13900000001'], []],
    ['１３９ ００００ ０００１ 或 139-0000-0002', ['13900000001', '13900000002'], []],
    ['+86 13900000001 / 8613900000001', ['13900000001'], []],
    ['订单 202611221390000000112', [], []],
    ['表号 139000000015', [], []],
    ['12345、10086、0571-88888888', [], []],
    ['发我邮箱 Wang.Fang+a@Example.COM。', [], ['wang.fang+a@example.com']],
    ['a@b 和 @someone 和 x@y.z', [], []],
    ['', [], []],
  ];
  for (const [text, phones, emails] of cases) assert.deepEqual(contactsSaid(text), { phones, emails }, text);
  const started = `${'1'.repeat(20_000)}${'a.'.repeat(10_000)}@`;
  assert.deepEqual(contactsSaid(started), { phones: [], emails: [] }, 'long runs take no time');
});
