import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { DayPlan, DayTechnician, DispatchDay, DraftEvaluation, SavedDraft, UnplannedTicket } from '../../contract/day-plan.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { hashToken } from '../../server/platform/secrets.ts';
import { workOutPlan } from '../../server/journey/dispatch/day/plans/work-out-plan.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

const clock = testClock();
// A Monday, seven o'clock in Shanghai.
clock.advance({ seconds: (Date.parse('2027-03-01T23:00:00Z') - 86_400_000 - clock.now().getTime()) / 1_000 });
const date = '2027-03-01';
const at = (time: string) => new Date(`${date}T${time}:00+08:00`).toISOString();
const middle = { lat: 31.23, lng: 121.47 };
/** Kilometres to the north and to the east. */
const near = (north: number, east: number) => ({ lat: middle.lat + north / 111.2, lng: middle.lng + east / 95.1 });

interface Technician { id: string; token: { token: string } }

describe('days planned as a whole', { timeout: 240_000 }, () => {
  let program: TestProgram;
  let teamId: string;
  let skillId: string;
  let categories: { plain: string; skilled: string };
  let elsewhere: { token: string };
  const people: Record<string, Technician> = {};
  const dispatcher = { as: 'dispatcher' as const };

  const day = async (as: 'dispatcher' | { token: string } = 'dispatcher', query = `?date=${date}&teamId=${teamId}`): Promise<DispatchDay> => (await done(program.call('GET', `/dispatch/day${query}`, { as }))).body;
  const dayOf = async (name: string): Promise<DayTechnician> => (await day()).technicians.find((one) => one.name === name)!;
  const unplanned = async (query = ''): Promise<UnplannedTicket[]> => (await done(program.call('GET', `/dispatch/unplanned?limit=200&teamId=${teamId}${query}`, dispatcher))).body.items;
  const evaluate = (body: object) => program.call('POST', '/dispatch/evaluations', { ...dispatcher, body: { date, ...body } });
  const save = (body: object) => program.call('POST', '/dispatch/schedules', { ...dispatcher, body: { date, ...body } });
  const plan = async (body: object, path = '/dispatch/plans'): Promise<DayPlan> => {
    const asked = await program.call('POST', path, { ...dispatcher, body: { date, teamIds: [teamId], ...body } });
    assert.equal(asked.status, 202, asked.text);
    await workOutPlan(program.services, { tenantId: program.organization.tenantId, planId: asked.body.id }, { rounds: 3_000 });
    return (await done(program.call('GET', `/dispatch/plans/${asked.body.id}`, dispatcher))).body;
  };
  const apply = async (id: string, body: object = {}): Promise<DayPlan> => (await done(program.call('POST', `/dispatch/plans/${id}/actions/apply`, { ...dispatcher, body }))).body;
  const ticketAt = (place: { lat: number; lng: number }, more: object = {}) => newTicket(program, { subject: '漏水', category: categories.plain, team: teamId, location: { address: '世纪大道 1 号', ...place }, ...more });
  const timesOf = (technician: { stops: readonly { ticketId: string | null; startsAt: string; endsAt: string; travelSeconds: number }[] }) => technician.stops.map(({ ticketId, startsAt, endsAt, travelSeconds }) => [ticketId, startsAt, endsAt, travelSeconds]);
  const factsOf = async (ticketId: string) => (await done(program.call('GET', `/tickets/${ticketId}/timeline?limit=100`, dispatcher))).body.items as { kind: string; data: Record<string, unknown> }[];

  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    const { tenantId, departmentId, otherDepartmentId } = program.organization;
    skillId = (await done(program.call('POST', '/skills', { as: 'administrator', body: { name: '电梯', nameEn: 'Lifts' } }))).body.id;
    const category = async (name: string, more: object): Promise<string> => (await done(program.call('POST', '/categories', { as: 'administrator', body: { name, ...more } }))).body.id;
    categories = { plain: await category('管道', { serviceMinutes: 30 }), skilled: await category('电梯', { serviceMinutes: 45, skills: [{ skillId, level: 2 }] }) };
    const team = async (name: string, department: string): Promise<string> => (await done(program.call('POST', '/teams', { as: 'administrator', body: { name, departmentId: department } }))).body.id;
    teamId = await team('维修班', departmentId);
    const otherTeam = await team('别处', otherDepartmentId);
    const now = clock.now();
    const names = ['甲', '乙', '丙', '丁', '戊', '己'];
    const hired = [...names, '外人'].map((name, index) => ({ id: newId(), name, home: near((index % 3) * 4 - 4, index < 3 ? -4 : 4) }));
    const lead = { id: newId(), token: newToken('session', tenantId) };
    await program.database.transact(tenantId, async (transaction) => {
      const roleOf = async (key: string) => (await transaction.run(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('key', '=', key)))[0]!.id;
      const own = newId();
      await transaction.run(build.insertInto('role').values({ tenant_id: tenantId, id: own, key: 'team-dispatcher', name: '班组调度', grants: JSON.stringify(['ticket.read', 'ticket.assign'].map((permission) => ({ permission, scope: 'team' }))), created_at: now }));
      await transaction.run(build.insertInto('staff').values([
        ...hired.map(({ id, name, home }) => ({ tenant_id: tenantId, id, name, email: `${id}@first.example`, job: 'technician', department_id: departmentId, created_at: now, home_lat: home.lat, home_lng: home.lng })),
        { tenant_id: tenantId, id: lead.id, name: '别处的调度', email: `${lead.id}@first.example`, job: 'dispatcher', department_id: otherDepartmentId, created_at: now, home_lat: null, home_lng: null },
      ]));
      await transaction.run(build.insertInto('staff_role').values([...await Promise.all(hired.map(async ({ id }) => ({ tenant_id: tenantId, staff_id: id, role_id: await roleOf('technician') }))), { tenant_id: tenantId, staff_id: lead.id, role_id: own }]));
      await transaction.run(build.insertInto('team_member').values([...hired.map(({ id, name }) => ({ tenant_id: tenantId, team_id: name === '外人' ? otherTeam : teamId, staff_id: id })), { tenant_id: tenantId, team_id: otherTeam, staff_id: lead.id }]));
      await transaction.run(build.insertInto('staff_skill').values(['甲', '丁'].map((name) => ({ tenant_id: tenantId, staff_id: hired.find((one) => one.name === name)!.id, skill_id: skillId, level: 3 }))));
      await transaction.run(build.insertInto('work_schedule').values({
        tenant_id: tenantId, owner_id: teamId, owner_kind: 'team', time_zone: null, updated_at: now,
        windows: JSON.stringify([1, 2, 3, 4, 5].flatMap((weekday) => [{ weekday, startsMinute: 510, endsMinute: 720 }, { weekday, startsMinute: 780, endsMinute: 1_050 }])),
      }));
      for (const { id, name } of hired) {
        const token = newToken('session', tenantId);
        await transaction.run(build.insertInto('session').values({ tenant_id: tenantId, token_hash: hashToken(token), id: newId(), staff_id: id, customer_id: null, created_at: now, last_seen_at: now, expires_at: new Date(now.getTime() + 30 * 86_400_000) }));
        people[name] = { id, token: { token } };
      }
      await transaction.run(build.insertInto('session').values({ tenant_id: tenantId, token_hash: hashToken(lead.token), id: newId(), staff_id: lead.id, customer_id: null, created_at: now, last_seen_at: now, expires_at: new Date(now.getTime() + 30 * 86_400_000) }));
    });
    elsewhere = { token: lead.token };
    // Whoever is not hired over HTTP is not in the roster before it is read anew.
    clock.advance({ minutes: 2 });
  });
  after(() => program?.close());

  test('the day shows who works when, and what waits to be planned with what it needs', async () => {
    const ticket = await ticketAt(near(1, 1), { priority: 'urgent', category: categories.skilled });
    const shown = await day();
    assert.deepEqual([shown.date, shown.zone, shown.technicians.map(({ name }) => name).toSorted(), shown.travel], [date, 'Asia/Shanghai', ['丁', '丙', '乙', '己', '戊', '甲'], 'straight_line']);
    const [someone] = shown.technicians;
    assert.deepEqual([someone!.shifts.map(({ from, to }) => [from, to]), someone!.onDuty, someone!.shiftsKnown, someone!.start!.from], [[[at('08:30'), at('12:00')], [at('13:00'), at('17:30')]], true, true, 'home']);
    const [first, ...more] = await unplanned();
    assert.deepEqual([first!.ticketId, first!.serviceMinutes, first!.serviceFrom, first!.skills.map(({ skill, level }) => [skill.name, level]), more], [ticket.id, 45, 'category', [['Lifts', 2]], []]);
    assert.deepEqual([await unplanned('&q=不存在'), (await unplanned(`&q=${ticket.number}`)).length], [[], 1]);

    // Dropped on somebody who lacks the skill, at a time of one's own: it is told what that breaks, and saved only with a reason.
    const stops = [{ ticketId: ticket.id, startsAt: at('10:00') }];
    const tried = (await done(evaluate({ technicians: [{ technicianId: people['乙']!.id, stops }] }))).body as DraftEvaluation;
    assert.deepEqual([tried.broken.map(({ code, hard, isNew, detail }) => [code, hard, isNew, detail]), tried.technicians[0]!.stops[0]!.startsAt, tried.difference.visits], [[['skill', true, true, 'Lifts']], at('10:00'), 1]);
    assert.equal((await unplanned()).length, 1, 'nothing was saved');
    const refused = await save({ technicians: [{ technicianId: people['乙']!.id, stops }] });
    assertProblem(refused, 'draft_breaks_rules');
    assert.deepEqual(refused.body.errors.map(({ path, code }: { path: string; code: string }) => [path, code]), [['/technicians/0/stops/0', 'skill']]);

    const good = { technicians: [{ technicianId: people['甲']!.id, stops: [{ ...stops[0], lock: { kind: 'both', from: at('10:00'), until: null } }] }] };
    const judged = (await done(evaluate(good))).body as DraftEvaluation;
    assert.deepEqual(judged.broken, []);
    const saved = (await done(save(good))).body as SavedDraft;
    assert.deepEqual(timesOf(saved.technicians[0]!), timesOf(judged.technicians[0]!));
    const [stop] = (await dayOf('甲')).stops;
    assert.deepEqual([[stop!.ticketId, stop!.startsAt, stop!.endsAt, stop!.travelSeconds], stop!.lock, stop!.plannedStart, stop!.windowStart], [timesOf(judged.technicians[0]!)[0], { kind: 'both', from: at('10:00'), until: null }, at('10:00'), null]);
    assertProblem(await save(good), 'draft_is_stale', 'it is not unplanned any more');

    // Held, it moves only with a reason, which stands in the history.
    const moved = { technicians: [{ technicianId: people['丁']!.id, stops: [{ visitId: stop!.visitId, version: stop!.version }] }] };
    assertProblem(await save(moved), 'draft_breaks_rules');
    assertProblem(await save({ technicians: [{ ...moved.technicians[0], stops: [{ visitId: stop!.visitId, version: stop!.version + 1 }] }] }), 'stale_version');
    await done(save({ ...moved, reason: '客户要求换人' }));
    const assigned = (await factsOf(ticket.id)).find(({ kind, data }) => kind === 'ticket.assigned' && data['override'] !== undefined);
    assert.deepEqual(assigned!.data['override'], { reason: '客户要求换人', rules: ['person_locked'] });

    const [there] = (await dayOf('丁')).stops;
    // Held, it is not given back without a reason either.
    const release = { technicians: [], released: [{ visitId: there!.visitId, version: there!.version }] };
    const kept = await save(release);
    assertProblem(kept, 'draft_breaks_rules');
    assert.deepEqual(kept.body.errors.map(({ path, code }: { path: string; code: string }) => [path, code]), [['/released/0', 'released_held']]);
    await done(save({ ...release, reason: '客户取消' }));
    assert.deepEqual([(await dayOf('丁')).stops, (await unplanned()).length], [[], 1]);
    await act(program, ticket.id, 'cancel', { reason: '试验' });
  });

  test('a morning of thirty tickets is planned, applied as evaluated, and what was taken meanwhile is told', async () => {
    const random = ((seed: number) => () => ((seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0) / 2 ** 32)(7);
    const tickets: { id: string; version: number; number: string }[] = [];
    for (let index = 0; index < 30; index += 1) {
      // Ids in order of time make the plan the same in each run.
      clock.advance({ seconds: 1 });
      tickets.push(await ticketAt(near(random() * 10 - 5, random() * 10 - 5), { priority: (['urgent', 'high', 'normal', 'low'] as const)[index % 4], category: index % 6 === 0 ? categories.skilled : categories.plain }));
    }
    // Something is promised already; whatever is planned keeps it.
    const promised = await act(program, tickets[0]!.id, 'assign', { assignee: people['丁']!.id, visit: { windowStart: at('14:00'), windowEnd: at('15:00') } });
    const waiting = await plan({ seconds: 1, promiseMinutes: 120 });
    assert.deepEqual([waiting.state, waiting.leftOut, waiting.items.length, waiting.failure], ['ready', [], 30, null], JSON.stringify(waiting.leftOut));
    assert.deepEqual([waiting.items.filter(({ change }) => change === 'new').length, waiting.bookings, waiting.after!.late, waiting.after!.overtimeSeconds], [29, 1, 0, 0]);
    const kept = waiting.items.find(({ ticketId }) => ticketId === promised.id)!;
    assert.ok(kept.after!.startsAt >= at('14:00') && kept.after!.startsAt <= at('15:00'));

    // One is given away by hand, one is cancelled, one is changed.
    const [taken, ended, changed] = waiting.items.filter(({ change }) => change === 'new');
    await act(program, taken!.ticketId, 'assign', { assignee: program.organization.staff.agent });
    await act(program, ended!.ticketId, 'cancel', { reason: '客户取消' });
    await done(program.call('PATCH', `/tickets/${changed!.ticketId}`, { ...dispatcher, body: { priority: changed!.priority === 'low' ? 'high' : 'low' }, headers: { 'if-match': '*' } }));
    const applied = await apply(waiting.id);
    const outcomes = new Map(applied.items.map(({ ticketId, outcome }) => [ticketId, outcome!.code]));
    assert.deepEqual([outcomes.get(taken!.ticketId), outcomes.get(ended!.ticketId), outcomes.get(changed!.ticketId)], ['taken', 'ended', 'changed']);
    assert.equal(applied.items.filter(({ outcome }) => outcome!.code === 'applied').length >= 26, true);
    assert.deepEqual((await apply(waiting.id)).items.map(({ outcome }) => outcome!.code), applied.items.map(({ outcome }) => outcome!.code), 'applied again it answers the same');

    const shown = await day();
    for (const item of applied.items.filter(({ outcome, change }) => outcome!.code === 'applied' && change === 'new')) {
      const owner = shown.technicians.find(({ id }) => id === item.after!.technician.id)!;
      const stop = owner.stops.find(({ ticketId }) => ticketId === item.ticketId)!;
      assert.deepEqual([stop.startsAt, stop.endsAt, stop.late, stop.missingSkills], [item.after!.startsAt, item.after!.endsAt, false, []]);
      assert.equal(Date.parse(stop.windowEnd!) - Date.parse(stop.windowStart!), 7_200_000);
    }
    assert.deepEqual([shown.figures.late, shown.figures.overtimeSeconds], [0, 0]);
    const still = shown.technicians.flatMap(({ stops }) => stops).find(({ ticketId }) => ticketId === promised.id)!;
    assert.deepEqual([still.windowStart, still.windowEnd], [at('14:00'), at('15:00')]);
    assert.deepEqual((await unplanned()).map(({ ticketId }) => ticketId), [changed!.ticketId]);
    // The draft of what is there is what is there.
    const someone = shown.technicians.find(({ stops }) => stops.length > 3)!;
    const same = (await done(evaluate({ technicians: [{ technicianId: someone.id, stops: someone.stops.map(({ visitId }) => ({ visitId })) }] }))).body as DraftEvaluation;
    assert.deepEqual([timesOf(same.technicians[0]!), same.difference.travelSeconds, same.broken], [timesOf(someone), 0, []]);
  });

  test('somebody falls ill: their visits go to others, few of the rest move, and no promise is broken', async () => {
    const before = await day();
    const ill = before.technicians.find(({ stops, skills }) => stops.length > 2 && skills.length === 0)!;
    const anew = await plan({ event: 'technician_absent', technicianId: ill.id }, '/dispatch/replans');
    assert.deepEqual([anew.state, anew.event], ['ready', 'technician_absent']);
    const [theirs, others] = [anew.items.filter(({ before: was }) => was?.technician.id === ill.id), anew.items.filter(({ before: was }) => was && was.technician.id !== ill.id)];
    assert.equal(theirs.length, ill.stops.length);
    assert.ok(theirs.every(({ after: is }) => is?.technician.id !== ill.id));
    assert.ok(others.filter(({ change }) => change !== 'kept').length <= Math.ceil(others.length * 0.03), JSON.stringify(others.filter(({ change }) => change !== 'kept')));
    assert.equal(anew.items.filter(({ late }) => late).length, anew.after!.late);
    const applied = await apply(anew.id);
    const after = await day();
    for (const { ticketId, outcome, after: is } of applied.items) if (is && outcome?.code === 'applied') assert.equal(after.technicians.find(({ stops }) => stops.some((stop) => stop.ticketId === ticketId))?.id, is.technician.id);
    for (const stop of after.technicians.flatMap(({ stops }) => stops)) {
      const was = before.technicians.flatMap(({ stops }) => stops).find(({ ticketId }) => ticketId === stop.ticketId)!;
      assert.deepEqual([stop.windowStart, stop.windowEnd], [was.windowStart, was.windowEnd], 'what was told to the customer stays');
    }
  });

  test('what cannot be planned says which rule keeps it out, and what would have to give way', async () => {
    const { body: rare } = await done(program.call('POST', '/skills', { as: 'administrator', body: { name: '高压', nameEn: 'High voltage' } }));
    const category = (await done(program.call('POST', '/categories', { as: 'administrator', body: { name: '高压', serviceMinutes: 30, skills: [{ skillId: rare.id, level: 1 }] } }))).body.id;
    const ticket = await ticketAt(near(0, 0), { category });
    const planned = await plan({ seconds: 1, ticketIds: [ticket.id], keep: 'everything' });
    const [left] = planned.leftOut;
    assert.deepEqual([planned.items.filter(({ change }) => change !== 'kept'), left!.ticketId, left!.reason, left!.title, left!.relaxations[0]!.kind], [[], ticket.id, 'skill', 'lacks the skill “High voltage”', 'skill']);
    assert.match(left!.relaxations[0]!.title, /has time, but lacks the skill “High voltage”/);
    const withdrawn = await done(program.call('POST', `/dispatch/plans/${planned.id}/actions/withdraw`, dispatcher));
    assert.equal(withdrawn.body.state, 'withdrawn');
    assertProblem(await program.call('POST', `/dispatch/plans/${planned.id}/actions/apply`, { ...dispatcher, body: {} }), 'plan_over');
    const nobody = await plan({ seconds: 1, ticketIds: [], date: '2027-03-06' });
    assert.deepEqual([nobody.state, nobody.failure?.code], ['failed', 'nothing_to_plan']);
    const one = await done(program.call('POST', '/dispatch/plans', { ...dispatcher, body: { date, teamIds: [teamId] } }));
    assertProblem(await program.call('POST', '/dispatch/plans', { ...dispatcher, body: { date, teamIds: [teamId] } }), 'plan_under_way');
    assertProblem(await program.call('POST', `/dispatch/plans/${one.body.id}/actions/apply`, { ...dispatcher, body: {} }), 'plan_not_ready');
    await done(program.call('POST', `/dispatch/plans/${one.body.id}/actions/withdraw`, dispatcher));
    await workOutPlan(program.services, { tenantId: program.organization.tenantId, planId: one.body.id });
    assert.equal((await done(program.call('GET', `/dispatch/plans/${one.body.id}`, dispatcher))).body.state, 'withdrawn', 'what was given up is not worked out');
  });

  test('a visit goes to another day without being given back: its locks and promises are looked at there', async () => {
    const [next, weekend] = ['2027-03-02', '2027-03-06'];
    const on = (day: string, time: string) => new Date(`${day}T${time}:00+08:00`).toISOString();
    const stopOf = async (day: string, name: string, ticketId: string) => (await program.call('GET', `/dispatch/day?date=${day}&teamId=${teamId}`, dispatcher)).body.technicians.find((one: DayTechnician) => one.name === name).stops.find((stop: { ticketId: string | null }) => stop.ticketId === ticketId) as DayTechnician['stops'][number] | undefined;
    const move = (day: string, name: string, stop: { visitId: string | null; version: number }, time: string, more: object = {}) =>
      program.call('POST', '/dispatch/schedules', { ...dispatcher, body: { date: day, technicians: [{ technicianId: people[name]!.id, stops: [{ visitId: stop.visitId, version: stop.version, startsAt: on(day, time) }] }], ...more } });
    const codes = (refused: { body: { errors: { code: string }[] } }) => refused.body.errors.map(({ code }) => code);

    // Held at a time, it moves with a reason, stays the same visit, and is held at its new time.
    const held = await ticketAt(near(1, 1));
    await done(save({ technicians: [{ technicianId: people['己']!.id, stops: [{ ticketId: held.id, startsAt: at('16:00'), lock: { kind: 'time', from: at('16:00'), until: null } }] }] }));
    const first = (await stopOf(date, '己', held.id))!;
    const refused = await move(next, '己', first, '10:00');
    assertProblem(refused, 'draft_breaks_rules');
    assert.deepEqual(codes(refused), ['time_locked']);
    await done(move(next, '己', first, '10:00', { reason: '客户改期' }));
    const second = (await stopOf(next, '己', held.id))!;
    assert.deepEqual([await stopOf(date, '己', held.id), second.visitId, second.startsAt, second.lock], [undefined, first.visitId, on(next, '10:00'), { kind: 'time', from: on(next, '10:00'), until: null }]);
    assertProblem(await move(next, '己', first, '11:00'), 'stale_version');

    // Whoever is off that day, by the rules of that day; given back from there as well.
    const saturday = await move(weekend, '己', second, '10:00');
    assert.deepEqual(codes(saturday).toSorted(), ['off_duty', 'time_locked']);
    await done(program.call('POST', '/dispatch/schedules', { ...dispatcher, body: { date, technicians: [], released: [{ visitId: second.visitId, version: second.version }], reason: '客户取消' } }));
    assert.equal(await stopOf(next, '己', held.id), undefined);
    await act(program, held.id, 'cancel', { reason: '试验' });

    // A promised window is broken by another day, later or sooner; with a reason it moves along, as wide as it was.
    const promised = await ticketAt(near(1, 1));
    await act(program, promised.id, 'assign', { assignee: people['己']!.id, visit: { windowStart: on(next, '14:00'), windowEnd: on(next, '16:00') } });
    const told = (await stopOf(next, '己', promised.id))!;
    for (const [day, time] of [[date, '16:30'], ['2027-03-03', '09:00']] as const) assert.deepEqual(codes(await move(day, '己', told, time)), ['promise'], day);
    await done(move('2027-03-03', '戊', told, '09:00', { reason: '客户改期' }));
    const moved = (await stopOf('2027-03-03', '戊', promised.id))!;
    assert.deepEqual([moved.windowStart, moved.windowEnd, moved.startsAt, await stopOf(next, '己', promised.id)], [on('2027-03-03', '09:00'), on('2027-03-03', '11:00'), on('2027-03-03', '09:00'), undefined]);
    await done(move(date, '戊', moved, '16:30', { reason: '提前' }));
    const back = (await stopOf(date, '戊', promised.id))!;
    assert.deepEqual([back.windowStart, back.startsAt], [at('16:30'), at('16:30')]);
    assert.equal((await factsOf(promised.id)).filter(({ data }) => (data['override'] as { rules?: string[] } | undefined)?.rules?.includes('promise')).length, 2);

    // Who comes along goes along, and their day is looked at, too.
    const crew = await program.call('PATCH', `/visits/${back.visitId}/members`, { ...dispatcher, body: { members: [people['己']!.id] }, headers: { 'if-match': `"${back.version}"` } });
    assert.equal(crew.status, 200, crew.text);
    const together = (await stopOf(date, '戊', promised.id))!;
    const tried = (await done(program.call('POST', '/dispatch/evaluations', { ...dispatcher, body: { date: next, technicians: [{ technicianId: people['戊']!.id, stops: [{ visitId: together.visitId, startsAt: on(next, '09:00') }] }] } }))).body as DraftEvaluation;
    assert.deepEqual(tried.technicians.map(({ stops }) => stops.filter(({ ticketId }) => ticketId === promised.id).map(({ startsAt, along }) => [startsAt, along])).toSorted(), [[[on(next, '09:00'), false]], [[on(next, '09:00'), true]]]);
    assertProblem(await program.call('POST', '/dispatch/schedules', { as: elsewhere, body: { date: next, technicians: [], released: [{ visitId: together.visitId, version: together.version }] } }), 'unknown_reference');
    await act(program, promised.id, 'cancel', { reason: '试验' });
  });

  test('what is urgent goes to whoever is on call where nobody at work can be there as soon', async () => {
    // Soon after seven; work begins at half past eight.
    assert.ok(clock.now().toISOString() < at('07:20'), 'it is early');
    const enter = async (staffId: string, body: object) => {
      const { version } = (await done(program.call('GET', `/staff/${staffId}/shifts`, { as: 'administrator' }))).body;
      await done(program.call('PATCH', `/staff/${staffId}/shifts`, { as: 'administrator', body, headers: { 'if-match': `"${version}"` } }));
    };
    // Of whom nobody has entered when they work would be there at once.
    for (const id of [program.organization.staff.technician, people['外人']!.id]) await enter(id, { windows: [] });
    await enter(people['丙']!.id, { onCall: { windows: [{ weekday: 1, startsMinute: 0, endsMinute: 510 }, { weekday: 1, startsMinute: 1_080, endsMinute: 1_440 }], exceptions: [] } });
    const ticket = async (priority: string) => (await ticketAt(near(2, 2), { priority })).id as string;
    const [urgent, normal] = [await ticket('urgent'), await ticket('normal')];
    const best = async (id: string) => {
      const { items } = (await done(program.call('GET', `/tickets/${id}/proposals`, dispatcher))).body as { items: { technician: { name: string }; begins: string; shift: { from: string; to: string } }[] };
      return items[0]!;
    };
    const called = await best(urgent);
    assert.deepEqual([called.technician.name, called.begins < at('08:00')], ['丙', true]);
    assert.ok((await best(normal)).begins >= at('08:30'), 'what is not urgent waits for those at work');

    const shown = await day();
    const onCall = (name: string) => shown.technicians.find((one) => one.name === name)!.onCall;
    assert.deepEqual([onCall('丙'), onCall('乙')], [[{ from: at('00:00'), to: at('08:30') }, { from: at('18:00'), to: new Date(Date.parse(at('23:59')) + 60_000).toISOString() }], []]);
    const tried = async (name: string, ticketId: string, time: string) => {
      const { technicians, broken } = (await done(program.call('POST', '/dispatch/evaluations', { ...dispatcher, body: { date, technicians: [{ technicianId: people[name]!.id, stops: [{ ticketId, startsAt: at(time) }] }] } }))).body as DraftEvaluation;
      return [technicians[0]!.stops.find((stop) => stop.ticketId === ticketId)!.startsAt, broken.filter(({ hard, isNew }) => hard && isNew).map(({ code }) => code)];
    };
    assert.deepEqual(await tried('丙', urgent, '07:30'), [at('07:30'), []]);
    assert.deepEqual(await tried('丙', urgent, '20:00'), [at('20:00'), []]);
    assert.deepEqual(await tried('丙', normal, '20:00'), [at('20:00'), ['overtime']]);
    assert.deepEqual(await tried('乙', urgent, '20:00'), [at('20:00'), ['overtime']]);
    for (const id of [urgent, normal]) await act(program, id, 'cancel', { reason: '试验' });
  });

  test('the dispatcher of another team sees and plans nothing of it', async () => {
    const theirs = await day(elsewhere, `?date=${date}`);
    assert.deepEqual([theirs.technicians.map(({ name }) => name), theirs.teams.map(({ name }) => name)], [['外人'], ['别处']]);
    assertProblem(await program.call('GET', `/dispatch/day?teamId=${teamId}`, { as: elsewhere }), 'unknown_reference');
    assert.deepEqual((await done(program.call('GET', '/dispatch/unplanned', { as: elsewhere }))).body.items, []);
    const { items } = (await done(program.call('GET', `/dispatch/plans?date=${date}`, dispatcher))).body as { items: DayPlan[] };
    assert.ok(items.length > 2);
    assert.deepEqual((await done(program.call('GET', '/dispatch/plans', { as: elsewhere }))).body.items, []);
    assertProblem(await program.call('GET', `/dispatch/plans/${items[0]!.id}`, { as: elsewhere }), 'not_found');
    assertProblem(await program.call('POST', '/dispatch/plans', { as: elsewhere, body: { date, teamIds: [teamId] } }), 'unknown_reference');
    const [waiting] = await unplanned();
    assertProblem(await program.call('POST', '/dispatch/schedules', { as: elsewhere, body: { date, technicians: [{ technicianId: people['外人']!.id, stops: [{ ticketId: waiting!.ticketId }] }] } }), 'unknown_reference');
    const someone = (await day()).technicians.find(({ stops }) => stops.length > 0)!;
    assertProblem(await program.call('POST', '/dispatch/evaluations', { as: elsewhere, body: { date, technicians: [{ technicianId: people['外人']!.id, stops: [{ visitId: someone.stops[0]!.visitId }] }] } }), 'unknown_reference');
  });
});
