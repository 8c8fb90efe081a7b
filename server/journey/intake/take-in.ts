import { reckonPriority } from '../../../rules/priority/priority.ts';
import { systemActor, type Context, type Services } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { findChannels, type ChannelRow } from '../../records/channel/accounts.ts';
import { dueMessages, failMessage, mostAttempts, settleMessage, takeMessage, type DueMessage, type InboxRow } from '../../records/channel/inbox.ts';
import { insertMessage, tellOfMessage } from '../../records/conversation/add-message.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { openTicket } from './open-ticket.ts';
import { raiseAlarm } from './raise-alarm.ts';
import { requestOf } from './request-of.ts';

/** What became of a message. */
export interface Outcome {
  outcome: string;
  ticketId: string | null;
}

const batch = 200;
// Threads side by side; more would take connections from those who wait for an answer.
const lanes = 3;
const pollMilliseconds = 1_000;

/**
 * Takes in what has come (受理收件): each message in a transaction of its own, in which it becomes what it becomes and is settled; so it does once, on
 * whatever node and however often it is begun. Those of one thread go in their order. What cannot be taken in is left for later, then put aside.
 *
 * @returns how many messages there were
 */
export async function takeInDue(services: Services, isStopping: () => boolean = () => false): Promise<number> {
  const due = await dueMessages(services.database, services.clock.now(), batch);
  const threads = [...Map.groupBy(due, (message) => `${message.tenant_id} ${message.account_id} ${message.thread}`).values()];
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(lanes, threads.length) }, async () => {
    for (let at = next++; at < threads.length; at = next++) {
      for (const message of threads[at]!) {
        if (isStopping()) return;
        if (!await takeIn(services, message)) break;
      }
    }
  }));
  return due.length;
}

/** One message; false when it stays where it is, and those behind it with it. */
async function takeIn(services: Services, message: DueMessage): Promise<boolean> {
  const { tenant_id: tenantId, id } = message;
  const attempt = (withFields: boolean) => services.database.transact(tenantId, async (transaction) => {
    const now = services.clock.now();
    const row = await takeMessage(transaction, message, now);
    if (!row) return;
    const [channel] = await findChannels(transaction, [row.account_id]);
    const { outcome, ticketId } = await become(await contextFor(services, transaction, now), channel!, row, withFields);
    await settleMessage(transaction, id, outcome, ticketId, now);
  });
  try {
    // What the form does not take must not keep an alarm out: it is said on the ticket instead.
    await attempt(true).catch((error: unknown) => {
      if (error instanceof Refusal && error.errors?.some(({ path }) => path.startsWith('/fields'))) return attempt(false);
      throw error;
    });
    return true;
  } catch (error) {
    const refused = error instanceof Refusal;
    if (!refused) services.log.error({ error, tenantId, message: id }, 'a message could not be taken in; it will be tried again');
    const attempts = await failMessage(services.database, tenantId, id, {
      code: refused ? error.code : 'internal_error', detail: refused ? [error.message, ...(error.errors ?? []).map(({ path, code }) => `${path} ${code}`)].join('; ') : 'see the log of the program', lasting: refused,
    }, services.clock.now());
    return refused || attempts >= mostAttempts;
  }
}

async function contextFor(services: Services, transaction: Transaction, now: Date): Promise<Context> {
  const organization = await transaction.first(build.selectFrom('organization').select(['configuration_version', 'language']).where('tenant_id', '=', transaction.tenantId));
  return {
    tenantId: transaction.tenantId, transaction, now, services, configurationVersion: organization?.configuration_version ?? 0, caller: { kind: 'nobody' }, actor: systemActor,
    language: organization?.language === 'en' ? 'en' : 'zh-CN', requestId: '', remoteAddress: '', csrfToken: null, userAgent: '',
  };
}

async function become(context: Context, channel: ChannelRow, row: InboxRow, withFields: boolean): Promise<Outcome> {
  const { values, alarm } = row.content;
  const open = async (): Promise<TicketRow> => {
    const { request, unclear } = await requestOf(context, await configurationOf(context), values, withFields);
    const subject = request.subject || channel.name;
    const { ticket } = await openTicket(context, { ...request, subject, channel: alarm ? 'alarm' : 'api', trusted: true }, reckonPriority);
    return unclear.length === 0 ? ticket : tellUnclear(context, ticket, unclear);
  };
  if (alarm) return raiseAlarm(context, row.account_id, alarm, row.occurred_at, open);
  return { outcome: 'ticket_opened', ticketId: (await open()).id };
}

/** Says on the ticket what of the message meant nothing here, so that nothing that was sent is lost. */
async function tellUnclear(context: Context, ticket: TicketRow, unclear: readonly { target: string; value: string }[]): Promise<TicketRow> {
  const lines = unclear.map(({ target, value }) => `${target}: ${value}`).join('\n');
  const body = context.language === 'en' ? `Sent along, but not known here:\n${lines}` : `对方发来但这里无法识别的内容：\n${lines}`;
  const note = await insertMessage(context, ticket, { body, visibility: 'internal', direction: 'internal', mentions: [] });
  return tellOfMessage(context, ticket, note, []);
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
