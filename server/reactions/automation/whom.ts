import type { Whom } from '../../../rules/automation/definition.ts';
import { build, statement } from '../../platform/db/database.ts';
import type { Context } from '../../platform/context.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import type { TicketRow } from '../../records/ticket/row.ts';

const findLastFor = (column: 'asset_id' | 'customer_id') => statement<{ assignee_id: string }>(`automation.last_for_${column}`, `
  SELECT t.assignee_id FROM ticket t JOIN staff s ON s.tenant_id = t.tenant_id AND s.id = t.assignee_id AND s.active
  WHERE t.tenant_id = $1 AND t.${column} = $2 AND t.id <> $3 ORDER BY t.created_at DESC, t.id DESC LIMIT 1`);
const lastFor = { asset_id: findLastFor('asset_id'), customer_id: findLastFor('customer_id') };

/** Who or which team is meant on a ticket (动作对象); null when there is nobody. */
export async function resolveWhom(context: Context, ticket: TicketRow, whom: Whom): Promise<{ staffId: string } | { teamId: string } | null> {
  if ('person' in whom) return { staffId: whom.person };
  if ('team' in whom) return { teamId: whom.team };
  const { transaction, tenantId } = context;
  const person = (id: string | null | undefined) => (id ? { staffId: id } : null);
  const team = (id: string | null | undefined) => (id ? { teamId: id } : null);
  const last = async (column: 'asset_id' | 'customer_id') => (ticket[column] === null ? null : person((await transaction.query(lastFor[column], [tenantId, ticket[column], ticket.id]))[0]?.assignee_id));
  switch (whom.expression) {
    case 'creator': return person(ticket.created_by_kind === 'staff' || ticket.created_by_kind === 'api_key' ? ticket.created_by_id : null);
    case 'assignee': return person(ticket.assignee_id);
    case 'team_lead': return ticket.team_id === null ? null : person((await transaction.first(build.selectFrom('team').select('lead_id').where('tenant_id', '=', tenantId).where('id', '=', ticket.team_id)))?.lead_id);
    case 'last_for_asset': return last('asset_id');
    case 'last_for_customer': return last('customer_id');
    case 'category_team': return ticket.category_id === null ? null : team((await configurationOf(context)).categories.get(ticket.category_id)?.teamId);
    case 'ticket_team': return team(ticket.team_id);
  }
}

/** All who are meant, teams by their members, each once. */
export async function resolvePeople(context: Context, ticket: TicketRow, whom: readonly Whom[]): Promise<string[]> {
  const found = await Promise.all(whom.map((one) => resolveWhom(context, ticket, one)));
  const teamIds = found.flatMap((one) => (one && 'teamId' in one ? [one.teamId] : []));
  const members = teamIds.length === 0 ? [] : await context.transaction.run(build.selectFrom('team_member').select('staff_id').where('tenant_id', '=', context.tenantId).where('team_id', 'in', teamIds));
  return [...new Set([...found.flatMap((one) => (one && 'staffId' in one ? [one.staffId] : [])), ...members.map((row) => row.staff_id)])];
}
