import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { timerHandlers } from '../../server/timers.ts';
import { openTestProgram, testClock, type TestClock, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, linkOf, newTicket, photoOf, upload } from './scene.ts';

describe('a reply that can be taken back', { timeout: 120_000 }, () => {
  let program: TestProgram;
  let clock: TestClock;
  before(async () => {
    clock = testClock();
    program = await openTestProgram({ clock, limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
  });
  after(() => program.close());
  const hold = (ticket: { id: string }, body: object = {}, as: 'agent' | 'technician' = 'agent') => program.call('POST', `/tickets/${ticket.id}/held-replies`, { as, body: { body: '马上到', visibility: 'public', ...body } });
  const run = () => runDueTimers(program.database, timerHandlers, clock.now(), program.services.log);
  const comments = async (ticket: { id: string }) => (await done(program.call('GET', `/tickets/${ticket.id}/timeline`, { as: 'agent' }))).body.items.filter((entry: { kind: string }) => entry.kind === 'comment.added');
  const held = async (ticket: { id: string }, as: 'agent' | 'dispatcher' = 'agent') => (await done(program.call('GET', `/tickets/${ticket.id}/held-replies`, { as }))).body.items;

  test('is nobody’s to see before its time, and is then its author’s, once', async () => {
    const ticket = await newTicket(program, { requester: { name: '王芳', phone: '13812345678' } });
    const photo = (await done(upload(program, 'agent', { content: await photoOf() }))).body.id;
    const one = (await done(hold(ticket, { attachments: [photo] }))).body;
    assert.equal(new Date(one.releaseAt).getTime() - new Date(one.createdAt).getTime(), 15_000);
    clock.advance({ seconds: 14 });
    await run();
    const progress = async () => (await done(program.call('GET', `/progress/${linkOf(ticket)}`))).text.includes('马上到');
    assert.deepEqual([(await comments(ticket)).length, await progress(), (await held(ticket)).length, (await held(ticket, 'dispatcher')).length], [0, false, 1, 0]);
    clock.advance({ seconds: 1 });
    // Two nodes at once, and again.
    await Promise.all([run(), run()]);
    await run();
    const [comment, ...more] = await comments(ticket);
    assert.deepEqual([comment.actor, comment.comment.body, comment.comment.files.length, more.length], [{ kind: 'staff', id: program.organization.staff.agent, name: 'agent first' }, '马上到', 1, 0]);
    assert.deepEqual([await progress(), (await held(ticket)).length], [true, 0]);
    assertProblem(await program.call('DELETE', `/tickets/${ticket.id}/held-replies/${one.id}`, { as: 'agent' }), 'held_reply_sent');
  });

  test('is taken back with what was written, by its author only', async () => {
    const ticket = await newTicket(program);
    const one = (await done(hold(ticket, { seconds: 60, mentions: [program.organization.staff.dispatcher], visibility: 'internal' }))).body;
    assertProblem(await program.call('DELETE', `/tickets/${ticket.id}/held-replies/${one.id}`, { as: 'dispatcher' }), 'not_found');
    const other = await newTicket(program);
    assertProblem(await program.call('DELETE', `/tickets/${other.id}/held-replies/${one.id}`, { as: 'agent' }), 'not_found');
    const back = (await done(program.call('DELETE', `/tickets/${ticket.id}/held-replies/${one.id}`, { as: 'agent' }))).body;
    assert.deepEqual(back.comment, { body: '马上到', visibility: 'internal', mentions: [program.organization.staff.dispatcher] });
    clock.advance({ minutes: 2 });
    await run();
    assert.deepEqual([(await comments(ticket)).length, (await held(ticket)).length], [0, 0]);
    assertProblem(await program.call('DELETE', `/tickets/${ticket.id}/held-replies/${one.id}`, { as: 'agent' }), 'not_found');
  });

  test('of taking back and sending at the same moment exactly one happens', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ticket = await newTicket(program);
      const one = (await done(hold(ticket, { seconds: 1 }))).body;
      clock.advance({ seconds: 2 });
      const [back] = await Promise.all([program.call('DELETE', `/tickets/${ticket.id}/held-replies/${one.id}`, { as: 'agent' }), run()]);
      assert.deepEqual([back.status, (await comments(ticket)).length], back.status === 200 ? [200, 0] : [409, 1]);
    }
  });

  test('follows its ticket into the one it was merged into, and reaches one that was cancelled', async () => {
    const [source, target] = [await newTicket(program), await newTicket(program)];
    await done(hold(source));
    await done(program.call('POST', `/tickets/${source.id}/merge`, { as: 'dispatcher', body: { into: target.id } }));
    const cancelled = await newTicket(program);
    await done(hold(cancelled));
    await act(program, cancelled.id, 'cancel', { reason: '重复' });
    clock.advance({ seconds: 20 });
    await run();
    assert.equal((await comments(target)).length, 1);
    assert.equal((await comments(cancelled)).length, 1);
  });

  test('is kept for its author, with the reason, when they may write it no longer', async () => {
    const ticket = await newTicket(program);
    await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician });
    const one = (await done(hold(ticket, {}, 'technician'))).body;
    await act(program, ticket.id, 'assign', { assignee: program.organization.staff.agent });
    clock.advance({ seconds: 20 });
    await run();
    await run();
    assert.equal((await comments(ticket)).length, 0);
    const [kept] = (await done(program.call('GET', '/held-replies', { as: 'technician' }))).body.items;
    assert.deepEqual([kept.id, kept.state, kept.problem.code, kept.comment.body], [one.id, 'failed', 'not_found', '马上到']);
    const facts = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql<{ data: { staffId: string } }>`SELECT data FROM fact WHERE kind = 'held_reply.failed'`));
    assert.deepEqual(facts.map((fact) => fact.data.staffId), [program.organization.staff.technician]);
    assert.equal((await done(program.call('DELETE', `/tickets/${ticket.id}/held-replies/${one.id}`, { as: 'technician' }))).body.comment.body, '马上到');
    assert.deepEqual((await done(program.call('GET', '/held-replies', { as: 'technician' }))).body.items, []);
  });

  test('is refused at once when it could not be sent now', async () => {
    const ticket = await newTicket(program);
    assertProblem(await hold(ticket, {}, 'technician'), 'not_found');
    assertProblem(await hold(ticket, { seconds: 61 }), 'invalid_input');
    assertProblem(await hold(ticket, { attachments: ['018f0000-0000-7000-8000-000000000000'] }), 'unknown_reference');
    assertProblem(await hold(ticket, { mentionTeams: ['018f0000-0000-7000-8000-000000000000'] }), 'unknown_reference');
    for (let count = 0; count < 20; count += 1) await done(hold(ticket, { seconds: 60 }));
    assertProblem(await hold(ticket), 'limit_reached');
  });
});
