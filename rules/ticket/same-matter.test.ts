import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crowdAround } from './crowd.ts';
import { compareMatters, prepareMatter, sameCause, type Matter } from './same-matter.ts';

const base: Matter = { person: null, phone: null, assetId: null, categoryId: null, address: null, lat: null, lng: null, subject: '', description: '', at: 0 };
const of = (part: Partial<Matter>) => prepareMatter({ ...base, ...part });
const hour = 3_600_000;

test('the same person on the same matter is offered within the window, and nothing else is', () => {
  const cases: [string, Partial<Matter>, Partial<Matter>, boolean][] = [
    ['same customer, like words', { person: 'a', subject: '厨房水管漏水' }, { person: 'a', subject: '水管漏水了' }, true],
    ['same number written otherwise', { phone: '+86 139 0000 0001', subject: '水管漏水' }, { phone: '13900000001', subject: '水管漏水' }, true],
    ['same customer, same asset', { person: 'a', assetId: 'x', subject: '异响' }, { person: 'a', assetId: 'x', subject: '再问一下' }, true],
    ['same customer, category and place', { person: 'a', categoryId: 'c', address: '梧桐苑7幢301', subject: '漏' }, { person: 'a', categoryId: 'c', address: '梧桐苑 7幢301', subject: '滴' }, true],
    ['same customer, another matter', { person: 'a', subject: '厨房水管漏水' }, { person: 'a', subject: '门禁卡丢了' }, false],
    ['others, like words', { person: 'a', subject: '厨房水管漏水' }, { person: 'b', subject: '厨房水管漏水' }, false],
    ['too long ago', { person: 'a', subject: '厨房水管漏水' }, { person: 'a', subject: '厨房水管漏水', at: 73 * hour }, false],
    ['same number, same category, nowhere said', { phone: '13912345678', categoryId: 'burst', subject: '家里淹了' }, { phone: '13912345678', categoryId: 'burst', subject: '水管爆了', at: hour / 12 }, true],
    ['same number and category, another day', { phone: '13912345678', categoryId: 'burst', subject: '家里淹了' }, { phone: '13912345678', categoryId: 'burst', subject: '水管爆了', at: 30 * hour }, false],
    ['same number and category, elsewhere', { phone: '13912345678', categoryId: 'burst', subject: '家里淹了', address: '梧桐苑7幢301' }, { phone: '13912345678', categoryId: 'burst', subject: '水管爆了', address: '翠湖花园2幢' }, false],
    ['what was said after a greeting', { person: 'a', subject: '你好', description: '厨房水管漏水' }, { person: 'a', subject: '厨房水管漏水' }, true],
  ];
  for (const [name, one, other, offered] of cases) {
    for (const [a, b] of [[one, other], [other, one]] as const) assert.equal(compareMatters(of(a), of(b), { hours: 72 }).offered, offered, name);
  }
});

test('the same from both sides, never without a reason, and more in common is never less likely', () => {
  const pick = <T>(list: readonly T[], seed: number): T => list[seed % list.length]!;
  for (let seed = 0; seed < 2_000; seed += 1) {
    const some = (turn: number): Partial<Matter> => ({
      person: pick([null, 'a', 'b'], seed * 7 + turn), phone: pick([null, '13900000001', '13900000002'], seed * 5 + turn), assetId: pick([null, 'x'], seed + turn), categoryId: pick([null, 'c', 'd'], seed * 3 + turn),
      address: pick([null, '梧桐苑7幢', '梧桐苑8幢', '东方大厦'], seed * 11 + turn), subject: pick(['停水了', '家里停水', '水管漏水', '门禁坏了'], seed * 13 + turn), at: (turn * seed % 100) * hour,
    });
    const [one, other] = [some(1), some(2)];
    const there = compareMatters(of(one), of(other), { hours: 72 });
    assert.deepEqual(compareMatters(of(other), of(one), { hours: 72 }), there);
    assert.equal(there.score > 0, there.reasons.length > 0);
    assert.ok(!there.offered || there.reasons.includes('same_customer') || there.reasons.includes('same_phone'));
    assert.equal(sameCause(of(one), of(other), { hours: 24 }), sameCause(of(other), of(one), { hours: 24 }));
    const closer = compareMatters(of({ ...one, assetId: 'z' }), of({ ...other, assetId: 'z' }), { hours: 72 });
    assert.ok(closer.score >= there.score - (one.assetId !== null && one.assetId === other.assetId ? 40 : 0));
  }
});

test('one cause is the same asset, or much the same in one house or estate within the time', () => {
  const water = { subject: '停水了', address: '翠湖花园3幢' };
  assert.equal(sameCause(of(water), of({ subject: '家里停水', address: '翠湖花园12幢' }), { hours: 24 }), 'same_place');
  assert.equal(sameCause(of(water), of({ subject: '家里停水', address: '东方大厦8楼' }), { hours: 24 }), null);
  assert.equal(sameCause(of(water), of({ subject: '门禁坏了', address: '翠湖花园12幢' }), { hours: 24 }), null);
  // A bare building is where it is, said with its estate or without.
  assert.equal(sameCause(of({ subject: '停水了', address: '5幢' }), of({ subject: '家里停水', address: '5号楼' }), { hours: 24 }), 'same_place');
  assert.equal(sameCause(of({ subject: '停水了', address: '五栋301' }), of({ subject: '家里停水', address: '翠湖花园5幢' }), { hours: 24 }), 'same_place');
  assert.equal(sameCause(of({ subject: '停水了', address: 'A座' }), of({ subject: '停水', address: 'Block a' }), { hours: 24 }), 'same_place');
  assert.equal(sameCause(of({ subject: '停水了', address: '5幢' }), of({ subject: '家里停水', address: '6幢' }), { hours: 24 }), null);
  assert.equal(sameCause(of({ subject: '停水了', address: '东方大厦5幢' }), of({ subject: '家里停水', address: '翠湖花园5幢' }), { hours: 24 }), null);
  assert.equal(sameCause(of({ subject: '停水了', address: '5幢' }), of({ subject: '门禁坏了', address: '5幢' }), { hours: 24 }), null);
  for (const [one, other, expected] of [
    ['Building 5', 'Building 12, floor 2', null], ['Block A', 'Block A Room 3', 'same_place'], ['Tower B', 'tower b 1203', 'same_place'], ['Building 5, room 301', 'building 5', 'same_place'], ['Building 5', 'Building 6', null], ['Maple Court Building 5', 'Maple Court Building 12', 'same_place'],
    ['家住5幢', '翠湖花园5幢', 'same_place'], ['地址5幢', '5号楼', 'same_place'], ['地址：5幢', '地址：12幢', null], ['我家住在5幢', '我家住在12幢', null], ['一二号楼', '三五栋', null], ['十二栋', '12幢', 'same_place'], ['二十号楼', '20幢', 'same_place'],
  ] as const) {
    for (const [a, b] of [[one, other], [other, one]]) assert.equal(sameCause(of({ subject: '停水了', address: a! }), of({ subject: '家里停水', address: b! }), { hours: 24 }), expected, `${a} ${b}`);
  }
  assert.equal(sameCause(of(water), of({ ...water, at: 25 * hour }), { hours: 24 }), null);
  assert.equal(sameCause(of({ assetId: 'lift', subject: '电梯困人' }), of({ assetId: 'lift', subject: '不动了' }), { hours: 24 }), 'same_asset');
  assert.equal(sameCause(of({ subject: '停水', lat: 30.27, lng: 120.15 }), of({ subject: '停水', lat: 30.273, lng: 120.15 }), { hours: 24 }), 'same_place');
  assert.equal(sameCause(of({ subject: '小区停水通知', categoryId: 'c' }), of({ subject: '小区停水通知', categoryId: 'c' }), { hours: 24 }), 'same_words');
});

test('one cause is the same failure however it is called, and what is asked beside it is none', () => {
  for (const [one, other, expected] of [
    ['停电了怎么回事', '停水怎么回事', null], ['文澜苑停电了', '文澜苑停水', null], ['停水了什么时候来水', '停电了什么时候来电', null], ['我要投诉，电梯坏了', '我要投诉，保安态度差', null],
    ['停电了', '家里没电', 'same_place'], ['家里没电', '5幢没电', 'same_place'], ['停电', '整栋楼没电', 'same_place'], ['整栋楼没电', '5幢没电了怎么回事', 'same_place'], ['no power', 'power cut', 'same_place'], ['no power', 'no water', null],
  ] as const) {
    for (const [a, b] of [[one, other], [other, one]]) assert.equal(sameCause(of({ subject: a!, address: '文澜苑5幢2单元101' }), of({ subject: b!, address: '文澜苑8幢' }), { hours: 24 }), expected, `${a} ${b}`);
  }
});

test('a crowd looks the same from each of its members; a house of no estate belongs to one only where no other fits', () => {
  const seen = (all: readonly Partial<Matter>[]) => all.map((own, at) => crowdAround(of(own), all.filter((_, index) => index !== at).map(of), { hours: 24 }).map(({ of: member, sure }) => `${member.matter.address}${sure ? '' : '?'}`).sort());
  const power = ['停电了', '家里没电', '5幢没电', '整栋楼没电，电梯也停了'].map((subject, at) => ({ subject, address: `文澜苑${at + 5}幢` }));
  assert.deepEqual(seen(power).map((one) => one.length), [3, 3, 3, 3]);
  const water = (address: string) => ({ subject: '停水', address });
  assert.deepEqual(seen([water('滨盛花园8幢'), water('滨盛花园8幢2单元'), water('8幢')]), [['8幢', '滨盛花园8幢2单元'], ['8幢', '滨盛花园8幢'], ['滨盛花园8幢', '滨盛花园8幢2单元']]);
  assert.deepEqual(seen([water('滨盛花园8幢'), water('滨盛花园8幢2单元'), water('运河尚品8幢1单元'), water('8幢')]), [
    ['8幢?', '滨盛花园8幢2单元'], ['8幢?', '滨盛花园8幢'], ['8幢?'], ['滨盛花园8幢2单元?', '滨盛花园8幢?', '运河尚品8幢1单元?'],
  ]);
});
