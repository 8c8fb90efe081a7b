import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { TechnicianProposals } from '../../contract/dispatch.ts';
import { readEvents, unescapeText } from '../../rules/calendar/icalendar-lines.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { assertProblem, done, linkOf, newTicket } from './scene.ts';

const clock = testClock();
// A Monday, nine o'clock in Shanghai.
clock.advance({ seconds: (Date.parse('2027-03-01T01:00:00Z') - clock.now().getTime()) / 1_000 });
const place = { lat: 31.23, lng: 121.47 };
const north = (metres: number) => ({ lat: place.lat + metres / 111_195, lng: place.lng });
const week = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, startsMinute: 540, endsMinute: 1_080 }));

test('where nothing is known of anybody, they are thought to be there already', { timeout: 60_000 }, async () => {
  const program = await openTestProgram();
  try {
    const { id } = await newTicket(program, { subject: '水管漏水', location: { address: '世纪大道 1 号', ...place } });
    const { items, ruledOut } = (await done(program.call('GET', `/tickets/${id}/proposals`, { as: 'dispatcher' }))).body as TechnicianProposals;
    assert.deepEqual([items.map(({ technician, travelMinutes, startsFrom }) => [technician.name, travelMinutes, startsFrom]), ruledOut], [[['technician first', 0, 'unknown']], []]);
  } finally {
    await program.close();
  }
});

describe('proposals of whom to send', { timeout: 120_000 }, () => {
  let program: TestProgram;
  const people: Record<string, string> = {};
  let skillId: string;

  const propose = async (id: string, query = ''): Promise<TechnicianProposals> => (await done(program.call('GET', `/tickets/${id}/proposals${query}`, { as: 'dispatcher' }))).body;
  const changed = async (path: string, body: unknown) => {
    const { headers } = await done(program.call('GET', path, { as: 'administrator' }));
    return done(program.call('PATCH', path, { as: 'administrator', body, headers: { 'if-match': String(headers['etag']) } }));
  };

  before(async () => {
    program = await openTestProgram({ clock });
    const { tenantId } = program.organization;
    skillId = (await done(program.call('POST', '/skills', { as: 'administrator', body: { name: '电梯', nameEn: 'Lifts' } }))).body.id;
    for (const [name, metres, level] of [['近处的', 1_000, 3], ['远处的', 20_000, 3], ['行家', 1_200, 5], ['新手', 500, 1], ['休息的', 800, 3]] as const) {
      const body = { name, job: 'technician', teamIds: [program.organization.teamId], skills: [{ skill: '电梯', level }] };
      const { id } = (await done(program.call('POST', '/staff', { as: 'administrator', body }))).body;
      people[name] = id;
      const home = north(metres);
      await program.database.transact(tenantId, (transaction) => transaction.run(sql`UPDATE staff SET home_lat = ${home.lat}, home_lng = ${home.lng} WHERE id = ${id}`));
      await changed(`/staff/${id}/shifts`, { windows: name === '休息的' ? [{ weekday: 7, startsMinute: 540, endsMinute: 1_080 }] : week });
    }
    await changed(`/categories/${program.organization.categoryId}`, { serviceMinutes: 90, skills: [{ skillId, level: 2 }] });
  });
  after(() => program?.close());

  const ticketHere = (more: object = {}) => newTicket(program, { subject: '电梯困人', category: program.organization.categoryId, location: { address: '世纪大道 1 号', ...place }, ...more });

  test('the nearest who knows enough comes first, an expert behind; each with a sheet that adds up, and the reasons of the others', async () => {
    const { items, ruledOut, ruledOutCount, eligible, basis } = await propose((await ticketHere()).id);
    assert.deepEqual(items.map(({ technician }) => technician.name), ['近处的', '行家', '远处的']);
    assert.equal(eligible, 3);
    for (const { sheet, score } of items) {
      assert.ok(Math.abs(sheet.reduce((sum, { points }) => sum + points, 0) - score) < 0.5, `${score}`);
      assert.ok(Math.abs(sheet.reduce((sum, { most }) => sum + most, 0) - 100) < 0.5);
    }
    assert.deepEqual([items[0]!.travelMinutes, items[0]!.startsFrom, items[0]!.before, items[0]!.visits], [3, 'home', null, 0]);
    assert.ok(Math.abs(Date.parse(items[0]!.begins) - clock.now().getTime() - 1_000 * 1.3 / 8 * 1_000) < 1_000, 'a kilometre with bends at 8 m/s');
    assert.deepEqual(basis, { day: '2027-03-01', windowStart: null, windowEnd: null, minutes: 90, minutesFrom: 'category', skills: [{ skill: { id: skillId, name: 'Lifts' }, level: 2 }], people: 1, place: 'ticket', travel: 'straight_line' });
    const reasons = Object.fromEntries(ruledOut.map(({ technician, reason, detail }) => [technician.name, `${reason} ${detail}`]));
    assert.equal(reasons['休息的'], 'off_duty null');
    assert.equal(reasons['新手'], 'skill Lifts 1 < 2');
    // Those of tests' making have no skills at all.
    assert.equal(reasons['technician first'], 'skill Lifts');
    assert.equal(ruledOutCount, ruledOut.length);
  });

  test('what somebody has to do already is worked around, and nobody is sent where no room is left', async () => {
    const taken = await ticketHere({ subject: '早上的' });
    const window = { windowStart: '2027-03-01T02:00:00Z', windowEnd: '2027-03-01T02:30:00Z' };
    await done(program.call('POST', `/tickets/${taken.id}/actions/assign`, { as: 'dispatcher', body: { assignee: people['近处的'], visit: window } }));
    const { id } = await ticketHere({ subject: '又一个' });
    const soon = await propose(id);
    const near = soon.items.find(({ technician }) => technician.name === '近处的')!;
    // Ninety minutes of work do not fit before ten: it goes behind the one that was promised.
    assert.deepEqual([near.visits, near.before], [1, null]);
    assert.equal(near.begins, '2027-03-01T03:30:00.000Z', 'from ten for ninety minutes, in the same place');
    assert.equal(soon.items[0]!.technician.name, '行家', 'who can be there at once');
    // Asked for at the same time, there is no room with whoever has it.
    const same = await propose(id, `?windowStart=${window.windowStart}&windowEnd=${window.windowEnd}`);
    assert.deepEqual(same.ruledOut.find(({ technician }) => technician.name === '近处的'), { technician: { id: people['近处的'], name: '近处的' }, reason: 'no_gap', title: 'No room in that time', detail: '1 visits that day' });
    // The ticket's own visit stands in nobody's way.
    assert.ok((await propose(taken.id, `?windowStart=${window.windowStart}&windowEnd=${window.windowEnd}`)).items.some(({ technician }) => technician.name === '近处的'));
  });

  test('absences, other days, and whoever knows the customer', async () => {
    const requester = { name: '周女士', phone: '13911112222' };
    const known = await ticketHere({ subject: '以前的', requester });
    await done(program.call('POST', `/tickets/${known.id}/actions/assign`, { as: 'dispatcher', body: { assignee: people['远处的'] } }));
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`UPDATE visit SET status = 'completed', completed_at = now() WHERE ticket_id = ${known.id}`));
    const { id } = await ticketHere({ subject: '又坏了', requester });
    const sunday = await propose(id, '?windowStart=2027-03-07T02:00:00Z&windowEnd=2027-03-07T06:00:00Z&minutes=30');
    assert.deepEqual([sunday.items.map(({ technician }) => technician.name), sunday.basis.day, sunday.basis.minutes, sunday.basis.minutesFrom], [['休息的'], '2027-03-07', 30, 'given']);
    const knows = (await propose(id)).items.find(({ technician }) => technician.name === '远处的')!.sheet.find(({ factor }) => factor === 'familiarity')!;
    assert.equal(knows.value, 0.333);
    await done(program.call('POST', '/absences', { as: 'administrator', body: { staffId: people['行家'], from: '2027-03-01T00:00:00Z', to: '2027-03-02T00:00:00Z' } }));
    assert.equal((await propose(id)).ruledOut.find(({ technician }) => technician.name === '行家')?.reason, 'off_duty');
  });

  test('where nobody knows the place, travel counts nothing; and what is asked has to make sense', async () => {
    const { id } = await newTicket(program, { subject: '不知道在哪里', category: program.organization.categoryId });
    const { items, basis } = await propose(id);
    assert.deepEqual([basis.place, basis.travel, items[0]!.travelMinutes, items[0]!.sheet.some(({ factor }) => factor === 'travel')], [null, null, null, false]);
    for (const [query, path] of [['windowEnd=2027-03-01T03:00:00Z', '/windowStart'], ['windowStart=2027-03-01T03:00:00Z&windowEnd=2027-03-01T02:00:00Z', '/windowEnd'], ['windowStart=2020-03-01T03:00:00Z', '/windowEnd'], ['windowStart=2030-03-01T03:00:00Z', '/windowStart']] as const) {
      const answer = await program.call('GET', `/tickets/${id}/proposals?${query}`, { as: 'dispatcher' });
      assertProblem(answer, 'invalid_input', query);
      assert.equal(answer.body.errors[0].path, path);
    }
    assertProblem(await program.call('GET', `/tickets/${id}/proposals`, { as: 'technician' }), 'forbidden');
    const path = `/categories/${program.organization.categoryId}`;
    const { headers } = await done(program.call('GET', path, { as: 'administrator' }));
    const twice = await program.call('PATCH', path, { as: 'administrator', body: { skills: [{ skillId, level: 2 }, { skillId, level: 3 }] }, headers: { 'if-match': String(headers['etag']) } });
    assertProblem(twice, 'invalid_input');
    assert.equal(twice.body.errors[0].path, '/skills/1/skillId');
  });

  test('whom a customer, a place or an asset wants, has to have, or does not accept is kept to, with the reason', async () => {
    const { tenantId } = program.organization;
    const account = (await done(program.call('POST', '/accounts', { as: 'administrator', body: { name: '海星大厦', kind: 'company' } }))).body.id as string;
    const site = (await done(program.call('POST', `/accounts/${account}/sites`, { as: 'administrator', body: { name: 'A 座' } }))).body.id as string;
    const asset = (await done(program.call('POST', '/assets', { as: 'administrator', body: { code: 'LIFT-9', name: '货梯' } }))).body.id as string;
    await program.database.transact(tenantId, (transaction) => transaction.run(sql`UPDATE asset SET account_id = ${account}, site_id = ${site} WHERE id = ${asset}`));
    const ticket = await ticketHere({ subject: '挑人的', requester: { name: '钱总', phone: '13912345678' }, assetId: asset });
    const customer = (await done(program.call('GET', `/tickets/${ticket.id}`, { as: 'dispatcher' }))).body.requester.customerId as string;
    const say = (of: string, subjectId: string, who: string, kind: string, reason?: string) => program.call('POST', '/technician-preferences', { as: 'administrator', body: { of, subjectId, staffId: people[who], kind, ...(reason === undefined ? {} : { reason }) } });
    const told = async () => {
      const { items, ruledOut } = await propose(ticket.id);
      return { items, names: items.map(({ technician }) => technician.name).toSorted(), out: new Map(ruledOut.map(({ technician, reason, detail }) => [technician.name, `${reason} ${detail}`])) };
    };
    // Away since the test before.
    const first = await told();
    assert.deepEqual(first.names, ['近处的', '远处的']);
    assert.ok(!first.items[0]!.sheet.some(({ factor }) => factor === 'preference'), 'nobody is preferred, so nothing is weighed');

    await done(say('customer', customer, '远处的', 'preferred', '上次修得好'));
    const preferred = (await told()).items.map(({ technician, sheet }) => [technician.name, sheet.find(({ factor }) => factor === 'preference')!.value]);
    assert.deepEqual(Object.fromEntries(preferred), { 近处的: 0, 远处的: 1 });
    await done(say('site', site, '近处的', 'banned', '与保安争执'));
    const without = await told();
    assert.deepEqual([without.names, without.out.get('近处的')], [['远处的'], 'banned 与保安争执']);

    // Of customer and asset each that requires somebody, it has to be one of theirs.
    const offered = (await done(program.call('POST', `/tickets/${ticket.id}/offers`, { as: 'dispatcher', body: { mode: 'best_match' } }))).body;
    assert.deepEqual(offered.candidates.map((one: { staff: { name: string } }) => one.staff.name), ['远处的'], 'offers keep to it as well');
    await done(program.call('POST', `/offers/${offered.id}/actions/withdraw`, { as: 'dispatcher', body: {} }));
    await done(say('asset', asset, '远处的', 'required', '有货梯证'));
    await done(say('asset', asset, '近处的', 'required'));
    assert.deepEqual((await told()).out.get('新手'), 'not_required 有货梯证');
    await done(say('customer', customer, '近处的', 'required'));
    assert.deepEqual((await told()).names, [], 'the customer wants one and the place bans them');

    const list = (await done(program.call('GET', `/technician-preferences?of=customer&subjectId=${customer}`, { as: 'dispatcher' }))).body.items as { id: string; technician: { name: string }; kind: string; reason: string | null }[];
    assert.deepEqual(list.map(({ technician, kind, reason }) => [technician.name, kind, reason]), [['远处的', 'preferred', '上次修得好'], ['近处的', 'required', null]]);
    await done(program.call('DELETE', `/technician-preferences/${list[1]!.id}`, { as: 'administrator' }));
    assertProblem(await program.call('DELETE', `/technician-preferences/${list[1]!.id}`, { as: 'administrator' }), 'not_found');
    // Said anew, it is one word still.
    await done(say('customer', customer, '远处的', 'banned'));
    assert.deepEqual((await told()).names, []);
    assert.equal((await done(program.call('GET', `/technician-preferences?of=customer&subjectId=${customer}`, { as: 'dispatcher' }))).body.items.length, 1);
    const unknown = await program.call('POST', '/technician-preferences', { as: 'administrator', body: { of: 'customer', subjectId: customer, staffId: ticket.id, kind: 'banned' } });
    assert.deepEqual([unknown.status, unknown.body.errors[0].path], [422, '/staffId']);
    assertProblem(await program.call('GET', `/technician-preferences?of=customer&subjectId=${ticket.id}`, { as: 'dispatcher' }), 'not_found');
    assertProblem(await say('site', customer, '近处的', 'banned'), 'not_found');
    assert.ok((await done(program.call('GET', `/customers/${customer}/timeline?kinds=change`, { as: 'administrator' }))).body.items.some((item: { change?: { kind: string } }) => JSON.stringify(item).includes('technician_preference.set')), 'it stands in the history');
  });

  test('somebody is sent against a rule only with a reason, which stays with the ticket', async () => {
    const ticket = await ticketHere({ subject: '派给新手' });
    const assign = (body: object) => program.call('POST', `/tickets/${ticket.id}/actions/assign`, { as: 'dispatcher', body: { assignee: people['新手'], ...body } });
    const refused = await assign({});
    assertProblem(refused, 'override_needed');
    assert.deepEqual([refused.body.rules, refused.body.title], [['skill'], 'A rule speaks against 新手: Lacks a skill. To do it all the same, say why.']);
    assertProblem(await assign({ override: ' ' }), 'invalid_input');
    await done(assign({ override: '老师傅电话指导' }));
    const entries = (await done(program.call('GET', `/tickets/${ticket.id}/timeline`, { as: 'dispatcher' }))).body.items as { kind: string; data: { override?: object } }[];
    assert.deepEqual(entries.find(({ kind }) => kind === 'ticket.assigned')!.data.override, { reason: '老师傅电话指导', rules: ['skill'] });
    // Given again to whoever has it, and to somebody nothing speaks against.
    await done(assign({ note: '带上梯子' }));
    await done(assign({ assignee: people['远处的'] }));
  });

  test('work for two: who could come along is proposed, sent with the lead, sees the visit, and is busy meanwhile', async () => {
    const { organization } = program;
    const category = (await done(program.call('POST', '/categories', { as: 'administrator', body: { name: '吊装', serviceMinutes: 60, skills: [{ skillId, level: 2 }], crew: [{ skills: [] }] } }))).body;
    assert.deepEqual(category.crew, [{ skills: [] }]);
    const window = { windowStart: '2027-03-03T02:00:00Z', windowEnd: '2027-03-03T02:30:00Z' };
    const query = `?windowStart=${window.windowStart}&windowEnd=${window.windowEnd}`;
    const ticket = await ticketHere({ subject: '吊装主机', category: category.id });
    const { items, basis } = await propose(ticket.id, query);
    assert.deepEqual([basis.people, items[0]!.technician.name, items[0]!.crew.length], [2, '近处的', 1]);
    const along = items[0]!.crew[0]!.technician!;
    assert.ok(along.id !== items[0]!.technician.id && along.name !== '休息的');
    const assign = (members: readonly string[], lead = people['近处的']!) => program.call('POST', `/tickets/${ticket.id}/actions/assign`, { as: 'dispatcher', body: { assignee: lead, visit: { ...window, members } } });
    assertProblem(await assign([people['近处的']!]), 'invalid_input', 'the lead does not come along with themselves');
    const member = organization.staff.technician;
    const given = (await done(assign([member, people['新手']!]))).body;
    const [visit] = given.visits as { id: string; members: { id: string }[]; version: number }[];
    assert.deepEqual(visit!.members.map(({ id }) => id), [member, people['新手']]);
    // Theirs to see, not to step through.
    const mine = (await done(program.call('GET', '/visits?technician=me&state=current', { as: 'technician' }))).body.items as { id: string; actions: string[]; technician: { name: string } }[];
    assert.deepEqual(mine.filter(({ id }) => id === visit!.id).map(({ actions, technician }) => [actions, technician.name]), [[[], '近处的']]);
    assertProblem(await program.call('POST', `/visits/${visit!.id}/actions/accept`, { as: 'technician', body: {} }), 'visit_not_yours');
    const other = await ticketHere({ subject: '同一时间', category: category.id });
    assert.equal((await propose(other.id, query)).ruledOut.find(({ technician }) => technician.id === people['新手'])?.reason, 'skill');
    const level = await newTicket(program, { subject: '谁都能做', location: { address: '世纪大道 1 号', ...place } });
    assert.equal((await propose(level.id, query)).ruledOut.find(({ technician }) => technician.id === people['新手'])?.reason, 'no_gap', 'who comes along is busy');

    const change = (members: readonly string[], version: number) => program.call('PATCH', `/visits/${visit!.id}/members`, { as: 'dispatcher', body: { members }, headers: { 'if-match': `"${version}"` } });
    const changed = (await done(change([people['新手']!], visit!.version))).body;
    assert.deepEqual(changed.members.map(({ name }: { name: string }) => name), ['新手']);
    assertProblem(await change([], visit!.version), 'stale_version');
    assertProblem(await program.call('GET', `/visits/${visit!.id}`, { as: 'technician' }), 'not_found', 'no longer theirs');
    assert.equal((await propose(level.id, query)).ruledOut.find(({ technician }) => technician.id === member)?.reason, undefined);
  });

  test('areas: who serves them counts or is the only one sent, and new tickets there go to their team', async () => {
    const { organization } = program;
    const team = (await done(program.call('POST', '/teams', { as: 'administrator', body: { name: '城南班', departmentId: organization.departmentId } }))).body.id as string;
    const around = (half: number) => [[[[place.lng - half, place.lat - half], [place.lng + half, place.lat - half], [place.lng + half, place.lat + half], [place.lng - half, place.lat + half]]]];
    const territory = (await done(program.call('POST', '/territories', { as: 'administrator', body: { name: '外滩', nameEn: 'The Bund', shape: around(0.01), teamIds: [team], staffIds: [people['远处的']] } }))).body;
    assert.deepEqual([territory.shape[0][0].length, territory.color, territory.teams.map(({ name }: { name: string }) => name)], [5, 'blue', ['城南班']], 'closed');
    // Smaller, but of two teams: a person decides.
    await done(program.call('POST', '/territories', { as: 'administrator', body: { name: '码头', shape: around(0.001), teamIds: [team, organization.otherTeamId] } }));
    const { id } = await newTicket(program, { subject: '电梯异响', category: organization.categoryId, location: { address: '世纪大道 1 号', ...place } });
    const read = async (ticket: string) => (await done(program.call('GET', `/tickets/${ticket}`, { as: 'administrator' }))).body;
    const category = await read(id);
    const free = await newTicket(program, { subject: '无人认领', location: { address: '世纪大道 1 号', ...place } });
    const elsewhere = await newTicket(program, { subject: '郊外', location: { address: '崇明', lat: 31.6, lng: 121.5 } });
    assert.deepEqual([category.team?.id, (await read(free.id)).team?.id, (await read(elsewhere.id)).team], [organization.teamId, team, null], 'what the category says comes first');

    const sheets = Object.fromEntries((await propose(id)).items.map(({ technician, sheet }) => [technician.name, sheet.find(({ factor }) => factor === 'territory')?.value]));
    // Nobody else serves any area, so they serve all of them.
    assert.deepEqual(sheets, { 近处的: 1, 远处的: 1 });
    await done(program.call('POST', '/territories', { as: 'administrator', body: { name: '浦东', shape: [[[[122, 31], [122.1, 31], [122.1, 31.1]]]], staffIds: [people['近处的']] } }));
    const value = async () => (await propose(id)).items.find(({ technician }) => technician.name === '近处的')?.sheet.find(({ factor }) => factor === 'territory')!.value;
    assert.equal(await value(), 0);
    const rules = `/teams/${organization.teamId}/dispatch-rules`;
    const set = (body: object, version: number) => program.call('PATCH', rules, { as: 'administrator', body: { rules: { reservePercent: 0, withinTerritory: false, ...body } }, headers: { 'if-match': `"${version}"` } });
    await done(set({ withinTerritory: true }, 0));
    assertProblem(await set({ withinTerritory: false }, 0), 'stale_version');
    assert.equal((await propose(id)).ruledOut.find(({ technician }) => technician.name === '近处的')?.reason, 'territory');

    // Half a day is kept: four and a half hours may be given out, and whoever has an hour and a half has room for two tickets of ninety minutes more.
    const day = '?windowStart=2027-03-04T01:00:00Z&windowEnd=2027-03-04T10:00:00Z';
    const reason = async (ticket: string) => (await propose(ticket, `${day}&minutes=280`)).ruledOut.find(({ technician }) => technician.name === '近处的')?.reason;
    await done(set({ reservePercent: 50 }, 1));
    const urgent = await ticketHere({ subject: '困人', priority: 'urgent' });
    assert.deepEqual([await reason(id), await reason(urgent.id)], [category.priority === 'urgent' ? undefined : 'reserved', undefined]);

    const change = (body: object, version = 1) => program.call('PATCH', `/territories/${territory.id}`, { as: 'administrator', body, headers: { 'if-match': `"${version}"` } });
    // Latitude and longitude in each other’s place; a ring that crosses itself.
    for (const ring of [[[31.2, 121.4], [31.3, 121.4], [31.3, 121.5]], [[0, 0], [2, 2], [2, 0], [0, 1]]]) {
      const answer = await change({ shape: [[ring]] });
      assert.deepEqual([answer.status, answer.body.errors[0].path], [422, '/shape/0/0']);
    }
    assertProblem(await program.call('POST', '/territories', { as: 'administrator', body: { name: '外滩', shape: around(1) } }), 'name_taken');
    assertProblem(await program.call('POST', '/territories', { as: 'dispatcher', body: { name: '别处', shape: around(1) } }), 'forbidden');
    await done(change({ active: false }));
    assert.equal((await done(program.call('GET', '/territories', { as: 'dispatcher' }))).body.items.length, 2);
    await done(set({}, 2));
  });

  test('windows are offered from what is really free, promised once, and kept when somebody is sent', async () => {
    const { organization } = program;
    const setting = (body: object, version: number) => program.call('PATCH', '/appointment-setting', { as: 'administrator', body: { offered: true, windows: [{ startsMinute: 540, endsMinute: 660 }, { startsMinute: 840, endsMinute: 900 }], days: 4, leadMinutes: 120, ...body }, headers: { 'if-match': `"${version}"` } });
    assertProblem(await setting({ windows: [{ startsMinute: 600, endsMinute: 540 }] }, 0), 'invalid_input');
    const skill = (await done(program.call('POST', '/skills', { as: 'administrator', body: { name: '制冷' } }))).body.id as string;
    const category = (await done(program.call('POST', '/categories', { as: 'administrator', body: { name: '空调', serviceMinutes: 90, skills: [{ skillId: skill, level: 1 }] } }))).body.id as string;
    // One who can do it, at work on Monday to Wednesday; their Monday is today, from nine on.
    const body = { name: '制冷工', job: 'technician', teamIds: [organization.teamId], skills: [{ skill: '制冷', level: 3 }] };
    const cooler = (await done(program.call('POST', '/staff', { as: 'administrator', body }))).body.id as string;
    await program.database.transact(organization.tenantId, (transaction) => transaction.run(sql`UPDATE staff SET home_lat = ${place.lat}, home_lng = ${place.lng} WHERE id = ${cooler}`));
    await changed(`/staff/${cooler}/shifts`, { windows: week.slice(0, 3) });
    const make = async () => {
      const ticket = await newTicket(program, { subject: '空调不冷', category, location: { address: '世纪大道 1 号', ...place } });
      return { id: ticket.id as string, token: linkOf(ticket) };
    };
    const tickets = await Promise.all(Array.from({ length: 5 }, make));
    const [one, two, three, four] = tickets as [typeof tickets[0], typeof tickets[0], typeof tickets[0], typeof tickets[0]];
    const look = async ({ id }: { id: string }) => (await done(program.call('GET', `/tickets/${id}/appointment?windows=true`, { as: 'dispatcher' }))).body as { promised: { windowStart: string; by: string } | null; mayChoose: boolean; windows: { windowStart: string; windowEnd: string }[] };
    const starts = async (ticket: { id: string }) => (await look(ticket)).windows.map(({ windowStart }) => windowStart.slice(5, 16));
    assert.equal((await look(one)).mayChoose, true);
    await done(setting({}, 0));
    // At nine: what begins within two hours is too soon; on Thursday nobody is at work.
    assert.deepEqual(await starts(one), ['03-01T06:00', '03-02T01:00', '03-02T06:00', '03-03T01:00', '03-03T06:00']);
    const tuesday = { windowStart: '2027-03-02T01:00:00Z', windowEnd: '2027-03-02T03:00:00Z' };
    const choose = ({ id }: { id: string }, window: object = tuesday) => program.call('POST', `/tickets/${id}/appointment`, { as: 'dispatcher', body: window });
    assert.equal((await done(choose(one))).body.promised.by, 'staff');
    await done(choose(one));
    // Nine and half past ten begin in time, noon does not.
    assert.ok((await starts(three)).includes('03-02T01:00'));
    // Two at once for the last place: one has it, the other is told what is left.
    const both = await Promise.all([choose(two), choose(three)]);
    const lost = both.find(({ status }) => status !== 200)!;
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 409]);
    assertProblem(lost, 'appointment_taken');
    assert.deepEqual(lost.body.windows.map(({ windowStart }: { windowStart: string }) => windowStart.slice(5, 16)), ['03-01T06:00', '03-02T06:00', '03-03T01:00', '03-03T06:00']);
    assertProblem(await choose(four, { ...tuesday, windowEnd: '2027-03-02T04:00:00Z' }), 'appointment_taken', 'no window of the pattern');

    // Whoever is sent comes when it was promised, and then it is their visit that is moved.
    const given = (await done(program.call('POST', `/tickets/${one.id}/actions/assign`, { as: 'dispatcher', body: { assignee: cooler } }))).body;
    assert.equal(given.visits.at(-1).windowStart, '2027-03-02T01:00:00.000Z');
    assert.ok(!(await starts(four)).includes('03-02T01:00'), 'a visit takes as much room as a promise');
    const wednesday = { windowStart: '2027-03-03T06:00:00Z', windowEnd: '2027-03-03T07:00:00Z' };
    await done(choose(one, wednesday));
    assert.equal((await done(program.call('GET', `/tickets/${one.id}`, { as: 'dispatcher' }))).body.visits.at(-1).windowStart, '2027-03-03T06:00:00.000Z');
    assert.ok((await starts(four)).includes('03-02T01:00'), 'it is free again');
    await done(program.call('DELETE', `/tickets/${one.id}/appointment`, { as: 'dispatcher' }));
    assert.equal((await look(one)).promised, null);

    // By the link of their ticket, where it is offered.
    const byLink = async (window: object | null) => program.call(window === null ? 'GET' : 'POST', `/progress/${four.token}/appointment${window === null ? '?windows=true' : ''}`, window === null ? {} : { body: window });
    const seen = (await done(byLink(null))).body;
    assert.deepEqual([seen.mayChoose, seen.timeZone, seen.windows.length > 0], [true, 'Asia/Shanghai', true]);
    assert.equal((await done(byLink(tuesday))).body.promised.by, 'customer');
    await done(setting({ offered: false }, 1));
    assertProblem(await byLink(wednesday), 'appointment_not_offered');
    assert.equal((await done(byLink(null))).body.mayChoose, false);
    await done(program.call('POST', `/tickets/${four.id}/actions/cancel`, { as: 'dispatcher', body: { reason: '不用了' } }));
    assertProblem(await choose(four, wednesday), 'action_not_open');
  });

  test('a calendar reads one’s visits by a secret address, until it is taken back', async () => {
    const calendar = (path = '/calendar-feed', method: 'GET' | 'POST' | 'DELETE' = 'GET') => program.call(method, path, { as: 'technician' });
    assert.deepEqual((await done(calendar())).body, { active: false, createdAt: null, lastReadAt: null });
    const { url } = (await done(calendar('/calendar-feed', 'POST'))).body as { url: string };
    const ticket = await ticketHere({ subject: '电梯年检, 带报告; 两人', category: undefined });
    const window = { windowStart: '2027-03-04T02:00:00Z', windowEnd: '2027-03-04T04:00:00Z' };
    await done(program.call('POST', `/tickets/${ticket.id}/actions/assign`, { as: 'dispatcher', body: { assignee: program.organization.staff.technician, override: '年检', visit: window } }));
    const read = (address: string) => program.inject({ method: 'GET', url: new URL(address).pathname });
    const answer = await read(url);
    assert.deepEqual([answer.status, answer.headers['content-type'], answer.headers['cache-control']], [200, 'text/calendar; charset=utf-8', 'private, no-store']);
    const events = readEvents(answer.text)!.map(({ properties }) => Object.fromEntries(properties.map(({ name, value }) => [name, unescapeText(value)])));
    const mine = events.find(({ SUMMARY: summary }) => summary === '电梯年检, 带报告; 两人')!;
    assert.deepEqual([mine['DTSTART'], mine['LOCATION'], mine['STATUS'], mine['GEO']], ['20270304T100000', '世纪大道 1 号', 'TENTATIVE', '31.230000;121.470000']);
    assert.ok((await done(calendar())).body.lastReadAt !== null);
    const next = (await done(calendar('/calendar-feed', 'POST'))).body as { url: string };
    assert.deepEqual([(await read(url)).status, (await read(next.url)).status], [404, 200], 'the one before opens nothing');
    await done(calendar('/calendar-feed', 'DELETE'));
    assert.equal((await read(next.url)).status, 404);
    assert.equal((await read(`${next.url.slice(0, -60)}${'x'.repeat(56)}.ics`)).status, 404);
    assertProblem(await program.call('GET', '/calendar-feed', {}), 'not_signed_in');
  });

  test('what a team weighs decides who comes first, and a draft shows it before it is saved', async () => {
    const path = `/teams/${program.organization.teamId}/dispatch-weights`;
    const shown = await done(program.call('GET', path, { as: 'administrator' }));
    assert.deepEqual([shown.body.own, shown.body.version, shown.body.weights.travel], [false, 0, 30]);
    const { id } = await ticketHere({ subject: '谁先到谁去', assignee: people['远处的'], team: program.organization.teamId });
    const loads = { travel: 0, promptness: 0, skill: 100, load: 0, territory: 0, familiarity: 0, preference: 0, fairness: 0 };
    const preview = (await done(program.call('POST', `${path}/preview`, { as: 'administrator', body: { weights: loads } }))).body;
    const line = preview.items.find((item: { ticket: { id: string } }) => item.ticket.id === id);
    assert.deepEqual([line.assignee.name, line.now.technician.name], ['远处的', (await propose(id)).items[0]!.technician.name]);
    assert.equal(preview.changed, preview.items.filter((item: { now: { technician: { id: string } } | null; draft: { technician: { id: string } } | null }) => item.now?.technician.id !== item.draft?.technician.id).length);
    const saved = await done(program.call('PATCH', path, { as: 'administrator', body: { weights: loads }, headers: { 'if-match': '"0"' } }));
    assert.deepEqual([saved.body.own, saved.body.version, saved.body.weights], [true, 1, loads]);
    const best = (await propose(id)).items[0]!;
    assert.deepEqual(best.sheet.map(({ factor, most }) => [factor, most]), [['skill', 100]]);
    assert.equal(best.technician.name, line.draft.technician.name, 'as the draft said');
    assertProblem(await program.call('PATCH', path, { as: 'administrator', body: { weights: null }, headers: { 'if-match': '"0"' } }), 'stale_version');
    const nothing = await program.call('PATCH', path, { as: 'administrator', body: { weights: { ...loads, skill: 0 } }, headers: { 'if-match': '"1"' } });
    assert.deepEqual([nothing.status, nothing.body.errors[0].path], [422, '/weights']);
    assert.equal((await done(program.call('PATCH', path, { as: 'administrator', body: { weights: null }, headers: { 'if-match': '"1"' } }))).body.own, false);
    assertProblem(await program.call('PATCH', path, { as: 'dispatcher', body: { weights: loads }, headers: { 'if-match': '"2"' } }), 'forbidden');
  });

  test('a place is entered while it is open, and work takes as long as it took before', async () => {
    const account = (await done(program.call('POST', '/accounts', { as: 'administrator', body: { name: '银行大厦', kind: 'company' } }))).body.id as string;
    const hours = [{ weekday: 2, startsMinute: 840, endsMinute: 960 }];
    const site = (await done(program.call('POST', `/accounts/${account}/sites`, { as: 'administrator', body: { name: '金库', accessHours: hours } }))).body;
    assert.deepEqual(site.accessHours, hours);
    const path = `/accounts/${account}/sites/${site.id}`;
    const wrong = await program.call('PATCH', path, { as: 'administrator', body: { accessHours: [{ weekday: 2, startsMinute: 900, endsMinute: 840 }] }, headers: { 'if-match': '"1"' } });
    assert.deepEqual([wrong.status, wrong.body.errors[0].path], [422, '/accessHours/0/endsMinute']);
    assert.equal((await done(program.call('PATCH', path, { as: 'administrator', body: { accessHours: hours }, headers: { 'if-match': '"1"' } }))).body.version, 1, 'nothing was changed');
    const asset = (await done(program.call('POST', '/assets', { as: 'administrator', body: { code: 'VAULT-1', name: '金库门', accountId: account, siteId: site.id } }))).body.id as string;
    const category = (await done(program.call('POST', '/categories', { as: 'administrator', body: { name: '门禁', serviceMinutes: 60, skills: [] } }))).body.id as string;
    const make = (more: object = {}) => newTicket(program, { subject: '门禁失灵', category, location: { address: '世纪大道 1 号', ...place }, ...more });
    const { id } = await make({ assetId: asset });
    // Monday nine: the place opens on Tuesday at two, and the work has to be done by four.
    const { items, basis } = await propose(id);
    assert.deepEqual([basis.day, items[0]!.begins], ['2027-03-02', '2027-03-02T06:00:00.000Z']);
    const late = await propose(id, '?windowStart=2027-03-02T07:30:00Z&windowEnd=2027-03-02T10:00:00Z');
    assert.deepEqual([late.eligible, new Set(late.ruledOut.map(({ reason }) => reason)).has('no_gap')], [0, true]);
    assert.equal((await propose((await make()).id)).basis.day, '2027-03-01', 'elsewhere today');

    // Ten visits of two hours, seven of them one person's.
    for (let count = 0; count < 10; count += 1) {
      const done_ = await make({ subject: `以前的 ${count}` });
      await done(program.call('POST', `/tickets/${done_.id}/actions/assign`, { as: 'dispatcher', body: { assignee: people[count < 7 ? '远处的' : '近处的'] } }));
      await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`UPDATE visit SET status = 'completed', checked_in_at = now() - interval '3 hours', completed_at = now() - interval '1 hour' WHERE ticket_id = ${done_.id}`));
    }
    assert.deepEqual([(await propose((await make()).id)).basis.minutes, basis.minutesFrom], [60, 'category'], 'looked up now and then');
    clock.advance({ minutes: 11 });
    const learned = await propose((await make()).id);
    assert.deepEqual([learned.basis.minutes, learned.basis.minutesFrom], [90, 'learned'], 'half way between what was entered and what it took');
    // One person's seven against five of everybody's: (7 × 120 + 5 × 90) ÷ 12.
    const fits = async (from: string) => (await propose((await make()).id, `?windowStart=${from}&windowEnd=2027-03-05T09:59:00Z`)).items.map(({ technician }) => technician.name);
    // At work until six: at 16:20 there are a hundred minutes left.
    assert.ok(!(await fits('2027-03-05T08:20:00Z')).includes('远处的') && (await fits('2027-03-05T08:20:00Z')).includes('新手'));
    assert.equal((await propose((await make()).id, '?minutes=30')).basis.minutesFrom, 'given');
  });
});
