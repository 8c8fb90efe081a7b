import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openFakeSmtp, type FakeSmtp } from '../support/fake-smtp.ts';
import { apiKey, makeStartedDirectory, openEmbedded, startProgram, until, type ProgramProcess } from './program-process.ts';

let smtp: FakeSmtp;
after(() => smtp?.close());

test('kill -9 between a mail server’s yes and writing it down: the notice is not lost, and both mails are the same', { timeout: 120_000, skip: process.platform === 'win32' && 'no signals' }, async () => {
  smtp = await openFakeSmtp();
  const dataDirectory = await makeStartedDirectory();
  const environment = { DATA_DIR: dataDirectory, OUTGOING_PRIVATE_HOSTS: '127.0.0.1' };
  let program: ProgramProcess = await startProgram(environment);
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${program.url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...(method === 'PATCH' ? { 'if-match': '*' } : {}) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path} ${answer.status} ${text}`);
    return JSON.parse(text) as { id: string; state: string; attempts: number };
  };
  await ask('PATCH', '/notice-accounts/email', { mode: 'smtp', settings: { host: '127.0.0.1', port: String(smtp.port), security: 'none', from: 'notices@faults.example' } });
  // It takes the mail, and its answer never comes.
  smtp.silent = true;
  const { id } = await ask('POST', '/notice-accounts/email/test', { address: 'li@example.com' });
  await until(() => smtp.mails.length === 1);
  program.kill('SIGKILL');
  await program.ended;
  smtp.silent = false;

  program = await startProgram(environment);
  const left = await ask('GET', `/notice-deliveries/${id}`);
  assert.deepEqual([left.state, left.attempts], ['sending', 1], 'nobody takes it up before its lease is over');
  const client = await openEmbedded(dataDirectory);
  await client.query('UPDATE notice_delivery SET due_at = now() WHERE id = $1', [id]);
  await client.end();
  await until(async () => (await ask('GET', `/notice-deliveries/${id}`)).state === 'sent');
  assert.equal(smtp.mails.length, 2);
  const ids = smtp.mails.map((mail) => /^Message-ID: (.*)$/m.exec(mail.raw)![1]);
  assert.equal(ids[0], ids[1]);
  program.kill('SIGTERM');
  assert.equal((await program.ended).code, 0);
});
