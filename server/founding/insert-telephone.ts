import { randomBytes } from 'node:crypto';
import type { DemoCall } from '../../schema/seed/demo/calls.ts';
import { callOf } from '../../rules/telephony/call.ts';
import { build, type Transaction } from '../platform/db/database.ts';
import { idOf, newId } from '../platform/db/uuid.ts';
import type { Secrets } from '../platform/secrets.ts';
import { putCall, wordsOf } from '../records/call/rows.ts';
import { purpose } from '../records/channel/accounts.ts';

/** A call of the demonstration company under the id it is to have. */
export type PlacedCall = DemoCall & { id: string };

const hotline = '057188001234';
const firstExtension = 8001;

interface Telephone {
  secrets: Secrets;
  calls: readonly PlacedCall[];
  /** Those who answer, in the order of their extensions, by their keys. */
  agentKeys: readonly string[];
  /** The id that something of the demonstration company has here. */
  idFor: (key: string) => string | undefined;
  phoneOf: (customerKey: string) => string | null;
  now: Date;
}

/**
 * Gives the demonstration company a telephone (演示电话): a call centre that calls a webhook, an extension for whoever answers, and the calls of the last
 * weeks. Its token is made up and known to nobody: whoever wants to try it makes a new one in the settings.
 */
export async function insertTelephone(transaction: Transaction, { secrets, calls, agentKeys, idFor, phoneOf, now }: Telephone): Promise<void> {
  const { tenantId } = transaction;
  const accountId = idOf(`${tenantId} telephone`);
  const last = Math.max(0, ...calls.flatMap(({ events }) => events.map(({ at }) => at)));
  await transaction.run(build.insertInto('channel_account').values({
    tenant_id: tenantId, id: accountId, kind: 'phone', name: '客服热线', address: null, active: true, settings: JSON.stringify({ mode: 'token', callBack: 'call_back', callBackMinutes: '240' }),
    sealed: secrets.seal(purpose, JSON.stringify({ token: randomBytes(24).toString('base64url') })), mapping: JSON.stringify([]), version: 1, created_at: new Date(now.getTime() - 400 * 86_400_000), last_received_at: last === 0 ? null : new Date(last),
  }));
  const extensions = new Map(agentKeys.map((key, index) => [key, String(firstExtension + index)]));
  await transaction.run(build.insertInto('phone_line').values([...extensions].map(([key, extension]) => ({ tenant_id: tenantId, staff_id: idFor(`staff ${key}`)!, extension, updated_at: now }))));
  for (const [index, call] of calls.entries()) {
    const number = phoneOf(call.customerKey);
    const agent = extensions.get(call.agentKey) ?? null;
    if (number === null || agent === null) continue;
    const [caller, callee] = call.direction === 'inbound' ? [number, hotline] : [hotline, number];
    const events = call.events.map((event) => ({ ...event, direction: call.direction, caller, callee, agent }));
    const told = callOf(events);
    await putCall(transaction, {
      tenant_id: tenantId, id: call.id, account_id: accountId, external_id: `demo-${index + 1}`, events, direction: told.direction, state: told.state, caller, callee, number, agent, staff_id: idFor(`staff ${call.agentKey}`) ?? null,
      started_at: new Date(told.startedAt), answered_at: told.answeredAt === null ? null : new Date(told.answeredAt), ended_at: told.endedAt === null ? null : new Date(told.endedAt),
      customer_id: idFor(`customer ${call.customerKey}`) ?? null, customer_by: 'chosen', ticket_id: call.ticket === null ? null : idFor(`ticket ${call.ticket.key}`) ?? null, calls_back: false, note: '', dial_state: null,
      recording_state: 'none', recording_url: null, recording_file_id: null, recording_failure: null, transcript_state: call.segments === null ? 'none' : 'done', transcript: call.segments, transcript_text: call.segments === null ? null : wordsOf(call.segments),
      transcript_failure: null, attempts: 0, due_at: null, heard: {}, version: 1, created_at: new Date(told.startedAt),
    });
  }
}

/** The calls under ids that sort like the moments at which they began. */
export const placeCalls = (calls: readonly DemoCall[]): PlacedCall[] => calls.toSorted((a, b) => a.events[0]!.at - b.events[0]!.at).map((call) => ({ ...call, id: newId(call.events[0]!.at) }));
