import { sql } from 'kysely';
import { reachOf } from '../../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import type { Configuration } from '../../organization/configuration.ts';

/** Whose day somebody may plan (调度范围): everybody's, or that of the people of some teams. */
export interface DispatchScope {
  everybody: boolean;
  /** Teams in use whose tickets the caller gives out. */
  teamIds: ReadonlySet<string>;
}

/** By the permission to assign: who may assign in a team, or in its department, plans the people of that team. */
export function dispatchScope(context: Context, { teams }: Pick<Configuration, 'teams'>): DispatchScope {
  const reach = reachOf(staffOf(context), 'ticket.assign');
  const everybody = reach.some((path) => path.people === undefined && !path.teamIds && !path.departmentIds);
  const [ofTeams, ofDepartments] = [new Set(reach.flatMap((path) => path.teamIds ?? [])), new Set(reach.flatMap((path) => path.departmentIds ?? []))];
  return { everybody, teamIds: new Set([...teams.values()].filter((team) => team.active && (everybody || ofTeams.has(team.id) || ofDepartments.has(team.departmentId))).map(({ id }) => id)) };
}

export interface ScopedTechnician {
  id: string;
  name: string;
  teamIds: string[];
}

/** The technicians within a scope (可调度人员), by name; of one team, of some people, and no more than so many. */
export async function techniciansIn({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, { everybody, teamIds }: DispatchScope, only: { teamIds?: readonly string[] | undefined; ids?: readonly string[] | undefined; limit?: number | undefined } = {}): Promise<{ technicians: ScopedTechnician[]; count: number }> {
  if (only.ids?.length === 0) return { technicians: [], count: 0 };
  const inTeams = (ids: readonly string[]) => sql<boolean>`EXISTS (SELECT FROM team_member m WHERE m.tenant_id = staff.tenant_id AND m.staff_id = staff.id AND m.team_id = ANY(${ids}::uuid[]))`;
  let wanted = build.selectFrom('staff').select(['id', 'name']).select((select) => [
    sql<string[]>`ARRAY(SELECT m.team_id FROM team_member m WHERE m.tenant_id = staff.tenant_id AND m.staff_id = staff.id ORDER BY m.team_id)`.as('teamIds'),
    select.fn.countAll<number>().over().as('count'),
  ]).where('tenant_id', '=', tenantId).where('active', '=', true).where('job', '=', 'technician');
  if (!everybody) wanted = wanted.where(inTeams([...teamIds]));
  if (only.teamIds) wanted = wanted.where(inTeams(only.teamIds));
  if (only.ids) wanted = wanted.where('id', 'in', [...only.ids]);
  const rows = await transaction.run(wanted.orderBy('name').orderBy('id').limit(only.limit ?? 5_000));
  return { technicians: rows.map(({ id, name, teamIds: own }) => ({ id, name, teamIds: own })), count: Number(rows[0]?.count ?? 0) };
}
