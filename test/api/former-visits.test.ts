import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Visit } from '../../contract/visit.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, done, newTicket, photoOf, step, upload } from './scene.ts';

describe('a technician whose visit is over', { timeout: 60_000 }, () => {
  let program: TestProgram;
  let other: string;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 100_000, anonymous: 100_000, signIn: 100_000, openUploads: 100_000, phoneSignIn: 100_000 } });
    const { departmentId, teamId } = program.organization;
    other = (await done(program.call('POST', '/staff', { as: 'administrator', body: { name: '小赵', job: 'technician', departmentId, teamIds: [teamId] } }))).body.id;
  });
  after(() => program.close());

  const shown = async (id: string) => (await done(program.call('GET', `/visits/${id}`, { as: 'technician' }))).body as Visit;
  const listed = async (id: string) => {
    const { items } = (await done(program.call('GET', '/visits?technician=me&state=done&limit=200', { as: 'technician' }))).body as { items: Visit[] };
    return items.find((visit) => visit.id === id);
  };
  const send = async () => {
    const { id } = await newTicket(program, { location: { lat: 30.2741, lng: 120.1551, address: '西畔花园 3幢' }, requester: { name: '李女士', phone: '13812345678' } });
    const visit = (await act(program, id, 'assign', { assignee: program.organization.staff.technician, note: '带梯子', visit: {} })).visits[0].id as string;
    return { id, visit };
  };
  /** What happens to a ticket after a technician was taken off it. */
  const goOn = async (id: string) => {
    await act(program, id, 'assign', { assignee: other });
    const { version } = (await done(program.call('GET', `/tickets/${id}`, { as: 'agent' }))).body;
    await done(program.call('PATCH', `/tickets/${id}`, { as: 'agent', headers: { 'if-match': `"${version}"` }, body: { subject: '后来的主题', description: '后来的说明', location: { lat: 30.1, lng: 120.1, address: '后来的地址' } } }));
    const file = await upload(program, 'agent', { content: await photoOf('#224466', 40, 40) });
    await done(program.call('POST', `/tickets/${id}/comments`, { as: 'agent', body: { body: '后来的照片', visibility: 'internal', attachments: [file.body.id] } }));
  };

  for (const [way, leave] of [
    ['reassigned', async () => {}],
    ['declined', async (visit: string) => { await done(program.call('POST', `/visits/${visit}/actions/decline`, { as: 'technician', body: { reason: '排满了' } })); }],
    ['called off on the way', async (visit: string) => { for (const action of ['accept', 'start_travel']) await step(program, visit, action); }],
  ] as const) {
    test(`${way}: keeps what they did, and learns nothing more of the ticket`, async () => {
      const { id, visit } = await send();
      const before = await shown(visit);
      assert.deepEqual([before.ticket.withheld, before.ticket.subject !== '', before.location !== null], [false, true, true]);
      await leave(visit);
      await goOn(id);
      const now = await shown(visit);
      assert.deepEqual(now.ticket, {
        id, number: before.ticket.number, withheld: true, subject: '', description: '', status: null, priority: null, category: null, dueAt: null,
        requesterName: null, requesterPhone: null, asset: null, createdAt: before.ticket.createdAt,
      });
      assert.deepEqual([now.location, now.files, now.actions, now.note, now.status], [null, [], [], '带梯子', way === 'declined' ? 'declined' : 'cancelled']);
      assert.equal(now.travelStartedAt !== null, way === 'called off on the way', 'what they did themselves stays theirs');
      assert.deepEqual(await listed(visit), now);
      assert.doesNotMatch(JSON.stringify(now), /后来/);
      assert.equal((await done(program.call('GET', `/visits/${visit}`, { as: 'agent' }))).body.ticket.subject, '后来的主题', 'others see it as before');
    });
  }

  test('who came takes part for good', async () => {
    const { id, visit } = await send();
    for (const action of ['accept', 'check_in']) await step(program, visit, action);
    await done(program.call('POST', `/visits/${visit}/actions/complete`, { as: 'technician', body: { workSummary: '已修' } }));
    const now = await shown(visit);
    assert.deepEqual([now.ticket.withheld, now.ticket.subject], [false, (await done(program.call('GET', `/tickets/${id}`, { as: 'technician' }))).body.subject]);
    assert.deepEqual(await listed(visit), now);
  });
});
