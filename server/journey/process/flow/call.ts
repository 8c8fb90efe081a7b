import { isKeepable, type Json } from '../../../../rules/conditions/json.ts';
import { isSealedHeader } from '../../../../rules/workflow/definition.ts';
import type { FlowState } from '../../../../rules/workflow/state.ts';
import type { Services } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { askLlm } from '../../../connectors/llm/ask-llm.ts';
import { callOutside, isFinal, OutsideFailure } from '../../../platform/egress/call-outside.ts';
import { HostBusy, inTurn } from '../../../platform/egress/turns.ts';
import type { KeptCall, KeptHttpCall, KeptQuestion } from '../../../records/flow/instance/act.ts';
import { openLlm } from '../../../records/llm/llm-setting.ts';
import { openHeader } from '../../../records/flow/sealed-headers.ts';
import { lockRun, tellRun } from './due.ts';

const longestValue = 20_000;
// What the connection itself says is not for a flow to say.
const reserved = new Set(['host', 'content-length', 'connection', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect', 'keep-alive', 'proxy-connection']);

/**
 * Makes a call a flow waits for (流程外部调用), again and again until it is taken or its attempts are used up, under a key that stays
 * the same. What is answered goes back to the flow once: the row of the call and the flow's state change together.
 */
export async function makeFlowCall(services: Services, { tenantId, callId }: { tenantId: string; callId: string }): Promise<void> {
  const { database, clock } = services;
  const call = await database.transact(tenantId, (transaction) => transaction.first(build.selectFrom('flow_call').selectAll().where('tenant_id', '=', tenantId).where('id', '=', callId)));
  if (call?.state !== 'waiting') return;
  const request = call.request as KeptCall;
  const attempts = call.attempts + 1;
  // A flow that was cancelled, or went another way by its timer, no longer wants it done.
  const outcome: Outcome = await isWanted(services, tenantId, call) ? await attempt(services, tenantId, call.id, request) : { problem: 'the flow has gone on without it', final: true };
  const failed = outcome.problem !== null && (outcome.final || attempts >= request.attempts);
  const now = clock.now();
  await database.transact(tenantId, async (transaction) => {
    await lockRun(transaction, call.instance_id);
    const [row] = await transaction.run(build.updateTable('flow_call').set({
      attempts, problem: outcome.problem, state: outcome.problem === null ? 'done' : failed ? 'failed' : 'waiting', settled_at: outcome.problem === null || failed ? now : null,
    }).where('tenant_id', '=', tenantId).where('id', '=', callId).where('state', '=', 'waiting').returning('id'));
    if (!row || (outcome.problem !== null && !failed)) return;
    const answer = { id: `call ${callId}`, kind: 'answer' as const, activation: call.activation, ask: call.ask };
    await tellRun(transaction, now, call.instance_id, () => [outcome.problem === null ? { ...answer, ok: true, vars: outcome.vars } : { ...answer, ok: false, reason: outcome.problem }], services);
  });
  if (outcome.problem !== null && !failed) throw new Error(`the call came to nothing: ${outcome.problem}`);
}

type Outcome = { problem: null; vars: Record<string, Json> } | { problem: string; final: boolean };

async function isWanted({ database }: Services, tenantId: string, call: { instance_id: string; activation: string; ask: number }): Promise<boolean> {
  const instance = await database.transact(tenantId, (transaction) => transaction.first(build.selectFrom('flow_instance').select(['status', 'state']).where('tenant_id', '=', tenantId).where('id', '=', call.instance_id)));
  return instance?.status === 'running' && (instance.state as unknown as FlowState).tokens.some((token) => token.id === call.activation && token.ask === call.ask);
}

/** One attempt; whatever goes wrong in it is told to the flow in the end, never kept from it. */
async function attempt(services: Services, tenantId: string, callId: string, request: KeptCall): Promise<Outcome> {
  try {
    return 'prompt' in request ? await question(services, tenantId, request) : await ask(services, tenantId, request, callId);
  } catch (error) {
    if (error instanceof HostBusy) throw error;
    services.log.error({ error, tenantId, call: callId }, 'a call of a flow could not be made; it will be tried again');
    return { problem: 'it could not be made', final: false };
  }
}

async function ask({ secrets, privateHosts = [] }: Services, tenantId: string, request: KeptHttpCall, key: string): Promise<Outcome> {
  const given: Record<string, string> = {};
  for (const { name, value } of request.headers.filter((header) => !reserved.has(header.name.toLowerCase()))) {
    const opened = openHeader(secrets, tenantId, request.url, value);
    if (opened === null) return { problem: `the header ${name} was written for another address`, final: true };
    given[name.toLowerCase()] = opened;
  }
  try {
    const answered = await inTurn(request.url, () => callOutside({
      method: request.method as 'POST', url: request.url, body: request.body === null ? null : JSON.stringify(request.body),
      headers: { accept: 'application/json', ...(request.body === null ? {} : { 'content-type': 'application/json; charset=utf-8' }), 'user-agent': 'bihuan', ...given, 'idempotency-key': key },
    }, { privateHosts, milliseconds: request.timeoutSeconds * 1_000, confidential: request.headers.filter(({ value }) => isSealedHeader(value)).map(({ name }) => name.toLowerCase()) }));
    const { status, body } = answered;
    // What the other side calls our mistake it will call so again, but for being asked to wait.
    if (status < 200 || status > 299) return { problem: `HTTP ${status}`, final: status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429 };
    return read(body, request.into);
  } catch (error) {
    if (!(error instanceof OutsideFailure)) throw error;
    return { problem: `${error.code}: ${error.message}`.slice(0, 300), final: isFinal(error) };
  }
}

/** Asks the language model, as it is set up by now (询问大模型). */
async function question({ database, secrets, privateHosts = [] }: Services, tenantId: string, { prompt, variable, answers }: KeptQuestion): Promise<Outcome> {
  const llm = await database.transact(tenantId, (transaction) => openLlm(transaction, secrets));
  if (!llm) return { problem: 'no language model is set up', final: true };
  const answered = await inTurn(llm.baseUrl, () => askLlm({ ...llm, prompt, json: Object.keys(answers).length > 0 }, privateHosts));
  if (!answered.ok) return { problem: answered.problem, final: answered.final };
  const picked = pick(answered.json, answers);
  return picked.problem === null ? { problem: null, vars: { [variable]: answered.text, ...picked.vars } } : picked;
}

/** The values a flow asked for; an answer that is no JSON is no answer. */
function read(body: string, into: Readonly<Record<string, string>>): Outcome {
  if (Object.keys(into).length === 0) return { problem: null, vars: {} };
  try {
    return pick(JSON.parse(body), into);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: 'the answer is not JSON', final: true };
  }
}

/** Values by their dotted paths; null where there is none. */
function pick(found: unknown, paths: Readonly<Record<string, string>>): Outcome {
  const vars: Record<string, Json> = {};
  for (const [key, path] of Object.entries(paths)) {
    let value: unknown = found;
    for (const step of path.split('.')) value = typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
    const text = isKeepable(value) ? JSON.stringify(value ?? null) : null;
    if (text === null || text.length > longestValue) return { problem: `the value of ${path} cannot be kept`, final: true };
    vars[key] = JSON.parse(text) as Json;
  }
  return { problem: null, vars };
}
