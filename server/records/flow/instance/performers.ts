import type { Performer } from '../../../../rules/workflow/definition.ts';
import type { Effect, FlowState, Who } from '../../../../rules/workflow/state.ts';
import { evaluate } from '../../../../rules/conditions/json-logic.ts';
import { LogicError } from '../../../../rules/conditions/run.ts';
import { build, sharedStatement, statement } from '../../../platform/db/database.ts';
import type { Context } from '../../../platform/context.ts';
import { isId } from '../../../platform/db/uuid.ts';
import { configurationOf } from '../../organization/configuration.ts';
import type { TicketRow } from '../../ticket/row.ts';

const findActive = sharedStatement<{ ids: readonly string[] }, { id: string }>('flow.active_staff', `
  SELECT given.place, s.id FROM json_to_recordset($2) AS given (place integer, ids uuid[]) CROSS JOIN unnest(given.ids) AS wanted (id) JOIN staff s ON s.tenant_id = $1 AND s.id = wanted.id AND s.active`);
const findLeads = statement<{ lead_id: string }>('flow.leads_of', `
  SELECT t.lead_id FROM team_member m JOIN team t ON t.tenant_id = m.tenant_id AND t.id = m.team_id AND t.active
  WHERE m.tenant_id = $1 AND m.staff_id = $2 AND t.lead_id IS NOT NULL AND t.lead_id <> $2 ORDER BY t.id`);
const findManagers = statement<{ id: string }>('flow.department_managers', `
  WITH RECURSIVE up AS (
    SELECT d.id, d.parent_id, 0 AS height FROM department d WHERE d.tenant_id = $1 AND d.id = $2
    UNION ALL SELECT d.id, d.parent_id, up.height + 1 FROM up JOIN department d ON d.tenant_id = $1 AND d.id = up.parent_id WHERE up.height < 20)
  SELECT s.id FROM up JOIN staff s ON s.tenant_id = $1 AND s.department_id = up.id AND s.active AND s.job = 'manager' AND s.id <> coalesce($3, '00000000-0000-0000-0000-000000000000'::uuid)
  ORDER BY up.height, s.id`);

/** Those who may act at a step (确定处理人), each once; people who left and teams no longer in use are none. */
export async function findPerformers(context: Context, ticket: TicketRow, state: FlowState, effect: Pick<Extract<Effect, { do: 'find_performers' }>, 'performers' | 'item' | 'again' | 'scope'>, data: Record<string, unknown>): Promise<Who[]> {
  if (effect.again) {
    const again = await usable(context, [effect.again]);
    if (again.length > 0) return again;
  }
  const found: Who[] = [];
  for (const performer of effect.performers) found.push(...await ofOne(context, ticket, state, performer, effect, data));
  return usable(context, found);
}

/** The people among performers, teams by their members: for notices. */
export async function peopleAmong(context: Context, who: readonly Who[]): Promise<string[]> {
  const teams = who.filter((one) => one.kind === 'team').map((one) => one.id);
  const members = teams.length === 0 ? [] : await context.transaction.run(build.selectFrom('team_member').select('staff_id').where('tenant_id', '=', context.tenantId).where('team_id', 'in', teams));
  return [...new Set([...who.filter((one) => one.kind === 'person').map((one) => one.id), ...members.map((row) => row.staff_id)])];
}

async function usable(context: Context, who: readonly Who[]): Promise<Who[]> {
  const people = who.filter((one) => one.kind === 'person' && isId(one.id)).map((one) => one.id);
  const active = new Set(people.length === 0 ? [] : (await context.transaction.queryTogether(findActive, { ids: people })).map((row) => row.id));
  const teams = who.some((one) => one.kind === 'team') ? (await configurationOf(context)).teams : new Map<string, { active: boolean }>();
  const seen = new Set<string>();
  return who.filter((one) => {
    const key = `${one.kind} ${one.id}`;
    if (seen.has(key) || !(one.kind === 'person' ? active.has(one.id) : teams.get(one.id)?.active)) return false;
    seen.add(key);
    return true;
  });
}

const person = (id: unknown): Who[] => (typeof id === 'string' && isId(id) ? [{ kind: 'person', id }] : []);
const team = (id: string | null | undefined): Who[] => (id ? [{ kind: 'team', id }] : []);
const requesterOf = (ticket: TicketRow) => (ticket.created_by_kind === 'staff' || ticket.created_by_kind === 'api_key' ? ticket.created_by_id : null);

async function ofOne(context: Context, ticket: TicketRow, state: FlowState, performer: Performer, effect: { item?: unknown; scope: string }, data: Record<string, unknown>): Promise<Who[]> {
  switch (performer.kind) {
    case 'person':
      return person(performer.id);
    case 'team':
      return performer.each ? (await peopleAmong(context, team(performer.id))).flatMap(person) : team(performer.id);
    case 'rule': {
      try {
        const value = evaluate(performer.rule, data, { steps: 20_000 });
        return await named(context, Array.isArray(value) ? value : [value]);
      } catch (error) {
        if (error instanceof LogicError) return [];
        throw error;
      }
    }
    case 'expression':
      return ofExpression(context, ticket, state, performer, effect, data);
  }
}

async function ofExpression(context: Context, ticket: TicketRow, state: FlowState, performer: Extract<Performer, { kind: 'expression' }>, effect: { item?: unknown; scope: string }, data: Record<string, unknown>): Promise<Who[]> {
  const didStep = () => state.steps[effect.scope === '' ? (performer.node ?? '') : `${effect.scope}/${performer.node ?? ''}`]?.by ?? null;
  switch (performer.expression) {
    case 'ticket_assignee': return person(ticket.assignee_id);
    case 'ticket_team': return team(ticket.team_id);
    case 'ticket_team_lead': return ticket.team_id === null ? [] : person((await context.transaction.first(build.selectFrom('team').select('lead_id').where('tenant_id', '=', context.tenantId).where('id', '=', ticket.team_id)))?.lead_id);
    case 'category_team': return ticket.category_id === null ? [] : team((await configurationOf(context)).categories.get(ticket.category_id)?.teamId);
    case 'requester': return person(requesterOf(ticket));
    case 'requester_manager': return managerOf(context, requesterOf(ticket));
    case 'assignee_manager': return managerOf(context, ticket.assignee_id);
    case 'department_managers': return ticket.department_id === null ? [] : (await context.transaction.query(findManagers, [context.tenantId, ticket.department_id, null])).slice(0, 20).flatMap((row) => person(row.id));
    case 'performer_of': return person(didStep());
    case 'manager_of_performer': return managerOf(context, didStep());
    case 'field': return named(context, [(data['fields'] as Record<string, unknown>)[performer.field ?? '']]);
    case 'item': return named(context, [effect.item]);
  }
}

/** The lead of a person's team; where they lead it themselves, who manages their department or the one above. */
async function managerOf(context: Context, staffId: string | null): Promise<Who[]> {
  if (staffId === null) return [];
  const [lead] = await context.transaction.query(findLeads, [context.tenantId, staffId]);
  if (lead) return person(lead.lead_id);
  const row = await context.transaction.first(build.selectFrom('staff').select('department_id').where('tenant_id', '=', context.tenantId).where('id', '=', staffId));
  if (!row?.department_id) return [];
  return (await context.transaction.query(findManagers, [context.tenantId, row.department_id, staffId])).slice(0, 1).flatMap((manager) => person(manager.id));
}

/** Ids of people or teams. */
async function named(context: Context, ids: readonly unknown[]): Promise<Who[]> {
  const { teams } = await configurationOf(context);
  return ids.flatMap((id) => (typeof id === 'string' && teams.has(id) ? team(id) : person(id)));
}
