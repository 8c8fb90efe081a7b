import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { build } from '../../server/platform/db/database.ts';
import { onFactsCommitted } from '../../server/platform/facts/fact.ts';
import { buildServer, type Identify } from '../../server/platform/http/server.ts';
import { followTail } from '../../server/reactions/feed/tail.ts';
import { openIdentify } from '../../server/records/access/identify.ts';
import { routes } from '../../server/routes.ts';
import { openTestProgram, type TestOrganization, type TestProgram } from '../support/program.ts';
import { openEventSource, type EventSource, type SentEvent } from './event-source.ts';
import { act, done, linkOf, newSession, newTicket } from './scene.ts';

describe('the place a feed resumes from', { timeout: 60_000 }, () => {
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

  async function follow(token: string, { from, path = '/feed', at = base }: { from?: string; path?: string; at?: string } = {}): Promise<EventSource> {
    const source = await openEventSource(`${at}${path}`, { authorization: `Bearer ${token}`, ...(from === undefined ? {} : { 'last-event-id': from }) });
    opened.push(source);
    if (source.status === 200 && from === undefined) await source.next((event) => event.event === 'ready');
    return source;
  }
  const cutAll = async () => {
    for (const source of opened.splice(0)) source.cut();
    while (program.services.hub.receivers > 0) await new Promise((resolve) => setImmediate(resolve));
  };
  const about = (id: string) => (event: SentEvent) => event.data.ticketId === id;
  const isAfter = (a: string, b: string) => {
    const [[x, y], [u, v]] = [a, b].map((place) => place.split('-').map(BigInt)) as [[bigint, bigint], [bigint, bigint]];
    return x === u ? y > v : x > u;
  };

  test('what happens between the answer that a page begins with and its feed is told', async () => {
    const { agent } = program.organization.tokens;
    const { body: answer } = await done(program.call('GET', '/session', { as: { token: agent } }));
    // The page asks for its lists, and a ticket comes, before the feed is there.
    const ticket = await newTicket(program);
    const source = await follow(agent, { from: answer.feedPlace });
    const told = await source.next(about(ticket.id));
    assert.equal(told.data.kind, 'ticket.created');
    assert.equal(source.events.filter((event) => event.event === 'reset').length, 0);
    // Whoever signs in begins with that answer.
    const { body: signedIn } = await done(program.call('POST', '/session', { body: { email: 'agent@first.example', password: 'correct horse battery' } }));
    const next = await newTicket(program);
    const other = await follow(signedIn.token, { from: signedIn.feedPlace });
    await other.next(about(next.id));
    assert.deepEqual(other.events.filter((event) => event.data.ticketId === ticket.id), [], 'and not with what was before it');
    assert.equal((await done(program.call('GET', '/session'))).body.feedPlace, null);
    await cutAll();
  });

  test('moves on with the heartbeat, shown or not, for whoever is told nothing', async (context) => {
    mock.timers.enable({ apis: ['setInterval'] });
    context.after(() => mock.timers.reset());
    const { technician, agent } = program.organization.tokens;
    const mine = await newTicket(program, { assignee: program.organization.staff.technician }, 'dispatcher');
    const [quiet, holder, listener, foreigner] = [await follow(technician), await openEventSource(`${base}/progress/${linkOf(mine)}/feed`), await follow(agent), await follow(second.tokens.agent)];
    opened.push(holder);
    await holder.next((event) => event.event === 'ready');
    const started = { quiet: quiet.place, holder: holder.place };
    // Of these the technician and the customer hear nothing.
    for (let count = 0; count < 3; count += 1) await newTicket(program);
    const last = await newTicket(program);
    await listener.next(about(last.id));
    assert.deepEqual([quiet.place, holder.place], [started.quiet, started.holder]);
    mock.timers.tick(15_000);
    await quiet.until(() => quiet.place !== started.quiet);
    await holder.until(() => holder.place !== started.holder);
    assert.ok(isAfter(quiet.place, started.quiet) && isAfter(holder.place, started.holder));
    assert.deepEqual([quiet, holder].map((source) => source.events.map((event) => event.event)), [['ready'], ['ready']], 'nothing is shown of it');
    const { place } = quiet;

    // Another organization is busy: their own log stands still, the place in it moves on all the same.
    const theirs = await newTicket(program, {}, 'agent', second);
    await foreigner.next(about(theirs.id));
    mock.timers.tick(15_000);
    await quiet.until(() => quiet.place !== place);
    assert.ok(isAfter(quiet.place, place));
    const resting = quiet.place;
    const beats = () => quiet.other.filter((block) => block === ':').length;
    const before = beats();
    mock.timers.tick(15_000);
    await quiet.until(() => beats() > before);
    assert.equal(quiet.place, resting, 'where nothing happened there is no new place');
    await cutAll();

    const early = await follow(technician, { from: resting });
    const missed = await newTicket(program, { assignee: program.organization.staff.technician }, 'dispatcher');
    const late = await follow(technician, { from: resting });
    for (const resumed of [early, late]) assert.equal((await resumed.next(() => true)).data.ticketId, missed.id, 'nothing is missed from there, and nothing told twice');
    await cutAll();
  });

  test('lies behind nothing that was not considered yet: facts that come while it moves on are told once', async (context) => {
    mock.timers.enable({ apis: ['setInterval'] });
    context.after(() => mock.timers.reset());
    const { agent } = program.organization.tokens;
    const start = (await follow(agent)).place;
    await cutAll();
    const told: string[] = [];
    const written: string[] = [];
    let writing = true;
    const writer = (async () => {
      for (let count = 0; count < 60; count += 1) written.push((await newTicket(program)).id);
      writing = false;
    })();
    let from = start;
    for (let round = 1; writing || told.length < written.length; round += 1) {
      const source = await follow(agent, { from });
      const enough = () => source.events.length >= 1 + round % 4 || (!writing && told.length + source.events.length >= written.length);
      while (!enough()) {
        mock.timers.tick(15_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      mock.timers.tick(15_000);
      source.cut();
      told.push(...source.events.map((event) => event.data.ticketId as string));
      from = source.place;
    }
    await writer;
    assert.deepEqual(told.toSorted(), written.toSorted());
    await cutAll();
  });

  describe('is looked up before who asks', () => {
    let app: FastifyInstance;
    let at: string;
    /** Happens once, between the first time somebody is identified and whatever comes next. */
    let meanwhile: (() => Promise<unknown>) | undefined;

    before(async () => {
      const identify = openIdentify(program.services);
      const slow: Identify = {
        ...identify,
        byToken: async (token) => {
          const identified = await identify.byToken(token);
          const work = meanwhile;
          meanwhile = undefined;
          await work?.();
          return identified;
        },
      };
      app = await buildServer({ routes, services: program.services, identify: slow, log: program.services.log, trustProxy: false, secureCookies: false });
      app.addHook('preClose', async () => program.services.hub.endAll());
      at = `${await app.listen({ port: 0, host: '127.0.0.1' })}/api/v1`;
    });
    after(() => app.close());

    test('so that a session that ends meanwhile opens no feed', async () => {
      const session = await newSession(program, program.organization.staff.agent);
      meanwhile = () => done(program.call('DELETE', '/session', { as: session }));
      const source = await follow(session.token, { at });
      assert.equal(source.status, 401);
      assert.equal(source.headers['content-type'], 'application/problem+json; charset=utf-8');
      assert.equal(program.services.hub.receivers, 0);
      await cutAll();
    });

    test('so that rights that are given or taken meanwhile count', async () => {
      const { body: role } = await done(program.call('POST', '/roles', { as: 'administrator', body: { name: '看全部', grants: [{ permission: 'ticket.read', scope: 'organization' }] } }));
      const { body: staff } = await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '换岗', job: 'agent', roleIds: [role.id] } }));
      const { token } = await newSession(program, staff.id);
      const setRoles = (roleIds: string[]) => done(program.call('PATCH', `/staff/${staff.id}`, { as: 'administrator', headers: { 'if-match': '*' }, body: { roleIds } }));

      meanwhile = () => setRoles([]);
      const blind = await follow(token, { at });
      const hidden = await newTicket(program);
      const witness = await follow(program.organization.tokens.agent, { from: blind.place });
      await witness.next(about(hidden.id));
      assert.deepEqual(blind.events.filter((event) => event.event !== 'ready'), [], 'what they may not see any more');

      meanwhile = () => setRoles([role.id]);
      const seeing = await follow(token, { at });
      const shown = await newTicket(program);
      await seeing.next(about(shown.id));
      await act(program, shown.id, 'cancel', { reason: '演习' });
      await cutAll();
    });

    test('so that a key that is revoked meanwhile opens no feed either', async () => {
      const { body: key } = await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'x' } }));
      meanwhile = () => done(program.call('DELETE', `/api-keys/${key.id}`, { as: 'administrator' }));
      assert.equal((await follow(key.key, { at })).status, 401);
      const rows = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('api_key').select('revoked_at').where('id', '=', key.id)));
      assert.ok(rows[0]!.revoked_at);
      await cutAll();
    });
  });
});
