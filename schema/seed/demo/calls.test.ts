import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOf } from '../../../rules/telephony/call.ts';
import { makeDemoCalls } from './calls.ts';
import { makeDemoCompany } from './index.ts';

const now = new Date('2026-11-20T02:00:00Z');
const company = makeDemoCompany({ now });
const calls = makeDemoCalls(company.tickets, now.getTime());

test('every ticket of the last weeks that came by telephone has the call it was taken down in, around the moment it was', () => {
  const since = now.getTime() - 20 * 86_400_000;
  const reported = company.tickets.filter(({ channel, createdAt }) => channel === 'phone' && Date.parse(createdAt) > since && Date.parse(createdAt) < now.getTime() - 300_000);
  assert.ok(reported.length > 100, `${reported.length} by telephone`);
  for (const ticket of reported) {
    const call = calls.find((one) => one.ticket?.key === ticket.key && one.direction === 'inbound');
    assert.ok(call, ticket.key);
    const told = callOf(call.events);
    const opened = Date.parse(ticket.createdAt);
    assert.equal(told.state, 'ended');
    assert.ok(told.answeredAt! < opened && opened < told.endedAt!, `${ticket.key} was opened while they spoke`);
  }
});

test('some nobody took, some went out, some were written down; none lies in the future', () => {
  const states = calls.map((call) => callOf(call.events));
  assert.ok(states.filter(({ state }) => state === 'missed').length > 5);
  assert.ok(states.filter(({ direction }) => direction === 'inbound').length > 0);
  assert.ok(calls.filter(({ direction }) => direction === 'outbound').length > 5);
  assert.ok(calls.filter(({ segments }) => segments !== null).length > 20);
  for (const { events } of calls) for (const { at } of events) assert.ok(at < now.getTime());
});

test('what was said is told in order, by both sides, and names what it was about', () => {
  for (const { segments, ticket } of calls.filter(({ segments }) => segments !== null)) {
    assert.deepEqual([...new Set(segments!.map(({ speaker }) => speaker))].sort(), ['agent', 'customer']);
    assert.ok(segments!.some(({ text }) => text.includes(ticket!.subject)));
    segments!.slice(1).forEach(({ t0 }, index) => assert.ok(t0 >= segments![index]!.t1));
  }
});
