import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import pino from 'pino';
import { systemActor } from '../../server/platform/context.ts';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { nextLink, type ChainEnd } from '../../server/platform/facts/fact.ts';
import { openHistoryKey } from '../../server/platform/facts/history-key.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { lockTicket } from '../../server/records/ticket/find.ts';
import { reopenTicket } from '../../server/records/ticket/settle.ts';
import { timerHandlers } from '../../server/timers.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, blankSignature, done, linkOf, newTicket, photoOf, signature, step, upload, writesNothing } from './scene.ts';

const home = { lat: 30.2741, lng: 120.1551 };
const nearby = { lat: 30.2746, lng: 120.1557 };

describe('a request goes round', () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
  });
  after(() => program.close());

  const show = async (id: string, as: 'agent' | 'manager' | 'technician' | 'dispatcher' = 'agent') => (await done(program.call('GET', `/tickets/${id}`, { as }))).body;
  const progress = async (link: string) => (await done(program.call('GET', `/progress/${link}`))).body;
  const kindsOf = async (id: string): Promise<string[]> => (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'administrator' }))).body.items.map((entry: { kind: string }) => entry.kind);

  /** The timeline of a ticket as its facts tell it, each a link of a chain that leads to what stands on the ticket. */
  async function assertChain(id: string): Promise<void> {
    const { tenantId } = program.organization;
    const { rows, ticket } = await program.database.transact(tenantId, async (transaction) => ({
      rows: await transaction.run(build.selectFrom('fact').selectAll().where('tenant_id', '=', tenantId).where('ticket_id', '=', id).orderBy('ticket_position')),
      ticket: (await transaction.first(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id)))!,
    }));
    const historyKey = openHistoryKey(program.services.secrets);
    let end: ChainEnd = { length: 0, hash: null };
    for (const row of rows) {
      const fact = {
        kind: row.kind as 'ticket.created', actor: { kind: row.actor_kind as 'staff', id: row.actor_id, name: row.actor_name }, data: row.data as Record<string, unknown>,
        occurredAt: row.occurred_at, recordedAt: row.recorded_at, subjectId: row.subject_id ?? undefined,
      };
      assert.deepEqual(row.previous_hash, end.hash, `${row.kind} names the link before it`);
      assert.notDeepEqual(nextLink(historyKey, tenantId, id, end, { ...fact, data: { ...fact.data, altered: true } }).hash, row.hash, 'a fact that was altered does not fit');
      end = nextLink(historyKey, tenantId, id, end, fact);
      assert.equal(row.ticket_position, end.length);
      assert.deepEqual(row.hash, end.hash, `${row.kind} at ${end.length}`);
    }
    assert.equal(ticket.history_length, end.length);
    assert.deepEqual(ticket.history_hash, end.hash);
    assert.deepEqual(await kindsOf(id), rows.map((row) => row.kind));
  }

  test('from the burst pipe to the manager’s board, every step told and chained', async () => {
    const { organization } = program;
    const photo = await photoOf('#335577', 800, 600);
    const count = async (measure: string) => {
      await program.catchUp();
      return (await done(program.call('GET', `/insight/${measure}?by=team`, { as: 'manager' }))).body as { total: number | null; rows: { name: string; value: number }[] };
    };
    const before = { created: (await count('created')).total!, resolved: (await count('resolved')).total!, closed: (await count('closed')).total! };

    // The customer.
    const sent = (await done(upload(program, null, { content: photo, name: '现场.jpg' }, { path: '/api/v1/portal/first/files' }))).body;
    const report = (await done(program.call('POST', '/portal/first/reports', {
      body: { description: '厨房水管爆裂！水已经漫到客厅了。', category: organization.categoryId, contact: { name: '王芳', phone: '13800138000' }, location: { ...home, address: '3栋2单元501' }, uploads: [sent.uploadToken] },
    }))).body;
    assert.equal(report.url, `/t/${report.token}`);
    const seen = await progress(report.token);
    assert.deepEqual([seen.number, seen.status, seen.subject, seen.address], [report.number, 'new', '厨房水管爆裂', '3栋2单元501']);
    assert.equal(seen.files.length, 1);
    assert.equal((await program.inject({ method: 'GET', url: seen.files[0].url })).status, 200);

    // It appears on the agent's bench by itself, urgent for its words, with the team of its category.
    const bench = (await done(program.call('GET', '/tickets?status=new&assignee=none', { as: 'agent' }))).body.items;
    assert.equal(bench[0].number, report.number);
    const { id } = bench[0];
    const opened = await show(id);
    assert.deepEqual([opened.priority, opened.team.id, opened.department.id, opened.channel, opened.requester.phone, opened.requester.name], ['urgent', organization.teamId, organization.departmentId, 'portal', '138****8000', '王芳']);
    assert.ok(opened.priorityExplanation.factors.length > 0);
    assert.equal(opened.files[0].visibility, 'public');
    assertProblem(await program.call('GET', `/tickets/${id}`, { as: 'technician' }), 'not_found', 'not yet the technician’s business');
    assert.deepEqual((await done(program.call('POST', `/tickets/${id}/reveal`, { as: 'agent', body: { reason: '联系客户' } }))).body, { name: '王芳', phone: '13800138000', email: null, fields: {} });
    await assertChain(id);

    // The agent sends the technician.
    const window = { windowStart: new Date(clock.now().getTime() + 3_600_000).toISOString(), windowEnd: new Date(clock.now().getTime() + 7_200_000).toISOString() };
    clock.advance({ minutes: 2 });
    const assigned = await act(program, id, 'assign', { assignee: organization.staff.technician, visit: window, note: '带上管钳' }, 'agent');
    assert.deepEqual([assigned.status, assigned.assignee.id, assigned.visits.length, assigned.visits[0].status, assigned.visits[0].windowStart], ['open', organization.staff.technician, 1, 'scheduled', window.windowStart]);
    await assertChain(id);
    const visits = (await done(program.call('GET', '/visits?technician=me&state=current', { as: 'technician' }))).body.items;
    assert.equal(visits.length, 1);
    const visit = visits[0];
    assert.deepEqual([visit.ticket.number, visit.ticket.requesterPhone, visit.location.address, visit.actions], [report.number, '13800138000', '3栋2单元501', ['accept', 'decline']]);
    assert.equal((await done(program.call('GET', `/visits/${visit.id}`, { as: 'agent' }))).body.ticket.requesterPhone, '138****8000', 'in full for the technician only');

    // The technician.
    const current = async () => (await progress(report.token)).steps.find((one: { current: boolean }) => one.current).step as string;
    assert.equal(await current(), 'assigned');
    clock.advance({ minutes: 3 });
    const accepted = await step(program, visit.id, 'accept');
    assert.deepEqual([accepted.status, accepted.actions], ['accepted', ['start_travel', 'check_in', 'check_items', 'report_obstacle']]);
    assert.equal(await current(), 'accepted');
    clock.advance({ minutes: 10 });
    assert.equal((await step(program, visit.id, 'start_travel')).status, 'travelling');
    assert.equal(await current(), 'travelling');
    assert.equal((await progress(report.token)).technician.status, 'travelling');
    clock.advance({ minutes: 25 });
    const arrived = await step(program, visit.id, 'check_in', { location: nearby, accuracy: 12 });
    assert.equal(arrived.status, 'on_site');
    assert.ok(arrived.checkInDistance >= 78 && arrived.checkInDistance <= 82, `${arrived.checkInDistance} m by the map's own reckoning is 80 m`);
    assert.equal(await current(), 'on_site');
    const after_ = (await done(upload(program, 'technician', { content: await photoOf('#557733'), fields: { purpose: 'photo', visibility: 'public' } }))).body.id as string;
    clock.advance({ minutes: 30 });
    const logged = await step(program, visit.id, 'log_work', { workSummary: '更换角阀', attachments: [after_] });
    assert.equal(logged.workSummary, '更换角阀');
    await assertChain(id);
    const sign = async (content: Buffer) => upload(program, 'technician', { content, name: 'signature.png', type: 'image/png', fields: { purpose: 'signature', visibility: 'public' } });
    assertProblem(await sign(await blankSignature()), 'signature_empty');
    const signed = (await done(sign(await signature()))).body.id as string;
    await writesNothing(program, async () => assertProblem(await program.call('POST', `/visits/${visit.id}/actions/complete`, { as: 'technician', body: { workSummary: 'x', signatureFileId: after_ } }), 'file_already_attached'));
    const completed = await step(program, visit.id, 'complete', { workSummary: '更换角阀，试水不漏', signatureFileId: signed, signedBy: '王芳' });
    assert.deepEqual([completed.status, completed.signedBy, completed.ticket.status, completed.actions], ['completed', '王芳', 'resolved', []]);
    assert.equal(completed.ticket.requesterPhone, '138****8000', 'once it is over the number is nobody’s business');
    await assertChain(id);

    // The customer again.
    const resolved = await progress(report.token);
    assert.deepEqual([resolved.status, resolved.resolution, resolved.canConfirm, resolved.canReopen, resolved.canRate, resolved.technician.workSummary], ['resolved', '更换角阀，试水不漏', true, true, true, '更换角阀，试水不漏']);
    assert.deepEqual(resolved.steps.map((one: { step: string; done: boolean }) => [one.step, one.done]), [['received', true], ['assigned', true], ['accepted', true], ['travelling', true], ['on_site', true], ['resolved', true], ['closed', false]]);
    clock.advance({ minutes: 5 });
    assert.equal((await done(program.call('POST', `/progress/${report.token}/comments`, { body: { body: '师傅很专业' } }))).body.messages.at(-1).fromCustomer, true);
    assert.equal((await done(program.call('POST', `/progress/${report.token}/confirm`, { body: {} }))).body.status, 'closed');
    assert.equal((await done(program.call('POST', `/progress/${report.token}/confirm`, { body: {} }))).body.status, 'closed', 'said twice');
    assert.deepEqual((await done(program.call('POST', `/progress/${report.token}/rating`, { body: { rating: 5, comment: '很快' } }))).body.rating, { rating: 5, comment: '很快' });
    assertProblem(await program.call('POST', `/progress/${report.token}/rating`, { body: { rating: 1 } }), 'already_rated');

    // On paper, for whoever may read the ticket.
    const paper = await program.call('GET', `/visits/${visit.id}/report`, { as: 'administrator' });
    assert.deepEqual([paper.status, paper.headers['content-type'], paper.text.slice(0, 5), paper.text.trimEnd().slice(-5)], [200, 'application/pdf', '%PDF-', '%%EOF']);
    assert.match(String(paper.headers['content-disposition']), /filename\*=UTF-8''%E6%9C%8D%E5%8A%A1%E6%8A%A5%E5%91%8A-\d{8}-\d+\.pdf$|service-report-\d{8}-\d+\.pdf$/);
    // Two pictures and the two fonts: photo and signature are in it.
    assert.ok((paper.text.match(/\/Subtype \/Image/g) ?? []).length >= 2);
    assertProblem(await program.call('GET', `/visits/${visit.id}/report`, { as: 'stranger' }), 'forbidden');

    // All that happened, in order, and nothing else.
    assert.deepEqual(await kindsOf(id), [
      'ticket.created', 'file.attached', 'personal_data.revealed', 'ticket.assigned', 'visit.scheduled', 'visit.accepted', 'ticket.accepted', 'visit.travel_started', 'visit.checked_in', 'visit.work_logged',
      'visit.completed', 'ticket.resolved', 'comment.added', 'ticket.confirmed', 'ticket.rated',
    ]);
    await assertChain(id);
    const timeline = (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'agent' }))).body.items;
    assert.deepEqual(timeline.map((entry: { actor: { kind: string } }) => entry.actor.kind), ['customer', 'customer', ...Array(3).fill('staff'), ...Array(7).fill('staff'), ...Array(3).fill('customer')]);
    assert.deepEqual(timeline[8].data.distance, arrived.checkInDistance);
    assert.ok(timeline.every((entry: { at: string }, index: number) => index === 0 || entry.at >= timeline[index - 1].at));
    const whole = await show(id, 'manager');
    assert.deepEqual([whole.status, whole.rating, whole.survey.comment, whole.files.length], ['closed', 5, '很快', 3]);

    // The manager's board.
    for (const measure of ['created', 'resolved', 'closed'] as const) {
      const now = await count(measure);
      assert.equal(now.total, before[measure] + 1, measure);
      assert.ok(now.rows.some((row) => row.name === '水电班' && row.value >= 1), measure);
    }
    assert.deepEqual([(await count('rating')).total, (await count('rating')).rows.map((row) => row.value)], [5, [5]]);
    assert.equal((await count('resolution_time')).total, 70 * 60, 'from the report to the signature');
    assert.equal((await done(program.call('GET', '/insight/backlog', { as: 'manager' }))).body.total, 0);
  });

  test('back to the bench when the technician declines, with the reason', async () => {
    for (const way of ['visit', 'ticket'] as const) {
      const { id } = await newTicket(program);
      const visit = (await act(program, id, 'assign', { assignee: program.organization.staff.technician })).visits[0].id as string;
      const decline = (body: unknown) => program.call('POST', way === 'visit' ? `/visits/${visit}/actions/decline` : `/tickets/${id}/actions/decline`, { as: 'technician', body });
      await writesNothing(program, async () => assertProblem(await decline({}), 'invalid_input'));
      await done(decline({ reason: '今天排满了' }));
      const ticket = await show(id);
      assert.deepEqual([ticket.status, ticket.assignee, ticket.acceptedAt, ticket.visits[0].status], ['new', null, null, 'declined'], way);
      assert.equal((await kindsOf(id)).filter((kind) => kind.endsWith('.declined')).length, 2);
      const { items } = (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'agent' }))).body;
      assert.ok(items.some((entry: { kind: string; data: { reason?: string } }) => entry.kind === 'ticket.declined' && entry.data.reason === '今天排满了'));
      assert.equal((await progress(linkOf(ticket))).technician, null, 'no news for the customer');
      assertProblem(await program.call('POST', `/visits/${visit}/actions/accept`, { as: 'technician', body: {} }), 'visit_step_not_open');
      await assertChain(id);
    }
  });

  test('to another technician: the first one’s visit is called off, wherever it stands', async () => {
    const { organization } = program;
    const other = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '小赵', job: 'technician', departmentId: organization.departmentId, teamIds: [organization.teamId] } }))).body.id as string;
    for (const reached of [[], ['accept'], ['accept', 'start_travel'], ['accept', 'start_travel', 'check_in']]) {
      const { id } = await newTicket(program);
      const first = (await act(program, id, 'assign', { assignee: organization.staff.technician })).visits[0].id as string;
      for (const action of reached) await step(program, first, action);
      const reassigned = await act(program, id, 'assign', { assignee: other });
      assert.deepEqual(reassigned.visits.map((visit: { status: string; technician: { id: string } }) => [visit.technician.id, visit.status]), [[organization.staff.technician, 'cancelled'], [other, 'scheduled']]);
      assert.equal(reassigned.acceptedAt, null);
      assertProblem(await program.call('POST', `/visits/${first}/actions/check_in`, { as: 'technician', body: {} }), 'visit_step_not_open');
      assert.deepEqual((await kindsOf(id)).slice(-3), ['ticket.assigned', 'visit.cancelled', 'visit.scheduled']);
      await assertChain(id);
    }
    const { id } = await newTicket(program);
    await act(program, id, 'assign', { assignee: organization.staff.technician });
    const transferred = await act(program, id, 'transfer', { team: organization.otherTeamId, reason: '不是水电' });
    assert.deepEqual([transferred.assignee, transferred.team.id, transferred.department.id, transferred.visits[0].status], [null, organization.otherTeamId, organization.otherDepartmentId, 'cancelled']);
    await act(program, id, 'assign', { assignee: organization.staff.technician });
    const cancelled = await act(program, id, 'cancel', { reason: '客户取消' });
    assert.deepEqual([cancelled.status, cancelled.visits.map((visit: { status: string }) => visit.status)], ['cancelled', ['cancelled', 'cancelled']]);
    await assertChain(id);
  });

  test('nobody sets out for what is closed: the visit ends with the ticket', async () => {
    const { id } = await newTicket(program);
    const visit = (await act(program, id, 'assign', { assignee: program.organization.staff.technician })).visits[0].id as string;
    const closed = await act(program, id, 'close', { reason: '客户自己修好了' });
    assert.deepEqual([closed.status, closed.visits[0].status], ['closed', 'cancelled']);
    assert.deepEqual((await kindsOf(id)).slice(-2), ['ticket.closed', 'visit.cancelled']);
    assertProblem(await program.call('POST', `/visits/${visit}/actions/accept`, { as: 'technician', body: {} }), 'visit_step_not_open');
    assert.ok(!(await done(program.call('GET', '/visits?technician=me&state=current', { as: 'technician' }))).body.items.some((one: { id: string }) => one.id === visit));
    await assertChain(id);
  });

  test('waiting and going on: it says for whom, and the clock of silence does not run', async () => {
    const ticket = await newTicket(program);
    const { id } = ticket;
    const waiting = await act(program, id, 'wait', { for: 'part', reason: '等角阀到货' });
    assert.deepEqual([waiting.status, waiting.waitingFor], ['waiting', 'part']);
    assert.equal((await progress(linkOf(ticket))).waitingFor, 'part');
    assertProblem(await program.call('POST', `/tickets/${id}/actions/wait`, { as: 'agent', body: { for: 'customer' } }), 'action_not_open');
    const resumed = await act(program, id, 'resume');
    assert.deepEqual([resumed.status, resumed.waitingFor], ['open', null]);
    await act(program, id, 'wait', { for: 'customer' });
    assert.deepEqual((await act(program, id, 'assign', { assignee: program.organization.staff.agent })).waitingFor, null, 'whoever gets it goes on with it');
    assert.deepEqual((await act(program, id, 'resolve', { resolution: '已更换' })).status, 'resolved');
    await assertChain(id);
  });

  test('again when it was not solved: a new round, a new rating, thirty days long', async () => {
    const ticket = await newTicket(program);
    const { id } = ticket;
    const link = linkOf(ticket);
    const say = (what: string, body: unknown = {}) => program.call('POST', `/progress/${link}/${what}`, { body });
    for (const what of ['confirm', 'reopen', 'rating']) assertProblem(await say(what, what === 'reopen' ? { reason: 'x' } : what === 'rating' ? { rating: 3 } : {}), 'action_not_open', what);
    await act(program, id, 'resolve', { resolution: '已修' });
    await done(say('rating', { rating: 2, comment: '还在滴水' }));
    const reopened = (await done(say('reopen', { reason: '还在滴水' }))).body;
    assert.deepEqual([reopened.status, reopened.resolution, reopened.rating, reopened.canRate], ['open', null, null, false]);
    assert.deepEqual([(await show(id)).reopenedCount, (await show(id)).rating], [1, null]);
    await act(program, id, 'resolve', { resolution: '换了新的' });
    await done(say('confirm'));
    await done(say('rating', { rating: 5 }));
    clock.advance({ days: 29 });
    await program.database.transact(everyTenant, (transaction) => transaction.run(build.updateTable('session').set({ expires_at: new Date(clock.now().getTime() + 86_400_000 * 365) })));
    assert.equal((await progress(link)).canReopen, true);
    clock.advance({ days: 1 });
    assert.equal((await progress(link)).canReopen, false);
    assertProblem(await say('reopen', { reason: '又漏了' }), 'action_not_open', 'by then it is a new matter');
    assert.equal((await act(program, id, 'reopen', { reason: '保修期内' })).status, 'open', 'a colleague still may');
    await program.catchUp();
    await assertChain(id);
    const ratings = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('survey').select(['round', 'rating']).where('ticket_id', '=', id).orderBy('round')));
    assert.deepEqual(ratings, [{ round: 0, rating: 2 }, { round: 1, rating: 5 }]);
  });

  test('to its end by silence: a week after the work was done, and not for what was taken up again', async () => {
    while (await runDueTimers(program.database, timerHandlers, clock.now(), program.services.log) > 0);
    const [silent, reopened, confirmed, late] = [await newTicket(program), await newTicket(program), await newTicket(program), await newTicket(program)];
    for (const ticket of [silent, reopened, confirmed]) await act(program, ticket.id, 'resolve', { resolution: '已修' });
    await act(program, reopened.id, 'reopen', { reason: '没好' });
    await act(program, confirmed.id, 'confirm');
    clock.advance({ minutes: 1 });
    await act(program, late.id, 'resolve', { resolution: '已修' });
    const due = (minutes: number) => runDueTimers(program.database, timerHandlers, new Date(clock.now().getTime() + minutes * 60_000), program.services.log);
    const week = 7 * 24 * 60;
    assert.equal(await due(week - 2), 0);
    assert.equal((await show(silent.id)).status, 'resolved');
    assert.equal(await due(week - 1), 1);
    assert.equal(await due(week - 1), 0, 'once');
    const closed = await show(silent.id);
    assert.deepEqual([closed.status, (await show(reopened.id)).status, (await show(confirmed.id)).status, (await show(late.id)).status], ['closed', 'open', 'closed', 'resolved']);
    const last = (await done(program.call('GET', `/tickets/${silent.id}/timeline`, { as: 'agent' }))).body.items.at(-1);
    assert.deepEqual([last.kind, last.actor, last.data.reason], ['ticket.closed', { kind: 'system', id: null, name: null }, 'silence']);
    assert.equal((await kindsOf(confirmed.id)).filter((kind) => kind === 'ticket.closed').length, 1, 'closed once, by the colleague who was told');
    for (const ticket of [silent, reopened, confirmed]) await assertChain(ticket.id);
    assert.equal((await Promise.all([due(week), due(week), due(week)])).reduce((sum, one) => sum + one), 1, 'of several nodes one closes it');
    await assertChain(late.id);
  });

  test('by a person and by silence at the same moment: one waits for the other, and neither is thrown out', { timeout: 60_000 }, async () => {
    while (await runDueTimers(program.database, timerHandlers, clock.now(), program.services.log) > 0);
    const { tenantId } = program.organization;
    const { id } = await newTicket(program);
    await act(program, id, 'resolve', { resolution: '已修' });
    const week = new Date(clock.now().getTime() + 7 * 86_400_000);
    const complaints: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void complaints.push(line) });
    let silence: Promise<number> | undefined;
    await program.database.transact(tenantId, async (transaction) => {
      const context = { tenantId, transaction, now: clock.now(), actor: systemActor };
      const ticket = (await lockTicket(context, id))!;
      silence = runDueTimers(program.database, timerHandlers, week, log);
      const waiting = () => program.database.transact(everyTenant, (inner) => inner.run(sql`SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`));
      while ((await waiting()).length === 0);
      // Takes the timer away that is about to go off.
      await reopenTicket(context, ticket, '没好');
    });
    assert.equal(await silence, 0, 'it was called off');
    assert.deepEqual(complaints, []);
    assert.equal((await show(id)).status, 'open');
    assert.deepEqual(await program.database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('timer').select('subject_id').where('subject_id', '=', id))), []);
    await assertChain(id);
  });

  test('told later by a phone that had no network: in its own order, never in the future, never before the step before', async () => {
    const { id } = await newTicket(program, { location: home });
    const visit = (await act(program, id, 'assign', { assignee: program.organization.staff.technician })).visits[0].id as string;
    const at = (minutes: number) => new Date(clock.now().getTime() + minutes * 60_000).toISOString();
    clock.advance({ minutes: 60 });
    await step(program, visit, 'accept', { occurredAt: at(-50) });
    await step(program, visit, 'start_travel', { occurredAt: at(-40) });
    const arrived = await step(program, visit, 'check_in', { occurredAt: at(-45), location: { lat: 30.27168, lng: 120.15987, crs: 'GCJ02' } });
    assert.equal(arrived.checkedInAt, at(-40), 'not before setting out');
    assert.ok(arrived.checkInDistance < 30, `${arrived.checkInDistance} m: the same place, as Chinese maps have it`);
    const completed = await step(program, visit, 'complete', { workSummary: '已修', occurredAt: at(600) });
    assert.equal(completed.completedAt, at(0), 'not in the future');
    const { items } = (await done(program.call('GET', `/tickets/${id}/timeline`, { as: 'agent' }))).body;
    const travel = items.find((entry: { kind: string }) => entry.kind === 'visit.travel_started');
    assert.deepEqual([travel.at, travel.recordedAt], [at(-40), at(0)]);
    await assertChain(id);
  });

  test('only by those whose turn it is', async () => {
    const { organization } = program;
    const { id } = await newTicket(program);
    await act(program, id, 'assign', { assignee: organization.staff.agent });
    await writesNothing(program, async () => {
      assertProblem(await program.call('POST', `/tickets/${id}/actions/accept`, { as: 'dispatcher', body: {} }), 'forbidden', 'accepting is the assignee’s');
      for (const action of ['accept', 'resolve', 'close', 'assign', 'cancel']) assertProblem(await program.call('POST', `/tickets/${id}/actions/${action}`, { as: 'technician', body: { reason: 'x', resolution: 'x', assignee: organization.staff.technician } }), 'not_found', action);
    });
    assert.deepEqual((await done(program.call('GET', `/tickets/${id}/actions`, { as: 'agent' }))).body.actions, ['accept', 'decline', 'assign', 'transfer', 'wait', 'resolve', 'close', 'cancel']);
    assert.deepEqual((await done(program.call('GET', `/tickets/${id}/actions`, { as: 'dispatcher' }))).body.actions, ['assign', 'transfer', 'wait', 'resolve', 'close', 'cancel']);
    assert.equal((await act(program, id, 'accept', {}, 'agent')).status, 'open');
    assertProblem(await program.call('POST', `/tickets/${id}/actions/accept`, { as: 'agent', body: {} }), 'action_not_open');
    await assertChain(id);
  });
});
