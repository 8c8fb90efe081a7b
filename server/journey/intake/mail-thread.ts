import { besideThread } from '../../channels/email/message-ids.ts';
import type { Sender } from '../../channels/inbound.ts';
import { statement } from '../../platform/db/database.ts';
import type { Context } from '../../platform/context.ts';
import type { ChannelRow } from '../../records/channel/accounts.ts';
import type { InboxRow } from '../../records/channel/inbox.ts';
import { insertMessage, tellOfMessage } from '../../records/conversation/add-message.ts';
import type { TicketRow } from '../../records/ticket/row.ts';

const find = statement<{ contact: Record<string, string>; reply_context: Record<string, string>; ticket_id: string | null }>('conversation.participants', `
  SELECT contact, reply_context, ticket_id FROM conversation WHERE tenant_id = $1 AND account_id = $2 AND thread = $3`);

const mostParticipants = 50;

/** Where a mail belongs, and what is to be remembered of its conversation. */
interface MailPlace {
  thread: string;
  /** The ticket that it would belong to if its sender took part there. */
  beside: string | null;
  replyContext: Readonly<Record<string, string>> | undefined;
}

/**
 * In which thread a mail is taken in (邮件归属会话): in the one it names, when whoever sent it takes part there. Who does not, or only pretends to,
 * begins one of their own; which ticket it may belong to is said there.
 */
export async function mailThread(context: Context, channel: ChannelRow, row: InboxRow, sender: Sender): Promise<MailPlace> {
  const stay = { thread: row.thread, beside: null, replyContext: row.content.replyContext };
  if (channel.kind !== 'email') return stay;
  const [known] = await context.transaction.query(find, [context.tenantId, channel.id, row.thread]);
  if (!known) return stay;
  const address = sender.ids.find(({ kind }) => kind === 'email')?.value ?? '';
  const participants = new Set([known.contact['email'] ?? '', ...(known.reply_context['participants'] ?? '').split(' ')]);
  if (address !== '' && participants.has(address) && row.content.values['mail.dmarc'] !== 'fail') {
    const all = new Set([...participants, ...(row.content.replyContext?.['participants'] ?? '').split(' ')]);
    return { ...stay, replyContext: { ...row.content.replyContext, participants: [...all].filter((one) => one !== '').slice(0, mostParticipants).join(' ') } };
  }
  return { ...stay, thread: besideThread(row.thread, address), beside: known.ticket_id };
}

const findNumber = statement<{ number: string }>('ticket.number_of', 'SELECT number FROM ticket WHERE tenant_id = $1 AND id = $2');

/** Says on a ticket that a mail opened what whoever reads it should know of the mail (邮件提示). */
export async function tellOfMail(context: Context, ticket: TicketRow, { values }: InboxRow['content'], beside: string | null): Promise<TicketRow> {
  const english = context.language === 'en';
  const [other] = beside === null ? [] : await context.transaction.query(findNumber, [context.tenantId, beside]);
  const lines = [
    ...(other ? [english ? `This mail answers ${other.number}, but its sender takes no part there, or could not be verified. Look before you merge the two.` : `这封邮件像是对 ${other.number} 的回复，但发件人不在那张工单里，或没有通过验证。请核实后再合并。`] : []),
    ...(values['mail.dmarc'] === 'fail' ? [english ? 'The sender could not be verified (DMARC failed): somebody may pretend to be them.' : '发件人没有通过验证（DMARC 失败），可能是冒名，请先核实身份。'] : []),
    ...(typeof values['mail.left'] === 'number' ? [english ? `${values['mail.left']} more files were left in the original mail.` : `还有 ${values['mail.left']} 个附件留在原始邮件里。`] : []),
  ];
  if (lines.length === 0) return ticket;
  const note = await insertMessage(context, ticket, { body: lines.join('\n'), visibility: 'internal', direction: 'internal', mentions: [] });
  return tellOfMessage(context, ticket, note, []);
}
