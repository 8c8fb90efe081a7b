import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { newId } from '../../server/platform/db/uuid.ts';
import { loadImages } from '../../server/platform/files/image.ts';
import { isoMediaOf } from '../../server/platform/files/sample-files.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, linkOf, newTicket, photoOf, step, upload, done, writesNothing, assertProblem } from './scene.ts';

const blankPng = async (): Promise<Buffer> => (await loadImages())({ create: { width: 60, height: 30, channels: 3, background: '#ffffff' } }).png().toBuffer();

describe('the steps of a visit', { timeout: 300_000 }, () => {
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

  const place = { lat: 30.2741, lng: 120.1551, address: '西畔花园 3幢' };
  const scheduled = async (more: Record<string, unknown> = {}): Promise<{ ticketId: string; visitId: string }> => {
    const ticket = await newTicket(program, { subject: '水管漏水', location: place, ...more }, 'dispatcher');
    return { ticketId: ticket.id, visitId: (await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician })).visits[0].id as string };
  };
  type Told = { sequence: number; visitId: string; action: string; previous?: number | null; body?: Record<string, unknown> };
  const sync = async (deviceId: string, commands: Told[], sentAt?: Date): Promise<{ sequence: number; outcome: string; problem: { code: string; rule: string } | null; visit: { status: string } | null }[]> =>
    (await done(program.call('POST', '/field/sync', { as: 'technician', body: { deviceId, commands, ...(sentAt ? { sentAt: sentAt.toISOString() } : {}) } }))).body.results;

  test('come from a device once and in its order, however often, shuffled and split they are told', async () => {
    const [one, two] = [await scheduled(), await scheduled()];
    const deviceId = newId();
    const steps: Told[] = [
      { sequence: 1, visitId: one.visitId, action: 'accept' }, { sequence: 2, visitId: two.visitId, action: 'accept' }, { sequence: 3, visitId: one.visitId, action: 'start_travel', previous: 1 },
      { sequence: 4, visitId: one.visitId, action: 'check_in', previous: 3, body: { reason: '没有定位' } }, { sequence: 5, visitId: one.visitId, action: 'complete', previous: 4, body: { workSummary: '修好了' } },
    ].map((command) => ({ ...command, body: { ...command.body, stepId: newId() } }));
    assert.deepEqual((await sync(deviceId, [steps[4]!])).map(({ outcome, problem }) => [outcome, problem?.code]), [['held', 'field_command_early']], 'what comes before it has not come');
    assert.deepEqual((await sync(deviceId, [steps[2]!, steps[1]!, steps[0]!])).map(({ sequence, outcome }) => [sequence, outcome]), [[1, 'applied'], [2, 'applied'], [3, 'applied']]);
    const both = await Promise.all([sync(deviceId, steps.toReversed()), sync(deviceId, steps)]);
    assert.deepEqual(both.flat().map(({ outcome }) => outcome).filter((outcome) => outcome === 'applied').length, 2);
    assert.ok(both.flat().every(({ outcome }) => outcome === 'applied' || outcome === 'already_applied'), JSON.stringify(both));
    assert.deepEqual(await told(one.visitId), ['visit.scheduled', 'visit.accepted', 'visit.travel_started', 'visit.checked_in', 'visit.completed']);
    await writesNothing(program, async () => assert.deepEqual((await sync(deviceId, steps)).map(({ outcome }) => outcome), Array.from({ length: 5 }, () => 'already_applied')));
    // Another device counts for itself; the same number for another step is none of this one's.
    assert.deepEqual((await sync(newId(), [{ ...steps[1]!, body: { stepId: newId() } }])).map(({ outcome, problem }) => [outcome, problem?.code, problem?.rule]), [['refused', 'visit_step_not_open', 'moved_on']]);
    assert.deepEqual((await sync(deviceId, [{ ...steps[1]!, body: { stepId: newId() } }])).map(({ problem }) => problem?.code), ['field_sequence_reused']);
  });

  test('that the office overtook are refused by name, and what follows them waits; other visits go on', async () => {
    const [gone, called, fine] = [await scheduled(), await scheduled(), await scheduled()];
    await act(program, gone.ticketId, 'assign', { assignee: program.organization.staff.stranger }).catch(() => undefined);
    await act(program, called.ticketId, 'cancel', { reason: '客户取消' }, 'manager');
    const results = await sync(newId(), [
      { sequence: 1, visitId: called.visitId, action: 'accept' }, { sequence: 2, visitId: called.visitId, action: 'start_travel', previous: 1 }, { sequence: 3, visitId: fine.visitId, action: 'accept' },
    ]);
    assert.deepEqual(results.map(({ outcome, problem, visit }) => [outcome, problem?.code ?? null, problem?.rule ?? null, visit?.status ?? null]), [
      ['refused', 'visit_step_not_open', 'cancelled', null], ['held', null, null, null], ['applied', null, null, 'accepted'],
    ]);
  });

  const factOf = (visitId: string, kind: string) => program.database.transact(program.organization.tenantId, (transaction) =>
    transaction.run(sql<{ data: Record<string, unknown>; occurred_at: Date }>`SELECT data, occurred_at FROM fact WHERE subject_id = ${visitId} AND kind = ${kind} ORDER BY position DESC LIMIT 1`)).then(([row]) => row!);

  test('by a clock that is two hours off are put right, and say so', async () => {
    for (const hours of [-2, 2]) {
      const { visitId } = await scheduled();
      await step(program, visitId, 'accept');
      const phone = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000 + hours * 3_600_000);
      await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`UPDATE visit SET accepted_at = now() - interval '5 hours', created_at = now() - interval '6 hours' WHERE id = ${visitId}`));
      const results = await sync(newId(), [
        { sequence: 1, visitId, action: 'start_travel', body: { stepId: newId(), occurredAt: phone(60).toISOString() } },
        { sequence: 2, visitId, action: 'check_in', previous: 1, body: { stepId: newId(), occurredAt: phone(30).toISOString(), reason: '没有定位' } },
      ], phone(0));
      assert.deepEqual(results.map(({ outcome }) => outcome), ['applied', 'applied']);
      const { data, occurred_at } = await factOf(visitId, 'visit.checked_in');
      assert.ok(Math.abs(occurred_at.getTime() - (Date.now() - 30 * 60_000)) < 60_000, `${hours}: ${occurred_at.toISOString()}`);
      assert.ok(Math.abs(Number(data['clockBehindSeconds']) + hours * 3_600) < 60, String(data['clockBehindSeconds']));
    }
  });

  test('tick the checklist, once; what a colleague said later holds, and what was taken off the list is told', async () => {
    const { visitId, ticketId } = await scheduled();
    const [one, two, three] = (await done(program.call('POST', `/tickets/${ticketId}/checklist`, { as: 'manager', body: { items: [{ text: '断电' }, { text: '挂牌' }, { text: '测漏' }] } }))).body.items as { id: string; version: number }[];
    await step(program, visitId, 'accept');
    const before = new Date(Date.now() - 600_000);
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`UPDATE visit SET accepted_at = now() - interval '1 hour' WHERE id = ${visitId}`));
    // Done and opened again by a colleague after the technician had ticked it; and one taken off.
    await done(program.call('PATCH', `/tickets/${ticketId}/checklist/${two!.id}`, { as: 'manager', headers: { 'if-match': `"${two!.version}"` }, body: { done: true } }));
    await done(program.call('PATCH', `/tickets/${ticketId}/checklist/${two!.id}`, { as: 'manager', headers: { 'if-match': `"${two!.version + 1}"` }, body: { done: false } }));
    await done(program.call('DELETE', `/tickets/${ticketId}/checklist/${three!.id}`, { as: 'manager' }));
    const ticks: Told[] = [one, two, three].map((item, index) => ({ sequence: index + 1, visitId, action: 'check_items', body: { stepId: newId(), occurredAt: before.toISOString(), items: [{ id: item!.id, done: true }] } }));
    const deviceId = newId();
    assert.deepEqual((await sync(deviceId, ticks)).map(({ outcome }) => outcome), ['applied', 'applied', 'applied']);
    await writesNothing(program, async () => assert.deepEqual((await sync(deviceId, ticks)).map(({ outcome }) => outcome), ['already_applied', 'already_applied', 'already_applied']));
    const visit = (await done(program.call('GET', `/visits/${visitId}`, { as: 'technician' }))).body;
    assert.deepEqual(visit.checklist.map((item: { text: string; done: { at: string } | null }) => [item.text, item.done?.at ?? null]), [['断电', before.toISOString()], ['挂牌', null]]);
    assert.deepEqual(visit.conflicts.map(({ rule, kept }: { rule: string; kept: string }) => [rule, kept]), [['office_later', 'office'], ['item_removed', 'office']]);
    assertProblem(await program.call('POST', `/visits/${visitId}/actions/check_items`, { as: 'technician', body: { items: [{ id: newId(), done: true }] } }), 'unknown_reference');
    const timeline = await done(program.call('GET', `/tickets/${ticketId}/timeline?limit=100`, { as: 'manager' }));
    assert.ok(!timeline.text.includes('stepId'));
  });

  test('end with parts, a film that says when and where, and the rating of whoever signed; the report has it all', async () => {
    const { visitId, ticketId } = await scheduled({ requester: { name: '李雷', phone: '13811112222' } });
    for (const action of ['accept', 'check_in']) await step(program, visitId, action);
    const film = (await done(upload(program, 'technician', { name: 'film.mp4', type: 'video/mp4', content: isoMediaOf('isom'), fields: { purpose: 'photo', visibility: 'public' } }))).body.id as string;
    const ink = await (await loadImages())({ create: { width: 60, height: 30, channels: 3, background: '#ffffff' } }).composite([{ input: { create: { width: 30, height: 6, channels: 3, background: '#000000' } }, left: 10, top: 10 }]).png().toBuffer();
    const signature = (await done(upload(program, 'technician', { name: 'signature.png', type: 'image/png', content: ink, fields: { purpose: 'signature', visibility: 'public' } }))).body.id as string;
    const body = { workSummary: '换角阀', parts: [' DN20 角阀 × 2 ', '生料带'], attachments: [film], recorded: [{ fileId: film, at: '2026-03-02T01:00:00Z', location: { lat: 30.2741, lng: 120.1551 }, accuracy: 8 }], rating: 5, ratingComment: '很快', signedBy: '李雷' };
    const recorded = new Date(Date.now() - 300_000).toISOString();
    body.recorded[0]!.at = recorded;
    assertProblem(await program.call('POST', `/visits/${visitId}/actions/complete`, { as: 'technician', body }), 'invalid_input', '/rating');
    const ended = await step(program, visitId, 'complete', { ...body, signatureFileId: signature });
    assert.deepEqual(ended.parts, ['DN20 角阀 × 2', '生料带']);
    assert.deepEqual(ended.files.find(({ id }: { id: string }) => id === film).recorded, { at: recorded, lat: 30.2741, lng: 120.1551, accuracy: 8 });
    const ticket = (await done(program.call('GET', `/tickets/${ticketId}`, { as: 'dispatcher' }))).body;
    assert.equal(ticket.rating?.rating ?? ticket.rating, 5);
    const token = linkOf(ticket);
    const progress = (await done(program.call('GET', `/progress/${token}`))).body;
    assert.deepEqual([progress.canRate, progress.rating?.rating, progress.reportUrl], [false, 5, `/api/v1/progress/${token}/report`]);
    const logo = `data:image/png;base64,${ink.toString('base64')}`;
    const { version } = (await done(program.call('GET', '/organization', { as: 'administrator' }))).body;
    const changed = (await done(program.call('PATCH', '/organization', { as: 'administrator', headers: { 'if-match': `"${version}"` }, body: { logo, settings: { brandColour: '#0a7d5a' } } }))).body;
    assert.match(changed.logo, /^data:image\/png;base64,/);
    assert.equal(changed.settings.brandColour, '#0a7d5a');
    for (const [path, options] of [[`/visits/${visitId}/report`, { as: 'dispatcher' as const }], [`/progress/${token}/report`, {}]] as const) {
      const report = await program.call('GET', path, options);
      assert.deepEqual([report.status, report.headers['content-type']], [200, 'application/pdf']);
      assert.ok(report.text.startsWith('%PDF-'), path);
    }
  });

  test('check in far away only with a word why, never the wrong way round, and the office sees how far', async () => {
    const { visitId, ticketId } = await scheduled();
    await step(program, visitId, 'accept');
    const away = { location: { lat: 30.5441, lng: 120.1551 }, accuracy: 20 };
    const refused = await program.call('POST', `/visits/${visitId}/actions/check_in`, { as: 'technician', body: away });
    assertProblem(refused, 'check_in_far');
    assert.match(refused.body.title, /30 (?:km|公里)/);
    assertProblem(await program.call('POST', `/visits/${visitId}/actions/check_in`, { as: 'technician', body: { location: { lat: 0, lng: 0 } } }), 'invalid_input');
    // So inexact that it may be anywhere: it says nothing, and excuses nothing.
    assertProblem(await program.call('POST', `/visits/${visitId}/actions/check_in`, { as: 'technician', body: { ...away, accuracy: 30_000 } }), 'check_in_unplaced');
    const here = await step(program, visitId, 'check_in', { ...away, reason: '客户改到另一处' });
    assert.deepEqual([here.checkInReason, Math.round(here.checkInDistance / 1_000)], ['客户改到另一处', 30]);
    const timeline = (await done(program.call('GET', `/tickets/${ticketId}/timeline?limit=100`, { as: 'dispatcher' }))).body;
    assert.equal(timeline.items.find((entry: { kind: string }) => entry.kind === 'visit.checked_in').data.far, true);
    // A signature without strokes is none.
    const blank = await upload(program, 'technician', { name: 'signature.png', type: 'image/png', content: await blankPng(), fields: { purpose: 'signature', visibility: 'public' } });
    assertProblem(blank, 'signature_empty');
  });

  test('end with what the next visit needs, a line each, and the dispatchers have it', async () => {
    const { visitId, ticketId } = await scheduled();
    await step(program, visitId, 'accept');
    assertProblem(await program.call('POST', `/visits/${visitId}/actions/report_obstacle`, { as: 'technician', body: { obstacle: 'no_access', needs: ['钥匙'] } }), 'invalid_input');
    const ended = await step(program, visitId, 'report_obstacle', { obstacle: 'return_visit', note: '要两个人', needs: ['DN20 角阀 × 2', '人字梯'] });
    assert.deepEqual([ended.status, ended.needs], ['incomplete', ['DN20 角阀 × 2', '人字梯']]);
    const ticket = (await done(program.call('GET', `/tickets/${ticketId}`, { as: 'dispatcher' }))).body;
    assert.deepEqual([ticket.status, ticket.assignee, ticket.visits[0].needs], ['open', null, ['DN20 角阀 × 2', '人字梯']]);
  });

  test('tell where the phone is between setting out and the end, and nowhere else; the customer hears once that somebody is near', async () => {
    const { visitId, ticketId } = await scheduled({ requester: { name: '李雷', phone: '13811112222' } });
    const send = (points: { lat: number; lng: number; at?: Date; accuracy?: number }[], as: 'technician' | 'agent' = 'technician') => program.call('POST', '/positions', {
      as, body: { visitId, points: points.map(({ lat, lng, at = new Date(), accuracy = 10 }) => ({ lat, lng, accuracy, at: at.toISOString() })) },
    });
    const last = async (as: 'dispatcher' | 'technician' = 'dispatcher') => program.call('GET', '/positions', { as });
    const progress = async () => {
      const { progressUrl } = (await done(program.call('GET', `/tickets/${ticketId}`, { as: 'dispatcher' }))).body;
      return (await done(program.call('GET', `/progress/${linkOf({ progressUrl })}`))).body.technician;
    };
    await step(program, visitId, 'accept');
    assertProblem(await send([place]), 'position_outside_visit');
    await step(program, visitId, 'start_travel');
    assertProblem(await send([{ lat: 0, lng: 0 }]), 'invalid_input');
    assertProblem(await send([{ lat: place.lng, lng: place.lat }]), 'invalid_input', 'the wrong way round');
    assert.ok([403, 404].includes((await send([place], 'agent')).status), 'it is somebody else’s visit');
    const yesterday = new Date(Date.now() - 86_400_000);
    const away = (await done(send([{ lat: 30.3, lng: 120.1551, at: yesterday }, { lat: 30.3, lng: 120.1551 }]))).body;
    assert.deepEqual([away.kept, away.near], [1, false], 'clocks of phones are wrong');
    const wrongClock = Date.now() + 3_600_000;
    const skewed = await done(program.call('POST', '/positions', { as: 'technician', body: { visitId, sentAt: new Date(wrongClock).toISOString(), points: [{ lat: 30.3, lng: 120.1551, accuracy: 10, at: new Date(wrongClock - 1_000).toISOString() }] } }));
    assert.equal(skewed.body.kept, 1, 'a clock an hour ahead');
    const board = await last();
    assert.deepEqual(board.body.items.filter((item: { visitId: string }) => item.visitId === visitId).map((item: { lat: number }) => item.lat), [30.3]);
    assert.equal((await program.call('GET', '/positions', { as: 'dispatcher', headers: { 'if-none-match': String(board.headers['etag']) } })).status, 304);
    assert.equal((await last('technician')).status, 403);
    const coming = await progress();
    assert.deepEqual([coming.coming.metres, coming.coming.minutes], [3_700, 8]);
    for (let time = 0; time < 2; time += 1) assert.equal((await done(send([{ ...place, at: new Date(Date.now() + 20_000 * time - 10_000) }]))).body.near, true);
    assert.deepEqual((await told(visitId)).filter((kind) => kind === 'visit.near'), ['visit.near']);
    const track = (await done(program.call('GET', `/visits/${visitId}/track`, { as: 'dispatcher' }))).body.items;
    assert.ok(track.length >= 2, String(track.length));
    await step(program, visitId, 'check_in', { location: place });
    assert.equal((await progress()).coming, null);
    await step(program, visitId, 'complete', { workSummary: '修好了' });
    assertProblem(await send([place]), 'position_outside_visit');
    assert.ok(!(await last()).body.items.some((item: { visitId: string }) => item.visitId === visitId), 'whoever has finished is nowhere');
    const figures = (await done(program.call('GET', '/field/figures', { as: 'technician' }))).body;
    assert.ok(figures.today.completed >= 1 && figures.week.completed >= figures.today.completed && figures.today.fixedAtOnce.of >= 1, JSON.stringify(figures));
  });

  test('begin with a scan: the asset by its code or its label, with what was done to it before', async () => {
    const asset = (await done(program.call('POST', '/assets', { as: 'administrator', body: { code: 'LIFT-7', name: '7号电梯', model: 'KONE 3000', warrantyUntil: '2027-05-01' } }))).body;
    const { visitId } = await scheduled({ assetId: asset.id, requester: { name: '韩梅', phone: '13899998888' } });
    for (const [action, body] of [['accept', {}], ['check_in', {}], ['complete', { workSummary: '更换门机皮带' }]] as const) await step(program, visitId, action, body);
    for (const code of ['LIFT-7', asset.scanUrl as string]) {
      const found = await done(program.call('GET', `/field/assets?code=${encodeURIComponent(code)}`, { as: 'technician' }));
      const [item] = found.body.items;
      assert.deepEqual([item.name, item.model, item.warrantyUntil, item.history[0].visits[0].workSummary], ['7号电梯', 'KONE 3000', '2027-05-01', '更换门机皮带']);
      assert.ok(!found.text.includes('13899998888') && !found.text.includes('韩梅'));
    }
    assert.deepEqual((await done(program.call('GET', '/field/assets?code=nothing', { as: 'technician' }))).body, { items: [] });
  });
});
