import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { onFactsCommitted } from '../../server/platform/facts/fact.ts';
import { followTail } from '../../server/reactions/feed/tail.ts';
import { openTestProgram, type Person, type TestProgram } from '../support/program.ts';
import { openEventSource, type EventSource } from './event-source.ts';
import { done, linkOf, newTicket } from './scene.ts';

describe('the live feed of those who work together', { timeout: 60_000 }, () => {
  let program: TestProgram;
  let tail: Awaited<ReturnType<typeof followTail>>;
  let base: string;
  const opened: EventSource[] = [];

  before(async () => {
    program = await openTestProgram();
    program.app.addHook('preClose', async () => program.services.hub.endAll());
    tail = await followTail(program.services);
    onFactsCommitted(() => tail.wake());
    base = `${await program.app.listen({ port: 0, host: '127.0.0.1' })}/api/v1`;
  });
  after(async () => {
    onFactsCommitted(() => {});
    for (const source of opened) source.cut();
    await tail?.stop();
    await program?.close();
  });

  const follow = async (path: string, as?: Person, from?: string): Promise<EventSource> => {
    const source = await openEventSource(`${base}${path}`, { ...(as === undefined ? {} : { authorization: `Bearer ${program.organization.tokens[as]}` }), ...(from === undefined ? {} : { 'last-event-id': from }) });
    opened.push(source);
    if (from === undefined) await source.next((event) => event.event === 'ready');
    return source;
  };
  const say = (id: string, visibility = 'public') => done(program.call('POST', `/tickets/${id}/comments`, { as: 'agent', body: { body: '答复', visibility } }));
  const changes = (source: EventSource) => source.events.filter((event) => event.event === 'changed').length;

  test('a customer’s page follows their ticket to where it was merged, and back', async () => {
    const [source, target] = [await newTicket(program), await newTicket(program)];
    const path = `/progress/${linkOf(source)}/feed`;
    const first = await follow(path);
    await done(program.call('POST', `/tickets/${source.id}/merge`, { as: 'agent', body: { into: target.id } }));
    await first.ended;
    assert.equal(changes(first), 1, 'told, and to come anew');

    const second = await follow(path, undefined, first.place);
    await say(target.id, 'internal');
    await say(target.id);
    await second.next((event) => event.event === 'changed');
    assert.equal(changes(second), 1, 'a note is none of their business');
    await done(program.call('POST', `/tickets/${source.id}/unmerge`, { as: 'agent', body: {} }));
    await second.ended;

    const third = await follow(path, undefined, second.place);
    await say(target.id);
    await say(source.id);
    await third.next((event) => event.event === 'changed');
    assert.equal(changes(third), 1, 'the other one is no longer theirs');
  });

  test('whoever is asked beside a ticket hears of that, and of nothing else of it', async () => {
    const { organization } = program;
    const ticket = await newTicket(program, { team: organization.otherTeamId });
    const [technician, agent] = [await follow('/feed', 'technician'), await follow('/feed', 'agent')];
    const { id } = (await done(program.call('POST', `/tickets/${ticket.id}/side-conversations`, { as: 'agent', body: { subject: '请看', team: organization.teamId, body: '机密内容' } }))).body;
    await say(ticket.id);
    await done(program.call('POST', `/side-conversations/${id}/messages`, { as: 'technician', body: { body: '收到' } }));
    await technician.next((event) => event.data.kind === 'side_conversation.replied');
    await agent.next((event) => event.data.kind === 'side_conversation.replied');
    const facts = technician.events.filter((event) => event.event === 'fact').map((event) => event.data);
    assert.deepEqual(facts.map((fact) => [fact.kind, fact.ticketId, fact.number, fact.subjectId, fact.data]), [
      ['side_conversation.opened', null, ticket.number, id, {}], ['side_conversation.replied', null, ticket.number, id, {}],
    ]);
    assert.deepEqual(agent.events.filter((event) => event.event === 'fact').map((event) => event.data.ticketId), [ticket.id, ticket.id, ticket.id]);
  });
});
