import { hash } from 'node:crypto';
import { InboxMessage, SettleMessage, SettleMessages, SettledMessages, inboxActions } from '../../../contract/channel.ts';
import { Closed, Id, OneOf } from '../../../contract/common.ts';
import { storable } from '../../../rules/text/storable.ts';
import { CallRefused, type InboundMessage } from '../../channels/inbound.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findChannels, openChannel } from '../../records/channel/accounts.ts';
import { isInbound } from '../../records/channel/change-channel.ts';
import { announceMessages, contentOf, keepMore, type InboxContent } from '../../records/channel/inbox.ts';
import { listedColumns, viewMessages, type ListedMessage } from '../../records/channel/inbox-messages.ts';
import { inboundAdapters } from '../../channels/inbound-adapters.ts';

const lock = statement<ListedMessage & { call_id: string; place: number }>('inbox_message.lock', `SELECT ${listedColumns}, call_id, place FROM inbox_message WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`);
const findRaw = statement<{ raw: Buffer | null }>('inbox_message.raw', 'SELECT raw FROM inbox_message WHERE tenant_id = $1 AND id = $2');
const takeUp = statement<never>('inbox_message.take_up', `
  UPDATE inbox_message SET state = 'waiting', attempts = 0, failure = NULL, failure_detail = NULL, note = NULL, outcome = NULL, ticket_id = NULL, settled_at = NULL, due_at = $3, content = $4, external_id = $5, thread = $6 WHERE tenant_id = $1 AND id = $2`);
const isKnown = statement<{ id: string }>('inbox_message.is_known', 'SELECT id FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND external_id = $3');
const putAway = statement<never>('inbox_message.put_away', `
  UPDATE inbox_message SET state = 'passed_over', outcome = 'discarded', settled_at = $3, note = $4 WHERE tenant_id = $1 AND id = $2`);

type Action = (typeof inboxActions)[number];
const Action = OneOf(inboxActions);

/**
 * Deals with a message that was put aside (处理隔离消息): `reprocess` reads what came anew, by the mapping as it is now, and takes it in; `discard`
 * lets it be. `replay` (重放) takes up what is done already as though it had come just now: it may lead to a second ticket.
 */
export const settleQuarantined = useCase({
  summary: 'Take up again or discard a message that was put aside; replay one that is done',
  params: Closed({ id: Id, action: Action }),
  body: SettleMessage,
  answer: InboxMessage,
  async run(context, { params: { id, action }, body }) {
    const { tenantId, transaction } = context;
    const [row] = await transaction.query(lock, [tenantId, id]);
    if (!row) throw new Refusal('not_found');
    if (!isFor(action, row)) throw new Refusal(action === 'replay' ? 'message_not_settled' : 'message_not_quarantined');
    await settleOne(context, row, action, body?.reason);
    const [after] = await transaction.query(lock, [tenantId, id]);
    return (await viewMessages(context, [after!]))[0]!;
  },
});

/** The same with many at once (批量处理收件): those to which it can not be done any more are passed over. */
export const settleMessages = useCase({
  summary: 'Take up again, discard or replay many messages',
  params: Closed({ action: Action }),
  body: SettleMessages,
  answer: SettledMessages,
  async run(context, { params: { action }, body }) {
    let settled = 0;
    // In the order they came, and the same for everybody: no two wait for each other.
    for (const id of [...body.ids].sort()) {
      const [row] = await context.transaction.query(lock, [context.tenantId, id]);
      if (!row || !isFor(action, row)) continue;
      await settleOne(context, row, action, body.reason);
      settled += 1;
    }
    return { settled, skipped: body.ids.length - settled };
  },
});

const isFor = (action: Action, { state }: ListedMessage): boolean => (action === 'replay' ? state === 'done' || state === 'passed_over' : state === 'quarantined');

async function settleOne(context: Context, row: ListedMessage & { call_id: string; place: number }, action: Action, reason: string | undefined): Promise<void> {
  const { tenantId, transaction, now } = context;
  const [channel] = await findChannels(transaction, [row.account_id]);
  const note = action === 'discard' ? reason?.trim() || null : null;
  if (action === 'discard') {
    await transaction.query(putAway, [tenantId, row.id, now, note]);
  } else {
    const { content, externalId, thread } = await readAnew(context, row, channel);
    await transaction.query(takeUp, [tenantId, row.id, now, JSON.stringify(action === 'replay' ? { ...content, passOver: undefined } : content), externalId, thread]);
    transaction.afterCommit(announceMessages);
  }
  await recordFact(transaction, {
    kind: action === 'discard' ? 'inbox_message.discarded' : 'inbox_message.reprocessed', subjectId: row.id, actor: context.actor, occurredAt: now, recordedAt: now,
    data: { name: channel!.name, externalId: row.external_id, ...(row.failure === null ? {} : { failure: row.failure }), ...(note === null ? {} : { reason: note }), ...(action === 'replay' ? { before: row.outcome } : {}) },
  });
}

interface Anew {
  content: InboxContent;
  externalId: string;
  thread: string;
}

/**
 * What the adapter makes of it now; as it was read at first where its bytes are gone. What could not be read gets its own names now; where it stands for a
 * whole call that could not be read, the rest of that call comes in too.
 */
async function readAnew(context: Context, row: ListedMessage & { call_id: string; place: number }, channel: Awaited<ReturnType<typeof findChannels>>[number] | undefined): Promise<Anew> {
  const asItWas = { content: row.content, externalId: row.external_id, thread: row.thread };
  const [call] = await context.transaction.query(findRaw, [context.tenantId, row.call_id]);
  const account = channel ? openChannel(context.services.secrets, channel) : null;
  if (!call?.raw || !account || !channel || !isInbound(channel.kind)) return asItWas;
  let messages: readonly InboundMessage[];
  try {
    const adapter = inboundAdapters[channel.kind];
    messages = adapter.read ? await adapter.read(account, call.raw, row.received_at, whatWasFoundOut(row.content)) : adapter.decode(account, { method: 'POST', query: {}, headers: {}, body: call.raw }, row.received_at);
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error;
    return asItWas;
  }
  const message = messages[row.place];
  if (!message) return asItWas;
  const content = contentOf(message);
  if (!row.content.unreadable || message.unreadable) return { ...asItWas, content };
  const { transaction, tenantId, now } = context;
  // Named by all of its bytes (receive-call.ts).
  if (messages.length > 1 && row.external_id === hash('sha256', call.raw)) {
    await keepMore(transaction, row.account_id, row.call_id, messages.map((one, place) => ({ message: one, place })).filter(({ place }) => place !== row.place), now);
  }
  const names = { externalId: storable(message.externalId), thread: storable(message.thread) };
  // It came once more meanwhile, and could be read then: there is nothing more to be done about it.
  if ((await transaction.query(isKnown, [tenantId, row.account_id, names.externalId])).some(({ id }) => id !== row.id)) return { ...asItWas, content: { parts: [], values: {}, kind: 'event' } };
  return { content, ...names };
}

/** What was looked up when it came and cannot be looked up any more. */
const whatWasFoundOut = ({ values }: InboxContent) => Object.fromEntries(Object.entries(values).filter(([name]) => ['mail.spf', 'mail.dkim', 'mail.dmarc'].includes(name)));
