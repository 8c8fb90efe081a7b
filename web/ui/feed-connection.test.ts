import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventStreamParser, type FeedEvent } from './feed-connection.ts';

function parse(...pieces: string[]): { events: FeedEvent[]; delays: number[]; places: string[] } {
  const events: FeedEvent[] = [];
  const delays: number[] = [];
  const places: string[] = [];
  const take = eventStreamParser((event) => events.push(event), (delay) => delays.push(delay), (id) => places.push(id));
  for (const piece of pieces) take(piece);
  return { events, delays, places };
}

const stream = 'retry: 500\r\n: heartbeat\r\n\r\nid: 7\r\nevent: ticket.created\r\ndata: {"number":\r\ndata: 1}\r\n\r\ndata: plain\r\n\r\nid: 9\r\n\r\n: heartbeat\r\n\r\n';
const expected = {
  events: [
    { id: '7', type: 'ticket.created', data: { number: 1 } },
    { id: '7', type: 'message', data: 'plain' },
  ],
  delays: [500],
  places: ['9'],
};

test('a stream is read alike wherever it is cut', () => {
  assert.deepEqual(parse(stream), expected);
  for (let cut = 1; cut < stream.length; cut += 1) assert.deepEqual(parse(stream.slice(0, cut), stream.slice(cut)), expected);
  assert.deepEqual(parse(...stream), expected);
});

test('line ends of all three kinds are understood', () => {
  assert.deepEqual(parse(stream.replaceAll('\r\n', '\n')), expected);
  assert.deepEqual(parse(`${stream.replaceAll('\r\n', '\r')}:`), expected);
});

test('an event without data is none, and an unfinished one waits', () => {
  assert.deepEqual(parse('event: ticket.created\n\n', 'data: 1\n').events, []);
});

test('an id without data is a place to resume from, told once, and stays with what follows', () => {
  assert.deepEqual(parse('id: 3\n\n\n: beat\n\nid: 3\n\nid: 4\n\ndata: 1\n\n'), { events: [{ id: '4', type: 'message', data: 1 }], delays: [], places: ['3', '4'] });
  assert.deepEqual(parse('id: 3\ndata: 1\n\n', 'id: 3\n\n', 'id: 5\n', '\n').places, ['5']);
  assert.deepEqual(parse('id: 3\n').places, [], 'unfinished it waits');
});

test('the kind inside the data counts where the event has no name', () => {
  assert.equal(parse('data: {"type":"visit.checked_in"}\n\n').events[0]?.type, 'visit.checked_in');
});
