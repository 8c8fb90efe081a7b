import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { factKinds } from '../../contract/facts.ts';
import { onFactsCommitted } from '../../server/platform/facts/fact.ts';
import { followTail } from '../../server/reactions/feed/tail.ts';
import { openTestProgram, type Person, type TestOrganization, type TestProgram } from '../support/program.ts';
import { openEventSource, type EventSource, type SentEvent } from './event-source.ts';
import { act, assertProblem, done, keepFirstPassword, linkOf, newSession, newTicket, step } from './scene.ts';

describe('the live feed', { timeout: 60_000 }, () => {
  let program: TestProgram;
  let second: TestOrganization;
  let tail: Awaited<ReturnType<typeof followTail>>;
  let base: string;
  const opened: EventSource[] = [];

  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    program.app.addHook('preClose', async () => program.services.hub.endAll());
    second = await program.foundAnother('second');
    tail = await followTail(program.services);
    onFactsCommitted(() => tail.wake());
    base = `${await program.app.listen({ port: 0, host: '127.0.0.1' })}/api/v1`;
  });
  after(async () => {
    onFactsCommitted(() => {});
    for (const source of opened) source.cut();
    await tail?.stop();
    await program.close();
  });

  async function follow(as: Person | { token: string }, { from, of = program.organization, path = '/feed' }: { from?: string; of?: TestOrganization; path?: string } = {}): Promise<EventSource> {
    const token = typeof as === 'string' ? of.tokens[as] : as.token;
    const source = await openEventSource(`${base}${path}`, { authorization: `Bearer ${token}`, ...(from === undefined ? {} : { 'last-event-id': from }) });
    opened.push(source);
    assert.equal(source.status, 200);
    if (from === undefined) await source.next((event) => event.event === 'ready');
    return source;
  }
  const nobodyLeft = async () => {
    while (program.services.hub.receivers > 0) await new Promise((resolve) => setImmediate(resolve));
  };
  const cutAll = async () => {
    for (const source of opened.splice(0)) source.cut();
    await nobodyLeft();
  };
  const about = (id: string, kind?: string) => (event: SentEvent) => event.data.ticketId === id && (kind === undefined || event.data.kind === kind);
  const uuidOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  /** What came of tickets, in short. */
  const heard = (source: EventSource) => source.events.filter((event) => event.data.ticketId).map((event) => `${event.event} ${event.data.kind ?? ''} ${event.data.number ?? ''}`.trim());

  test('is a stream of events that no proxy holds back, for a page’s cookie as for a token', async () => {
    const source = await openEventSource(`${base}/feed`, { cookie: `bihuan_session=${program.organization.tokens.agent}` });
    opened.push(source);
    const ready = await source.next((event) => event.event === 'ready');
    assert.match(ready.id, /^\d+-\d+$/);
    assert.equal(source.headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.deepEqual([source.headers['cache-control'], source.headers['x-accel-buffering'], source.headers['x-content-type-options']], ['no-store', 'no', 'nosniff']);
    assert.deepEqual(source.other, ['retry: 2000']);
    const ticket = await newTicket(program, { subject: '有人被困电梯', priority: 'urgent' });
    const event = await source.next(about(ticket.id));
    const { id, at, ...rest } = event.data;
    assert.match(id, /^\d+$/);
    assert.equal(at, ticket.createdAt);
    assert.deepEqual(rest, {
      kind: 'ticket.created', ticketId: ticket.id, number: ticket.number, subjectId: null, actor: { kind: 'staff', id: program.organization.staff.agent, name: 'agent first' },
      data: { subject: '有人被困电梯', channel: 'console', priority: 'urgent', categoryId: null, typeId: program.organization.typeId },
    });
    await cutAll();
  });

  test('tells each person of the tickets they may see, and of no others', async () => {
    const { organization } = program;
    const [agent, manager, technician, stranger, foreigner] = [await follow('agent'), await follow('manager'), await follow('technician'), await follow('stranger'), await follow('administrator', { of: second })];
    const [mine, theirs, ours] = [await newTicket(program, { subject: '给工程师', assignee: organization.staff.technician }, 'dispatcher'), await newTicket(program, { subject: '无主' }), await newTicket(program, { subject: '工程部的', category: organization.categoryId })];
    await step(program, (await act(program, mine.id, 'assign', { assignee: organization.staff.technician })).visits.at(-1).id, 'accept');
    await done(program.call('POST', `/tickets/${theirs.id}/comments`, { as: 'agent', body: { body: '内部', visibility: 'internal' } }));
    const foreign = await newTicket(program, { subject: '别家的' }, 'administrator', second);
    const last = await act(program, mine.id, 'resolve', { resolution: '好了' });
    // The visit that was under way is called off with it.
    for (const source of [agent, manager, technician]) await source.next((event) => about(last.id, 'visit.cancelled')(event) && source.events.some(about(last.id, 'ticket.resolved')));
    await foreigner.next(about(foreign.id));

    const all = (number: string, ...kinds: string[]) => kinds.map((kind) => `fact ${kind} ${number}`);
    const ofMine = all(mine.number, 'ticket.created', 'ticket.assigned', 'visit.scheduled');
    const laterOfMine = all(mine.number, 'ticket.assigned', 'visit.cancelled', 'visit.scheduled', 'visit.accepted', 'ticket.accepted');
    assert.deepEqual(heard(agent).filter((line) => line.endsWith(mine.number)), [...ofMine, ...laterOfMine, ...all(mine.number, 'ticket.resolved', 'visit.cancelled')]);
    assert.deepEqual(heard(technician), [...ofMine, ...laterOfMine, ...all(mine.number, 'ticket.resolved', 'visit.cancelled')], 'the technician hears of this one only');
    assert.ok(heard(agent).includes(`fact comment.added ${theirs.number}`));
    assert.ok(heard(manager).includes(`fact ticket.created ${ours.number}`) && !heard(manager).some((line) => line.endsWith(theirs.number)), heard(manager).join(', '));
    assert.deepEqual(heard(foreigner), [`fact ticket.created ${foreign.number}`]);
    // What a stranger would have heard would have come before this.
    assert.equal((await program.call('DELETE', '/session', { as: 'stranger' })).status, 204);
    await stranger.ended;
    assert.deepEqual(stranger.events.map((event) => event.event), ['ready', 'ready'], 'places to resume from, and nothing else');
    await cutAll();
  });

  test('tells of the organization those who may see it, without what is none of their business', async () => {
    const { token } = await newSession(program, (await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '无权', job: 'agent' } }))).body.id);
    const [agent, technician, nobody] = [await follow('agent'), await follow('technician'), await follow({ token })];
    const { id } = (await done(program.call('POST', '/customers', { as: 'administrator', body: { name: '王芳', phone: '13800138000' } }))).body;
    await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: '不必知道' } }));
    const { id: asset } = (await done(program.call('POST', '/assets', { as: 'administrator', body: { code: 'F-1', name: '风机' } }))).body;
    for (const source of [agent, technician]) await source.next((event) => event.data.subjectId === asset);
    const toldTo = (source: EventSource) => source.events.filter((event) => event.event === 'fact').map((event) => [event.data.kind, event.data.subjectId, event.data.data]);
    assert.deepEqual(toldTo(agent), [['customer.created', id, {}], ['asset.created', asset, {}]]);
    assert.deepEqual(toldTo(technician), [['asset.created', asset, {}]], 'who may not read customers hears of none');
    assert.deepEqual(nobody.events.map((event) => event.event), ['ready']);
    await cutAll();
  });

  test('tells of every kind of fact without a ticket only those who may read what it is about, also of what is long past', async () => {
    const source = await follow('administrator');
    const start = source.events.at(-1)!.id;
    await cutAll();
    // These let the receiver come anew.
    const ending: readonly string[] = ['role.changed', 'team.changed', 'department.changed'];
    const kinds = Object.keys(factKinds).filter((kind) => !ending.includes(kind));
    await program.database.transact(program.organization.tenantId, async (transaction) => {
      for (const [subject, kind] of [...kinds.entries(), [kinds.length, 'asset.changed'] as const]) {
        await transaction.run(sql`INSERT INTO fact (tenant_id, kind, subject_id, actor_kind, actor_name, data, occurred_at, recorded_at)
          VALUES (${program.organization.tenantId}, ${kind}, ${uuidOf(subject)}, 'customer', '王芳', '{"name":"王芳"}', now(), now())`);
      }
    });
    const mattersToldTo = async (person: Person) => {
      const told = await follow(person, { from: start });
      await told.next((event) => event.data.subjectId === uuidOf(kinds.length));
      assert.ok(!JSON.stringify(told.events).includes('王芳'), 'nobody’s name travels with what is no ticket');
      return [...new Set(told.events.map((event) => (event.data.kind as string).split('.')[0]!))].sort();
    };
    const forAnyColleague = ['asset', 'category', 'department', 'role', 'shifts', 'skill', 'staff', 'team', 'territory', 'ticket_type'];
    assert.deepEqual(await mattersToldTo('technician'), forAnyColleague);
    assert.deepEqual(await mattersToldTo('administrator'), [...forAnyColleague, 'account', 'connector', 'contact_point', 'customer', 'customer_note', 'intake_setting', 'llm_setting', 'site', 'speech_setting', 'technician_preference', 'travel_setting'].sort());
    await cutAll();
  });

  test('says when a ticket leaves sight, live and after a break', async () => {
    const { organization } = program;
    const manager = await follow('manager');
    const [one, two] = [await newTicket(program, { category: organization.categoryId }), await newTicket(program, { category: organization.categoryId })];
    await manager.next(about(one.id));
    await act(program, one.id, 'transfer', { team: organization.otherTeamId, reason: '不归工程部' });
    const hidden = await manager.next((event) => event.event === 'hidden');
    assert.deepEqual(hidden.data, { ticketId: one.id });
    assertProblem(await program.call('GET', `/tickets/${one.id}`, { as: 'manager' }), 'not_found');
    await done(program.call('POST', `/tickets/${one.id}/comments`, { as: 'agent', body: { body: '看不见的', visibility: 'internal' } }));
    await manager.next(about(two.id));
    manager.cut();
    await act(program, two.id, 'transfer', { team: organization.otherTeamId });
    await done(program.call('POST', `/tickets/${two.id}/comments`, { as: 'agent', body: { body: '看不见的', visibility: 'internal' } }));
    await act(program, one.id, 'transfer', { team: organization.teamId });
    const resumed = await follow('manager', { from: manager.events.at(-1)!.id });
    await resumed.next(about(one.id, 'ticket.transferred'));
    const shown = resumed.events.filter((event) => event.data.ticketId !== undefined);
    assert.deepEqual(shown.filter((event) => event.data.ticketId === two.id).map((event) => event.event), ['hidden']);
    assert.ok(!manager.events.some((event) => JSON.stringify(event).includes('看不见的')) && !shown.some((event) => event.data.ticketId === two.id && JSON.stringify(event).includes('看不见的')));
    await cutAll();

    const technician = await follow('technician');
    const lent = await newTicket(program, { assignee: organization.staff.technician }, 'dispatcher');
    await technician.next(about(lent.id, 'visit.scheduled'));
    await act(program, lent.id, 'assign', { assignee: organization.staff.agent });
    assert.deepEqual((await technician.next((event) => event.event === 'hidden')).data, { ticketId: lent.id }, 'taken from them, it is no longer theirs');
    assertProblem(await program.call('GET', `/tickets/${lent.id}`, { as: 'technician' }), 'not_found');
    await cutAll();
  });

  test('goes on after every break without a gap and without telling twice, while five write at once', async () => {
    let seed = 7;
    const chance = (most: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return 1 + (seed >>> 8) % most;
    };
    const listener = await follow('agent');
    const start = listener.events.at(-1)!.id;
    await cutAll();
    const written: string[] = [];
    let writing = 5;
    const writers = Array.from({ length: 5 }, async () => {
      for (let count = 0; count < 24; count += 1) {
        const { id } = await newTicket(program);
        written.push(id);
        if (count % 3 === 0) await act(program, id, 'cancel', { reason: '演习' });
      }
      writing -= 1;
    });
    const told: string[] = [];
    const order: { id: string; position: number }[] = [];
    let from = start;
    let breaks = 0;
    const expected = () => written.length + Math.ceil(24 / 3) * 5;
    while (writing > 0 || told.length < expected()) {
      const source = await follow('agent', { from });
      const wanted = chance(15);
      // Cut in the middle of whatever is on its way.
      while (source.events.length < wanted && (writing > 0 || told.length + source.events.length < expected())) await new Promise((resolve) => setImmediate(resolve));
      source.cut();
      breaks += 1;
      for (const event of source.events) {
        assert.equal(event.event, 'fact');
        told.push(`${event.data.kind} ${event.data.ticketId}`);
        const [transaction, position] = event.id.split('-').map(Number) as [number, number];
        order.push({ id: String(transaction).padStart(20, '0'), position });
      }
      from = source.events.at(-1)?.id ?? from;
    }
    await Promise.all(writers);
    await nobodyLeft();
    assert.ok(breaks > 10, `${breaks} breaks`);
    assert.equal(new Set(told).size, told.length, 'nothing twice');
    assert.deepEqual(told.filter((line) => line.startsWith('ticket.created')).sort(), written.map((id) => `ticket.created ${id}`).sort(), 'nothing left out');
    assert.equal(told.length, expected());
    assert.deepEqual(order, order.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.position - b.position)), 'in the order of the log');
  });

  test('starts anew, and says so, from a place that is too long ago, not yet there, or no place', async () => {
    const before = await follow('agent');
    const start = before.events.at(-1)!.id;
    await cutAll();
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`
      INSERT INTO fact (tenant_id, kind, actor_kind, data, occurred_at, recorded_at)
      SELECT ${program.organization.tenantId}::uuid, 'organization.changed', 'system', '{}', now(), now() FROM generate_series(1, 20600)`));
    for (const from of [start, '9223372036854775807-1', `${start}0000`, 'nonsense', '-1', "1-1' OR 1=1"]) {
      const source = await follow('agent', { from });
      const reset = await source.next(() => true);
      assert.equal(reset.event, 'reset', from);
      assert.match(reset.id, /^\d+-\d+$/);
      const ticket = await newTicket(program);
      await source.next(about(ticket.id));
      assert.deepEqual(heard(source), [`fact ticket.created ${ticket.number}`]);
      await cutAll();
    }
    const byQuery = await openEventSource(`${base}/feed?lastEventId=nonsense`, { authorization: `Bearer ${program.organization.tokens.agent}` });
    opened.push(byQuery);
    assert.equal((await byQuery.next(() => true)).event, 'reset');
    await cutAll();
  });

  test('ends at once when its credentials do, or when they come to mean something else', async () => {
    const { organization } = program;
    const staff = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '来去', job: 'agent', roleIds: [(await done(program.call('GET', '/roles', { as: 'administrator' }))).body.items.find((role: { key: string }) => role.key === 'administrator').id] } }))).body;
    const bystander = await follow('dispatcher');
    const ways: Record<string, (session: { id: string; token: string }, key: { id: string; key: string }) => Promise<{ as: { token: string }; end: () => Promise<unknown> }>> = {
      'signing out': async ({ token }) => ({ as: { token }, end: () => done(program.call('DELETE', '/session', { as: { token } })) }),
      'a session revoked from another device': async ({ id, token }) => ({ as: { token }, end: async () => done(program.call('DELETE', `/sessions/${id}`, { as: await newSession(program, staff.id) })) }),
      'an API key revoked': async (_session, { id, key }) => ({ as: { token: key }, end: () => done(program.call('DELETE', `/api-keys/${id}`, { as: 'administrator' })) }),
      'a person changed': async ({ token }) => ({ as: { token }, end: async () => done(program.call('PATCH', `/staff/${staff.id}`, { as: 'administrator', headers: { 'if-match': String((await program.call('GET', `/staff/${staff.id}`, { as: 'administrator' })).headers['etag']) }, body: { name: '改了名' } })) }),
      'a new team they are in': async ({ token }) => ({ as: { token }, end: () => done(program.call('POST', '/teams', { as: 'administrator', body: { name: '新班组', departmentId: organization.departmentId, memberIds: [staff.id] } })) }),
      'a session that runs out': async () => ({ as: await newSession(program, staff.id, { expiresAt: new Date(Date.now() + 400) }), end: async () => {} }),
    };
    for (const [way, prepare] of Object.entries(ways)) {
      const session = await newSession(program, staff.id);
      const key = (await done(program.call('POST', '/api-keys', { as: session, body: { name: 'x' } }))).body;
      const { as, end } = await prepare(session, key);
      const source = await follow(as);
      await end();
      await source.ended;
      assert.ok(source.events.length >= 1, way);
    }
    const ticket = await newTicket(program);
    await bystander.next(about(ticket.id));
    await cutAll();
    assertProblem(await program.inject({ method: 'GET', url: '/api/v1/feed' }), 'not_signed_in');
  });

  test('goes on behind what ended it, also for those who are not told what that was', async () => {
    const role = (await done(program.call('POST', '/roles', { as: 'administrator', body: { name: '只看工单', grants: [{ permission: 'ticket.read', scope: 'organization' }] } }))).body.id as string;
    const reader = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '读者', job: 'agent', email: 'reader@first.example', password: 'correct horse battery', roleIds: [role] } }))).body.id as string;
    await keepFirstPassword(program, reader);
    const session = await newSession(program, reader);
    let source = await follow(session);
    const ended = [
      () => program.call('POST', '/session/password', { as: session, body: { currentPassword: 'correct horse battery', newPassword: 'another horse battery' } }),
      () => program.call('POST', '/teams', { as: 'administrator', body: { name: '读者班组', departmentId: program.organization.departmentId, memberIds: [reader] } }),
      () => program.call('PATCH', `/staff/${reader}`, { as: 'administrator', headers: { 'if-match': '"1"' }, body: { name: '老读者' } }),
    ];
    for (const end of ended) {
      await done(end());
      const meanwhile = await newTicket(program);
      await source.ended;
      source = await follow(session, { from: source.events.at(-1)!.id });
      const later = await newTicket(program);
      await source.next(about(later.id));
      assert.deepEqual(heard(source), [meanwhile, later].map((ticket) => `fact ticket.created ${ticket.number}`));
    }
    await cutAll();
  });

  test('reaches a new department below one’s own without being asked again', async () => {
    const manager = await follow('manager');
    const department = (await done(program.call('POST', '/departments', { as: 'administrator', body: { name: '新分部', parentId: program.organization.departmentId } }))).body.id as string;
    await manager.ended;
    const again = await follow('manager', { from: manager.events.at(-1)!.id });
    const team = (await done(program.call('POST', '/teams', { as: 'administrator', body: { name: '分部班组', departmentId: department } }))).body.id as string;
    const ticket = await newTicket(program, { team });
    assert.equal((await again.next(about(ticket.id))).event, 'fact');
    await cutAll();
  });

  test('tells the holder of a link that their ticket changed, and of no other ticket', async () => {
    const [mine, other] = [await newTicket(program), await newTicket(program)];
    const source = await openEventSource(`${base}/progress/${linkOf(mine)}/feed`);
    opened.push(source);
    await source.next((event) => event.event === 'ready');
    await done(program.call('POST', `/tickets/${other.id}/comments`, { as: 'agent', body: { body: '别人的', visibility: 'public' } }));
    await done(program.call('POST', `/tickets/${mine.id}/comments`, { as: 'agent', body: { body: '内部的话', visibility: 'internal' } }));
    await done(program.call('POST', `/tickets/${mine.id}/comments`, { as: 'agent', body: { body: '马上到', visibility: 'public' } }));
    await act(program, mine.id, 'resolve', { resolution: '好了' });
    const { id: before } = await source.next((event) => event.event === 'changed');
    await source.next((event) => event.event === 'changed' && event.id !== before);
    assert.deepEqual(source.events.map((event) => [event.event, event.data]), [['ready', {}], ['changed', {}], ['changed', {}]], 'that it changed, not how; and nothing of what is internal');
    source.cut();
    await done(program.call('POST', `/progress/${linkOf(mine)}/confirm`, { body: {} }));
    const resumed = await openEventSource(`${base}/progress/${linkOf(mine)}/feed`, { 'last-event-id': source.events.at(-1)!.id });
    opened.push(resumed);
    assert.equal((await resumed.next(() => true)).event, 'changed');
    await cutAll();
    assertProblem(await program.inject({ method: 'GET', url: `/api/v1/progress/${linkOf(mine).slice(0, -4)}AAAA/feed`, headers: { 'accept-language': 'en' } }), 'link_invalid');
  });

  test('leaves no receiver behind, and no request hanging that asked for its head only', async () => {
    await Promise.all(Array.from({ length: 20 }, () => follow('agent')));
    assert.equal(program.services.hub.receivers, 20);
    await cutAll();
    const head = await program.inject({ method: 'HEAD', url: '/api/v1/feed', headers: { authorization: `Bearer ${program.organization.tokens.agent}` } });
    assert.deepEqual([head.status, head.headers['allow']], [405, 'GET']);
    assert.equal(program.services.hub.receivers, 0);
  });

  test('ends with the program', async () => {
    const source = await follow('agent');
    program.services.hub.endAll();
    await source.ended;
    await nobodyLeft();
  });
});
