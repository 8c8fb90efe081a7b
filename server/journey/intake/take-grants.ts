import { AddGrants, Grants } from '../../../contract/channel.ts';
import { Closed, Id } from '../../../contract/common.ts';
import type { InboundMessage } from '../../channels/inbound.ts';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findChannels } from '../../records/channel/accounts.ts';
import { addGrant, endGrants, grantsOf } from '../../records/conversation/channel/grants.ts';
import type { Outcome } from './take-in.ts';

/** What somebody agreed to, or took back (订阅消息授权), as the platform says: counted. */
export async function takeGrants({ transaction, now }: Context, accountId: string, grants: NonNullable<InboundMessage['grants']>): Promise<Outcome> {
  for (const { identity, templateId, given } of grants) {
    if (given) await addGrant(transaction, accountId, identity.value, templateId, now);
    else await endGrants(transaction, accountId, { [identity.kind]: identity.value }, templateId, now);
  }
  return { outcome: 'grants', ticketId: null };
}

/** The same from the organization's own mini program, which asks its users at submission (提交时收集授权). */
export const addGrants = useCase({
  summary: 'Note that somebody agreed to subscription messages of a channel',
  params: Closed({ id: Id }),
  body: AddGrants,
  answer: Grants,
  async run(context, { params, body }) {
    const [channel] = await findChannels(context.transaction, [params.id]);
    if (!channel || channel.archived_at || channel.kind !== 'wechat_mini_program') throw new Refusal('not_found');
    for (const templateId of body.templates) await addGrant(context.transaction, channel.id, body.identity, templateId, context.now);
    const left = await grantsOf(context.transaction, channel.id, { openid: body.identity });
    return { items: Object.entries(left).map(([templateId, remaining]) => ({ templateId, remaining })) };
  },
});
