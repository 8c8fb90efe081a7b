import type { Action } from '../../../rules/automation/definition.ts';
import { callOutside, isFinal, OutsideFailure } from '../../platform/egress/call-outside.ts';
import { inTurn } from '../../platform/egress/turns.ts';
import type { Context, Services } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { lockTicket, lockTicketFor } from '../../records/ticket/find.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { viewTicket } from '../../records/ticket/view.ts';
import { openHeader } from '../../records/automation/sealed-headers.ts';
import { signatureHeaders, signingKeys } from '../../records/automation/signing.ts';

const purpose = 'automation call headers';
const keptCharacters = 2_000;
const mostAttempts = 7;

/** Puts a call down (登记外部调用), to be made by a job once this is committed; the fact of it is what the job comes from. */
export async function requestCall(context: Context, ticket: TicketRow, action: Extract<Action, { kind: 'call' }>, body: string | null): Promise<string> {
  const id = newId(context.now.getTime());
  const { kind: _kind, method, url, headers = {} } = action;
  // What a link opens is not another system's to have.
  const { progressUrl: _progressUrl, ...shown } = await viewTicket(context, ticket) as unknown as Record<string, unknown>;
  await context.transaction.run(build.insertInto('automation_call').values({
    tenant_id: context.tenantId, id, rule_id: context.actor.id!, ticket_id: ticket.id, method, url,
    headers: JSON.stringify({ sealed: context.services.secrets.seal(purpose, JSON.stringify(headers)).toString('base64url') }),
    body: method === 'GET' ? null : body ?? JSON.stringify({ rule: { id: context.actor.id, name: context.actor.name }, ticket: shown }), state: 'waiting', created_at: context.now,
  }));
  await tellOnTicket(context, await lockTicketFor(context, ticket.id, 'ticket.read'), { kind: 'automation.call_requested', quiet: true, subjectId: id, data: { ruleName: context.actor.name, host: new URL(url).host, visibility: 'internal' } });
  return id;
}

/**
 * Makes a call to the outside (外部调用), again and again until it is taken: any 2xx is. Under a key that stays the same, so that the
 * other side can drop a repetition; whatever it answers changes nothing here.
 */
export async function makeCall({ database, clock, secrets, privateHosts }: Services, { tenantId, callId }: { tenantId: string; callId: string }): Promise<void> {
  const [call, keys] = await database.transact(tenantId, async (transaction) => [
    await transaction.first(build.selectFrom('automation_call').selectAll().where('tenant_id', '=', tenantId).where('id', '=', callId)), await signingKeys(transaction, secrets, clock.now()),
  ] as const);
  if (call?.state !== 'waiting') return;
  const sealed = (call.headers as { sealed?: string }).sealed ?? '';
  const opened = secrets.open(purpose, Buffer.from(sealed, 'base64url'));
  const given: Record<string, string> = {};
  // Without its headers it would be another call.
  let unreadable: string | null = opened ? null : 'its headers were sealed under another key';
  for (const [name, value] of Object.entries(opened ? JSON.parse(opened.toString()) as Record<string, string> : {})) {
    const said = openHeader(secrets, tenantId, call.url, value);
    if (said === null) unreadable = `the header ${name} was written for another address`;
    else given[name] = said;
  }
  const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'bihuan', ...lowerCased(given), 'idempotency-key': call.id, ...signatureHeaders(keys, call.id, call.body, clock.now()) };
  const attempts = call.attempts + 1;
  let status: number | null = null;
  let answer: string | null = null;
  let problem: string | null = null;
  let final = false;
  try {
    if (unreadable !== null) throw new OutsideFailure('request', unreadable);
    // A host it redirects to is not told what was written for this one.
    const answered = await inTurn(call.url, () => callOutside({ method: call.method as 'POST', url: call.url, headers, body: call.body }, { privateHosts: privateHosts ?? [], confidential: Object.keys(lowerCased(given)) }));
    status = answered.status;
    answer = answered.body.slice(0, keptCharacters).toWellFormed();
    if (status < 200 || status > 299) problem = `status ${status}`;
    // What the other side calls our mistake it will call so again, but for being asked to wait.
    final = status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
  } catch (error) {
    if (!(error instanceof OutsideFailure)) throw error;
    problem = `${error.code}: ${error.message}`;
    final = isFinal(error);
  }
  const failed = problem !== null && (final || attempts >= mostAttempts);
  const now = clock.now();
  await database.transact(tenantId, async (transaction) => {
    const [row] = await transaction.run(build.updateTable('automation_call').set({
      attempts, status_code: status, answer, problem, state: problem === null ? 'done' : failed ? 'failed' : 'waiting', settled_at: problem === null || failed ? now : null,
    }).where('tenant_id', '=', tenantId).where('id', '=', callId).where('state', '=', 'waiting').returning('id'));
    if (!row || !failed) return;
    const rule = await transaction.first(build.selectFrom('automation_rule').select('name').where('tenant_id', '=', tenantId).where('id', '=', call.rule_id));
    const ticket = await lockTicket({ tenantId, transaction }, call.ticket_id);
    if (ticket) await tellOnTicket({ tenantId, transaction, now, actor: { kind: 'rule', id: call.rule_id, name: rule?.name ?? null } }, ticket, { kind: 'automation.call_failed', quiet: true, subjectId: callId, data: { ruleName: rule?.name ?? null, host: new URL(call.url).host, reason: problem, visibility: 'internal' } });
  });
  if (problem !== null && !failed) throw new Error(`the call came to nothing: ${problem}`);
}

const lowerCased = (headers: Record<string, string>) => Object.fromEntries(Object.entries(headers).filter(([name]) => !reserved.has(name.toLowerCase())).map(([name, value]) => [name.toLowerCase(), value]));
// What the connection itself says is not for a rule to say.
const reserved = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect', 'keep-alive', 'proxy-connection']);
