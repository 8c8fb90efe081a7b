import { inboundAdapters } from '../../channels/inbound-adapters.ts';
import type { Sender } from '../../channels/inbound.ts';
import { outsideTools, SendFailure } from '../../channels/notice-channel.ts';
import type { Services } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { TooEarly } from './too-early.ts';
import { findChannels, openChannel } from '../../records/channel/accounts.ts';
import type { DueMessage, InboxContent } from '../../records/channel/inbox.ts';

const look = statement<{ content: InboxContent; attempts: number; known: boolean }>('inbox_message.sender', `
  SELECT m.content, m.attempts, EXISTS (SELECT 1 FROM channel_identity i WHERE i.tenant_id = $1 AND i.account_id = m.account_id AND i.kind = m.content #>> '{sender,ids,0,kind}' AND i.value = m.content #>> '{sender,ids,0,value}') AS known
  FROM inbox_message m WHERE m.tenant_id = $1 AND m.id = $2 AND m.content ? 'sender'`);
const milliseconds = 3_000;
const patienceAttempts = 2;

/**
 * What the platform knows of whoever writes for the first time (首次来访者资料): their name, and further names of theirs, by which they may be known already. Asked
 * before anything is locked; where it does not answer twice, the message comes in without. Null where there is nothing to ask.
 */
export async function describeSender(services: Services, { tenant_id: tenantId, id, account_id: accountId }: DueMessage): Promise<Sender | null> {
  const [row] = await services.database.look(tenantId, look, [tenantId, id]);
  const sender = row?.content.sender;
  if (!sender || row.known) return null;
  const [channel] = await services.database.transact(tenantId, (transaction) => findChannels(transaction, [accountId]));
  const account = channel ? openChannel(services.secrets, channel) : null;
  const adapter = channel ? inboundAdapters[channel.kind] : undefined;
  if (!account || !adapter?.describe) return null;
  const tools = outsideTools(services.clock, services.privateHosts ?? []);
  try {
    return await adapter.describe(account, sender, { ...tools, call: (request, options) => tools.call(request, { ...options, milliseconds }) });
  } catch (error) {
    if (!(error instanceof SendFailure)) throw error;
    // A moment later it may answer, and who was taken for a stranger would have to be merged by hand.
    if ((error.code === 'temporary' || error.code === 'rate_limited') && row.attempts < patienceAttempts) throw new TooEarly(error.message);
    services.log.info({ channel: accountId, said: error.message }, 'the platform did not say who somebody is');
    return null;
  }
}
