import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { AddComment, Comment } from '../../../contract/ticket.ts';
import { build } from '../../platform/db/database.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { addMessage } from '../../records/conversation/add-message.ts';
import { viewMessage } from '../../records/conversation/messages.ts';
import { lockTicketFor } from '../../records/ticket/find.ts';

/** Replies to the customer, or leaves a note for colleagues (回复与备注). */
export const addComment = useCase({
  summary: 'Add a comment to a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: AddComment,
  answer: Comment,
  status: 201,
  async run(context, { params, body }) {
    const ticket = await lockTicketFor(context, params.id, body.visibility === 'public' ? 'ticket.reply' : 'ticket.note');
    const mentions = body.mentions ?? [];
    if (mentions.length > 0) {
      const known = await context.transaction.run(build.selectFrom('staff').select('id').where('tenant_id', '=', context.tenantId).where('id', 'in', mentions));
      if (known.length < mentions.length) throw refuseInput('/mentions', 'unknown_reference', { field: 'mentions' });
    }
    const message = await addMessage(context, ticket, {
      body: body.body, visibility: body.visibility, direction: body.visibility === 'public' ? 'outbound' : 'internal', mentions, fileIds: body.attachments ?? [],
    });
    return viewMessage(message.row, message.files, { kind: 'staff' });
  },
});
