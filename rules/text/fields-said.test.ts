import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Form } from '../forms/form.ts';
import { extract } from './extract.ts';
import { answersSaid } from './fields-said.ts';

const field = (key: string, zh: string, en: string, kind: 'text' | 'date' | 'money' = 'text') => ({ key, kind, label: { zh, en } });
const form = {
  fields: [
    field('orderNo', '订单号', 'Order number'), field('courier', '快递公司', 'Courier'), field('trackingNo', '快递单号', 'Tracking number'), field('parcel', '物流', 'Parcel'),
    field('boughtOn', '购买日期', 'Bought on', 'date'), field('visitOn', '预约日期', 'Appointment', 'date'), { ...field('paid', '金额', 'Amount', 'money'), currencies: ['CNY'] }, field('second', '备用电话', 'Other phone'), field('first', '联系电话', 'Phone'),
  ],
} as unknown as Form;
const said = (text: string): Record<string, unknown> =>
  Object.fromEntries(answersSaid(form, text, extract(text, { today: '2026-11-22' }), 'Asia/Shanghai').map(({ key, value }) => [key, value]));

test('what was named goes into the field that is called so, and into no other', () => {
  for (const [text, wanted] of [
    ['订单号 DD2026110301，请查物流', { orderNo: 'DD2026110301' }],
    ['快递单号 SF1234567890123', { trackingNo: 'SF1234567890123' }],
    ['订单号 DD2026110301，快递单号是 SF1234567890123', { orderNo: 'DD2026110301', trackingNo: 'SF1234567890123' }],
    ['运单 2026110399887，还没到', { trackingNo: '2026110399887' }],
    ['净水器坏了，请明天上午上门', { visitOn: '2026-11-23' }],
    ['水管漏水', {}],
  ] as const) assert.deepEqual(said(text), wanted, text);
});

test('of several that may be meant none is taken, and nothing is said twice', () => {
  assert.equal(said('付了 299 元，赔我 50 元')['paid'], undefined);
  assert.notEqual(said('付了 299 元')['paid'], undefined);
  assert.equal(said('订单号 DD2026110301 和订单号 DD2026110302')['orderNo'], undefined);
  const { first, second } = said('电话 13900010011');
  assert.deepEqual([first, second].filter((one) => one !== undefined).length, 1);
});

test('a span of time fills the fields of its beginning and of its end', () => {
  const wish = { fields: [{ key: 'from', kind: 'date_time', label: { zh: '期望上门时间', en: 'Preferred visit' } }, { key: 'to', kind: 'date_time', label: { zh: '期望上门结束', en: 'Preferred visit, end' } }] } as unknown as Form;
  const filled = (text: string) => Object.fromEntries(answersSaid(wish, text, extract(text, { today: '2026-11-22' }), 'Asia/Shanghai').map(({ key, value }) => [key, value]));
  assert.deepEqual(filled('明天下午3点到5点上门'), { from: '2026-11-23T07:00:00.000Z', to: '2026-11-23T09:00:00.000Z' });
  assert.deepEqual(Object.keys(filled('明天下午3点上门')), ['from']);
});
