import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { refusals, describeRefusal, type RefusalCode } from '../../contract/refusals.ts';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { loadImages } from '../../server/platform/files/image.ts';
import { hashToken } from '../../server/platform/secrets.ts';
import { newToken } from '../../server/records/access/tokens.ts';
import type { Answer, Person, TestOrganization, TestProgram } from '../support/program.ts';

/** What the tests of the API share: requests that are tedious to write, and a look at all that is stored. */

type Caller = Person | { token: string };

/** An upload as a browser sends it. */
export interface Upload {
  name?: string;
  type?: string;
  content: Buffer | string;
  fields?: Record<string, string>;
  /** The name of the part; `file` when absent. */
  part?: string;
}

/** The body and the headers of a multipart form with one file. */
export function multipart({ name = 'photo.jpg', type = 'image/jpeg', content, fields = {}, part = 'file' }: Upload): { payload: Buffer; headers: Record<string, string> } {
  const boundary = 'a-boundary-between-parts';
  const texts = Object.entries(fields).map(([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`);
  return {
    payload: Buffer.concat([
      Buffer.from(`${texts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="${part}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`),
      Buffer.from(content), Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

/** Lets somebody go on with the password they were given, as if they had chosen it themselves. */
export async function keepFirstPassword(program: TestProgram, staffId: string): Promise<void> {
  const { tenantId } = program.organization;
  await program.database.transact(tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ password_change_due: false }).where('tenant_id', '=', tenantId).where('id', '=', staffId)));
}

/** Sends a file as a member of staff, or to an address that takes it from anybody. */
export async function upload(program: TestProgram, as: Caller | null, file: Upload, { path = '/api/v1/files', headers = {}, of = program.organization }: { path?: string; headers?: Record<string, string>; of?: TestOrganization } = {}): Promise<Answer> {
  const form = multipart(file);
  return program.inject({
    method: 'POST', url: path, payload: form.payload,
    headers: { ...form.headers, ...(as === null ? {} : { authorization: `Bearer ${typeof as === 'string' ? of.tokens[as] : as.token}` }), 'accept-language': 'en', ...headers },
  });
}

/** A small photo; each shade is another file. */
export async function photoOf(shade = '#1a56db', width = 640, height = 480): Promise<Buffer> {
  const sharp = await loadImages();
  return sharp({ create: { width, height, channels: 3, background: shade } }).jpeg().toBuffer();
}

/** A signature with ink on it, as a canvas gives it. */
export async function signature(): Promise<Buffer> {
  const sharp = await loadImages();
  const ink = (width: number, height: number) => ({ create: { width, height, channels: 4, background: '#000' } }) as const;
  return sharp({ create: { width: 300, height: 120, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0 } } })
    .composite([{ input: ink(180, 5), left: 60, top: 70 }, { input: ink(5, 60), left: 120, top: 30 }]).png().toBuffer();
}

/** A canvas nobody wrote on. */
export async function blankSignature(): Promise<Buffer> {
  const sharp = await loadImages();
  return sharp({ create: { width: 300, height: 120, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0 } } }).png().toBuffer();
}

/** The answer to a call that must go well. */
export async function done(answer: Promise<Answer>): Promise<Answer> {
  const given = await answer;
  assert.ok(given.status >= 200 && given.status < 300, `${given.status} ${given.text.slice(0, 500)}`);
  return given;
}

/** Asserts that an answer is the documented problem of this code: its status, its media type and its members. */
export function assertProblem(answer: Answer, code: RefusalCode, message = ''): void {
  const said = `${message} ${answer.status} ${answer.text.slice(0, 500)}`;
  assert.equal(answer.body?.code, code, said);
  assert.equal(answer.status, refusals[code].status, said);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/, said);
  assert.equal(answer.body.status, answer.status, said);
  assert.equal(answer.body.type, `/api/docs/refusals#${code}`, said);
  assert.equal(answer.body.requestId, answer.headers['x-request-id'], said);
  assert.ok(answer.body.title.length > 0 && !/[{}]/.test(answer.body.title), said);
  for (const error of answer.body.errors ?? []) {
    assert.match(error.path, /^\//, said);
    assert.ok(error.code.length > 0 && error.message.length > 0 && !/[{}]/.test(error.message), said);
  }
}

/** Whether a title is the sentence of a code in a language, whatever its parameters. */
export function isSentenceOf(title: string, code: RefusalCode, language: 'zh-CN' | 'en'): boolean {
  const parts = describeRefusal(code, {}, language).split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 's').test(title);
}

/** Columns that tell when a credential was last used: written by every request, refused or not. */
const volatile = ['last_seen_at', 'last_used_at'];

/** How many rows each table has, and a hash of what they say; for one organization or all. */
export async function contentOf(program: TestProgram, tenantId?: string): Promise<Record<string, string>> {
  return program.database.transact(everyTenant, async (transaction) => {
    const tables = await transaction.run(sql<{ name: string; owned: boolean }>`
      SELECT t.table_name AS name, EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.column_name = 'tenant_id') AS owned
      FROM information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND t.table_name <> 'schema_migration' ORDER BY 1`);
    const parts = tables.filter(({ owned }) => owned || tenantId === undefined).map(({ name, owned }) => sql`
      SELECT ${sql.lit(name)} AS name, count(*) AS rows, coalesce(md5(string_agg(line, '' ORDER BY line)), '') AS hash
      FROM (SELECT md5((to_jsonb(t) - ${volatile}::text[])::text) AS line FROM ${sql.table(name)} t ${owned && tenantId !== undefined ? sql`WHERE t.tenant_id = ${tenantId}` : sql``}) AS lines`);
    const rows = await transaction.run(sql<{ name: string; rows: number; hash: string }>`${sql.join(parts, sql` UNION ALL `)}`);
    return Object.fromEntries(rows.map((row) => [row.name, `${row.rows} rows ${row.hash}`]));
  });
}

/** Runs requests that must leave everything as it was. */
export async function writesNothing(program: TestProgram, work: () => Promise<void>, { except = [], of }: { except?: string[]; of?: string } = {}): Promise<void> {
  const before = await contentOf(program, of);
  await work();
  const after = await contentOf(program, of);
  for (const table of except) {
    delete before[table];
    delete after[table];
  }
  assert.deepEqual(after, before);
}

/** Makes a ticket and returns it as its answer shows it. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
export async function newTicket(program: TestProgram, more: Record<string, unknown> = {}, as: Caller = 'agent', of: TestOrganization = program.organization): Promise<any> {
  return (await done(program.call('POST', '/tickets', { as, of, body: { subject: '厨房水管爆裂', ...more } }))).body;
}

/** Takes one step of a ticket's life. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export async function act(program: TestProgram, ticketId: string, action: string, body: Record<string, unknown> = {}, as: Caller = 'dispatcher', of: TestOrganization = program.organization): Promise<any> {
  return (await done(program.call('POST', `/tickets/${ticketId}/actions/${action}`, { as, of, body }))).body;
}

/** Takes one step of a visit. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export async function step(program: TestProgram, visitId: string, action: string, body: Record<string, unknown> = {}, as: Caller = 'technician', of: TestOrganization = program.organization): Promise<any> {
  return (await done(program.call('POST', `/visits/${visitId}/actions/${action}`, { as, of, body }))).body;
}

/** The token in the address under which a customer follows a ticket. */
export const linkOf = (ticket: { progressUrl: string }): string => ticket.progressUrl.slice(ticket.progressUrl.lastIndexOf('/') + 1);

/** A session of a member of staff, as if they had signed in; ended or expired when so told. */
export async function newSession(program: TestProgram, staffId: string, { of = program.organization, expiresAt, revokedAt = null, customer = false }: { of?: TestOrganization; expiresAt?: Date; revokedAt?: Date | null; customer?: boolean } = {}): Promise<{ id: string; token: string }> {
  const token = newToken('session', of.tenantId);
  const id = newId();
  const now = program.services.clock.now();
  await program.database.transact(of.tenantId, (transaction) => transaction.run(build.insertInto('session').values({
    tenant_id: of.tenantId, token_hash: hashToken(token), id, staff_id: customer ? null : staffId, customer_id: customer ? staffId : null,
    created_at: now, last_seen_at: now, expires_at: expiresAt ?? new Date(now.getTime() + 365 * 86_400_000), revoked_at: revokedAt,
  })));
  return { id, token };
}

/** The newest code that was sent to a phone, as the job that sends it reads it from its fact. */
export async function phoneCode(program: TestProgram, of: TestOrganization = program.organization): Promise<{ phone: string; code: string }> {
  const row = await program.database.transact(of.tenantId, (transaction) => transaction.first(build.selectFrom('fact').select('data')
    .where('tenant_id', '=', of.tenantId).where('kind', '=', 'phone_code.requested').orderBy('position', 'desc').limit(1)));
  const sealed = (row!.data as { sealed: string }).sealed;
  return JSON.parse(program.services.secrets.open('sms', Buffer.from(sealed, 'base64'))!.toString()) as { phone: string; code: string };
}
