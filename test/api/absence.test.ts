import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { advance, registerReader, type Reader } from '../../server/platform/facts/readers.ts';
import { openNotices } from '../../server/reactions/notices/write-notices.ts';
import { openTestProgram, testClock, type Person, type TestClock, type TestProgram } from '../support/program.ts';
import { assertProblem, done, keepFirstPassword, newTicket, writesNothing } from './scene.ts';

describe('absence cover', { timeout: 120_000 }, () => {
  let program: TestProgram;
  let notices: Reader;
  let clock: TestClock;
  let second: { person: string; token: string };
  before(async () => {
    clock = testClock();
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    notices = openNotices(program.services.clock);
    await registerReader(program.database, notices.name);
    // Another technician, who reaches no more than what is their own.
    const roles = (await done(program.call('GET', '/roles', { as: 'administrator' }))).body.items as { id: string; key: string }[];
    const person = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '李工', job: 'technician', email: 'li@first.example', password: 'correct horse battery', roleIds: [roles.find((role) => role.key === 'technician')!.id] } }))).body.id;
    await keepFirstPassword(program, person);
    second = { person, token: (await done(program.call('POST', '/session', { body: { email: 'li@first.example', password: 'correct horse battery' } }))).body.token };
  });
  after(() => program.close());
  const hours = (count: number) => new Date(clock.now().getTime() + count * 3_600_000).toISOString();
  const plan = (body: object, as: Person | { token: string } = 'technician') => program.call('POST', '/absences', { as, body: { from: hours(1), to: hours(5), coverId: second.person, ...body } });

  test('while somebody is away their cover acts on their tickets as on their own, and no longer', async () => {
    const { technician } = program.organization.staff;
    const [theirs, others] = [await newTicket(program, { assignee: technician }, 'dispatcher'), await newTicket(program)];
    const asCover = { as: { token: second.token } };
    const see = async (id: string) => (await program.call('GET', `/tickets/${id}`, asCover)).status;
    const listed = async () => (await done(program.call('GET', '/tickets', asCover))).body.items.map((one: { id: string }) => one.id);
    const staff = async () => (await done(program.call('GET', `/staff/${technician}`, { as: 'dispatcher' }))).body.absent;
    const absence = (await done(plan({ note: '年假' }))).body;
    assert.deepEqual([absence.state, await see(theirs.id), await listed(), await staff()], ['planned', 404, [], null]);

    clock.advance({ minutes: 61 });
    assert.deepEqual([await see(theirs.id), await see(others.id), await listed()], [200, 404, [theirs.id]]);
    assert.deepEqual(await staff(), { from: absence.from, to: absence.to, cover: { id: second.person, name: '李工' } });
    const { actions } = (await done(program.call('GET', `/tickets/${theirs.id}/actions`, asCover))).body;
    assert.ok(actions.includes('accept') && !actions.includes('assign'), actions.join());
    const accepted = (await done(program.call('POST', `/tickets/${theirs.id}/actions/accept`, { ...asCover, body: {} }))).body;
    assert.deepEqual([accepted.assignee.id, accepted.status], [technician, 'open'], 'it stays with who is away');
    await done(program.call('POST', `/tickets/${theirs.id}/comments`, { ...asCover, body: { body: '我先来看', visibility: 'public' } }));
    assert.equal((await program.call('PATCH', `/tickets/${theirs.id}`, { ...asCover, body: { subject: 'x' }, headers: { 'if-match': `"${accepted.version}"` } })).status, 403, 'no more than they may do with their own');
    // A reply that is held is theirs to send while they cover.
    await done(program.call('POST', `/tickets/${theirs.id}/held-replies`, { ...asCover, body: { body: '路上', visibility: 'public' } }));

    clock.advance({ minutes: 300 });
    assert.deepEqual([await see(theirs.id), await listed(), await staff()], [404, [], null]);
    assert.equal((await done(program.call('GET', `/absences/${absence.id}`, { as: 'technician' }))).body.state, 'over');
    assertProblem(await program.call('PATCH', `/absences/${absence.id}`, { as: 'technician', body: { to: hours(9) }, headers: { 'if-match': '"1"' } }), 'invalid_input');
  });

  test('a ticket reopened after its assignee has left goes to who was to stand in for them, or to nobody', async () => {
    const leave = async (name: string, covered: boolean) => {
      const { id } = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name, job: 'agent', email: `${name}@first.example` } }))).body;
      const ticket = await newTicket(program, { assignee: id }, 'dispatcher');
      await done(program.call('POST', `/tickets/${ticket.id}/actions/resolve`, { as: 'dispatcher', body: { resolution: '好了' } }));
      if (covered) await done(program.call('POST', '/absences', { as: 'administrator', body: { staffId: id, from: hours(-1), to: hours(5), coverId: program.organization.staff.agent } }));
      await done(program.call('PATCH', `/staff/${id}`, { as: 'administrator', body: { active: false }, headers: { 'if-match': '*' } }));
      return ticket.id;
    };
    const reopened = async (id: string) => (await done(program.call('POST', `/tickets/${id}/actions/reopen`, { as: 'dispatcher', body: { reason: '又坏了' } }))).body;
    const [alone, covered] = [await reopened(await leave('gone', false)), await reopened(await leave('covered', true))];
    assert.deepEqual([alone.status, alone.assignee], ['open', null]);
    assert.equal(covered.assignee.id, program.organization.staff.agent);
    const kept = await newTicket(program, { assignee: program.organization.staff.agent }, 'dispatcher');
    await done(program.call('POST', `/tickets/${kept.id}/actions/resolve`, { as: 'agent', body: { resolution: '好了' } }));
    assert.equal((await reopened(kept.id)).assignee.id, program.organization.staff.agent, 'who is there takes it up again');
  });

  test('what is meant for somebody who is away reaches their cover, too', async () => {
    const { technician, dispatcher } = program.organization.staff;
    const absence = (await done(plan({ from: hours(-1), to: hours(5) }))).body;
    const ticket = await newTicket(program, { assignee: technician }, 'dispatcher');
    await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body: '@technician', visibility: 'internal', mentions: [technician, dispatcher] } }));
    while (await advance(program.database, notices) > 0);
    const told = async (as: Person | { token: string }) => (await done(program.call('GET', '/notifications', { as }))).body.items.filter((line: { ticket: { id: string } }) => line.ticket.id === ticket.id).map((line: { reason: string; for: { id: string } | null }) => [line.reason, line.for?.id ?? null]);
    assert.deepEqual(await told({ token: second.token }), [['mentioned', technician], ['assigned', technician]]);
    assert.deepEqual(await told('technician'), [['mentioned', null], ['assigned', null]]);
    await done(program.call('DELETE', `/absences/${absence.id}`, { as: 'technician' }));
    assertProblem(await program.call('GET', `/tickets/${ticket.id}`, { as: { token: second.token } }), 'not_found');
    assert.equal((await done(program.call('GET', `/absences/${absence.id}`, { as: 'technician' }))).body.state, 'cancelled');
  });

  test('standing in for somebody does not pass on: the cover’s cover reaches nothing of theirs', async () => {
    const { technician, agent } = program.organization.staff;
    const ticket = await newTicket(program, { assignee: technician }, 'dispatcher');
    const first = (await done(plan({ from: hours(0), to: hours(5), coverId: agent }))).body;
    const next = (await done(plan({ from: hours(0), to: hours(5), coverId: second.person }, 'agent'))).body;
    assert.equal((await program.call('GET', `/tickets/${ticket.id}`, { as: { token: second.token } })).status, 404);
    for (const [id, as] of [[first.id, 'technician'], [next.id, 'agent']] as const) await done(program.call('DELETE', `/absences/${id}`, { as }));
  });

  test('an absence has a length, does not overlap another, and is planned by who may', async () => {
    const { technician, stranger, administrator } = program.organization.staff;
    await done(plan({ from: hours(100), to: hours(110) }));
    await writesNothing(program, async () => {
      for (const [body, code] of [
        [{ from: hours(105), to: hours(120) }, 'absence_overlaps'], [{ from: hours(90), to: hours(101) }, 'absence_overlaps'], [{ from: hours(20), to: hours(20) }, 'invalid_input'], [{ from: hours(-20), to: hours(-10) }, 'invalid_input'],
        [{ from: hours(200), to: hours(200 + 367 * 24) }, 'invalid_input'], [{ coverId: technician }, 'invalid_input'], [{ coverId: '018f0000-0000-7000-8000-000000000000' }, 'unknown_reference'], [{ staffId: stranger }, 'forbidden'],
      ] as const) assertProblem(await plan(body), code, JSON.stringify(body));
      assertProblem(await plan({ staffId: technician, from: hours(300), to: hours(310), coverId: administrator }, 'administrator'), 'forbidden', 'nobody makes themselves a cover');
    });
    await done(plan({ from: hours(110), to: hours(120), coverId: null }));
    const planned = (await done(plan({ staffId: technician, from: hours(300), to: hours(310) }, 'administrator'))).body;
    const changed = (await done(program.call('PATCH', `/absences/${planned.id}`, { as: 'technician', body: { to: hours(305), coverId: null }, headers: { 'if-match': '"1"' } }))).body;
    assert.deepEqual([changed.cover, changed.version], [null, 2]);
    assertProblem(await program.call('PATCH', `/absences/${planned.id}`, { as: 'dispatcher', body: { to: hours(306) }, headers: { 'if-match': '"2"' } }), 'forbidden');
    assertProblem(await program.call('GET', `/absences/${planned.id}`, { as: 'stranger' }), 'not_found');
    assert.deepEqual((await done(program.call('GET', '/absences', { as: 'stranger' }))).body.items, []);
    assert.equal((await done(program.call('GET', '/absences?state=coming&staff=me', { as: 'technician' }))).body.items.length, 3);
    const facts = (await done(program.call('GET', '/audit?kind=absence.planned', { as: 'administrator' }))).text;
    assert.ok(!facts.includes('年假'), 'why somebody is away stays out of the log');
  });
});
