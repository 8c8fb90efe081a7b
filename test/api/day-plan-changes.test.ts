import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { DayPlan, DayStop, DayTechnician, DispatchDay, DraftEvaluation, SavedDraft, UnplannedTicket } from '../../contract/day-plan.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { advance, registerReader, type Reader } from '../../server/platform/facts/readers.ts';
import { hashToken } from '../../server/platform/secrets.ts';
import { workOutPlan } from '../../server/journey/dispatch/day/plans/work-out-plan.ts';
import { openNotices } from '../../server/reactions/notices/write-notices.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

const clock = testClock();
// A Monday, seven o'clock in Shanghai; each test has a day of its own.
clock.advance({ seconds: (Date.parse('2027-02-28T23:00:00Z') - clock.now().getTime()) / 1_000 });
const middle = { lat: 31.23, lng: 121.47 };
const near = (north: number, east: number) => ({ lat: middle.lat + north / 111.2, lng: middle.lng + east / 95.1 });

interface Someone { id: string; token: string }

describe('days that are changed and given back', { timeout: 240_000 }, () => {
  let program: TestProgram;
  let notices: Reader;
  let [teamId, otherTeamId, skillId] = ['', '', ''];
  let categories: { plain: string; skilled: string; two: string };
  let date = '2027-02-28';
  const people: Record<string, Someone> = {};
  const dispatcher = { as: 'dispatcher' as const };
  const at = (time: string) => new Date(`${date}T${time}:00+08:00`).toISOString();

  const day = async (as: 'dispatcher' | { token: string } = 'dispatcher'): Promise<DispatchDay> => (await done(program.call('GET', `/dispatch/day?date=${date}`, { as }))).body;
  const dayOf = async (name: string): Promise<DayTechnician> => (await day()).technicians.find((one) => one.name === name)!;
  const stopOf = async (ticketId: string): Promise<DayStop | undefined> => (await day()).technicians.flatMap(({ stops }) => stops).find((stop) => stop.ticketId === ticketId && !stop.along);
  const unplanned = async (): Promise<UnplannedTicket[]> => (await done(program.call('GET', `/dispatch/unplanned?limit=200&teamId=${teamId}`, dispatcher))).body.items;
  const evaluate = async (body: object): Promise<DraftEvaluation> => (await done(program.call('POST', '/dispatch/evaluations', { ...dispatcher, body: { date, technicians: [], ...body } }))).body;
  const save = (body: object) => program.call('POST', '/dispatch/schedules', { ...dispatcher, body: { date, technicians: [], ...body } });
  const saved = async (body: object): Promise<SavedDraft> => (await done(save(body))).body;
  const put = (name: string, ...stops: object[]) => ({ technicians: [{ technicianId: people[name]!.id, stops }] });
  const plan = async (body: object, path = '/dispatch/plans'): Promise<DayPlan> => {
    const asked = await program.call('POST', path, { ...dispatcher, body: { date, teamIds: [teamId], ...body } });
    assert.equal(asked.status, 202, asked.text);
    await workOutPlan(program.services, { tenantId: program.organization.tenantId, planId: asked.body.id }, { rounds: 500 });
    return (await done(program.call('GET', `/dispatch/plans/${asked.body.id}`, dispatcher))).body;
  };
  const apply = (id: string, body: object = {}) => program.call('POST', `/dispatch/plans/${id}/actions/apply`, { ...dispatcher, body });
  const outcomeOf = (applied: DayPlan, ticketId: string) => applied.items.find((item) => item.ticketId === ticketId)?.outcome?.code;
  const ticketAt = (place: { lat: number; lng: number } = near(0, 0), more: object = {}) => newTicket(program, { subject: '漏水', category: categories.plain, team: teamId, location: { address: '世纪大道 1 号', ...place }, ...more });
  const factsOf = async (ticketId: string) => (await done(program.call('GET', `/tickets/${ticketId}/timeline?limit=100`, dispatcher))).body.items as { kind: string; data: Record<string, unknown> }[];
  const overrides = async (ticketId: string) => (await factsOf(ticketId)).flatMap(({ kind, data }) => (data['override'] === undefined ? [] : [[kind, data['override']]]));
  const write = <Given>(change: (transaction: Parameters<Parameters<TestProgram['database']['transact']>[1]>[0]) => Promise<Given>) => program.database.transact(program.organization.tenantId, change);
  const promise = (ticketId: string, from: string, to: string) => write((transaction) => transaction.run(build.insertInto('appointment').values({
    tenant_id: program.organization.tenantId, ticket_id: ticketId, window_start: new Date(at(from)), window_end: new Date(at(to)), chosen_by: 'customer', chosen_by_name: null, chosen_at: clock.now(),
  })));

  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    notices = openNotices(program.services.clock);
    await registerReader(program.database, notices.name);
    const { tenantId, departmentId, otherDepartmentId } = program.organization;
    skillId = (await done(program.call('POST', '/skills', { as: 'administrator', body: { name: '电梯', nameEn: 'Lifts' } }))).body.id;
    const category = async (name: string, more: object): Promise<string> => (await done(program.call('POST', '/categories', { as: 'administrator', body: { name, ...more } }))).body.id;
    categories = { plain: await category('管道', { serviceMinutes: 30 }), skilled: await category('电梯', { serviceMinutes: 30, skills: [{ skillId, level: 1 }] }), two: await category('搬运', { serviceMinutes: 30, crew: [{ skills: [] }] }) };
    const team = async (name: string, department: string): Promise<string> => (await done(program.call('POST', '/teams', { as: 'administrator', body: { name, departmentId: department } }))).body.id;
    [teamId, otherTeamId] = [await team('维修班', departmentId), await team('别处', otherDepartmentId)];
    const now = clock.now();
    const until = new Date(now.getTime() + 60 * 86_400_000);
    const hired = ['甲', '乙', '丙', '别处的调度'].map((name) => ({ id: newId(), name }));
    await write(async (transaction) => {
      const [technician] = await transaction.run(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('key', '=', 'technician'));
      const own = newId();
      await transaction.run(build.insertInto('role').values({ tenant_id: tenantId, id: own, key: 'team-dispatcher', name: '班组调度', grants: JSON.stringify(['ticket.read', 'ticket.assign'].map((permission) => ({ permission, scope: 'team' }))), created_at: now }));
      const isLead = (name: string) => name === '别处的调度';
      await transaction.run(build.insertInto('staff').values(hired.map(({ id, name }) => ({ tenant_id: tenantId, id, name, email: `${id}@first.example`, job: isLead(name) ? 'dispatcher' : 'technician', department_id: departmentId, created_at: now, home_lat: isLead(name) ? null : middle.lat, home_lng: isLead(name) ? null : middle.lng }))));
      await transaction.run(build.insertInto('staff_role').values(hired.map(({ id, name }) => ({ tenant_id: tenantId, staff_id: id, role_id: isLead(name) ? own : technician!.id }))));
      await transaction.run(build.insertInto('team_member').values(hired.flatMap(({ id, name }) => (isLead(name) ? [otherTeamId] : name === '甲' ? [teamId, otherTeamId] : [teamId]).map((team_id) => ({ tenant_id: tenantId, team_id, staff_id: id })))));
      await transaction.run(build.insertInto('staff_skill').values({ tenant_id: tenantId, staff_id: hired[0]!.id, skill_id: skillId, level: 3 }));
      await transaction.run(build.insertInto('work_schedule').values({ tenant_id: tenantId, owner_id: teamId, owner_kind: 'team', time_zone: null, updated_at: now, windows: JSON.stringify([0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, startsMinute: 510, endsMinute: 1_050 }))) }));
      for (const { id, name } of hired) {
        const token = newToken('session', tenantId);
        await transaction.run(build.insertInto('session').values({ tenant_id: tenantId, token_hash: hashToken(token), id: newId(), staff_id: id, customer_id: null, created_at: now, last_seen_at: now, expires_at: until }));
        people[name] = { id, token };
      }
    });
  });
  after(() => program?.close());
  // Tomorrow at seven; what is left of today is closed, so that nobody runs late for it.
  beforeEach(async () => {
    for (const { ticketId } of await unplanned()) await act(program, ticketId, 'cancel', { reason: '试验' });
    for (const stop of (await day()).technicians.flatMap(({ stops }) => stops)) if (stop.ticketId && !stop.along && stop.status !== 'completed') await act(program, stop.ticketId, 'cancel', { reason: '试验' });
    date = new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    clock.advance({ seconds: (Date.parse(`${date}T07:00:00+08:00`) - clock.now().getTime()) / 1_000 });
    await write((transaction) => transaction.run(build.updateTable('session').set({ last_seen_at: clock.now(), expires_at: new Date(clock.now().getTime() + 30 * 86_400_000) }).where('tenant_id', '=', program.organization.tenantId)));
  });

  test('a visit that is held or promised is given back with a reason only, and taken back as it was', async () => {
    const ticket = await ticketAt();
    await act(program, ticket.id, 'assign', { assignee: people['甲']!.id, note: '带梯子', visit: { windowStart: at('10:00'), windowEnd: at('11:00'), members: [people['乙']!.id] } });
    const stop = (await stopOf(ticket.id))!;
    await saved(put('甲', { visitId: stop.visitId, startsAt: at('10:00'), lock: { kind: 'both', from: at('10:00'), until: null } }));
    const held = (await stopOf(ticket.id))!;
    const release = { released: [{ visitId: held.visitId, version: held.version }] };
    assert.deepEqual((await evaluate(release)).broken.map(({ code, hard, isNew, ticketId }) => [code, hard, isNew, ticketId]), [['released_held', true, true, ticket.id], ['released_promised', true, true, ticket.id]]);
    const refused = await save(release);
    assertProblem(refused, 'draft_breaks_rules');
    assert.deepEqual(refused.body.errors.map(({ path, code }: { path: string; code: string }) => [path, code]), [['/released/0', 'released_held'], ['/released/0', 'released_promised']]);
    await saved({ ...release, reason: '客户改期' });
    assert.deepEqual(await overrides(ticket.id), [['ticket.assigned', { reason: '客户改期', rules: ['released_held', 'released_promised'] }]]);
    assert.equal((await unplanned())[0]!.ticketId, ticket.id);

    // Another ticket's visit is nobody's to copy.
    const other = await ticketAt();
    assertProblem(await save(put('甲', { ticketId: other.id, asVisit: held.visitId })), 'unknown_reference');
    await saved(put('甲', { ticketId: ticket.id, asVisit: held.visitId, startsAt: at('10:00') }));
    const back = (await stopOf(ticket.id))!;
    assert.deepEqual([back.startsAt, back.windowStart, back.windowEnd, back.lock, back.members.map(({ name }) => name)], [held.startsAt, held.windowStart, held.windowEnd, held.lock, ['乙']]);
    assert.equal((await done(program.call('GET', `/tickets/${ticket.id}`, dispatcher))).body.visits.find(({ id }: { id: string }) => id === back.visitId).note, '带梯子');
    // Rules are asked as for any draft: somebody else was given to the customer meanwhile.
    await done(save({ released: [{ visitId: back.visitId }], reason: '再试' }));
    await saved(put('甲', { ticketId: other.id, startsAt: at('10:00') }));
    assertProblem(await save(put('甲', { ticketId: other.id, startsAt: at('16:30'), asVisit: back.visitId })), 'draft_is_stale');
  });

  test('that somebody runs late is shown and not stored; an order that was chosen stays', async () => {
    const [one, two, three] = [await ticketAt(), await ticketAt(), await ticketAt()];
    await saved(put('甲', { ticketId: one.id, startsAt: at('09:00') }, { ticketId: two.id, startsAt: at('10:00') }, { ticketId: three.id, startsAt: at('14:00') }));
    clock.advance({ minutes: 205 });
    const stops = (await dayOf('甲')).stops;
    assert.deepEqual(stops.map(({ startsAt }) => startsAt), [at('10:25'), at('10:55'), at('14:00')]);
    const third = stops[2]!;
    await saved(put('甲', { visitId: third.visitId, startsAt: third.plannedStart, version: third.version, lock: { kind: 'person', from: null, until: null } }));
    const held = (await dayOf('甲')).stops;
    assert.deepEqual(held.map(({ plannedStart, version }) => [plannedStart, version]), [[at('09:00'), stops[0]!.version], [at('10:00'), stops[1]!.version], [at('14:00'), third.version + 1]]);
    assert.equal((await factsOf(one.id)).filter(({ kind }) => kind === 'visit.planned').length, 0);

    // What comes in between pushes what follows as long as it is there.
    const between = await ticketAt();
    await saved(put('甲', { ticketId: between.id, startsAt: at('13:45') }));
    assert.deepEqual((await dayOf('甲')).stops.slice(2).map(({ ticketId, startsAt, plannedStart }) => [ticketId, startsAt, plannedStart]), [[between.id, at('13:45'), at('13:45')], [three.id, at('14:15'), at('14:00')]]);
    await saved({ released: [{ visitId: (await stopOf(between.id))!.visitId }] });
    assert.equal((await stopOf(three.id))!.startsAt, at('14:00'));
    const turned = await saved(put('甲', { visitId: stops[1]!.visitId }, { visitId: stops[0]!.visitId }));
    assert.deepEqual(turned.technicians[0]!.stops.map(({ ticketId }) => ticketId), [two.id, one.id, three.id]);
    assert.deepEqual((await dayOf('甲')).stops.map(({ ticketId }) => ticketId), [two.id, one.id, three.id]);
  });

  test('a plan that comes too late for a promise says so, and is applied with a reason; the customer is told anew', async () => {
    const [late, fine] = [await ticketAt(), await ticketAt()];
    await promise(late.id, '09:00', '10:00');
    clock.advance({ minutes: 240 });
    const ready = await plan({ seconds: 1 });
    const item = ready.items.find(({ ticketId }) => ticketId === late.id)!;
    assert.deepEqual([item.late, item.breaks.map(({ code }) => code), ready.items.find(({ ticketId }) => ticketId === fine.id)!.breaks], [true, ['promise'], []]);
    const refused = await apply(ready.id);
    assertProblem(refused, 'draft_breaks_rules');
    assert.deepEqual(refused.body.errors.map(({ path, code }: { path: string; code: string }) => [path, code]), [['/reason', 'promise']]);
    const applied: DayPlan = (await done(apply(ready.id, { reason: '早上没有人' }))).body;
    assert.deepEqual([outcomeOf(applied, late.id), outcomeOf(applied, fine.id)], ['applied', 'applied']);
    assert.deepEqual(await overrides(late.id), [['ticket.assigned', { reason: '早上没有人', rules: ['promise'] }]]);
    const stop = (await stopOf(late.id))!;
    assert.ok(stop.startsAt === item.after!.startsAt && stop.windowStart! <= stop.startsAt && stop.windowEnd! > stop.startsAt, JSON.stringify(stop));
  });

  test('what nobody can do any more is given back when the plan is applied', async () => {
    const [lift, pipe, promised] = [await ticketAt(near(0, 0), { category: categories.skilled }), await ticketAt(), await ticketAt(near(0, 0), { category: categories.skilled })];
    await saved(put('甲', { ticketId: lift.id, startsAt: at('10:00') }, { ticketId: pipe.id, startsAt: at('11:00') }));
    await act(program, promised.id, 'assign', { assignee: people['甲']!.id, visit: { windowStart: at('14:00'), windowEnd: at('15:00') } });
    const anew = await plan({ event: 'technician_absent', technicianId: people['甲']!.id }, '/dispatch/replans');
    assert.deepEqual([lift, pipe, promised].map(({ id }) => anew.items.filter(({ ticketId }) => ticketId === id).map(({ change, breaks }) => [change, breaks.map(({ code }) => code)])), [[['removed', []]], [['person', []]], [['removed', ['released_promised']]]]);
    assertProblem(await apply(anew.id), 'draft_breaks_rules');
    const applied: DayPlan = (await done(apply(anew.id, { reason: '甲 病了' }))).body;
    assert.deepEqual([lift, pipe, promised].map(({ id }) => outcomeOf(applied, id)), ['given_back', 'applied', 'given_back']);
    assert.deepEqual([(await unplanned()).map(({ ticketId }) => ticketId).toSorted(), (await dayOf('甲')).stops], [[lift.id, promised.id].toSorted(), []]);
    assert.deepEqual((await done(apply(anew.id))).body.items, applied.items, 'applied again it answers the same');
  });

  test('whoever is to come along is looked at again as well', async () => {
    const [busy, gone] = [await ticketAt(near(0, 0), { category: categories.two }), await ticketAt(near(0, 0), { category: categories.two })];
    const ready = await plan({ seconds: 1, ticketIds: [busy.id] });
    const [item] = ready.items;
    const along = item!.after!.members[0]!;
    const nameOfAlong = Object.keys(people).find((name) => people[name]!.id === along.id)!;
    // Somewhere else by now.
    const other = await ticketAt();
    await saved(put(nameOfAlong, { ticketId: other.id, startsAt: item!.after!.startsAt }));
    const applied: DayPlan = (await done(apply(ready.id))).body;
    assert.deepEqual([outcomeOf(applied, busy.id), await stopOf(busy.id)], ['no_room', undefined]);

    const plain = await ticketAt();
    const again = await plan({ seconds: 1, ticketIds: [gone.id, plain.id] });
    const leaving = again.items.find(({ ticketId }) => ticketId === gone.id)!.after!.members[0]!.id;
    const setActive = (active: boolean) => write((transaction) => transaction.run(build.updateTable('staff').set({ active }).where('tenant_id', '=', program.organization.tenantId).where('id', '=', leaving)));
    await setActive(false);
    const rest: DayPlan = (await done(apply(again.id))).body;
    assert.equal(outcomeOf(rest, gone.id), 'person_unavailable', 'one who has left keeps nothing else from being applied');
    await setActive(true);
  });

  test('tickets that were not looked at are counted', async () => {
    const [waiting, given, later] = [await ticketAt(), await ticketAt(), await ticketAt()];
    await act(program, given.id, 'assign', { assignee: program.organization.staff.agent });
    const ready = await plan({ seconds: 1, ticketIds: [waiting.id, given.id] });
    assert.deepEqual([ready.items.map(({ ticketId }) => ticketId), ready.aside], [[waiting.id], { beyond: 0, gone: 1, later: 0 }]);
    await write((transaction) => transaction.run(build.insertInto('appointment').values({ tenant_id: program.organization.tenantId, ticket_id: later.id, window_start: new Date(Date.parse(at('09:00')) + 2 * 86_400_000), window_end: new Date(Date.parse(at('11:00')) + 2 * 86_400_000), chosen_by: 'customer', chosen_by_name: null, chosen_at: clock.now() })));
    assert.deepEqual((await plan({ seconds: 1 })).aside, { beyond: 0, gone: 0, later: 1 });
    await act(program, given.id, 'cancel', { reason: '试验' });
  });

  test('where somebody is tells a dispatcher nothing of a visit that is not theirs', async () => {
    const technician = { as: { token: people['甲']!.token } };
    const ticket = await ticketAt(near(3, 3));
    const visitId = (await act(program, ticket.id, 'assign', { assignee: people['甲']!.id })).visits[0].id as string;
    for (const [action, body] of [['accept', {}], ['start_travel', {}]] as const) await done(program.call('POST', `/visits/${visitId}/actions/${action}`, { ...technician, body }));
    await write((transaction) => transaction.run(build.insertInto('staff_position').values({ tenant_id: program.organization.tenantId, staff_id: people['甲']!.id, visit_id: visitId, lat: 31.25, lng: 121.49, accuracy: 10, at: clock.now() })));
    const seenBy = async (as: 'dispatcher' | { token: string }) => (await day(as)).technicians.find(({ name }) => name === '甲')!;
    assert.deepEqual((await seenBy('dispatcher')).position?.lat, 31.25);
    const theirs = await seenBy({ token: people['别处的调度']!.token });
    assert.deepEqual([theirs.stops.map(({ withheld }) => withheld), theirs.position], [[true], null]);
    await done(program.call('POST', `/visits/${visitId}/actions/check_in`, { ...technician, body: { location: near(3, 3) } }));
    assert.equal((await seenBy({ token: people['别处的调度']!.token })).position, null);
    await done(program.call('POST', `/visits/${visitId}/actions/complete`, { ...technician, body: { workSummary: '好了' } }));
  });

  test('those who come are told when a visit is moved by more than a little', async () => {
    const ticket = await ticketAt();
    await act(program, ticket.id, 'assign', { assignee: people['甲']!.id, visit: { members: [people['乙']!.id] } });
    const visitId = (await stopOf(ticket.id))!.visitId;
    const told = async (name: string): Promise<string[]> => {
      while (await advance(program.database, notices) > 0);
      const { items } = (await done(program.call('GET', '/notifications?limit=100', { as: { token: people[name]!.token } }))).body as { items: { reason: string; ticket: { id: string } | null; preview: string | null }[] };
      return items.filter((line) => line.ticket?.id === ticket.id && line.reason === 'rescheduled').map(({ preview }) => preview!);
    };
    await saved(put('甲', { visitId, startsAt: at('13:00') }));
    await saved(put('甲', { visitId, startsAt: at('13:10') }));
    assert.deepEqual([(await told('甲')).length, (await told('乙')).length], [1, 1], 'a time for the first, and then ten minutes');
    await saved(put('甲', { visitId, startsAt: at('09:00') }));
    const [newest] = await told('甲');
    assert.match(newest!, /09:00.*13:10/);
    assert.deepEqual([(await told('甲')).length, (await told('乙')).length, (await told('丙')).length], [2, 2, 0]);
  });
});
