import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openHub } from '../../server/platform/realtime/hub.ts';
import { openPresence, type Beat } from '../../server/platform/realtime/presence.ts';
import { followSignals, payloadsOf } from '../../server/platform/realtime/signals.ts';
import { openTestProgram, type Person, type TestProgram } from '../support/program.ts';
import { openEventSource, type EventSource } from './event-source.ts';
import { act, assertProblem, contentOf, done, newTicket } from './scene.ts';

describe('presence', { timeout: 60_000 }, () => {
  let program: TestProgram;
  let base: string;
  const opened: EventSource[] = [];
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    base = `${await program.app.listen({ port: 0, host: '127.0.0.1' })}/api/v1`;
  });
  after(async () => {
    for (const source of opened) source.cut();
    program.services.hub.presence.stop();
    await program.close();
  });
  const follow = async (person: Person) => {
    const source = await openEventSource(`${base}/feed`, { authorization: `Bearer ${program.organization.tokens[person]}` });
    opened.push(source);
    await source.next((event) => event.event === 'ready');
    return source;
  };
  const beat = (ticket: { id: string }, as: Person, state: string, tab?: string) => program.call('POST', `/tickets/${ticket.id}/presence`, { as, body: { state, ...(tab ? { tab } : {}) } });

  test('those on a ticket see one another, nobody else does, and nothing is written', async () => {
    const { staff } = program.organization;
    const ticket = await newTicket(program);
    const [agent, dispatcher, manager] = [await follow('agent'), await follow('dispatcher'), await follow('manager')];
    const before = await contentOf(program);
    assert.deepEqual((await done(beat(ticket, 'agent', 'viewing'))).body, { ticketId: ticket.id, people: [] });
    assert.deepEqual((await done(beat(ticket, 'dispatcher', 'typing'))).body.people, [{ id: staff.agent, name: 'agent first', state: 'viewing' }]);
    const both = await agent.next((event) => event.event === 'presence' && event.data.people.length === 2);
    assert.deepEqual(both.data.people.map((person: { id: string; state: string }) => [person.id, person.state]).sort(), [[staff.agent, 'viewing'], [staff.dispatcher, 'typing']].sort());
    // The same again changes nothing and is not told; leaving is.
    const told = agent.events.length;
    await done(beat(ticket, 'dispatcher', 'typing'));
    await done(beat(ticket, 'dispatcher', 'left'));
    const alone = await agent.next((event) => event.event === 'presence' && event.data.people.length === 1 && agent.events.indexOf(event) >= told);
    assert.deepEqual([alone.data.people[0].id, agent.events.length], [staff.agent, told + 1]);
    assert.equal(alone.id, '', 'it has no place in the log');
    assert.equal(manager.events.filter((event) => event.event === 'presence').length, 0);
    assert.ok(dispatcher.events.some((event) => event.event === 'presence'));
    assert.deepEqual(await contentOf(program), before);
  });

  test('whoever may not see a ticket is not on it, and is taken off when it leaves their sight', async () => {
    const { staff } = program.organization;
    const ticket = await newTicket(program, { assignee: staff.technician }, 'dispatcher');
    const other = await newTicket(program);
    assertProblem(await beat(other, 'technician', 'viewing'), 'not_found');
    assertProblem(await beat(other, 'agent', 'dancing'), 'invalid_input');
    await done(beat(ticket, 'technician', 'viewing'));
    assert.equal((await done(beat(ticket, 'agent', 'viewing'))).body.people.length, 1);
    await act(program, ticket.id, 'assign', { assignee: staff.agent });
    assertProblem(await beat(ticket, 'technician', 'viewing'), 'not_found');
    assert.equal((await done(beat(ticket, 'agent', 'viewing'))).body.people.length, 0);
  });

  test('nodes tell one another', async () => {
    const ticket = await newTicket(program);
    const hub = openHub();
    const [here, there] = [await followSignals(program.database, program.services.hub, program.services.log, () => {}), await followSignals(program.database, hub, program.services.log, () => {})];
    const arrived = new Promise<unknown>((resolve) => void hub.join({ tenantId: program.organization.tenantId, staffId: program.organization.staff.manager, take: () => {}, end: () => {}, tell: (_event, data) => {
      if ((data as { people: unknown[] }).people.length === 2) resolve(data);
    } }));
    hub.presence.beat({ tenantId: program.organization.tenantId, ticketId: ticket.id, staffId: program.organization.staff.manager, name: 'manager', tab: '', state: 'viewing' });
    await done(beat(ticket, 'agent', 'typing'));
    assert.deepEqual((await arrived as { people: { id: string; state: string }[] }).people.map((person) => person.state).sort(), ['typing', 'viewing']);
    await here.stop();
    await there.stop();
    hub.presence.stop();
  });
});

const one = (more: Partial<Beat> = {}): Beat => ({ tenantId: 't', ticketId: 'k', staffId: 'a', name: 'A', tab: '', state: 'viewing', ...more });

test('several windows are one person, who types when one of them does and stays until all have left', () => {
  const told: string[] = [];
  const board = openPresence((_tenant, ids, data) => told.push(`${[...ids].join()} ${data.people.map((person) => person.state).join()}`));
  board.beat(one({ tab: '1' }));
  board.beat(one({ tab: '2', state: 'typing' }));
  board.beat(one({ tab: '1', state: 'left' }));
  board.beat(one({ tab: '2', state: 'viewing' }));
  board.beat(one({ tab: '2', state: 'left' }));
  assert.deepEqual(told, ['a viewing', 'a typing', 'a viewing', ' ']);
  assert.deepEqual(board.beat(one({ staffId: 'b', tenantId: 'other' })), []);
  board.stop();
});

test('whoever is silent has left', async () => {
  let gone = () => {};
  const left = new Promise<void>((resolve) => (gone = resolve));
  const board = openPresence((_tenant, ids, { people }) => {
    if (people.length === 1 && ids.has('b')) gone();
  }, 20);
  board.beat(one());
  const keep = setInterval(() => board.beat(one({ staffId: 'b' })), 5);
  await left;
  clearInterval(keep);
  board.stop();
});

test('what is told to other nodes fits into notifications', () => {
  const items = Array.from({ length: 500 }, (_, index) => ({ index, text: '在'.repeat(20) }));
  const payloads = payloadsOf(items, (some) => ({ some }));
  assert.ok(payloads.every((payload) => Buffer.byteLength(payload) < 8_000) && payloads.length > 1);
  assert.deepEqual(payloads.flatMap((payload) => (JSON.parse(payload) as { some: { index: number }[] }).some.map((item) => item.index)), items.map((item) => item.index));
  assert.deepEqual(payloadsOf([], (some) => ({ some })), []);
});
