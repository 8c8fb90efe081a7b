import type { Selectable } from 'kysely';
import type { SideConversation, SideMessage } from '../../../../contract/collaboration.ts';
import type { SideConversationSide, SideConversationState } from '../../../../rules/ticket/collaboration.ts';
import { permits, reachOf } from '../../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import type { OutgoingMessageTable, SideConversationTable, SideMessageTable } from '../../../platform/db/tables.ts';
import { filesByIds } from '../../file/queries.ts';
import { viewFile } from '../../file/view.ts';
import { configurationOf, nameIn } from '../../organization/configuration.ts';
import { beginningOf } from '../add-message.ts';
import { endsOf } from '../../ticket/relations.ts';
import { accessOf } from '../../ticket/row.ts';

export type SideConversationRow = Selectable<SideConversationTable>;
export type SideMessageRow = Selectable<SideMessageTable>;

const findLast = statement<{ conversation_id: string; author_name: string | null; body: string }>('side_message.last', `
  SELECT DISTINCT ON (conversation_id) conversation_id, author_name, left(body, 280) AS body FROM side_message
  WHERE tenant_id = $1 AND conversation_id = ANY($2::uuid[]) ORDER BY conversation_id, id DESC`);

/** Conversations beside tickets as their readers see them (旁路会话视图), each under the ticket that goes on. */
export async function viewSideConversations(context: Context, rows: readonly SideConversationRow[]): Promise<SideConversation[]> {
  const [{ teams, departments }, ends, last] = await Promise.all([
    configurationOf(context), endsOf(context, rows.map((row) => row.ticket_id)),
    rows.length === 0 ? [] : context.transaction.query(findLast, [context.tenantId, rows.map((row) => row.id)]),
  ]);
  const lastOf = new Map(last.map((message) => [message.conversation_id, message]));
  const reach = reachOf(staffOf(context), 'ticket.read');
  return rows.map((row) => {
    const ticket = ends.get(row.ticket_id)!;
    const message = lastOf.get(row.id);
    const team = row.team_id === null ? undefined : teams.get(row.team_id);
    const department = row.department_id === null ? undefined : departments.get(row.department_id);
    return {
      id: row.id,
      ticket: { id: permits(reach, accessOf(ticket)) ? ticket.id : null, number: ticket.number },
      subject: row.subject,
      kind: row.team_id !== null ? 'team' : row.department_id !== null ? 'department' : 'email',
      team: team ? { id: team.id, name: nameIn(context.language, team) } : null,
      department: department ? { id: department.id, name: nameIn(context.language, department) } : null,
      email: row.address === null ? null : { address: row.address, name: row.address_name },
      state: row.state as SideConversationState,
      openedBy: { id: row.opened_by_id, name: row.opened_by_name },
      awaits: row.state === 'closed' ? null : row.awaits as SideConversationSide,
      messageCount: row.message_count,
      lastMessage: message ? { author: message.author_name, preview: beginningOf(message.body) } : null,
      createdAt: row.created_at.toISOString(), lastMessageAt: row.last_message_at.toISOString(), closedAt: row.closed_at?.toISOString() ?? null,
      version: row.version,
    };
  });
}

/** Messages of such a conversation as its readers see them, with their files and what became of their mail. */
export async function viewSideMessages(context: Context, rows: readonly SideMessageRow[]): Promise<SideMessage[]> {
  const sent = rows.filter((row) => row.direction === 'outbound').map((row) => row.id);
  const [files, mails] = await Promise.all([
    filesByIds(context, [...new Set(rows.flatMap((row) => row.file_ids))]),
    sent.length === 0 ? [] : context.transaction.run(build.selectFrom('outgoing_message').select(['side_message_id', 'state', 'recipient_address', 'sent_at']).where('tenant_id', '=', context.tenantId).where('side_message_id', 'in', sent)),
  ]);
  const fileOf = new Map(files.map((file) => [file.id, file]));
  const mailOf = new Map(mails.map((mail) => [mail.side_message_id, mail as Pick<Selectable<OutgoingMessageTable>, 'state' | 'recipient_address' | 'sent_at'>]));
  return rows.map((row) => {
    const mail = mailOf.get(row.id);
    return {
      id: row.id, direction: row.direction as SideMessage['direction'],
      author: { kind: row.author_kind, id: row.author_id, name: row.author_name },
      body: row.body, quotes: row.quotes as SideMessage['quotes'],
      files: row.file_ids.map((id) => fileOf.get(id)).filter((file) => file !== undefined).map((file) => viewFile(file, { kind: 'staff' })),
      delivery: mail ? { state: mail.state as NonNullable<SideMessage['delivery']>['state'], address: mail.recipient_address ?? '', sentAt: mail.sent_at?.toISOString() ?? null } : null,
      createdAt: row.created_at.toISOString(),
    };
  });
}
