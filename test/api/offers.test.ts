import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { usualModes, type ModeSettings, type Offer, type PooledOffer } from '../../contract/offer.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { advance, registerReader, type Reader } from '../../server/platform/facts/readers.ts';
import { hashToken } from '../../server/platform/secrets.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { openNotices } from '../../server/reactions/notices/write-notices.ts';
import { forgetOffers } from '../../server/records/dispatch/offers/forget-offers.ts';
import { watchTickets } from '../../server/reactions/offers/watch-tickets.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import { timerHandlers } from '../../server/timers.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, writesNothing } from './scene.ts';

const clock = testClock();
// A Monday, nine o'clock in Shanghai.
clock.advance({ seconds: (Date.parse('2027-03-01T01:00:00Z') - clock.now().getTime()) / 1_000 });
const place = { lat: 31.23, lng: 121.47 };
const north = (metres: number) => ({ lat: place.lat + metres / 111_195, lng: place.lng });

interface Technician { id: string; token: { token: string } }

describe('offers', { timeout: 180_000 }, () => {
  let program: TestProgram;
  let readers: Reader[];
  let teamId: string;
  let skillId: string;
  const people: Record<string, Technician> = {};

  /** What the program does by itself until it has nothing left to do. */
  const settle = async (minutes = 0) => {
    clock.advance({ minutes });
    const { database } = program;
    for (let done = 1; done > 0;) {
      done = 0;
      for (const reader of readers) while (await advance(database, reader) > 0) done += 1;
      while (await runDueTimers(database, timerHandlers, clock.now(), program.services.log) > 0) done += 1;
    }
  };
  const hire = async (names: readonly string[], team: string, home: (index: number) => { lat: number; lng: number } | null, level: number | null): Promise<Technician[]> => {
    const { tenantId, departmentId } = program.organization;
    const now = clock.now();
    const hired = names.map((name) => ({ id: newId(), name, token: newToken('session', tenantId) }));
    await program.database.transact(tenantId, async (transaction) => {
      const [role] = await transaction.run(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('key', '=', 'technician'));
      await transaction.run(build.insertInto('staff').values(hired.map(({ id, name }, index) => ({ tenant_id: tenantId, id, name, email: `${id}@first.example`, job: 'technician', department_id: departmentId, created_at: now, home_lat: home(index)?.lat ?? null, home_lng: home(index)?.lng ?? null }))));
      await transaction.run(build.insertInto('staff_role').values(hired.map(({ id }) => ({ tenant_id: tenantId, staff_id: id, role_id: role!.id }))));
      await transaction.run(build.insertInto('team_member').values(hired.map(({ id }) => ({ tenant_id: tenantId, team_id: team, staff_id: id }))));
      if (level !== null) await transaction.run(build.insertInto('staff_skill').values(hired.map(({ id }) => ({ tenant_id: tenantId, staff_id: id, skill_id: skillId, level }))));
      await transaction.run(build.insertInto('session').values(hired.map(({ id, token }) => ({ tenant_id: tenantId, token_hash: hashToken(token), id: newId(), staff_id: id, customer_id: null, created_at: now, last_seen_at: now, expires_at: new Date(now.getTime() + 30 * 86_400_000) }))));
    });
    // Whoever is not hired over HTTP is not in the roster before it is read anew.
    clock.advance({ minutes: 2 });
    return hired.map(({ id, token }) => ({ id, token: { token } }));
  };
  const newTeam = async (name: string): Promise<string> => (await done(program.call('POST', '/teams', { as: 'administrator', body: { name, departmentId: program.organization.departmentId } }))).body.id;
  const giveOut = async (team: string, settings: Partial<ModeSettings> | null) => {
    const path = `/teams/${team}/dispatch-modes`;
    const { headers } = await done(program.call('GET', path, { as: 'administrator' }));
    return program.call('PATCH', path, { as: 'administrator', body: { settings: settings && { ...usualModes, ...settings } }, headers: { 'if-match': String(headers['etag']) } });
  };
  const ticketHere = (more: object = {}) => newTicket(program, { subject: '电梯困人 打 13800001111', category: program.organization.categoryId, team: teamId, location: { address: '世纪大道 1 号 502 室', ...place }, ...more });
  const open = async (ticketId: string, body: object = {}): Promise<Offer> => (await done(program.call('POST', `/tickets/${ticketId}/offers`, { as: 'dispatcher', body }))).body;
  const shown = async (ticketId: string): Promise<Offer> => (await done(program.call('GET', `/tickets/${ticketId}/offers`, { as: 'dispatcher' }))).body.items[0];
  const pool = async (name: string): Promise<PooledOffer[]> => (await done(program.call('GET', '/offers', { as: people[name]!.token }))).body.items;
  const answer = (name: string, offer: string, what: 'accept' | 'decline', body?: object) => program.call('POST', `/offers/${offer}/actions/${what}`, { as: people[name]!.token, ...(what === 'decline' ? { body: body ?? {} } : {}) });
  const said = (offer: Offer) => offer.candidates.map(({ staff, state }) => `${staff.name} ${state}`);
  const told = async (name: string): Promise<string[]> => ((await done(program.call('GET', '/notifications?unread=true', { as: people[name]!.token }))).body.items as { reason: string; preview: string }[]).map(({ reason, preview }) => `${reason} ${preview}`);
  const kinds = async (ticketId: string): Promise<string[]> => ((await done(program.call('GET', `/tickets/${ticketId}/timeline?limit=100`, { as: 'dispatcher' }))).body.items as { kind: string }[]).map(({ kind }) => kind).filter((kind) => kind.startsWith('offer.')).toSorted();

  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    readers = [watchTickets, openNotices(clock)];
    for (const reader of readers) await registerReader(program.database, reader.name);
    skillId = (await done(program.call('POST', '/skills', { as: 'administrator', body: { name: '电梯', nameEn: 'Lifts' } }))).body.id;
    const path = `/categories/${program.organization.categoryId}`;
    const { headers } = await done(program.call('GET', path, { as: 'administrator' }));
    await done(program.call('PATCH', path, { as: 'administrator', body: { serviceMinutes: 30, skills: [{ skillId, level: 2 }] }, headers: { 'if-match': String(headers['etag']) } }));
    teamId = await newTeam('电梯班');
    const names = ['甲', '乙', '丙', '丁', '戊'];
    (await hire(names, teamId, (index) => north(1_000 * (index + 1)), 3)).forEach((one, index) => (people[names[index]!] = one));
    people['新手'] = (await hire(['新手'], teamId, () => north(100), 1))[0]!;
    people['外人'] = (await hire(['外人'], program.organization.teamId, () => north(100), 3))[0]!;
  });
  after(() => program?.close());

  test('a grab opens in rings: first the nearest two, then those within four kilometres, then the team, then it is a dispatcher’s', async () => {
    assert.equal((await done(giveOut(teamId, { rings: [{ people: 2, kilometres: null, minutes: null }, { people: null, kilometres: 4.5, minutes: null }], ringOrder: 'nearest', widenMinutes: 3 }))).body.own, true);
    const ticket = await ticketHere();
    const offer = await open(ticket.id, { note: '钥匙在门卫' });
    assert.deepEqual([offer.mode, offer.title, offer.ring, offer.rings, offer.next, said(offer)], ['grab', 'Open to whoever is first', 0, 2, 'widen', ['甲 offered', '乙 offered']]);
    await settle();
    assert.deepEqual([await told('甲'), await told('丙')], [['offered 电梯困人 打 *** · 世纪大道'], []]);
    const [seen, ...more] = await pool('甲');
    assert.deepEqual(more, []);
    assert.deepEqual([seen!.subject, seen!.place, seen!.metres, seen!.startsFrom, seen!.minutes, seen!.skills, seen!.others], ['电梯困人 打 ***', { text: '世纪大道', lat: 31.23, lng: 121.47, exact: false }, 1_000, 'home', 30, ['Lifts'], 1]);
    assert.ok(!JSON.stringify(seen).includes('502') && !JSON.stringify(seen).includes('钥匙'), 'no more of the customer than it takes to decide');
    assert.deepEqual([await pool('丙'), await pool('新手'), await pool('外人')], [[], [], []]);
    assertProblem(await answer('丙', offer.id, 'accept'), 'not_found', 'it is not open to them yet');

    await settle(3);
    assert.deepEqual(said(await shown(ticket.id)), ['甲 offered', '乙 offered', '丙 offered', '丁 offered']);
    // All of the ring say no: it waits no longer.
    for (const name of ['甲', '乙', '丙', '丁']) await done(answer(name, offer.id, 'decline', name === '甲' ? { reason: '车坏了' } : {}));
    await done(answer('甲', offer.id, 'decline'));
    const wide = await shown(ticket.id);
    assert.deepEqual([said(wide).at(-1), wide.ring, wide.next, wide.candidates[0]!.reason], ['戊 offered', 2, 'lapse', '车坏了']);
    assertProblem(await answer('甲', offer.id, 'accept'), 'offer_declined');
    await settle();
    assert.deepEqual([await told('甲'), (await told('戊')).length, await pool('新手')], [[], 1, []], 'whoever lacks the skill is in no ring');

    await settle(3);
    const lapsed = await shown(ticket.id);
    assert.deepEqual([lapsed.state, said(lapsed).at(-1), lapsed.nextAt, await told('戊')], ['lapsed', '戊 passed', null, []]);
    assertProblem(await answer('戊', offer.id, 'accept'), 'offer_over');
    const { items } = (await done(program.call('GET', '/dispatch/offers', { as: 'dispatcher' }))).body;
    assert.deepEqual(items.map((item: { ticket: { number: string }; offer: { id: string } }) => [item.ticket.number, item.offer.id]), [[ticket.number, offer.id]]);
    const unclaimed = (await done(program.call('GET', '/notifications?unread=true', { as: 'dispatcher' }))).body.items as { reason: string; ticket: { id: string } }[];
    assert.ok(unclaimed.some((line) => line.reason === 'unclaimed' && line.ticket.id === ticket.id));
    assert.deepEqual(await kinds(ticket.id), ['offer.declined', 'offer.declined', 'offer.declined', 'offer.declined', 'offer.lapsed', 'offer.opened', 'offer.widened', 'offer.widened']);
  });

  test('who is first has it, with a visit they have accepted; the others are told who, and it leaves their lists', async () => {
    const ticket = await ticketHere();
    const offer = await open(ticket.id, { windowStart: '2027-03-01T06:00:00Z', windowEnd: '2027-03-01T08:00:00Z', note: '钥匙在门卫' });
    await settle();
    const won = await done(answer('甲', offer.id, 'accept'));
    assert.equal(won.body.ticketNumber, ticket.number);
    const visit = (await done(program.call('GET', `/visits/${won.body.visitId}`, { as: people['甲']!.token }))).body;
    assert.deepEqual([visit.status, visit.windowStart, visit.note, visit.location.address], ['accepted', '2027-03-01T06:00:00.000Z', '钥匙在门卫', '世纪大道 1 号 502 室']);
    const lost = await answer('乙', offer.id, 'accept');
    assertProblem(lost, 'offer_taken');
    assert.equal(lost.body.title, 'Too late: 甲 has it.');
    assert.match((await program.call('POST', `/offers/${offer.id}/actions/accept`, { as: people['乙']!.token, headers: { 'accept-language': 'zh-CN' } })).body.title, /已被 甲 接下/);
    assert.deepEqual((await done(answer('甲', offer.id, 'accept'))).body, won.body, 'whoever asks again has it still');
    await settle();
    assert.deepEqual([await pool('乙'), await told('乙')], [[], []]);
    const after = (await done(program.call('GET', `/tickets/${ticket.id}`, { as: 'dispatcher' }))).body;
    assert.deepEqual([after.assignee.name, after.status, after.acceptedAt !== null, after.visits.length], ['甲', 'open', true, 1]);
    assert.deepEqual(await kinds(ticket.id), ['offer.opened', 'offer.taken']);
    assertProblem(await program.call('POST', `/offers/${offer.id}/actions/withdraw`, { as: 'dispatcher', body: {} }), 'offer_taken');
    await done(program.call('POST', `/tickets/${ticket.id}/actions/cancel`, { as: 'dispatcher', body: { reason: '试验' } }));
  });

  test('one after another: by load, nearest, best match and in turn; silence and a decline lead on, and nobody is asked twice', async () => {
    await done(giveOut(teamId, { acceptMinutes: 5, mostCandidates: 2 }));
    const busy = await ticketHere({ subject: '占着' });
    await act(program, busy.id, 'assign', { assignee: people['甲']!.id, visit: { windowStart: '2027-03-01T09:00:00Z', windowEnd: '2027-03-01T10:00:00Z' } });
    const firstOf = async (mode: string) => {
      const ticket = await ticketHere();
      const offer = await open(ticket.id, { mode });
      await done(program.call('POST', `/offers/${offer.id}/actions/withdraw`, { as: 'dispatcher', body: { reason: '看看' } }));
      await done(program.call('POST', `/offers/${offer.id}/actions/withdraw`, { as: 'dispatcher', body: {} }));
      return offer.candidates[0]!.staff.name;
    };
    assert.deepEqual([await firstOf('nearest'), (await firstOf('by_load')) === '甲'], ['甲', false]);
    // Fair turns: five times, five people; then the first of them again.
    const turns: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      clock.advance({ seconds: 1 });
      turns.push(await firstOf('in_turn'));
    }
    assert.deepEqual([new Set(turns.slice(0, 5)).size, turns[5]], [5, turns[0]]);

    const ticket = await ticketHere();
    const offer = await open(ticket.id, { mode: 'best_match' });
    const proposals = (await done(program.call('GET', `/tickets/${ticket.id}/proposals`, { as: 'dispatcher' }))).body.items as { technician: { name: string } }[];
    const [first, second] = proposals.map(({ technician }) => technician.name).filter((name) => name !== '外人') as [string, string];
    assert.deepEqual(said(offer), [`${first} offered`]);
    const silent = await answer(first, offer.id, 'decline');
    assert.deepEqual([silent.status, silent.body.errors[0].path], [422, '/reason'], 'offered to one alone, a decline says why');
    await settle(5);
    assert.deepEqual([said(await shown(ticket.id)), (await told(first)).length, (await told(second)).length], [[`${first} passed`, `${second} offered`], 0, 1]);
    assertProblem(await answer(first, offer.id, 'accept'), 'offer_passed_on');
    await done(answer(second, offer.id, 'decline', { reason: '排满了' }));
    const over = await shown(ticket.id);
    assert.deepEqual([over.state, over.candidates.length, over.candidates[1]!.reason], ['lapsed', 2, '排满了'], 'two are asked and no more');
    assert.deepEqual(await kinds(ticket.id), ['offer.declined', 'offer.lapsed', 'offer.opened', 'offer.passed_on']);
  });

  test('what stands against somebody is looked at again when they take it', async () => {
    await done(giveOut(teamId, { rings: [], widenMinutes: 30 }));
    const ticket = await ticketHere();
    const offer = await open(ticket.id);
    assert.equal(offer.candidates.length, 5);
    const absence = (await done(program.call('POST', '/absences', { as: 'administrator', body: { staffId: people['丁']!.id, from: '2027-03-01T00:00:00Z', to: '2027-03-03T00:00:00Z' } }))).body;
    assert.deepEqual([(await pool('丁')).length, (await pool('丙')).length], [0, 1]);
    const refused = await answer('丁', offer.id, 'accept');
    assertProblem(refused, 'offer_ruled_out');
    assert.equal(refused.body.title, 'You cannot take this one now: Not at work that day.');
    assert.equal((await shown(ticket.id)).state, 'open');
    await done(program.call('DELETE', `/absences/${absence.id}`, { as: 'administrator', headers: { 'if-match': '*' } }));
    // Given by hand meanwhile: it can be taken no more, at once and before anything was tidied up.
    await act(program, ticket.id, 'assign', { assignee: people['戊']!.id });
    assertProblem(await answer('丙', offer.id, 'accept'), 'offer_over');
    assert.deepEqual(await pool('丙'), []);
    await settle();
    const gone = await shown(ticket.id);
    assert.deepEqual([gone.state, gone.candidates.every(({ state }) => state === 'missed')], ['withdrawn', true]);
    assertProblem(await program.call('POST', `/tickets/${ticket.id}/offers`, { as: 'dispatcher', body: {} }), 'offer_has_assignee');
  });

  test('a ticket that comes to a team of another mode is offered by itself, unless its type is given out by hand', async () => {
    await done(giveOut(teamId, { mode: 'in_turn' }));
    const ticket = await ticketHere();
    await settle();
    const offer = await shown(ticket.id);
    assert.deepEqual([offer.mode, offer.automatic, offer.openedBy, offer.candidates.length], ['in_turn', true, null, 1]);
    // On to a team of none: what runs is taken back.
    await act(program, ticket.id, 'transfer', { team: program.organization.otherTeamId });
    await settle();
    assert.equal((await shown(ticket.id)).state, 'withdrawn');
    await done(giveOut(teamId, { mode: 'in_turn', types: [{ typeId: program.organization.typeId, mode: 'direct' }] }));
    await act(program, ticket.id, 'transfer', { team: teamId });
    await settle();
    assert.equal((await shown(ticket.id)).state, 'withdrawn', 'nothing new');
    // Nobody can be sent at all: it is a dispatcher's at once.
    const empty = await newTeam('空班');
    await done(giveOut(empty, { mode: 'grab' }));
    const lonely = await ticketHere({ team: empty });
    await settle();
    assert.deepEqual([(await shown(lonely.id)).state, await kinds(lonely.id)], ['lapsed', ['offer.lapsed']]);
    assertProblem(await program.call('POST', `/tickets/${lonely.id}/offers`, { as: 'dispatcher', body: {} }), 'offer_nobody');
    await done(giveOut(teamId, null));
  });

  test('what is given back is offered to the others again; a step on site of a flow is grabbed like any other', async () => {
    const team = await newTeam('返单班');
    const [one, two] = await hire(['返一', '返二'], team, (index) => north(500 * (index + 1)), 3) as [Technician, Technician];
    [people['返一'], people['返二']] = [one, two];
    await done(giveOut(team, { mode: 'grab', rings: [], widenMinutes: 3 }));
    const ticket = await ticketHere({ team });
    await settle();
    const first = await shown(ticket.id);
    assert.deepEqual([first.automatic, said(first)], [true, ['返一 offered', '返二 offered']]);
    const given = (await done(program.call('POST', `/tickets/${ticket.id}/actions/assign`, { as: 'dispatcher', body: { assignee: one.id } }))).body;
    await settle();
    await done(program.call('POST', `/visits/${given.visits.at(-1).id}/actions/decline`, { as: one.token, body: { reason: '车坏在路上' } }));
    await settle();
    const again = await shown(ticket.id);
    assert.ok(again.id !== first.id);
    assert.deepEqual([again.state, said(again)], ['open', ['返二 offered']], 'but for whoever gave it back');
    await done(answer('返二', again.id, 'accept'));
    await settle();
    assert.equal((await shown(ticket.id)).state, 'taken');

    const definition = {
      nodes: [{ id: 'start', kind: 'start', name: { zh: '开始' } }, { id: 'a', kind: 'onsite_task', name: { zh: '上门' }, performers: [{ kind: 'team', id: team }] }, { id: 'end', kind: 'end', name: { zh: '结束' } }],
      edges: [{ id: 'e1', from: 'start', to: 'a' }, { id: 'e2', from: 'a', to: 'end' }],
    };
    const flow = (await done(program.call('POST', '/flows', { as: 'administrator', body: { name: '上门流程', definition } }))).body.id as string;
    await done(program.call('POST', `/flows/${flow}/publish`, { as: 'administrator', body: {}, headers: { 'if-match': '"1"' } }));
    const stepped = await ticketHere({ team: program.organization.teamId });
    await done(program.call('POST', `/tickets/${stepped.id}/flow`, { as: 'administrator', body: { flowId: flow } }));
    await settle();
    const step = await shown(stepped.id);
    assert.deepEqual([step.state, step.automatic, said(step)], ['open', true, ['返一 offered', '返二 offered']]);
    const both = await Promise.all(['返一', '返二'].map((name) => answer(name, step.id, 'accept')));
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 409]);
    const winner = both.findIndex(({ status }) => status === 200) === 0 ? one : two;
    await settle();
    const taken = (await done(program.call('GET', `/tickets/${stepped.id}`, { as: 'administrator' }))).body;
    assert.equal(taken.assignee.id, winner.id);
    const { items } = (await done(program.call('GET', `/tasks?scope=team&ticket=${stepped.id}`, { as: winner.token }))).body;
    assert.deepEqual(items.map(({ kind, state }: { kind: string; state: string }) => [kind, state]), [['onsite_task', 'open']], 'the step goes on with their visit');
  });

  test('nobody is sent into a window that is over: it can be taken no more, and lapses at its end', async () => {
    await done(giveOut(teamId, { rings: [], widenMinutes: 240 }));
    const ticket = await ticketHere();
    const windowEnd = new Date(clock.now().getTime() + 2 * 3_600_000).toISOString();
    const offer = await open(ticket.id, { windowStart: new Date(clock.now().getTime() + 3_600_000).toISOString(), windowEnd });
    assert.deepEqual([offer.nextAt, offer.next, (await pool('甲'))[0]!.widens], [windowEnd, 'lapse', false]);
    clock.advance({ minutes: 120 });
    assert.deepEqual(await pool('甲'), []);
    assertProblem(await answer('甲', offer.id, 'accept'), 'offer_over');
    await settle();
    assert.equal((await shown(ticket.id)).state, 'lapsed');
    const facts = (await done(program.call('GET', `/tickets/${ticket.id}/timeline?limit=100`, { as: 'dispatcher' }))).body.items as { kind: string; data: { because?: string } }[];
    assert.equal(facts.find(({ kind }) => kind === 'offer.lapsed')!.data.because, 'window_over');
    await act(program, ticket.id, 'cancel', { reason: '试验' });
  });

  test('whatever happens at the same moment, an offer has one end and its ticket one person', async () => {
    await done(giveOut(teamId, { rings: [], widenMinutes: 240 }));
    const { tenantId } = program.organization;
    // Whoever waits for a row has a lock on its place, granted to the first of them.
    const waiting = async () => (await program.database.transact(tenantId, (transaction) => transaction.run(sql<{ count: number }>`SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'tuple' AND relation = 'ticket'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)) as unknown as { count: number }[])[0]!.count;
    const rivals: Record<string, (offer: Offer) => Promise<{ status: number }>> = {
      decline: (offer) => answer('甲', offer.id, 'decline'),
      withdraw: (offer) => program.call('POST', `/offers/${offer.id}/actions/withdraw`, { as: 'dispatcher', body: {} }),
      assign: (offer) => program.call('POST', `/tickets/${offer.ticketId}/actions/assign`, { as: 'dispatcher', body: { assignee: people['乙']!.id } }),
    };
    const accept = (offer: Offer) => answer('甲', offer.id, 'accept');
    for (const [what, rival] of Object.entries(rivals)) {
      for (const acceptsFirst of [true, false]) {
        const offer = await open((await ticketHere()).id);
        // Somebody holds the ticket until both stand behind it, in this order.
        const answers: Promise<{ status: number }>[] = [];
        await program.database.transact(tenantId, async (transaction) => {
          await transaction.run(build.selectFrom('ticket').select('id').where('tenant_id', '=', tenantId).where('id', '=', offer.ticketId).forUpdate());
          for (const one of acceptsFirst ? [accept, rival] : [rival, accept]) {
            answers.push(one(offer));
            for (let tries = 0; await waiting() < answers.length; tries += 1) assert.ok(tries < 500, `${what}: the ${answers.length}. did not come to the lock`);
          }
        });
        const statuses = (await Promise.all(answers)).map(({ status }) => status);
        const taken = statuses[acceptsFirst ? 0 : 1] === 200;
        await settle();
        const [end, ticket] = [await shown(offer.ticketId), (await done(program.call('GET', `/tickets/${offer.ticketId}`, { as: 'dispatcher' }))).body];
        const told = `${what}, ${acceptsFirst ? 'behind' : 'before'} it: ${statuses.join(' ')} ${end.state}`;
        assert.equal(taken, acceptsFirst, told);
        assert.deepEqual([end.state, ticket.assignee?.name ?? null], taken && what !== 'assign' ? ['taken', '甲'] : { decline: ['open', null], withdraw: ['withdrawn', null], assign: taken ? ['taken', '乙'] : ['withdrawn', '乙'] }[what], told);
        assert.equal(ticket.visits.filter((visit: { status: string }) => ['scheduled', 'accepted'].includes(visit.status)).length, ticket.assignee === null ? 0 : 1, told);
        await act(program, offer.ticketId, 'cancel', { reason: '试验' });
        await settle();
      }
    }
    // The moment it lapses is the moment it is taken.
    const offer = await open((await ticketHere()).id);
    clock.advance({ minutes: 240 });
    const [taken] = await Promise.all([accept(offer), settle()]);
    await settle();
    assert.deepEqual([(await shown(offer.ticketId)).state, taken.status], taken.status === 200 ? ['taken', 200] : ['lapsed', 409]);
    await act(program, offer.ticketId, 'cancel', { reason: '试验' });
  });

  test('a list of what is offered takes no more looks the longer it is', async () => {
    await done(giveOut(teamId, { rings: [] }));
    const statements = async (): Promise<number> => {
      const { database } = program.services;
      const transact = database.transact.bind(database);
      let count = 0;
      database.transact = (tenant, work, ...rest) => transact(tenant, (transaction) => work({ ...transaction, run: (query) => (count += 1, transaction.run(query)), query: (prepared, values) => (count += 1, transaction.query(prepared, values)) }), ...rest);
      try {
        await pool('甲');
      } finally {
        database.transact = transact;
      }
      return count;
    };
    const opened = [await open((await ticketHere()).id)];
    // Beyond that, facts of the last seconds are looked at again and again.
    clock.advance({ seconds: 15 });
    await pool('甲');
    const one = await statements();
    for (let more = 0; more < 4; more += 1) opened.push(await open((await ticketHere()).id));
    clock.advance({ seconds: 15 });
    await pool('甲');
    assert.deepEqual([(await pool('甲')).length, await statements()], [5, one]);
    for (const offer of opened) await act(program, offer.ticketId, 'cancel', { reason: '试验' });
    await settle();
  });

  test('offers that ended long ago are forgotten, but for the last one of everybody', async () => {
    const counted = async () => (await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql<{ offers: number; candidates: number; people: number }>`
      SELECT (SELECT count(*)::int FROM offer) AS offers, count(*)::int AS candidates, count(DISTINCT staff_id)::int AS people FROM offer_candidate`)) as unknown as { offers: number; candidates: number; people: number }[])[0]!;
    const before = await counted();
    assert.deepEqual(await forgetOffers(program.services, clock.now()), { candidates: 0, offers: 0 });
    const { candidates, offers } = await forgetOffers(program.services, new Date(clock.now().getTime() + 4_000 * 86_400_000));
    const after = await counted();
    assert.deepEqual([after.people, after.candidates, before.candidates - after.candidates, before.offers - after.offers], [before.people, before.people, candidates, offers]);
    assert.ok(candidates > 0 && offers > 0);
  });

  test('who may do what, and what is refused', async () => {
    const ticket = await ticketHere();
    const offer = await open(ticket.id);
    const other = await program.foundAnother('second');
    await writesNothing(program, async () => {
      for (const path of [`/offers/${offer.id}/actions/accept`, `/offers/${offer.id}/actions/decline`, `/offers/${offer.id}/actions/withdraw`]) {
        assertProblem(await program.call('POST', path, { as: 'administrator', of: other, ...(path.endsWith('accept') ? {} : { body: { reason: 'x' } }) }), 'not_found', path);
      }
      assertProblem(await program.call('GET', `/tickets/${ticket.id}/offers`, { as: 'administrator', of: other }), 'not_found');
      assertProblem(await answer('外人', offer.id, 'accept'), 'not_found', 'of another team');
      assertProblem(await program.call('POST', `/tickets/${ticket.id}/offers`, { as: people['甲']!.token, body: {} }), 'forbidden');
      assertProblem(await program.call('POST', `/offers/${offer.id}/actions/withdraw`, { as: people['甲']!.token, body: {} }), 'forbidden');
      assertProblem(await program.call('GET', '/offers', { as: 'agent' }), 'forbidden');
      assertProblem(await program.call('GET', '/dispatch/offers', { as: people['甲']!.token }), 'forbidden');
      assertProblem(await program.call('GET', `/tickets/${ticket.id}`, { as: people['甲']!.token }), 'not_found', 'being asked is no right to read it');
      assertProblem(await program.call('POST', `/tickets/${ticket.id}/offers`, { as: 'dispatcher', body: {} }), 'offer_running');
      const wrong: [Partial<ModeSettings>, string][] = [[{ rings: [{ people: null, kilometres: null, minutes: null }] }, '/settings/rings/0'], [{ types: [{ typeId: newId(), mode: 'grab' }] }, '/settings/types/0/typeId']];
      for (const [settings, path] of wrong) {
        const refused = await giveOut(teamId, settings);
        assert.deepEqual([refused.status, refused.body.errors[0].path], [422, path]);
      }
    }, { except: ['idempotency_key'] });
    assertProblem(await program.call('PATCH', `/teams/${teamId}/dispatch-modes`, { as: 'administrator', body: { settings: null }, headers: { 'if-match': '"0"' } }), 'stale_version');
    const closed = await ticketHere();
    await act(program, closed.id, 'cancel', { reason: '试验' });
    assertProblem(await program.call('POST', `/tickets/${closed.id}/offers`, { as: 'dispatcher', body: {} }), 'action_not_open');
  });

  test('of a thousand who grab at once one has it, and 999 are told who', async () => {
    const crowd = await newTeam('众人');
    const names = Array.from({ length: 1_000 }, (_, index) => `工${String(index).padStart(4, '0')}`);
    const thousand = await hire(names, crowd, () => null, 2);
    await done(giveOut(crowd, { rings: [] }));
    const ticket = await ticketHere({ team: crowd });
    const offer = await open(ticket.id);
    assert.deepEqual([offer.candidateCount, offer.candidates.length], [1_000, 50]);
    const answers = await Promise.all(thousand.map(({ token }) => program.call('POST', `/offers/${offer.id}/actions/accept`, { as: token })));
    const winners = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    assert.equal(winners.length, 1);
    const name = names[winners[0]!]!;
    answers.forEach((one, index) => {
      if (index === winners[0]) return;
      assertProblem(one, 'offer_taken');
      assert.equal(one.body.title, `Too late: ${name} has it.`);
    });
    const after = (await done(program.call('GET', `/tickets/${ticket.id}`, { as: 'dispatcher' }))).body;
    assert.deepEqual([after.assignee.name, after.visits.length], [name, 1]);
    assert.deepEqual(await kinds(ticket.id), ['offer.opened', 'offer.taken']);
    const states = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql<{ state: string; count: number }>`SELECT state, count(*)::int AS count FROM offer_candidate WHERE offer_id = ${offer.id} GROUP BY state ORDER BY state`) as Promise<unknown> as Promise<{ state: string; count: number }[]>);
    assert.deepEqual(states, [{ state: 'missed', count: 999 }, { state: 'taken', count: 1 }]);
    // Ten times each by those who have it and those who have not: nothing is another.
    const again = await Promise.all(Array.from({ length: 10 }, () => program.call('POST', `/offers/${offer.id}/actions/accept`, { as: thousand[winners[0]!]!.token })));
    assert.ok(again.every(({ status }) => status === 200));
  });
});
