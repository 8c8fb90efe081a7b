import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { DayPlan, DispatchDay } from '../../contract/day-plan.ts';
import type { TechnicianProposals } from '../../contract/dispatch.ts';
import type { TravelSetting, TriedTravel } from '../../contract/travel.ts';
import { distanceInMetres } from '../../rules/places/distance.ts';
import { workOutPlan } from '../../server/journey/dispatch/day/plans/work-out-plan.ts';
import { lookUpWanted } from '../../server/journey/dispatch/travel/look-up.ts';
import { build, everyTenant, type Statement } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { hashToken } from '../../server/platform/secrets.ts';
import { learnTravel } from '../../server/reactions/travel/learn-travel.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import { forgetTimes } from '../../server/records/travel/times.ts';
import { forgetObservations } from '../../server/records/travel/observations.ts';
import { takeWanted } from '../../server/records/travel/wanted.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

const clock = testClock();
// A Monday, seven o'clock in Shanghai.
clock.advance({ seconds: (Date.parse('2027-02-28T23:00:00Z') - clock.now().getTime()) / 1_000 });
const date = '2027-03-01';
const middle = { lat: 31.23, lng: 121.47 };
/** Kilometres to the north and to the east. */
const near = (north: number, east: number) => ({ lat: middle.lat + north / 111.2, lng: middle.lng + east / 95.1 });
const key = 'amap-key-4711';

describe('travel times', { timeout: 240_000 }, () => {
  let program: TestProgram;
  let host: string;
  let teamId: string;
  let category: string;
  const people: Record<string, { id: string; token: { token: string } }> = {};
  const as = 'administrator';
  const seen: URL[] = [];
  let answer: (url: URL, response: ServerResponse) => void;
  const server = createServer((request, response) => {
    seen.push(new URL(request.url!, 'http://x'));
    answer(seen.at(-1)!, response);
  });
  const json = (value: unknown, status = 200) => (_url: URL, response: ServerResponse) => void response.writeHead(status, { 'content-type': 'application/json' }).end(typeof value === 'string' ? value : JSON.stringify(value));
  /** A router by whom every way takes so many seconds. */
  const osrm = (seconds: number) => (url: URL, response: ServerResponse) => {
    const of = (name: string) => url.searchParams.get(name)!.split(';');
    json({ code: 'Ok', durations: of('sources').map(() => of('destinations').map(() => seconds)), distances: of('sources').map(() => of('destinations').map(() => seconds * 10)) })(url, response);
  };

  const setting = async (): Promise<TravelSetting> => (await done(program.call('GET', '/travel-setting', { as }))).body;
  const change = async (body: object): Promise<TravelSetting> => (await done(program.call('PATCH', '/travel-setting', { as, body, headers: { 'if-match': `"${(await setting()).version}"` } }))).body;
  const day = async (): Promise<DispatchDay> => (await done(program.call('GET', `/dispatch/day?date=${date}&teamId=${teamId}`, { as: 'dispatcher' }))).body;
  const propose = async (id: string): Promise<TechnicianProposals> => (await done(program.call('GET', `/tickets/${id}/proposals`, { as: 'dispatcher' }))).body;
  const ticketAt = (place: { lat: number; lng: number }, more: object = {}) => newTicket(program, { subject: '漏水', category, team: teamId, location: { address: '世纪大道 1 号', ...place }, ...more });
  const inTenant = <Row>(query: ReturnType<typeof sql<Row>>) => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(query)) as Promise<Row[]>;
  const learn = async () => {
    while (await advance(program.database, learnTravel) > 0);
  };
  const observations = () => inTenant<{ visit_id: string; seconds: number; hour: number; workday: boolean }>(sql`SELECT visit_id, seconds, hour, workday FROM travel_observation ORDER BY at`);
  /** Time goes by, and nobody has been away for so long that they have to sign in again. */
  async function later(by: Parameters<typeof clock.advance>[0]): Promise<void> {
    clock.advance(by);
    await inTenant(sql`UPDATE session SET last_seen_at = ${clock.now()}, expires_at = ${new Date(clock.now().getTime() + 30 * 86_400_000)}`);
  }
  /** A visit whose technician sets out from somewhere and arrives elsewhere so many minutes later. */
  async function travelled(from: { lat: number; lng: number } | null, to: { lat: number; lng: number }, minutes: number, more: object = {}): Promise<{ visitId: string; ticketId: string }> {
    const ticket = await ticketAt(to);
    const visitId = (await act(program, ticket.id, 'assign', { assignee: people['甲']!.id })).visits[0].id as string;
    const step = (action: string, body: object = {}) => done(program.call('POST', `/visits/${visitId}/actions/${action}`, { as: people['甲']!.token, body }));
    await step('accept');
    await step('start_travel');
    if (from) await done(program.call('POST', '/positions', { as: people['甲']!.token, body: { visitId, points: [{ ...from, accuracy: 15, at: clock.now().toISOString() }] } }));
    clock.advance({ minutes });
    await step('check_in', { location: to, accuracy: 20, ...more });
    clock.advance({ minutes: 20 });
    await step('complete', { workSummary: '修好了' });
    await later({ minutes: 200 });
    return { visitId, ticketId: ticket.id };
  }

  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    await registerReader(program.database, learnTravel.name);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    program.services.privateHosts = [host];
    const { tenantId, departmentId } = program.organization;
    category = (await done(program.call('POST', '/categories', { as, body: { name: '管道', serviceMinutes: 30 } }))).body.id;
    teamId = (await done(program.call('POST', '/teams', { as, body: { name: '维修班', departmentId } }))).body.id;
    const now = clock.now();
    const hired = ['甲', '乙'].map((name, index) => ({ id: newId(), name, home: near(0, index === 0 ? -6 : 6) }));
    await program.database.transact(tenantId, async (transaction) => {
      const [role] = await transaction.run(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('key', '=', 'technician'));
      await transaction.run(build.insertInto('staff').values(hired.map(({ id, name, home }) => ({ tenant_id: tenantId, id, name, email: `${id}@first.example`, job: 'technician', department_id: departmentId, created_at: now, home_lat: home.lat, home_lng: home.lng }))));
      await transaction.run(build.insertInto('staff_role').values(hired.map(({ id }) => ({ tenant_id: tenantId, staff_id: id, role_id: role!.id }))));
      await transaction.run(build.insertInto('team_member').values(hired.map(({ id }) => ({ tenant_id: tenantId, team_id: teamId, staff_id: id }))));
      for (const { id, name } of hired) {
        const token = newToken('session', tenantId);
        await transaction.run(build.insertInto('session').values({ tenant_id: tenantId, token_hash: hashToken(token), id: newId(), staff_id: id, customer_id: null, created_at: now, last_seen_at: now, expires_at: new Date(now.getTime() + 300 * 86_400_000) }));
        people[name] = { id, token: { token } };
      }
    });
    clock.advance({ minutes: 2 });
  });
  beforeEach(() => {
    seen.length = 0;
    while (takeWanted());
    answer = osrm(600);
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await program?.close();
  });

  test('are estimated as the settings say, and each way says so', async () => {
    const first = await setting();
    assert.deepEqual([first.provider, first.ready, first.roadFactor, first.kilometresPerHour, first.version, first.today, first.kept, first.learned], ['none', false, 1.3, 28.8, 0, { requests: 0, pairs: 0, failures: 0, failure: null }, 0, { journeys: 0, ways: 0, ratio: 1 }]);
    const ticket = await ticketAt(near(0, 0));
    await act(program, ticket.id, 'assign', { assignee: people['甲']!.id, visit: { windowStart: `${date}T02:00:00Z`, windowEnd: `${date}T04:00:00Z` } });
    const stopOf = async () => (await day()).technicians.find(({ name }) => name === '甲')!.stops[0]!;
    const before = await stopOf();
    const metres = distanceInMetres(near(0, -6), near(0, 0));
    assert.deepEqual([before.travelSeconds, before.travelFrom], [Math.round(metres * 1.3 / 8), { source: 'straight_line', title: 'straight line × 1.3', count: null, roadFactor: 1.3, askedAt: null }]);
    await change({ roadFactor: 1.5, kilometresPerHour: 36 });
    const after = await stopOf();
    assert.deepEqual([after.travelSeconds, after.travelMetres, after.travelFrom!.title], [Math.round(metres * 1.5 / 10), Math.round(metres * 1.5), 'straight line × 1.5']);
    const { basis, items } = await propose((await ticketAt(near(1, 4))).id);
    assert.deepEqual([basis.travel, items[0]!.technician.name, items[0]!.travelFrom!.title], ['straight_line', '乙', 'straight line × 1.5']);
    assert.equal(seen.length, 0);
    await change({ roadFactor: 1.3, kilometresPerHour: 28.8 });
    const history = await inTenant<{ data: { before: object; after: object } }>(sql`SELECT data FROM fact WHERE kind = 'travel_setting.changed' ORDER BY position`);
    assert.deepEqual(history.map(({ data }) => data.after), [{ roadFactor: 1.5, kilometresPerHour: 36 }, { roadFactor: 1.3, kilometresPerHour: 28.8 }]);
  });

  test('nobody may see or change who is asked but who may change settings; what is no address is refused', async () => {
    for (const person of ['dispatcher', 'technician', 'agent'] as const) {
      assertProblem(await program.call('GET', '/travel-setting', { as: person }), 'forbidden');
      assertProblem(await program.call('POST', '/travel-setting/try', { as: person, body: { provider: 'osrm', baseUrl: `http://${host}` } }), 'forbidden');
    }
    const { version } = await setting();
    const patch = (body: object, match = version) => program.call('PATCH', '/travel-setting', { as, body, headers: { 'if-match': `"${match}"` } });
    for (const body of [{ baseUrl: 'file:///etc/passwd' }, { baseUrl: 'http://u:p@x' }, { baseUrl: 'http://x/?a' }, { roadFactor: 0.5 }, { roadFactor: 9 }, { kilometresPerHour: 0 }, { profile: '../x' }, { provider: 'google' }, { key: '' }, { dailyRequests: 0 }]) assertProblem(await patch(body), 'invalid_input', JSON.stringify(body));
    assertProblem(await patch({}), 'nothing_to_change');
    assertProblem(await patch({ roadFactor: 1.4 }, version + 7), 'stale_version');
    assertProblem(await program.call('POST', '/travel-setting/try', { as, body: { provider: 'osrm' } }), 'invalid_input');
    assertProblem(await program.call('POST', '/travel-setting/try', { as, body: { provider: 'amap' } }), 'invalid_input');
    assertProblem(await program.call('POST', '/travel-setting/try', { as, body: { provider: 'osrm', baseUrl: `http://${host}`, from: near(0, 0) } }), 'invalid_input');
  });

  test('one way can be asked for before anything is saved', async () => {
    const attempt = async (body: object): Promise<TriedTravel> => (await done(program.call('POST', '/travel-setting/try', { as, body }))).body;
    const ways = { from: near(0, 0), to: near(3, 3) };
    const told = await attempt({ provider: 'osrm', baseUrl: `http://${host}`, ...ways });
    assert.deepEqual([told.outcome, told.answered, told.estimated!.origin.source], ['answered', { seconds: 600, metres: 6_000 }, 'straight_line']);
    assert.equal((await attempt({ provider: 'osrm', baseUrl: `http://${host}` })).outcome, 'answered', 'between two places of tickets');
    answer = json({ code: 'NoTable' }, 400);
    assert.equal((await attempt({ provider: 'osrm', baseUrl: `http://${host}`, ...ways })).outcome, 'no_road');
    answer = json({ status: '0', info: 'INVALID_USER_KEY', infocode: '10001' });
    const refused = await attempt({ provider: 'amap', baseUrl: `http://${host}`, key, ...ways });
    assert.deepEqual([refused.outcome, refused.reason, refused.said], ['failed', 'key', '10001 INVALID_USER_KEY']);
    assert.ok(!JSON.stringify(refused).includes(key));
    const inside = await attempt({ provider: 'osrm', baseUrl: 'http://127.0.0.1:9', ...ways });
    assert.deepEqual([inside.outcome, inside.reason], ['failed', 'private_address']);
    assert.equal((await setting()).kept, 0, 'nothing was kept');
    assert.ok((await setting()).today.requests >= 5, 'and all of it counted');
  });

  test('a router is asked behind what people look at; the next look knows, and says who said so', async () => {
    await change({ provider: 'osrm', baseUrl: `http://${host}` });
    const before = await day();
    assert.deepEqual([before.travel, seen.length], ['straight_line', 0], 'nobody waits for it');
    assert.equal(await lookUpWanted(program.services), true);
    assert.equal(seen.length, 1);
    const stop = (await day()).technicians.find(({ name }) => name === '甲')!.stops[0]!;
    assert.deepEqual([stop.travelSeconds, stop.travelMetres, stop.travelFrom!.source, stop.travelFrom!.title, stop.travelFrom!.askedAt], [600, 6_000, 'osrm', 'OSRM', clock.now().toISOString()]);
    assert.equal(await lookUpWanted(program.services), false, 'nothing is asked twice');
    assert.deepEqual([(await setting()).kept > 0, (await setting()).today.failures], [true, 0]);

    const ticket = await ticketAt(near(2, 5));
    assert.equal((await propose(ticket.id)).items[0]!.travelFrom!.source, 'straight_line');
    await lookUpWanted(program.services);
    const { items, basis } = await propose(ticket.id);
    assert.deepEqual([items.length, items[0]!.travelMinutes, items[0]!.travelFrom!.source, basis.travel], [3, 10, 'osrm', 'osrm']);
  });

  test('a plan asks for what it needs before it is worked out, and keeps who said so', async () => {
    await ticketAt(near(-2, -3), { subject: '厨房漏水' });
    answer = osrm(720);
    const asked = await program.call('POST', '/dispatch/plans', { as: 'dispatcher', body: { date, teamIds: [teamId] } });
    await workOutPlan(program.services, { tenantId: program.organization.tenantId, planId: asked.body.id }, { rounds: 500 });
    assert.ok(seen.length > 0);
    const plan = (await done(program.call('GET', `/dispatch/plans/${asked.body.id}`, { as: 'dispatcher' }))).body as DayPlan;
    assert.equal(plan.travel, 'osrm');
    const item = plan.items.find(({ subject }) => subject === '厨房漏水')!;
    assert.deepEqual([item.after !== null, item.travelSeconds, item.travelFrom!.title], [true, 720, 'OSRM']);
    // Applied, the board shows what the plan showed.
    await done(program.call('POST', `/dispatch/plans/${asked.body.id}/actions/apply`, { as: 'dispatcher', body: {} }));
    const stop = (await day()).technicians.flatMap(({ stops }) => stops).find(({ subject }) => subject === '厨房漏水')!;
    assert.deepEqual([stop.startsAt, stop.travelSeconds], [item.after!.startsAt, 720]);
  });

  test('where it fails all goes on by the estimate; it is left in peace, and asked again once somebody has mended it', async () => {
    answer = json({ status: '0', info: 'DAILY_QUERY_OVER_LIMIT', infocode: '10003' });
    const saved = await change({ provider: 'amap', baseUrl: `http://${host}`, key });
    assert.deepEqual([saved.hasKey, saved.ready, saved.kept], [true, true, 0], 'what another one said counts no more');
    assert.ok(!JSON.stringify(saved).includes(key));
    const [stored] = await inTenant<{ sealed_key: Buffer; facts: string }>(sql`SELECT sealed_key, (SELECT string_agg(data::text, ' ') FROM fact WHERE kind = 'travel_setting.changed') AS facts FROM travel_setting`);
    assert.ok(!stored!.sealed_key.toString('latin1').includes(key) && !stored!.facts.includes(key));
    assert.equal((await day()).travel, 'straight_line');
    await lookUpWanted(program.services);
    assert.equal(seen.length, 1, 'a quota that is used up is asked once');
    const { today } = await setting();
    assert.deepEqual([today.failures, today.failure!.code, today.failure!.resumesAt], [1, 'quota', '2027-03-01T16:00:00.000Z']);
    await day();
    await lookUpWanted(program.services);
    assert.equal(seen.length, 1);
    assert.equal((await day()).technicians.find(({ name }) => name === '甲')!.stops[0]!.travelFrom!.source, 'straight_line');

    answer = (url, response) => json({ status: '1', info: 'OK', infocode: '10000', results: url.searchParams.get('origins')!.split('|').map((_, index) => ({ origin_id: String(index + 1), dest_id: '1', distance: '7000', duration: '900' })) })(url, response);
    const moved = await change({ key: 'another-key' });
    assert.equal(moved.today.failure, null);
    await day();
    await lookUpWanted(program.services);
    assert.equal(seen.at(-1)!.searchParams.get('key'), 'another-key');
    const stop = (await day()).technicians.find(({ name }) => name === '甲')!.stops[0]!;
    assert.deepEqual([stop.travelSeconds, stop.travelFrom!.title], [900, 'Amap']);

    // The key belongs to its address.
    assert.equal((await change({ baseUrl: `http://${host}/elsewhere` })).hasKey, false);
    assert.equal((await setting()).ready, false);
    await change({ provider: 'none', baseUrl: null });
  });

  test('no more questions a day than were allowed', async () => {
    const { today } = await setting();
    await change({ provider: 'osrm', baseUrl: `http://${host}`, dailyRequests: today.requests + 1 });
    await day();
    await lookUpWanted(program.services);
    const ticket = await ticketAt(near(6, 1));
    await propose(ticket.id);
    await lookUpWanted(program.services);
    assert.equal(seen.length, 1);
    await change({ dailyRequests: 100_000 });
  });

  test('another organization knows nothing of it', async () => {
    const other = await program.foundAnother('elsewhere');
    const theirs = (await done(program.call('GET', '/travel-setting', { as, of: other }))).body as TravelSetting;
    assert.deepEqual([theirs.provider, theirs.baseUrl, theirs.kept, theirs.today.requests, theirs.version], ['none', null, 0, 0, 0]);
    assert.ok((await setting()).kept > 0);
  });

  test('answers end: when they are old, and when somebody else is asked', async () => {
    const kept = async () => Number((await inTenant<{ count: string }>(sql`SELECT count(*) AS count FROM travel_time`))[0]!.count);
    const forget = (now: Date) => program.database.transact(everyTenant, (transaction) => forgetTimes(transaction, now));
    const all = await kept();
    await forget(clock.now());
    const current = await kept();
    assert.ok(current > 0 && current < all, 'those of providers that are asked no more');
    await forget(new Date(clock.now().getTime() + 61 * 86_400_000));
    assert.equal(await kept(), 0);
  });

  test('are learned from check-ins that can be believed, three of them at least', async () => {
    await change({ provider: 'none', baseUrl: null });
    await learn();
    assert.deepEqual(await observations(), []);
    // What was planned before and never done would stand in their days for ever.
    await inTenant(sql`UPDATE visit SET status = 'cancelled' WHERE status = 'scheduled'`);
    const [from, to] = [near(0, -6), near(0, 0)];
    const reference = distanceInMetres(from, to) * 1.3 / 8;
    const first = await travelled(from, to, 30);
    await travelled(from, to, 30);
    await travelled(null, to, 30);
    await travelled(from, to, 300);
    await travelled(from, to, 1);
    await learn();
    assert.deepEqual((await observations()).map(({ seconds, hour, workday }) => [seconds, hour, workday]), [[1_800, 7, true], [1_800, 11, true]], 'without a position, with a long lunch, and by rocket nothing is learned');
    // Where the day before ended is where they set out from, when they were just there.
    const plain = await ticketAt(to);
    assert.equal((await propose(plain.id)).items.find(({ technician }) => technician.name === '甲')!.travelFrom!.source, 'straight_line', 'two are too few');

    // Next Monday, from home.
    await later({ seconds: (Date.parse('2027-03-08T00:30:00Z') - clock.now().getTime()) / 1_000 });
    await travelled(from, to, 30);
    await learn();
    const { learned } = await setting();
    assert.deepEqual([learned.journeys, learned.ways], [3, 1]);
    assert.ok(learned.ratio > 1 && learned.ratio < 1_800 / reference);
    await later({ seconds: (Date.parse('2027-03-15T00:30:00Z') - clock.now().getTime()) / 1_000 });
    const { items, basis } = await propose(plain.id);
    const own = items.find(({ technician }) => technician.name === '甲')!;
    assert.deepEqual([own.startsFrom, own.travelFrom], ['home', { source: 'learned', title: 'learned from 3 journeys', count: 3, roadFactor: null, askedAt: null }]);
    assert.equal(basis.travel, 'mixed');
    assert.ok(own.travelMinutes! * 60 > reference && own.travelMinutes! < 30, 'drawn towards what was thought');
    const chinese = await program.inject({ method: 'GET', url: `/api/v1/tickets/${plain.id}/proposals`, headers: { authorization: `Bearer ${program.organization.tokens.dispatcher}`, 'accept-language': 'zh-CN' } });
    assert.equal((chinese.body as TechnicianProposals).items.find(({ technician }) => technician.name === '甲')!.travelFrom!.title, '学自 3 次');

    // Taken twice, a batch counts once.
    const before = await observations();
    await program.database.transact(everyTenant, (transaction) => transaction.run(sql`UPDATE fact_reader SET transaction = '0', position = 0 WHERE name = ${learnTravel.name}`));
    await learn();
    assert.deepEqual(await observations(), before);

    await program.database.transact(everyTenant, (transaction) => transaction.query(forgetObservations as Statement<never>, [new Date('2027-03-02T00:00:00Z')]));
    assert.deepEqual((await observations()).some(({ visit_id }) => visit_id === first.visitId), false);
  });
});
