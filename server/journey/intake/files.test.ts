import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import type { FileSummary } from '../../../contract/file.ts';
import type { PortalUpload, ReportCreated } from '../../../contract/portal.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { foundOrganization } from '../../founding/found-organization.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import type { Services } from '../../platform/context.ts';
import { build, openDatabase } from '../../platform/db/database.ts';
import { migrate } from '../../platform/db/migrate.ts';
import { newId } from '../../platform/db/uuid.ts';
import { openFolderStore } from '../../platform/files/folder-store.ts';
import { loadImages } from '../../platform/files/image.ts';
import { page, pdf, program, webm } from '../../platform/files/sample-files.ts';
import { buildServer } from '../../platform/http/server.ts';
import { openLog } from '../../platform/log.ts';
import { openHub } from '../../platform/realtime/hub.ts';
import { hashToken, openSecrets } from '../../platform/secrets.ts';
import { openIdentify } from '../../records/access/identify.ts';
import { newToken } from '../../records/access/tokens.ts';
import { samplePhoto } from '../../records/file/sample-desk.ts';
import { routes } from '../../routes.ts';

let app: FastifyInstance;
let services: Services;
let folder: string;
let url: string;
/** Bearer tokens: an agent sees every ticket, a technician their own; the stranger works elsewhere. */
let agent: string;
let technician: string;
let stranger: string;
let slug: string;

before(async () => {
  const cluster = await openTestCluster(migrate);
  folder = await mkdtemp(join(tmpdir(), 'files-'));
  services = {
    database: openDatabase({ connection: (await cluster.cloneDatabase()).connection, role: cluster.migrated.role }),
    clock: systemClock, secrets: openSecrets(randomBytes(32).toString('hex')), blobs: openFolderStore(folder), hub: openHub(),
    log: openLog('silent'), publicUrl: 'http://localhost', smsConfigured: false,
  };
  [agent, technician] = await found('anju', ['agent', 'technician']) as [string, string];
  [stranger] = await found('elsewhere', ['administrator']) as [string];
  slug = 'anju';
  app = await buildServer({ routes, services, identify: openIdentify(services), log: services.log, trustProxy: false, secureCookies: false, checkAnswers: true });
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
after(async () => {
  await app?.close();
  await services?.database.close();
  if (folder) await rm(folder, { recursive: true });
});

async function found(name: string, roles: string[]): Promise<string[]> {
  const tenantId = newId();
  const now = new Date();
  return services.database.transact(tenantId, async (transaction) => {
    const { roleIds } = await foundOrganization(transaction, { slug: name, name, timeZone: 'Asia/Shanghai', host: 'localhost', now });
    const tokens: string[] = [];
    for (const role of roles) {
      const [staffId, token] = [newId(), newToken('api_key', tenantId)];
      await transaction.run(build.insertInto('staff').values({ tenant_id: tenantId, id: staffId, name: role, job: role, created_at: now }));
      await transaction.run(build.insertInto('staff_role').values({ tenant_id: tenantId, staff_id: staffId, role_id: roleIds[role]! }));
      await transaction.run(build.insertInto('api_key').values({ tenant_id: tenantId, id: newId(), staff_id: staffId, name: role, token_hash: hashToken(token), prefix: 'x', permissions: null, created_at: now }));
      tokens.push(token);
    }
    return tokens;
  });
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  bytes: Buffer;
}

async function call(method: string, path: string, { token, body, headers = {} }: { token?: string | undefined; body?: unknown; headers?: Record<string, string> } = {}): Promise<Answer> {
  const form = body instanceof FormData;
  const answer = await fetch(url + path, {
    method,
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body !== undefined && !form ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, bytes, text: bytes.toString() };
}

function form(content: Buffer | string, name: string, fields: Record<string, string> = {}, type = 'application/octet-stream'): FormData {
  const made = new FormData();
  for (const [field, value] of Object.entries(fields)) made.append(field, value);
  made.append('file', new Blob([new Uint8Array(Buffer.from(content))], { type }), name);
  return made;
}

async function send<Made>(path: string, body: unknown, token?: string): Promise<Made> {
  const answer = await call('POST', path, { token, body });
  assert.equal(answer.status, 201, answer.text);
  return JSON.parse(answer.text) as Made;
}

async function refused(answer: Promise<Answer>): Promise<[number, string]> {
  const { status, text, headers } = await answer;
  assert.match(headers.get('content-type') ?? '', /problem\+json/);
  return [status, (JSON.parse(text) as { code: string }).code];
}

const blobs = async () => (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

test('a file goes from the staff onto a ticket, and to whoever may read that ticket', async () => {
  const photo = await samplePhoto(1_600, 1_200);
  const file = await send<FileSummary>('/api/v1/files', form(photo, '现场 1.jpg', { purpose: 'photo', visibility: 'internal' }, 'image/jpeg'), agent);
  assert.deepEqual([file.name, file.mediaType, file.size, file.purpose, file.visibility, file.width, file.height], ['现场 1.jpg', 'image/jpeg', photo.length, 'photo', 'internal', 1_600, 1_200]);

  // Not attached yet: only who sent it.
  assert.equal((await call('GET', file.url, { token: agent })).status, 200);
  assert.deepEqual(await refused(call('GET', file.url, { token: technician })), [404, 'not_found']);

  const ticket = await send<Ticket>('/api/v1/tickets', { subject: '水管爆裂' }, agent);
  await send(`/api/v1/tickets/${ticket.id}/comments`, { body: '仅供内部参考', visibility: 'internal', attachments: [file.id] }, agent);
  const whole = await call('GET', file.url, { token: agent });
  assert.ok(whole.bytes.equals(photo));
  assert.deepEqual(
    ['content-type', 'content-disposition', 'x-content-type-options', 'content-length', 'accept-ranges'].map((name) => whole.headers.get(name)),
    ['image/jpeg', "inline; filename=\"__ 1.jpg\"; filename*=UTF-8''%E7%8E%B0%E5%9C%BA%201.jpg", 'nosniff', String(photo.length), 'bytes'],
  );
  assert.match(whole.headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/);
  assert.match(whole.headers.get('cache-control') ?? '', /^private/);
  const part = await call('GET', file.url, { token: agent, headers: { range: 'bytes=100-199' } });
  assert.equal(part.status, 206);
  assert.ok(part.bytes.equals(photo.subarray(100, 200)));
  const saved = await call('GET', `${file.url}?download=1`, { token: agent });
  assert.match(saved.headers.get('content-disposition') ?? '', /^attachment;/);
  assert.equal((await call('GET', file.url, { token: agent, headers: { 'if-none-match': whole.headers.get('etag')! } })).status, 304);
  assert.deepEqual(await refused(call('GET', `${file.url}?download=yes`, { token: agent })), [422, 'invalid_input']);

  // The thumbnail is there although no job has run.
  const small = await call('GET', file.thumbnailUrl!, { token: agent });
  const sharp = await loadImages();
  assert.deepEqual([small.headers.get('content-type'), (await sharp(small.bytes).metadata()).width], ['image/jpeg', 480]);

  // A technician who has nothing to do with the ticket, another organization, nobody, the customer (it hangs on a note).
  for (const path of [file.url, file.thumbnailUrl!]) {
    assert.deepEqual(await refused(call('GET', path, { token: technician })), [404, 'not_found']);
    assert.deepEqual(await refused(call('GET', path, { token: stranger })), [404, 'not_found']);
    assert.deepEqual(await refused(call('GET', path)), [401, 'not_signed_in']);
  }
  const progress = ticket.progressUrl.replace(/^.*\/t\//, '/api/v1/progress/');
  assert.deepEqual(await refused(call('GET', `${progress}/files/${file.id}`)), [404, 'not_found']);
  assert.deepEqual(await refused(call('GET', `${progress}/files/${file.id}/thumbnail`)), [404, 'not_found']);
  assert.deepEqual(await refused(call('POST', '/api/v1/tickets', { token: agent, body: { subject: '再来', attachments: [file.id] } })), [409, 'file_already_attached']);
});

test('a customer’s photo goes with the report, and back to the holder of the link', async () => {
  const photo = await samplePhoto(800, 600);
  const uploads = [
    await send<PortalUpload>(`/api/v1/portal/${slug}/files`, form(photo, '漏水.jpg', {}, 'image/jpeg')),
    await send<PortalUpload>(`/api/v1/portal/${slug}/files`, form(webm, 'voice', {}, 'audio/webm;codecs=opus')),
  ];
  assert.deepEqual(uploads.map(({ name, mediaType }) => [name, mediaType]), [['漏水.jpg', 'image/jpeg'], ['voice', 'audio/webm']]);
  const report = { description: '厨房水管爆裂', contact: {} };
  const made = await send<ReportCreated>(`/api/v1/portal/${slug}/reports`, { ...report, uploads: uploads.map((upload) => upload.uploadToken) });
  const other = await send<ReportCreated>(`/api/v1/portal/${slug}/reports`, report);

  const progress = JSON.parse((await call('GET', `/api/v1/progress/${made.token}`)).text) as { files: FileSummary[] };
  assert.deepEqual(progress.files.map((file) => [file.name, file.purpose, file.visibility]), [['漏水.jpg', 'photo', 'public'], ['voice', 'attachment', 'public']]);
  const [shown, voice] = progress.files as [FileSummary, FileSummary];
  assert.ok((await call('GET', shown.url)).bytes.equals(photo));
  assert.equal((await call('GET', shown.thumbnailUrl!)).headers.get('content-type'), 'image/jpeg');
  assert.deepEqual([voice.thumbnailUrl, (await call('GET', voice.url, { headers: { range: 'bytes=0-3' } })).bytes.toString('hex')], [null, '1a45dfa3']);
  assert.deepEqual(await refused(call('GET', `${voice.url}/thumbnail`)), [404, 'not_found']);
  assert.ok((await call('GET', `/api/v1/files/${shown.id}`, { token: agent })).bytes.equals(photo));

  assert.deepEqual(await refused(call('GET', shown.url.replace(made.token, other.token))), [404, 'not_found']);
  assert.deepEqual(await refused(call('GET', shown.url.replace(made.token, `${made.token.slice(0, -2)}AA`))), [404, 'link_invalid']);
  assert.deepEqual(await refused(call('GET', `/api/v1/progress/${made.token}/files/${newId()}`)), [404, 'not_found']);
  assert.deepEqual(await refused(call('GET', `/api/v1/progress/${made.token}/files/nonsense`)), [404, 'invalid_identifier']);

  // By the link, too.
  const more = await send<PortalUpload>(`/api/v1/progress/${made.token}/files`, form(photo, '还在漏.jpg'));
  await send(`/api/v1/progress/${made.token}/comments`, { body: '还在漏', uploads: [more.uploadToken] });
  assert.deepEqual(await refused(call('POST', `/api/v1/progress/${made.token}/comments`, { body: { body: '再发一次', uploads: [more.uploadToken] } })), [409, 'file_already_attached']);
  assert.deepEqual(await refused(call('POST', `/api/v1/portal/${slug}/reports`, { body: { ...report, uploads: ['A'.repeat(72)] } })), [422, 'unknown_reference']);
  assert.deepEqual(await refused(call('POST', '/api/v1/portal/elsewhere/reports', { body: { ...report, uploads: [more.uploadToken] } })), [422, 'unknown_reference']);
});

test('a file that lies, is too large or does not belong is refused, and nothing of it is kept', async () => {
  const before = await blobs();
  const photo = await samplePhoto(40, 30);
  const portal = `/api/v1/portal/${slug}/files`;
  const cases: [string, string | undefined, FormData, number, string][] = [
    ['/api/v1/files', agent, form(page, 'photo.jpg', {}, 'image/jpeg'), 415, 'file_type_mismatch'],
    ['/api/v1/files', agent, form(program, 'setup.exe'), 415, 'file_type_refused'],
    ['/api/v1/files', agent, form('', 'a.txt'), 422, 'file_empty'],
    ['/api/v1/files', agent, form(photo, 'a.jpg', { purpose: 'avatar' }), 422, 'invalid_input'],
    ['/api/v1/files', agent, form(photo, 'a.jpg', { ticketId: newId() }), 422, 'invalid_input'],
    ['/api/v1/files', agent, form('说明', 'a.txt', { purpose: 'photo' }), 415, 'file_type_refused'],
    ['/api/v1/files', agent, form(photo, 'a.jpg', { purpose: 'signature' }), 422, 'signature_empty'],
    ['/api/v1/files', agent, form(Buffer.alloc(50 * 1024 * 1024 + 1, 'a'), 'a.txt'), 413, 'file_too_large'],
    ['/api/v1/files', agent, new FormData(), 422, 'file_missing'],
    ['/api/v1/files', undefined, form(photo, 'a.jpg'), 401, 'not_signed_in'],
    [portal, undefined, form(pdf, 'a.pdf'), 415, 'file_type_refused'],
    [portal, undefined, form(photo, 'a.jpg', { visibility: 'internal' }), 422, 'invalid_input'],
    [portal, undefined, form(Buffer.concat([photo, Buffer.alloc(20 * 1024 * 1024)]), 'a.jpg'), 413, 'file_too_large'],
    ['/api/v1/portal/nobody/files', undefined, form(photo, 'a.jpg'), 404, 'not_found'],
  ];
  for (const [path, token, body, status, code] of cases) assert.deepEqual(await refused(call('POST', path, { token, body })), [status, code], path);
  assert.deepEqual(await refused(call('POST', '/api/v1/files', { token: agent, body: { file: 'x' } })), [415, 'unsupported_media_type']);
  assert.equal(await blobs(), before);
});

test('a repeated upload has its effect once', async () => {
  const photo = await samplePhoto(40, 30);
  const before = await blobs();
  for (const [path, token] of [['/api/v1/files', agent], [`/api/v1/portal/${slug}/files`, undefined]] as const) {
    const headers = { 'idempotency-key': `${newId()}` };
    const first = await call('POST', path, { token, headers, body: form(photo, 'a.jpg') });
    const second = await call('POST', path, { token, headers, body: form(photo, 'a.jpg') });
    assert.deepEqual([first.status, second.status, second.text, second.headers.get('idempotency-replayed')], [201, 201, first.text, 'true']);
    assert.deepEqual(await refused(call('POST', path, { token, headers, body: form(photo, 'b.jpg') })), [422, 'idempotency_key_reused']);
    assert.deepEqual(await refused(call('POST', path, { token, headers: { 'idempotency-key': 'a b' }, body: form(photo, 'b.jpg') })), [400, 'idempotency_key_invalid']);
  }
  assert.equal(await blobs(), before + 2);
  const kept = await services.database.transact((await tenant()), (transaction) => transaction.run(build.selectFrom('idempotency_key').select('body').where('tenant_id', '=', transaction.tenantId)));
  assert.equal(kept.filter((one) => one.body?.includes('uploadToken')).length, 0, 'tokens are kept sealed');
});

test('when the bytes are lost, the file is not there', async () => {
  const file = await send<FileSummary>('/api/v1/files', form('a', 'a.txt'), agent);
  await services.blobs.remove(`${await tenant()}/${file.id.slice(-2)}/${file.id}`);
  assert.deepEqual(await refused(call('GET', file.url, { token: agent })), [404, 'not_found']);
});

async function tenant(): Promise<string> {
  return (await openIdentify(services).byOrganization(slug)).tenantId;
}
