import { unnamed } from '../../../rules/intake/conversation.ts';
import { reckonPriority } from '../../../rules/priority/priority.ts';
import type { Context, Services } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { findChannels, type ChannelRow } from '../../records/channel/accounts.ts';
import { dueMessages, failMessage, manyAreWaiting, settleMessage, takeMessage, type DueMessage, type InboxRow } from '../../records/channel/inbox.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import type { Sender } from '../../channels/inbound.ts';
import { converse } from './converse.ts';
import { takeCall } from './take-call.ts';
import { takeCase } from './take-case.ts';
import { describeSender } from './describe-sender.ts';
import { hearReceipt } from './hear-receipt.ts';
import { openTicket } from './open-ticket.ts';
import { ownContext } from './own-context.ts';
import { raiseAlarm } from './raise-alarm.ts';
import { requestOf } from './request-of.ts';
import { takeGrants } from './take-grants.ts';
import { tellUnclear } from './tell-unclear.ts';
import { TooEarly } from './too-early.ts';
import { welcome, welcomeAtOnce } from './welcome.ts';

/** What became of a message. */
export interface Outcome {
  outcome: string;
  ticketId: string | null;
}

const batch = 200;
// Threads side by side; more would take connections from those who wait for an answer.
const lanes = 3;
const pollMilliseconds = 1_000;
const patienceMilliseconds = 2_000;

/**
 * Takes in what has come (受理收件): each message in a transaction of its own, in which it becomes what it becomes and is settled; so it does once, on
 * whatever node and however often it is begun. Those of one thread go in their order. What cannot be taken in is left for later, then put aside.
 *
 * @returns how many messages there were
 */
export async function takeInDue(services: Services, isStopping: () => boolean = () => false): Promise<number> {
  const now = services.clock.now();
  const due = await dueMessages(services.database, now, batch);
  // Whatever else they wait for: a welcome is taken for seconds only.
  for (const message of due) if (message.has_joined) await welcomeAtOnce(services, message);
  // Callers go before only for so long: what has been kept is not to wait for an end of calls that may never come.
  const mayWait = due.length > 0 && now.getTime() - due[0]!.due_at.getTime() < patienceMilliseconds;
  const threads = [...Map.groupBy(due, (message) => `${message.tenant_id} ${message.account_id} ${message.thread}`).values()];
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(lanes, threads.length) }, async (_, lane) => {
    for (let at = next++; at < threads.length; at = next++) {
      for (const message of threads[at]!) {
        if (isStopping()) return;
        if (!await takeIn(services, message)) break;
      }
      // One lane goes on by itself: none of those who call is to wait because much has come.
      if (lane > 0 && mayWait && manyAreWaiting()) return;
    }
  }));
  return due.length;
}

/** One message; false when it stays where it is, and those behind it with it. */
async function takeIn(services: Services, message: DueMessage): Promise<boolean> {
  const { tenant_id: tenantId, id } = message;
  const attempt = (withFields: boolean, described: Sender | null) => services.database.transact(tenantId, async (transaction) => {
    const now = services.clock.now();
    const found = await takeMessage(transaction, message, now);
    if (!found) return;
    const row = described ? { ...found, content: { ...found.content, sender: described } } : found;
    const [channel] = await findChannels(transaction, [row.account_id]);
    const { outcome, ticketId } = await become(await ownContext(services, transaction, now), channel!, row, withFields);
    await settleMessage(transaction, id, outcome, ticketId, now);
  });
  try {
    // What the form does not take must not keep an alarm out: it is said on the ticket instead.
    const described = message.has_sender ? await describeSender(services, message) : null;
    await attempt(true, described).catch((error: unknown) => {
      if (error instanceof Refusal && error.errors?.some(({ path }) => path.startsWith('/fields'))) return attempt(false, described);
      throw error;
    });
    return true;
  } catch (error) {
    const refused = error instanceof Refusal;
    const early = error instanceof TooEarly ? error : null;
    if (!refused && !early) services.log.error({ error, tenantId, message: id }, 'a message could not be taken in; it will be tried again');
    return await failMessage(services.database, tenantId, id, {
      code: refused ? error.code : early?.code ?? 'internal_error', ...(early?.patienceSeconds === undefined ? {} : { patienceSeconds: early.patienceSeconds }), detail: early ? early.message : refused ? [error.message, ...(error.errors ?? []).map(({ path, code }) => `${path} ${code}`)].join('; ') : 'see the log of the program', lasting: refused,
    }, services.clock.now());
  }
}

async function become(context: Context, channel: ChannelRow, row: InboxRow, withFields: boolean): Promise<Outcome> {
  const { values, alarm, kind = 'message', sender, receipt } = row.content;
  if (row.content.passOver) return { outcome: row.content.passOver, ticketId: null };
  if (row.content.unreadable) throw new Refusal('call_malformed');
  if (kind === 'receipt') return receipt ? hearReceipt(context, row, receipt) : { outcome: 'event', ticketId: null };
  if (row.content.call) return takeCall(context, channel, row);
  if (row.content.hotline) return takeCase(context, channel, row);
  if (kind === 'event' && row.content.grants) return takeGrants(context, row.account_id, row.content.grants);
  if (kind === 'event') return row.content.joined && sender ? welcome(context, channel, sender) : { outcome: 'event', ticketId: null };
  if (sender) return converse(context, channel, row, sender, withFields);
  const open = async (): Promise<TicketRow> => {
    const { request, unclear } = await requestOf(context, await configurationOf(context), values, withFields);
    const subject = request.subject || unnamed(channel.name);
    const { ticket } = await openTicket(context, { ...request, subject, channel: alarm ? 'alarm' : 'api', trusted: true }, reckonPriority);
    return tellUnclear(context, ticket, unclear);
  };
  if (alarm) return raiseAlarm(context, row.account_id, alarm, row.occurred_at, open);
  return { outcome: 'ticket_opened', ticketId: (await open()).id };
}

/** Keeps taking in until stopped; woken when something comes. */
export function runIntake(services: Services): Ongoing {
  return keepDoing(
    async (isStopping) => (await takeInDue(services, isStopping) >= batch ? 0 : pollMilliseconds),
    (error) => {
      services.log.error({ error }, 'the inbox could not be looked into; it will be tried again');
      return pollMilliseconds;
    },
  );
}
