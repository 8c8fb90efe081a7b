import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { TechnicianProposals } from '../../contract/dispatch.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { assertProblem, done, newTicket } from './scene.ts';

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
    assert.deepEqual(basis, { day: '2027-03-01', windowStart: null, windowEnd: null, minutes: 90, minutesFrom: 'category', skills: [{ skill: { id: skillId, name: 'Lifts' }, level: 2 }], place: 'ticket', travel: 'straight_line' });
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

  test('what a team weighs decides who comes first, and a draft shows it before it is saved', async () => {
    const path = `/teams/${program.organization.teamId}/dispatch-weights`;
    const shown = await done(program.call('GET', path, { as: 'administrator' }));
    assert.deepEqual([shown.body.own, shown.body.version, shown.body.weights.travel], [false, 0, 30]);
    const { id } = await ticketHere({ subject: '谁先到谁去', assignee: people['远处的'], team: program.organization.teamId });
    const loads = { travel: 0, promptness: 0, skill: 100, load: 0, familiarity: 0, fairness: 0 };
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
});
