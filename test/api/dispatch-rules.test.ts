import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { DispatchDay } from '../../contract/day-plan.ts';
import type { TechnicianProposals } from '../../contract/dispatch.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { hashToken } from '../../server/platform/secrets.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import { lockDaysOf, lockWholeDays } from '../../server/records/dispatch/lock-days.ts';
import { openTestProgram, testClock, type Answer, type TestProgram } from '../support/program.ts';
import { assertProblem, done, linkOf, newTicket } from './scene.ts';

const clock = testClock();
// A Monday, nine o'clock in Shanghai.
clock.advance({ seconds: (Date.parse('2027-03-01T01:00:00Z') - clock.now().getTime()) / 1_000 });
const at = (time: string, date = '2027-03-01') => new Date(`${date}T${time}:00+08:00`).toISOString();
const tuesday = '2027-03-02';
const window = (from: string, to: string, date = tuesday) => ({ windowStart: at(from, date), windowEnd: at(to, date) });
const place = { lat: 31.23, lng: 121.47 };

describe('what sending somebody goes by, whoever sends', { timeout: 180_000 }, () => {
  let program: TestProgram;
  let teamId: string;
  let category: string;
  let skillId: string;
  const people: Record<string, { id: string; token: { token: string } }> = {};
  const dispatcher = { as: 'dispatcher' as const };
  const transact = <Result>(work: Parameters<typeof program.database.transact<Result>>[1]) => program.database.transact(program.organization.tenantId, work);

  const ticketHere = (more: object = {}) => newTicket(program, { subject: '空调不冷', category, team: teamId, location: { address: '世纪大道 1 号', ...place }, ...more });
  const take = (ticketId: string, action: string, body: object, as: 'dispatcher' | { token: string } = 'dispatcher') => program.call('POST', `/tickets/${ticketId}/actions/${action}`, { as, body });
  const refusedFor = (answer: Answer, rules: readonly string[]) => {
    assertProblem(answer, 'override_needed');
    assert.deepEqual(answer.body.rules, rules);
  };
  const visitOf = async (ticketId: string) => (await done(program.call('GET', `/tickets/${ticketId}`, dispatcher))).body.visits.at(-1) as { id: string; version: number; windowStart: string; windowEnd: string; status: string };
  const factsOf = async (ticketId: string) => (await done(program.call('GET', `/tickets/${ticketId}/timeline?limit=100`, dispatcher))).body.items as { kind: string; actor: { name: string }; data: Record<string, unknown> }[];
  const promise = (ticketId: string, { windowStart, windowEnd }: { windowStart: string; windowEnd: string }) => transact((transaction) => transaction.run(sql`
    INSERT INTO appointment (tenant_id, ticket_id, window_start, window_end, chosen_by, chosen_by_name, chosen_at) VALUES (${program.organization.tenantId}, ${ticketId}, ${windowStart}, ${windowEnd}, 'customer', '王女士', ${clock.now()})`));
  const promised = async (ticketId: string) => (await done(program.call('GET', `/tickets/${ticketId}/appointment`, dispatcher))).body.promised as { windowStart: string; windowEnd: string; by: string; name: string };
  const lockPerson = async (ticketId: string, name: string, time = '15:00') => {
    const visit = await visitOf(ticketId);
    await done(program.call('POST', '/dispatch/schedules', { ...dispatcher, body: { date: tuesday, technicians: [{ technicianId: people[name]!.id, stops: [{ visitId: visit.id, startsAt: at(time, tuesday), lock: { kind: 'person', from: null, until: null } }] }] } }));
  };

  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000, windows: 5 } });
    const { tenantId, departmentId } = program.organization;
    skillId = (await done(program.call('POST', '/skills', { as: 'administrator', body: { name: '制冷' } }))).body.id;
    category = (await done(program.call('POST', '/categories', { as: 'administrator', body: { name: '空调', serviceMinutes: 90 } }))).body.id;
    teamId = (await done(program.call('POST', '/teams', { as: 'administrator', body: { name: '空调班', departmentId } }))).body.id;
    const now = clock.now();
    await transact(async (transaction) => {
      const roleOf = async (key: string) => (await transaction.run(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('key', '=', key)))[0]!.id;
      for (const name of ['甲', '乙', '丙']) {
        const [id, token] = [newId(), newToken('session', tenantId)];
        people[name] = { id, token: { token } };
        await transaction.run(build.insertInto('staff').values({ tenant_id: tenantId, id, name, email: `${id}@first.example`, job: 'technician', department_id: departmentId, created_at: now, home_lat: place.lat, home_lng: place.lng }));
        await transaction.run(build.insertInto('staff_role').values({ tenant_id: tenantId, staff_id: id, role_id: await roleOf('technician') }));
        // One of them gives work out, too.
        if (name === '丙') await transaction.run(build.insertInto('staff_role').values({ tenant_id: tenantId, staff_id: id, role_id: await roleOf('dispatcher') }));
        await transaction.run(build.insertInto('team_member').values({ tenant_id: tenantId, team_id: teamId, staff_id: id }));
        await transaction.run(build.insertInto('session').values({ tenant_id: tenantId, token_hash: hashToken(token), id: newId(), staff_id: id, customer_id: null, created_at: now, last_seen_at: now, expires_at: new Date(now.getTime() + 30 * 86_400_000) }));
      }
      await transaction.run(build.insertInto('work_schedule').values({
        tenant_id: tenantId, owner_id: teamId, owner_kind: 'team', time_zone: null, updated_at: now, windows: JSON.stringify([1, 2, 3, 4, 5].map((weekday) => ({ weekday, startsMinute: 540, endsMinute: 1_080 }))),
      }));
    });
    // Whoever is not hired over HTTP is not in the roster before it is read anew.
    clock.advance({ minutes: 2 });
  });
  after(() => program?.close());

  test('of two offers that somebody takes at once for the same hour one is refused', async () => {
    const tickets = await Promise.all([ticketHere({ subject: '第一' }), ticketHere({ subject: '第二' })]);
    const offers = await Promise.all(tickets.map(async ({ id }) => (await done(program.call('POST', `/tickets/${id}/offers`, { ...dispatcher, body: { mode: 'grab', ...window('14:00', '15:00') } }))).body.id as string));
    const answers = await Promise.all(offers.map((id) => program.call('POST', `/offers/${id}/actions/accept`, { as: people['甲']!.token })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
    assertProblem(answers.find(({ status }) => status === 409)!, 'offer_ruled_out');
    // Whoever is sent by hand is seen as well.
    const left = tickets[answers.findIndex(({ status }) => status === 409)]!;
    await done(program.call('POST', `/offers/${offers[tickets.indexOf(left)]}/actions/withdraw`, { ...dispatcher, body: {} }));
    await done(take(left.id, 'cancel', { reason: '试验' }));
  });

  test('a day is locked by person, and as a whole by what depends on everybody; those who lock it in any order wait for each other and not for ever', async () => {
    const { tenantId } = program.organization;
    const ids = [people['甲']!.id, people['乙']!.id];
    const log: string[] = [];
    const held = Promise.withResolvers<void>();
    const has = Promise.withResolvers<void>();
    const first = transact(async (transaction) => {
      await lockDaysOf({ tenantId, transaction }, ids, [tuesday]);
      has.resolve();
      await held.promise;
      log.push('first');
    });
    await has.promise;
    await transact((transaction) => lockDaysOf({ tenantId, transaction }, [people['丙']!.id], [tuesday]));
    await transact((transaction) => lockDaysOf({ tenantId, transaction }, ids, ['2027-03-03']));
    await transact((transaction) => lockWholeDays({ tenantId, transaction }, ['2027-03-03']));
    const others = [
      transact((transaction) => lockDaysOf({ tenantId, transaction }, ids.toReversed(), [tuesday])).then(() => log.push('person')),
      transact((transaction) => lockWholeDays({ tenantId, transaction }, [tuesday])).then(() => log.push('whole')),
    ];
    held.resolve();
    await Promise.all([first, ...others]);
    assert.equal(log[0], 'first');
    const rounds = Array.from({ length: 20 }, (_, index) => transact((transaction) => lockDaysOf({ tenantId, transaction }, index % 2 === 0 ? ids : ids.toReversed(), index % 3 === 0 ? [tuesday, '2027-03-03'] : ['2027-03-03', tuesday])));
    await Promise.all(rounds);
  });

  test('two dispatchers who put different tickets into an empty day do not put them at the same time', async () => {
    const wednesday = '2027-03-03';
    const tickets = await Promise.all([ticketHere(), ticketHere()]);
    const drop = (ticketId: string) => program.call('POST', '/dispatch/schedules', { ...dispatcher, body: { date: wednesday, technicians: [{ technicianId: people['乙']!.id, stops: [{ ticketId, startsAt: at('09:30', wednesday) }] }] } });
    await Promise.all(tickets.map(({ id }) => done(drop(id))));
    const day = (await done(program.call('GET', `/dispatch/day?date=${wednesday}&teamId=${teamId}`, dispatcher))).body as DispatchDay;
    const planned = day.technicians.find(({ name }) => name === '乙')!.stops.map(({ plannedStart }) => plannedStart).toSorted();
    assert.deepEqual(planned, [at('09:30', wednesday), at('11:00', wednesday)]);
    for (const { id } of tickets) await done(take(id, 'cancel', { reason: '试验' }));
  });

  test('what a colleague has locked is given to somebody else, taken away and offered at another time only with a reason', async () => {
    const { id } = await ticketHere();
    await done(take(id, 'assign', { assignee: people['甲']!.id, visit: window('16:00', '17:00') }));
    await lockPerson(id, '甲', '16:00');
    refusedFor(await take(id, 'assign', { assignee: people['乙']!.id }), ['person_locked']);
    refusedFor(await take(id, 'assign', { assignee: null }), ['person_locked']);
    refusedFor(await take(id, 'transfer', { team: program.organization.teamId }), ['person_locked']);
    refusedFor(await take(id, 'assign', { assignee: people['丙']!.id }, people['丙']!.token), ['person_locked']);
    await done(take(id, 'assign', { assignee: people['乙']!.id, override: '甲生病了', visit: window('16:00', '17:00') }));
    assert.deepEqual((await factsOf(id)).find(({ kind, data }) => kind === 'ticket.assigned' && data['override'] !== undefined)!.data['override'], { reason: '甲生病了', rules: ['person_locked'] });
    const visit = await visitOf(id);
    await done(program.call('POST', '/dispatch/schedules', { ...dispatcher, body: { date: tuesday, technicians: [{ technicianId: people['乙']!.id, stops: [{ visitId: visit.id, startsAt: at('16:30', tuesday), lock: { kind: 'time', from: at('16:30', tuesday), until: null } }] }] } }));
    refusedFor(await take(id, 'assign', { assignee: people['甲']!.id }), ['time_locked']);
    refusedFor(await take(id, 'assign', { assignee: people['乙']!.id, visit: window('10:00', '11:00') }), ['time_locked']);
    // A reason for moving it to another team is one for this, too.
    await done(take(id, 'transfer', { team: program.organization.teamId, reason: '分错了班组' }));
    assert.deepEqual((await factsOf(id)).find(({ kind }) => kind === 'ticket.transferred')!.data['override'], { reason: '分错了班组', rules: ['time_locked'] });
    await done(take(id, 'cancel', { reason: '试验' }));
  });

  test('whom a customer does not accept neither takes it themselves nor comes along without a reason', async () => {
    const more = (await done(program.call('POST', '/categories', { as: 'administrator', body: { name: '中央空调', serviceMinutes: 60, crew: [{ skills: [{ skillId, level: 1 }] }] } }))).body.id as string;
    const ticket = await ticketHere({ category: more, requester: { name: '钱总', phone: '13912345678' } });
    const customer = (await done(program.call('GET', `/tickets/${ticket.id}`, dispatcher))).body.requester.customerId as string;
    for (const name of ['乙', '丙']) await done(program.call('POST', '/technician-preferences', { as: 'administrator', body: { of: 'customer', subjectId: customer, staffId: people[name]!.id, kind: 'banned' } }));
    refusedFor(await take(ticket.id, 'assign', { assignee: people['丙']!.id }, people['丙']!.token), ['banned']);
    refusedFor(await take(ticket.id, 'assign', { assignee: people['甲']!.id, visit: { members: [people['乙']!.id] } }), ['banned', 'skill']);
    await done(take(ticket.id, 'assign', { assignee: people['甲']!.id, visit: window('09:00', '10:00') }));
    const visit = await visitOf(ticket.id);
    const along = (names: readonly string[], body: object = {}) => program.call('PATCH', `/visits/${visit.id}/members`, { ...dispatcher, body: { members: names.map((name) => people[name]!.id), ...body }, headers: { 'if-match': `"${visit.version}"` } });
    refusedFor(await along(['乙']), ['banned', 'skill']);
    assertProblem(await along(['乙'], { override: ' ' }), 'invalid_input');
    await done(along(['乙'], { override: '只帮忙搬运' }));
    assert.deepEqual((await factsOf(ticket.id)).find(({ kind }) => kind === 'visit.members_changed')!.data['override'], { reason: '只帮忙搬运', rules: ['banned', 'skill'] });
    // Nor does somebody who takes the next request down send them.
    const next = { subject: '空调又不冷了', category, team: teamId, requester: { customerId: customer } };
    const create = (body: object) => program.call('POST', '/tickets', { as: 'administrator', body: { ...next, ...body } });
    refusedFor(await create({ assignee: people['乙']!.id }), ['banned']);
    assertProblem(await create({ assignee: people['乙']!.id, override: ' ' }), 'invalid_input');
    const created = (await done(create({ assignee: people['乙']!.id, override: '客户今天同意了' }))).body;
    assert.deepEqual((await factsOf(created.id)).find(({ kind }) => kind === 'ticket.assigned')!.data['override'], { reason: '客户今天同意了', rules: ['banned'] });
    await done(take(created.id, 'cancel', { reason: '试验' }));
    // Who comes along already is not asked about again.
    await done(program.call('PATCH', `/visits/${visit.id}/members`, { ...dispatcher, body: { members: [] }, headers: { 'if-match': `"${(await visitOf(ticket.id)).version}"` } }));
    await done(take(ticket.id, 'cancel', { reason: '试验' }));
  });

  test('another window than the customer was promised is given by a person with a reason, and told', async () => {
    const [ticket, other] = [await ticketHere(), await ticketHere()];
    const chosen = window('10:00', '12:00', '2027-03-04');
    const later = window('14:00', '15:00', '2027-03-05');
    for (const { id } of [ticket, other]) await promise(id, chosen);
    refusedFor(await take(ticket.id, 'assign', { assignee: people['甲']!.id, visit: later }), ['promise']);
    refusedFor(await take(ticket.id, 'assign', { assignee: people['甲']!.id, visit: { windowStart: later.windowStart } }), ['promise']);
    // A start alone means what was promised, or its length from then on.
    await done(take(ticket.id, 'assign', { assignee: people['甲']!.id, visit: { windowStart: chosen.windowStart } }));
    assert.equal((await visitOf(ticket.id)).windowEnd, chosen.windowEnd);
    await done(take(ticket.id, 'assign', { assignee: people['甲']!.id, visit: { windowStart: later.windowStart }, override: '客户电话改期' }));
    const moved = { ...later, windowEnd: at('16:00', '2027-03-05') };
    assert.deepEqual([(await visitOf(ticket.id)).windowEnd, (await promised(ticket.id)).windowEnd, (await promised(ticket.id)).by], [moved.windowEnd, moved.windowEnd, 'staff']);
    const told = (await factsOf(ticket.id)).find(({ kind }) => kind === 'appointment.promised')!;
    assert.deepEqual([told.data['windowStart'], told.data['before'], told.data['reason']], [moved.windowStart, chosen, '客户电话改期']);

    // Offered, it is whoever offers it who moves the promise, not whoever takes it.
    const offer = (body: object) => program.call('POST', `/tickets/${other.id}/offers`, { ...dispatcher, body: { mode: 'grab', ...body } });
    refusedFor(await offer(later), ['promise']);
    const opened = (await done(offer({ ...later, override: '客户电话改期' }))).body.id as string;
    assert.deepEqual([(await promised(other.id)).windowStart, (await promised(other.id)).name], [later.windowStart, 'dispatcher first']);
    // The customer has thought better of it meanwhile.
    const again = window('09:00', '11:00', '2027-03-05');
    await transact((transaction) => transaction.run(sql`UPDATE appointment SET window_start = ${again.windowStart}, window_end = ${again.windowEnd}, chosen_by = 'customer', chosen_by_name = '王女士' WHERE ticket_id = ${other.id}`));
    const [pooled] = (await done(program.call('GET', '/offers', { as: people['乙']!.token }))).body.items;
    assert.deepEqual([pooled.windowStart, pooled.windowEnd], [again.windowStart, again.windowEnd]);
    await done(program.call('POST', `/offers/${opened}/actions/accept`, { as: people['乙']!.token }));
    const visit = await visitOf(other.id);
    assert.deepEqual([visit.windowStart, visit.windowEnd, (await promised(other.id)).name], [again.windowStart, again.windowEnd, '王女士']);
    for (const { id } of [ticket, other]) await done(take(id, 'cancel', { reason: '试验' }));
  });

  test('leave in the middle of a day is no time to be sent in', async () => {
    const { id } = await ticketHere();
    const free = async (query: string) => ((await done(program.call('GET', `/tickets/${id}/proposals?${query}`, dispatcher))).body as TechnicianProposals).items.map(({ technician }) => technician.name);
    const noon = `windowStart=${at('12:00', '2027-03-05')}&windowEnd=${at('13:00', '2027-03-05')}`;
    assert.ok((await free(noon)).includes('甲'));
    await done(program.call('POST', '/absences', { as: 'administrator', body: { staffId: people['甲']!.id, from: at('10:00', '2027-03-05'), to: at('16:00', '2027-03-05') } }));
    assert.ok(!(await free(noon)).includes('甲'));
    assert.ok((await free(`windowStart=${at('16:00', '2027-03-05')}&windowEnd=${at('17:00', '2027-03-05')}`)).includes('甲'));
    await done(take(id, 'cancel', { reason: '试验' }));
  });

  test('what was promised takes room, however much of it there is and also once its window has begun; a link is not reckoned for without end', async () => {
    const { tenantId } = program.organization;
    await done(program.call('PATCH', '/appointment-setting', { as: 'administrator', body: { offered: true, windows: [{ startsMinute: 540, endsMinute: 600 }, { startsMinute: 660, endsMinute: 690 }], days: 4, leadMinutes: 0 }, headers: { 'if-match': '"0"' } }));
    const cold = (await done(program.call('POST', '/categories', { as: 'administrator', body: { name: '冷库', serviceMinutes: 90, skills: [{ skillId, level: 1 }] } }))).body.id as string;
    const long = (await done(program.call('POST', '/categories', { as: 'administrator', body: { name: '大修', serviceMinutes: 240, skills: [{ skillId, level: 1 }] } }))).body.id as string;
    // Of all only one can do it.
    await transact((transaction) => transaction.run(sql`INSERT INTO staff_skill (tenant_id, staff_id, skill_id, level) VALUES (${tenantId}, ${people['丙']!.id}, ${skillId}, 3)`));
    clock.advance({ minutes: 2 });
    const ticket = await ticketHere({ category: cold });
    const starts = async () => ((await done(program.call('GET', `/tickets/${ticket.id}/appointment?windows=true`, dispatcher))).body.windows as { windowStart: string }[]).map(({ windowStart }) => windowStart);
    const all = [at('11:00'), ...[tuesday, '2027-03-03', '2027-03-04'].flatMap((date) => [at('09:00', date), at('11:00', date)])];
    assert.deepEqual(await starts(), all);

    // Promised for a window that has begun, and nobody was sent: four hours from now on.
    const begun = await ticketHere({ category: long });
    await promise(begun.id, window('08:00', '09:30', '2027-03-01'));
    assert.deepEqual(await starts(), all.slice(1));
    await done(take(begun.id, 'cancel', { reason: '试验' }));

    // Two hundred and fifty others were promised before.
    const others = async (count: number, date: string) => {
      await transact((transaction) => transaction.run(sql`
        WITH made AS (INSERT INTO ticket SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'number', 'T' || ${date}::text || s, 'category_id', null))).* FROM ticket t, generate_series(1, ${count}) s WHERE t.id = ${ticket.id} RETURNING tenant_id, id)
        INSERT INTO appointment (tenant_id, ticket_id, window_start, window_end, chosen_by, chosen_by_name, chosen_at) SELECT tenant_id, id, ${at('09:00', date)}, ${at('10:00', date)}, 'customer', null, ${new Date(clock.now().getTime() - 86_400_000)} FROM made`));
    };
    await others(250, '2027-03-03');
    const next = await ticketHere({ category: cold });
    await promise(next.id, window('09:00', '10:00'));
    assert.ok(!(await starts()).includes(at('09:00', tuesday)), 'the last of them all takes room, too');
    // Of a day with more than can be reckoned with none is promised.
    await others(301, '2027-03-04');
    assert.ok(!(await starts()).some((moment) => moment.startsWith('2027-03-04')));

    const asked = await Promise.all(Array.from({ length: 6 }, () => program.call('GET', `/progress/${linkOf(ticket)}/appointment?windows=true`)));
    assert.deepEqual(asked.map(({ status }) => status).toSorted(), [200, 200, 200, 200, 200, 429]);
    await done(program.call('GET', `/progress/${linkOf(ticket)}/appointment`));
  });

  test('who is sent to where the customer is finds the way there, is told when they are elsewhere, and is expected', async () => {
    const ticket = await newTicket(program, { subject: '只知道客户', category, team: teamId, requester: { name: '李女士', phone: '13911110000' } });
    const customer = (await done(program.call('GET', `/tickets/${ticket.id}`, dispatcher))).body.requester.customerId as string;
    await transact((transaction) => transaction.run(sql`UPDATE customer SET lat = ${place.lat}, lng = ${place.lng} WHERE id = ${customer}`));
    await done(take(ticket.id, 'assign', { assignee: people['乙']!.id }));
    const { id } = await visitOf(ticket.id);
    const as = people['乙']!.token;
    const step = (action: string, body: object = {}) => program.call('POST', `/visits/${id}/actions/${action}`, { as, body });
    assert.deepEqual((await done(program.call('GET', `/visits/${id}`, { as }))).body.location, { ...place, address: null });
    await done(step('accept'));
    await done(step('start_travel'));
    const near = await done(program.call('POST', '/positions', { as, body: { visitId: id, points: [{ lat: place.lat + 0.001, lng: place.lng, accuracy: 10, at: clock.now().toISOString() }] } }));
    assert.equal(near.body.near, true);
    assert.ok((await done(program.call('GET', `/progress/${linkOf(ticket)}`))).body.technician.coming !== null);
    assertProblem(await step('check_in', { location: { lat: place.lat + 0.3, lng: place.lng } }), 'check_in_far');
    await done(step('check_in', { location: { lat: place.lat + 0.001, lng: place.lng } }));
  });
});
