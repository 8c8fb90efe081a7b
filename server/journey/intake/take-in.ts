import { unnamed } from '../../../rules/intake/conversation.ts';
import { reckonPriority } from '../../../rules/priority/priority.ts';
import type { Context, Services } from '../../platform/context.ts';
import { NeedsOwnTransaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { findChannel, type ChannelRow } from '../../records/channel/accounts.ts';
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
// Threads side by side. Those of which each message has a commit of its own: more would take connections from those who wait for an answer.
const lanes = 3;
// Those that share a commit, on one connection.
const lanesTogether = 24;
const pollMilliseconds = 1_000;
const patienceMilliseconds = 2_000;
/** Mail and text messages are put together with what was sent out before: each for itself. */
const byThemselves: ReadonlySet<string> = new Set(['email', 'sms']);
const goTogether = ({ has_sender, has_joined, kind }: DueMessage): boolean => has_sender && !has_joined && !byThemselves.has(kind);

/**
 * Takes in what has come (受理收件): each message becomes what it becomes and is settled in one transaction; so it does once, on whatever node and however often it
 * is begun. What people write shares commits, but for those of one thread, which go in their order, and what goes wrong is taken up again by itself. What cannot be
 * taken in is left for later, then put aside.
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
  const takeAll = (of: readonly DueMessage[][], most: number): Promise<unknown> => {
    let next = 0;
    return Promise.all(Array.from({ length: Math.min(most, of.length) }, async (_, lane) => {
      for (let at = next++; at < of.length; at = next++) {
        for (const message of of[at]!) {
          if (isStopping()) return;
          if (!await takeIn(services, message)) break;
        }
        // One lane goes on by itself: none of those who call is to wait because much has come.
        if (lane > 0 && mayWait && manyAreWaiting()) return;
      }
    }));
  };
  await Promise.all([takeAll(threads.filter((thread) => thread.every(goTogether)), lanesTogether), takeAll(threads.filter((thread) => !thread.every(goTogether)), lanes)]);
  return due.length;
}

/** One message; false when it stays where it is, and those behind it with it. */
async function takeIn(services: Services, message: DueMessage): Promise<boolean> {
  const { tenant_id: tenantId, id } = message;
  const attempt = (withFields: boolean, described: Sender | null) => services.database.transact(tenantId, async (transaction) => {
    const now = services.clock.now();
    // Sent together.
    const [found, channel, context] = await Promise.all([takeMessage(transaction, message, now), findChannel(transaction, message.account_id), ownContext(services, transaction, now)]);
    if (!found) return;
    const row = described ? { ...found, content: { ...found.content, sender: described } } : found;
    const { outcome, ticketId } = await become(context, channel!, row, withFields);
    await settleMessage(transaction, id, outcome, ticketId, now);
  }, goTogether(message) ? { grouped: 'intake' } : {});
  try {
    // What the form does not take must not keep an alarm out: it is said on the ticket instead.
    const described = message.has_sender && !message.is_known ? await describeSender(services, message) : null;
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
  // Only what somebody wrote shares a commit.
  if (context.transaction.shared && (kind !== 'message' || !sender || row.content.unreadable || row.content.call || row.content.hotline)) throw new NeedsOwnTransaction();
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
