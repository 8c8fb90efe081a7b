import { InboxMessage } from '../../../contract/channel.ts';
import { Closed, Id, OneOf } from '../../../contract/common.ts';
import { CallRefused, type InboundMessage } from '../../channels/inbound.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findChannels, openChannel } from '../../records/channel/accounts.ts';
import { isInbound } from '../../records/channel/change-channel.ts';
import { announceMessages, type InboxContent } from '../../records/channel/inbox.ts';
import { listedColumns, viewMessages, type ListedMessage } from '../../records/channel/inbox-messages.ts';
import { inboundAdapters } from './receive-call.ts';

const lock = statement<ListedMessage & { call_id: string; place: number }>('inbox_message.lock', `SELECT ${listedColumns}, call_id, place FROM inbox_message WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE`);
const findRaw = statement<{ raw: Buffer | null }>('inbox_message.raw', 'SELECT raw FROM inbox_message WHERE tenant_id = $1 AND id = $2');
const takeUp = statement<never>('inbox_message.take_up', `
  UPDATE inbox_message SET state = 'waiting', attempts = 0, failure = NULL, failure_detail = NULL, settled_at = NULL, due_at = $3, content = $4 WHERE tenant_id = $1 AND id = $2`);
const putAway = statement<never>('inbox_message.put_away', `
  UPDATE inbox_message SET state = 'passed_over', outcome = 'discarded', settled_at = $3 WHERE tenant_id = $1 AND id = $2`);

/**
 * Deals with a message that was put aside (处理隔离消息): `reprocess` reads what came anew, by the mapping as it is now, and takes it in; `discard`
 * lets it be.
 */
export const settleQuarantined = useCase({
  summary: 'Take up again or discard a message that was put aside',
  params: Closed({ id: Id, action: OneOf(['reprocess', 'discard']) }),
  answer: InboxMessage,
  async run(context, { params: { id, action } }) {
    const { tenantId, transaction, now } = context;
    const [row] = await transaction.query(lock, [tenantId, id]);
    if (!row) throw new Refusal('not_found');
    if (row.state !== 'quarantined') throw new Refusal('message_not_quarantined');
    const [channel] = await findChannels(transaction, [row.account_id]);
    if (action === 'discard') {
      await transaction.query(putAway, [tenantId, id, now]);
    } else {
      await transaction.query(takeUp, [tenantId, id, now, JSON.stringify(await readAnew(context, row, channel))]);
      transaction.afterCommit(announceMessages);
    }
    await recordFact(transaction, { kind: action === 'discard' ? 'inbox_message.discarded' : 'inbox_message.reprocessed', subjectId: id, actor: context.actor, occurredAt: now, recordedAt: now, data: { name: channel!.name, externalId: row.external_id, failure: row.failure } });
    const [after] = await transaction.query(lock, [tenantId, id]);
    return (await viewMessages(context, [after!]))[0]!;
  },
});

/** What the adapter makes of it now; as it was read at first where its bytes are gone. */
async function readAnew(context: Context, row: ListedMessage & { call_id: string; place: number }, channel: Awaited<ReturnType<typeof findChannels>>[number] | undefined): Promise<InboxContent> {
  const [call] = await context.transaction.query(findRaw, [context.tenantId, row.call_id]);
  const account = channel ? openChannel(context.services.secrets, channel) : null;
  if (!call?.raw || !account || !channel || !isInbound(channel.kind)) return row.content;
  let message: InboundMessage | undefined;
  try {
    message = inboundAdapters[channel.kind].decode(account, { method: 'POST', query: {}, headers: {}, body: call.raw }, row.received_at)[row.place];
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error;
  }
  return message ? { parts: message.parts, values: message.values, ...(message.alarm ? { alarm: message.alarm } : {}) } : row.content;
}
