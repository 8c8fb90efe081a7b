import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { AddComment, Comment } from '../../../contract/ticket.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { addMessage } from '../../records/conversation/add-message.ts';
import { deliveriesOf } from '../../records/conversation/channel/outbox.ts';
import { originsOf, viewMessage } from '../../records/conversation/messages.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { childrenFor } from '../../records/ticket/family.ts';
import { lockLandingFor, type Landing } from '../../records/ticket/landing.ts';

/**
 * Replies to the customer, or leaves a note for colleagues (回复与备注). On a merged ticket it lands on the one that goes on as.
 * A reply to the children's customers as well goes out to them afterwards, by its fact.
 */
export const addComment = useCase({
  summary: 'Add a comment to a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: AddComment,
  answer: Comment,
  status: 201,
  async run(context, { params, body }) {
    const message = await writeComment(context, params.id, body);
    return viewMessage(message.row, message.files, { kind: 'staff' }, context.language, (await originsOf(context, [message.row])).get(message.row.id), (await deliveriesOf(context.transaction, [message.row.id])).get(message.row.id));
  },
});

/** Locks the ticket on which a comment lands, and refuses one that its author may not write or that names what is not there. */
export async function ensureMayComment(context: Context, ticketId: string, body: AddComment): Promise<Landing & { mentionTeams: { id: string; name: string }[] }> {
  const landing = await lockLandingFor(context, ticketId, body.visibility === 'public' ? 'ticket.reply' : 'ticket.note');
  if (body.toChildren && body.visibility !== 'public') throw invalidInput('/toChildren', 'exclusive', { zh: '只有公开回复可以发给子工单的客户', en: 'only a public reply goes to the customers of children' });
  const mentions = body.mentions ?? [];
  if (mentions.length > 0) {
    const known = await context.transaction.run(build.selectFrom('staff').select('id').where('tenant_id', '=', context.tenantId).where('id', 'in', mentions));
    if (known.length < mentions.length) throw refuseInput('/mentions', 'unknown_reference', { field: 'mentions' });
  }
  const { teams } = await configurationOf(context);
  const mentionTeams = (body.mentionTeams ?? []).map((id) => {
    const team = teams.get(id.toLowerCase());
    if (!team) throw refuseInput('/mentionTeams', 'unknown_reference', { field: 'mentionTeams' });
    return { id: team.id, name: team.name };
  });
  return { ...landing, mentionTeams };
}

/** Writes a comment as the caller (写入回复或备注), whoever carries it: a request, a macro, a timer. */
export async function writeComment(context: Context, ticketId: string, body: AddComment): ReturnType<typeof addMessage> {
  const { named, ticket, mentionTeams } = await ensureMayComment(context, ticketId, body);
  return addMessage(context, ticket, {
    body: body.body, visibility: body.visibility, direction: body.visibility === 'public' ? 'outbound' : 'internal', mentions: body.mentions ?? [], fileIds: body.attachments ?? [],
    fromTicketId: named.id === ticket.id ? undefined : named.id,
  }, {
    ...(mentionTeams.length > 0 ? { mentionTeams } : {}),
    ...(body.toChildren ? { childIds: await childrenFor(context, ticket.id, 'ticket.reply', ['new', 'open', 'waiting', 'resolved']) } : {}),
  });
}
