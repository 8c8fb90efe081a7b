import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { newId } from '../../server/platform/db/uuid.ts';
import { standardLimits } from '../../server/platform/http/limits.ts';
import { isoMediaOf } from '../../server/platform/files/sample-files.ts';
import { forgetUploads } from '../../server/records/file/uploads.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket, step } from './scene.ts';

type Told = { sequence: number; visitId: string; action: string; body?: Record<string, unknown> };
type Result = { outcome: string; problem: { code: string; status: number } | null };

describe('what can go wrong in the field', { timeout: 300_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { ...standardLimits, signIn: 6, anonymous: 40, calendar: 20 } });
  });
  after(() => program.close());

  const place = { lat: 30.2741, lng: 120.1551, address: '西畔花园 3幢' };
  const query = (text: ReturnType<typeof sql>) => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(text));
  const scheduled = async (more: Record<string, unknown> = {}): Promise<{ ticketId: string; visitId: string }> => {
    const ticket = await newTicket(program, { subject: '水管漏水', location: place, ...more }, 'dispatcher');
    return { ticketId: ticket.id, visitId: (await act(program, ticket.id, 'assign', { assignee: program.organization.staff.technician, visit: { windowStart: '2026-01-05T01:00:00Z', windowEnd: '2036-01-05T03:00:00Z' } })).visits[0].id as string };
  };
  const sync = async (deviceId: string, commands: Told[]): Promise<Result[]> => (await done(program.call('POST', '/field/sync', { as: 'technician', body: { deviceId, commands } }))).body.results;

  test('a step that fails by a fault of ours waits, and those of other visits are taken', async () => {
    const [broken, fine] = [await scheduled(), await scheduled()];
    await query(sql`UPDATE visit SET conflicts = '{"no": "list"}' WHERE id = ${broken.visitId}`);
    const results = await sync(newId(), [
      { sequence: 1, visitId: broken.visitId, action: 'accept' }, { sequence: 2, visitId: broken.visitId, action: 'start_travel' }, { sequence: 3, visitId: fine.visitId, action: 'accept' },
    ]);
    assert.deepEqual(results.map(({ outcome, problem }) => [outcome, problem?.code ?? null]), [['held', 'internal_error'], ['held', null], ['applied', null]]);
    await query(sql`UPDATE visit SET conflicts = NULL WHERE id = ${broken.visitId}`);
  });

  test('two devices of one person: the later answer holds, and the earlier one is told; what a device wrote itself is no conflict', async () => {
    const type = (await done(program.call('POST', '/ticket-types', { as: 'administrator', body: { key: 'meter', name: '抄表', form: { fields: [{ key: 'reading', kind: 'number', label: { zh: '读数' } }] } } }))).body.id as string;
    const { visitId, ticketId } = await scheduled({ type });
    for (const action of ['accept', 'check_in']) await step(program, visitId, action, action === 'check_in' ? { reason: '没有定位' } : {});
    await query(sql`UPDATE visit SET checked_in_at = now() - interval '6 hours' WHERE id = ${visitId}`);
    const [phone, tablet] = [newId(), newId()];
    const log = (sequence: number, hoursAgo: number, reading: number): Told => ({
      sequence, visitId, action: 'log_work', body: { stepId: newId(), workSummary: '抄表', fields: { reading }, seen: { reading: null }, occurredAt: new Date(Date.now() - hoursAgo * 3_600_000).toISOString() },
    });
    const reading = async () => (await done(program.call('GET', `/tickets/${ticketId}`, { as: 'dispatcher' }))).body.fields.reading;
    const conflicts = async () => (await done(program.call('GET', `/visits/${visitId}`, { as: 'technician' }))).body.conflicts;
    assert.deepEqual((await sync(tablet, [log(1, 2, 200)])).map(({ outcome }) => outcome), ['applied']);
    assert.deepEqual((await sync(phone, [log(1, 4, 100)])).map(({ outcome }) => outcome), ['applied']);
    assert.equal(await reading(), 200, 'the old phone came later, and its answer is the older one');
    assert.deepEqual((await conflicts()).map(({ rule, kept, own }: Record<string, unknown>) => [rule, kept, own]), [['office_later', 'office', true]]);
    // The tablet has not heard that its first answer was taken.
    assert.deepEqual((await sync(tablet, [log(2, 1, 201)])).map(({ outcome }) => outcome), ['applied']);
    assert.deepEqual([await reading(), (await conflicts()).length], [201, 1]);
  });

  test('nobody is followed after they left, or when they forgot to say that it is over', async () => {
    const { visitId } = await scheduled();
    await step(program, visitId, 'accept');
    await step(program, visitId, 'check_in', { location: { lat: place.lat, lng: place.lng }, accuracy: 10 });
    const send = async (lat: number) => (await done(program.call('POST', '/positions', { as: 'technician', body: { visitId, points: [{ lat, lng: place.lng, accuracy: 10, at: new Date().toISOString() }] } }))).body;
    assert.deepEqual(await send(30.2751), { kept: 1, near: false, nextInSeconds: 10, stopped: null });
    assert.deepEqual(await send(30.3241), { kept: 0, near: false, nextInSeconds: 10, stopped: 'left' });
    await query(sql`UPDATE visit SET checked_in_at = now() - interval '13 hours' WHERE id = ${visitId}`);
    assert.deepEqual(await send(30.2751), { kept: 0, near: false, nextInSeconds: 10, stopped: 'too_long' });
    // Of a long way evenly so many points, and the last.
    await query(sql`INSERT INTO visit_track (tenant_id, visit_id, at, lat, lng, accuracy) SELECT ${program.organization.tenantId}::uuid, ${visitId}::uuid, now() + n * interval '5 seconds', 30, 120, n FROM generate_series(1, 12000) AS n`);
    const way = (await done(program.call('GET', `/visits/${visitId}/track`, { as: 'dispatcher' }))).body.items as { accuracy: number }[];
    assert.ok(way.length > 3_000 && way.length <= 5_001, String(way.length));
    assert.equal(way.at(-1)!.accuracy, 12_000);
  });

  test('numbers in a subject stand neither in an asset’s history nor in a calendar, which holds no address of what is done', async () => {
    const asset = (await done(program.call('POST', '/assets', { as: 'administrator', body: { code: 'LIFT-7', name: '七号梯' } }))).body.id as string;
    const { visitId, ticketId } = await scheduled({ subject: '王女士 13800138000 漏水' });
    await query(sql`UPDATE ticket SET asset_id = ${asset} WHERE id = ${ticketId}`);
    const { url } = (await done(program.call('POST', '/calendar-feed', { as: 'technician' }))).body as { url: string };
    const read = async () => (await program.inject({ method: 'GET', url: new URL(url).pathname })).text.replaceAll('\r\n ', '');
    await query(sql`UPDATE visit SET window_start = now() + interval '1 hour' WHERE id = ${visitId}`);
    const before = await read();
    assert.match(before, /SUMMARY:王女士 \*\*\* 漏水/);
    assert.match(before, /西畔花园/);
    for (const [action, body] of [['accept', {}], ['check_in', { reason: '没有定位' }], ['complete', { workSummary: '已通知 13800138000' }]] as const) await step(program, visitId, action, body);
    await query(sql`UPDATE visit SET status = 'cancelled' WHERE id <> ${visitId} AND status <> 'completed'`);
    const afterwards = await read();
    assert.match(afterwards, /SUMMARY:王女士/);
    assert.ok(!afterwards.includes('西畔花园') && !afterwards.includes('GEO:'), afterwards);
    const [found] = (await done(program.call('GET', '/field/assets?code=LIFT-7', { as: 'technician' }))).body.items;
    assert.deepEqual([found.history[0].subject, found.history[0].visits[0].workSummary], ['王女士 *** 漏水', '已通知 ***']);
    // Calendars of a whole company ask from one address, and nobody is kept from signing in by that.
    for (let turn = 0; turn < 10; turn += 1) await read();
    const signIn = await program.inject({ method: 'POST', url: '/api/v1/session', payload: { email: 'nobody@first.example', password: 'wrong wrong wrong' } });
    assert.notEqual(signIn.status, 429);
    for (let turn = 0; turn < 10; turn += 1) await read();
    assert.equal((await program.inject({ method: 'GET', url: new URL(url).pathname })).status, 429, 'one address has a limit of its own');
  });

  test('a piece that comes while its upload is forgotten keeps it; one with a gap becomes no file', async () => {
    const film = isoMediaOf('isom');
    const headers = { authorization: `Bearer ${program.organization.tokens.technician}`, 'tus-resumable': '1.0.0' };
    const begin = async () => {
      const begun = await program.app.inject({ method: 'POST', url: '/api/v1/uploads', headers: { ...headers, 'upload-length': String(film.length), 'upload-metadata': `filename ${Buffer.from('a.mp4').toString('base64')},filetype ${Buffer.from('video/mp4').toString('base64')}` } });
      return String(begun.headers['location']);
    };
    const piece = (url: string, from: number, to: number) => program.app.inject({ method: 'PATCH', url, headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(from) }, payload: film.subarray(from, to) });
    const url = await begin();
    const id = url.split('/').at(-1)!;
    await piece(url, 0, 60);
    await query(sql`UPDATE upload SET expires_at = now() - interval '1 minute' WHERE id = ${id}`);
    // What a piece does that is under way: the expiry moves on, in a transaction that has not ended when the expired are looked for.
    let forgetting: Promise<number> | undefined;
    await program.database.transact(program.organization.tenantId, async (transaction) => {
      await transaction.run(sql`UPDATE upload SET expires_at = now() + interval '1 hour' WHERE id = ${id}`);
      forgetting = forgetUploads(program.services, new Date());
      for (;;) {
        const [waiting] = await program.database.transact(program.organization.tenantId, (other) => other.run(sql<{ count: number }>`SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted`));
        if (waiting!.count > 0) break;
      }
    });
    assert.equal(await forgetting, 0);
    assert.equal((await piece(url, 60, film.length)).statusCode, 204);
    const holed = await begin();
    await piece(holed, 0, 60);
    await query(sql`DELETE FROM upload_part WHERE upload_id = ${holed.split('/').at(-1)!}`);
    assert.equal((await piece(holed, 60, film.length)).statusCode, 500);
    assert.equal(JSON.parse((await program.app.inject({ method: 'GET', url: holed, headers })).body).file, null);
  });

  test('secret addresses that are tried out are counted as other failures are', async () => {
    const wrong = () => program.inject({ method: 'GET', url: `/api/v1/calendar-feeds/${'A'.repeat(22)}_${newId().replaceAll('-', '')}${'x'.repeat(11)}.ics` });
    const statuses: number[] = [];
    for (let turn = 0; turn < 45; turn += 1) statuses.push((await wrong()).status);
    assert.deepEqual([statuses[0], statuses.at(-1)], [404, 429]);
    assertProblem(await wrong(), 'rate_limited');
  });
});
