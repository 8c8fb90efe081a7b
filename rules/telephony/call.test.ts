import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOf, mostEvents, withEvent, type CallEvent } from './call.ts';
import { isOutside, numberOf } from './numbers.ts';

const at = (seconds: number) => 1_800_000_000_000 + seconds * 1_000;
const talked: CallEvent[] = [
  { type: 'call.ringing', seq: 1, at: at(0), direction: 'inbound', caller: '13800001111', callee: '057188880000', agent: '1001' },
  { type: 'call.answered', seq: 2, at: at(4), agent: '1001' },
  { type: 'call.transferred', seq: 3, at: at(60), agent: '1002' },
  { type: 'call.ended', seq: 4, at: at(184) },
  { type: 'recording.ready', seq: 5, at: at(190) },
  { type: 'asr.ready', seq: 6, at: at(230), segments: [{ t0: 0, t1: 2.5, speaker: 'agent', text: '您好', confidence: 0.98 }] },
];

function* orders<Item>(items: readonly Item[]): Generator<Item[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) for (const rest of orders(items.toSpliced(index, 1))) yield [item, ...rest];
}

test('a call is the same in whatever order its events come, and however often', () => {
  const expected = callOf(talked);
  assert.deepEqual(
    [expected.state, expected.agent, expected.caller, (expected.endedAt! - expected.answeredAt!) / 1_000, expected.segments?.length],
    ['ended', '1002', '13800001111', 180, 1],
  );
  let count = 0;
  for (const order of orders(talked)) {
    const known = [...order, order[0]!, order[3]!].reduce<readonly CallEvent[]>(withEvent, []);
    assert.equal(known.length, 6);
    assert.deepEqual(callOf(known), expected);
    count += 1;
  }
  assert.equal(count, 720);
});

test('how a call stands, by what was told of it', () => {
  for (const [types, direction, state] of [
    [['call.ringing'], 'inbound', 'ringing'], [['call.answered'], 'inbound', 'answered'], [['call.ringing', 'call.ended'], 'inbound', 'missed'], [['call.missed'], 'inbound', 'missed'],
    [['call.ringing', 'call.ended'], 'outbound', 'ended'], [['call.ringing', 'call.answered', 'call.ended'], 'inbound', 'ended'], [['call.transferred', 'call.ended'], 'inbound', 'missed'], [['call.ringing', 'call.transferred'], 'inbound', 'ringing'],
    [['recording.ready'], 'inbound', 'ringing'], [['call.answered', 'call.missed'], 'inbound', 'ended'],
  ] as const) {
    assert.equal(callOf(types.map((type, index) => ({ type, seq: index, at: at(index), direction }))).state, state, types.join(' '));
  }
});

test('an event that says nothing new changes nothing, and a call has an end to what is kept of it', () => {
  const known = withEvent([], talked[0]!);
  assert.equal(withEvent(known, { ...talked[0]!, type: 'call.ended' }), known);
  // Two telephones ring at the same moment.
  const [first, second] = ['a', 'b'].map((leg): CallEvent => ({ type: 'call.ringing', seq: 1, at: at(0), leg, agent: leg }));
  assert.deepEqual(withEvent([second!], first!), [first, second]);
  assert.deepEqual(withEvent(withEvent([first!], second!), first!), [first, second]);
  const many = Array.from({ length: mostEvents + 5 }, (_, seq) => ({ type: 'call.transferred' as const, seq, at: at(seq) })).reduce<readonly CallEvent[]>(withEvent, []);
  assert.equal(many.length, mostEvents);
  assert.equal(callOf(withEvent(many, { type: 'call.ended', seq: mostEvents + 9, at: at(999) })).endedAt, at(999), 'its end is always heard');
});

test('numbers as exchanges write them', () => {
  for (const [said, number, outside] of [
    ['13800001111', '13800001111', true], ['013800001111', '13800001111', true], ['+86 138 0000 1111', '13800001111', true], ['0571-8888 0000', '057188880000', true], ['1001', '1001', false],
    ['sip:1001@pbx.example', '1001', false], ['tel:+4930123456;x=1', '+4930123456', true], [13_800_001_111, '13800001111', true], ['anonymous', null, false], ['', null, false], [null, null, false], ['9'.repeat(30), null, false],
  ] as const) {
    assert.equal(numberOf(said), number, String(said));
    assert.equal(isOutside(numberOf(said)), outside, String(said));
  }
});
