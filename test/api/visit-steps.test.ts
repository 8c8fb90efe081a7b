import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { newId } from '../../server/platform/db/uuid.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, newTicket, photoOf, step, upload, done, writesNothing, assertProblem } from './scene.ts';

describe('the steps of a visit', { timeout: 60_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());

  const told = (visitId: string) => program.database.transact(program.organization.tenantId, (transaction) =>
    transaction.run(sql<{ kind: string }>`SELECT kind FROM fact WHERE subject_id = ${visitId} AND kind LIKE 'visit.%' ORDER BY position`)).then((rows) => rows.map(({ kind }) => kind));

  test('that are told again, days after their key was forgotten, are taken once', async () => {
    const ticket = await newTicket(program, { subject: '水管漏水' });
    const visitId = (await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician })).visits[0].id as string;
    const photo = (await done(upload(program, 'technician', { content: await photoOf(), fields: { purpose: 'photo', visibility: 'public' } }))).body.id as string;
    const steps: [action: string, body: Record<string, unknown>][] = [
      ['accept', {}], ['start_travel', {}], ['check_in', {}],
      ['log_work', { workSummary: '拆下旧阀', attachments: [photo] }], ['log_work', { workSummary: '装上新阀' }],
    ].map(([action, body]) => [action as string, { ...body as object, stepId: newId() }]);
    for (const [action, body] of steps) await step(program, visitId, action, body);
    const expected = ['visit.scheduled', 'visit.accepted', 'visit.travel_started', 'visit.checked_in', 'visit.work_logged', 'visit.work_logged'];
    assert.deepEqual(await told(visitId), expected);
    await writesNothing(program, async () => {
      for (const [action, body] of steps) {
        const again = await step(program, visitId, action, body);
        assert.deepEqual([again.status, again.workSummary], ['on_site', '装上新阀'], `${action}: as the visit stands`);
      }
      // Whose step it was not is not told that it was taken.
      assertProblem(await program.call('POST', `/visits/${visitId}/actions/log_work`, { as: 'administrator', body: steps[4]![1] }), 'visit_not_yours');
    });
    await step(program, visitId, 'log_work', { workSummary: '装上新阀', stepId: newId() });
    assert.deepEqual(await told(visitId), [...expected, 'visit.work_logged'], 'the same words in another step are another step');
    const timeline = await done(program.call('GET', `/tickets/${ticket.id}/timeline?limit=100`, { as: 'technician' }));
    assert.ok(!timeline.text.includes('stepId'), 'it is of no interest to readers');
  });
});
