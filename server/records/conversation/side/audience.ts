import { holds, type Subject } from '../../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { statement } from '../../../platform/db/database.ts';
import { configurationOf, type Configuration } from '../../organization/configuration.ts';

/** The teams and departments in whose conversations somebody takes part (会话范围). */
export interface Audience {
  teamIds: readonly string[];
  departmentIds: readonly string[];
}

/**
 * In which conversations beside tickets the caller takes part: those with their teams, with their department and those
 * below it, and with the ones above, as whoever asks a department asks all who work in it.
 */
export async function audienceOf(context: Context): Promise<Audience> {
  return audienceIn(staffOf(context), await configurationOf(context));
}

/** As `audienceOf`, for a subject and a configuration that are known. */
export function audienceIn(subject: Subject, { departments }: Pick<Configuration, 'departments'>): Audience {
  const departmentIds = new Set(subject.departmentIds);
  // The first is their own.
  for (let department = departments.get(subject.departmentIds[0] ?? ''); department?.parentId; department = departments.get(department.parentId)) departmentIds.add(department.parentId);
  return { teamIds: subject.teamIds, departmentIds: [...departmentIds] };
}

/** Whether a conversation with this team or department is one of theirs. */
export function takesPart(audience: Audience, conversation: { team_id: string | null; department_id: string | null }): boolean {
  return (conversation.team_id !== null && audience.teamIds.includes(conversation.team_id)) || (conversation.department_id !== null && audience.departmentIds.includes(conversation.department_id));
}

const findShown = statement<{ found: boolean }>('side_message.shows_file', `
  SELECT EXISTS (SELECT FROM side_message m JOIN side_conversation c ON c.tenant_id = m.tenant_id AND c.id = m.conversation_id
    WHERE m.tenant_id = $1 AND m.file_ids <> '{}' AND m.file_ids @> ARRAY[$2::uuid] AND (c.team_id = ANY($3::uuid[]) OR c.department_id = ANY($4::uuid[]))) AS found`);

/** Whether a file is shown in a conversation in which the caller takes part: they may have it without reading the ticket. */
export async function isShownBeside(context: Context, fileId: string): Promise<boolean> {
  if (!holds(staffOf(context), 'ticket.read')) return false;
  const { teamIds, departmentIds } = await audienceOf(context);
  const [row] = await context.transaction.query(findShown, [context.tenantId, fileId, teamIds, departmentIds]);
  return row!.found;
}
