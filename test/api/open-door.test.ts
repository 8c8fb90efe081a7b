import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { newId } from '../../server/platform/db/uuid.ts';
import { wav } from '../../server/platform/files/sample-files.ts';
import { openTestProgram, testClock, type TestProgram } from '../support/program.ts';
import { assertProblem, done, linkOf, multipart, newTicket, photoOf, upload, writesNothing } from './scene.ts';

describe('at the open door', () => {
  const clock = testClock();
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ clock, limits: { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 } });
  });
  after(() => program.close());

  const report = (remoteAddress: string, org = 'first') => program.inject({
    method: 'POST', url: `/api/v1/portal/${org}/reports`, remoteAddress, headers: { 'content-type': 'application/json', 'accept-language': 'en' }, payload: JSON.stringify({ description: '楼道灯不亮', contact: {} }),
  });
  const send = (remoteAddress: string, path = '/api/v1/portal/first/files') => {
    const form = multipart({ name: '语音.wav', type: 'audio/wav', content: wav });
    return program.inject({ method: 'POST', url: path, remoteAddress, payload: form.payload, headers: { ...form.headers, 'accept-language': 'en' } });
  };

  test('an address reports thirty times an hour to one organization, and is told when it may again', async () => {
    const second = await program.foundAnother('second-door');
    for (let count = 0; count < 30; count += 1) {
      assert.equal((await report('203.0.113.5')).status, 201);
      clock.advance({ seconds: 10 });
    }
    await writesNothing(program, async () => {
      const refused = await report('203.0.113.5');
      assertProblem(refused, 'too_many_reports');
      assert.deepEqual([refused.headers['retry-after'], refused.body.title.includes('55 minutes')], ['3300', true]);
    });
    assert.equal((await report('203.0.113.6')).status, 201, 'another address');
    assert.equal((await report('203.0.113.5', second.slug)).status, 201, 'another organization');
    clock.advance({ minutes: 55 });
    assert.equal((await report('203.0.113.5')).status, 201, 'the first is an hour ago');
    assertProblem(await report('203.0.113.5'), 'too_many_reports');
  });

  test('the addresses of one connection count as one, and a report that is refused does not count', async () => {
    for (let count = 0; count < 31; count += 1) {
      const refused = await program.inject({ method: 'POST', url: '/api/v1/portal/first/reports', remoteAddress: '2001:db8:1:2::1', headers: { 'content-type': 'application/json' }, payload: JSON.stringify({ description: '灯坏了', contact: {}, category: newId() }) });
      assertProblem(refused, 'unknown_reference');
    }
    for (let count = 0; count < 30; count += 1) assert.equal((await report(`2001:db8:1:2::${count.toString(16)}`)).status, 201);
    assertProblem(await report('2001:db8:1:2:ffff::1'), 'too_many_reports');
    assert.equal((await report('2001:db8:1:3::1')).status, 201);
    assert.equal((await report('::ffff:203.0.113.7')).status, 201);
  });

  test('sixty at the same moment are thirty, give or take those that shared a moment', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => report('203.0.113.8')));
    const taken = answers.filter((answer) => answer.status === 201).length;
    assert.ok(taken >= 30 && taken <= 32, `${taken} were taken`);
    for (const answer of answers) if (answer.status !== 201) assertProblem(answer, 'too_many_reports');
  });

  test('a network has sixty codes an hour sent, however many numbers and addresses it uses, and an organization a thousand', async () => {
    let phone = 13_700_000_000;
    const ask = (remoteAddress: string) => {
      phone += 1;
      return program.inject({ method: 'POST', url: '/api/v1/portal/first/codes', remoteAddress, headers: { 'content-type': 'application/json', 'accept-language': 'en' }, payload: JSON.stringify({ phone: String(phone) }) });
    };
    for (let count = 0; count < 60; count += 1) assert.equal((await ask(`2001:db8:9:9::${(count + 1).toString(16)}`)).status, 202);
    await writesNothing(program, async () => {
      const refused = await ask('2001:db8:9:9:ffff::1');
      assertProblem(refused, 'rate_limited');
      assert.equal(refused.headers['retry-after'], '3600');
    });
    assert.equal((await ask('2001:db8:9:a::1')).status, 202, 'another network');
    assert.equal((await report('2001:db8:9:9::1')).status, 201, 'reports are counted by themselves');
    const inAll = (codes: number) => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`UPDATE phone_code SET codes_in_hour = ${codes} WHERE phone LIKE '%13700000001'`));
    await inAll(1_000 - 61);
    assert.equal((await ask('2001:db8:9:b::1')).status, 202, 'the thousandth');
    await writesNothing(program, async () => {
      const refused = await ask('2001:db8:9:c::1');
      assertProblem(refused, 'rate_limited');
      assert.equal(refused.headers['retry-after'], '3600');
    });
    clock.advance({ minutes: 61 });
    assert.equal((await ask('2001:db8:9:9::1')).status, 202, 'an hour later');
  });

  test('what an address sends without attaching it has a limit, and what is attached makes room', async () => {
    const link = linkOf(await newTicket(program));
    const stored = async () => (await readdir(dirname(program.services.blobs.workFolder), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && !entry.name.endsWith('.part')).length;
    const big = (await done(send('203.0.113.9'))).body as { uploadToken: string };
    const resize = (size: number) => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`UPDATE file SET size = ${size} WHERE ticket_id IS NULL AND sender IS NOT NULL`));
    const limit = 200 * 1024 * 1024;
    await resize(limit - 100);
    assert.equal((await send('203.0.113.9')).status, 201, 'fits');
    const before = await stored();
    await writesNothing(program, async () => {
      for (const path of ['/api/v1/portal/first/files', `/api/v1/progress/${link}/files`]) {
        const refused = await send('203.0.113.9', path);
        assertProblem(refused, 'upload_allowance_used', path);
        assert.equal(refused.headers['retry-after'], '3600');
        assert.ok(refused.body.title.includes('200 MB'), refused.body.title);
      }
    });
    assert.equal(await stored(), before, 'no bytes stay');
    assert.equal((await send('203.0.113.10')).status, 201, 'another address');
    assert.equal((await upload(program, 'agent', { content: await photoOf() })).status, 201, 'colleagues are known');
    await done(program.inject({ method: 'POST', url: '/api/v1/portal/first/reports', remoteAddress: '203.0.113.9', headers: { 'content-type': 'application/json' }, payload: JSON.stringify({ description: '异响', contact: {}, uploads: [big.uploadToken] }) }));
    assert.equal((await send('203.0.113.9')).status, 201, 'what hangs on a report makes room');
    const left = await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`SELECT 1 FROM file WHERE ticket_id IS NOT NULL AND sender IS NOT NULL`));
    assert.deepEqual(left, [], 'and nobody is told from where it came');
    await resize(limit);
    assertProblem(await send('203.0.113.9'), 'upload_allowance_used');
    clock.advance({ minutes: 61 });
    assert.equal((await send('203.0.113.9')).status, 201, 'an hour later');
  });

  test('of files sent at the same moment no more are kept than there is room for', async () => {
    const name = '203.0.113.11';
    await done(send(name));
    await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`UPDATE file SET size = ${200 * 1024 * 1024 - 3 * wav.length} WHERE ticket_id IS NULL AND created_at = ${clock.now()}`));
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(name)));
    assert.equal(answers.filter((answer) => answer.status === 201).length, 3);
    for (const answer of answers) if (answer.status !== 201) assertProblem(answer, 'upload_allowance_used');
  });
});
