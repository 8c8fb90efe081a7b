import { sql, type RawBuilder } from 'kysely';
import type { Reach } from '../../../rules/access/policy.ts';

/**
 * The SQL form of the policy (权限条件): the condition on the columns of `ticket` (under the given alias) that holds
 * for exactly the rows the row form `permits`. Goes into the WHERE of every list, search, count and export.
 */
export function reachCondition(reach: Reach, alias = 'ticket'): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  const ways = reach.map((path) => {
    const conditions: RawBuilder<unknown>[] = [];
    if (path.typeIds) conditions.push(sql`${column('type_id')} = ANY(${path.typeIds}::uuid[])`);
    if (path.people !== undefined) {
      conditions.push(sql`(${column('assignee_id')} = ${path.people}
        OR (${column('created_by_kind')} IN ('staff', 'api_key') AND ${column('created_by_id')} = ${path.people})
        OR ${path.people}::uuid = ANY(${column('participant_ids')}))`);
    }
    if (path.teamIds) conditions.push(sql`${column('team_id')} = ANY(${path.teamIds}::uuid[])`);
    if (path.departmentIds) conditions.push(sql`${column('department_id')} = ANY(${path.departmentIds}::uuid[])`);
    return conditions.length === 0 ? sql`TRUE` : sql`(${sql.join(conditions, sql` AND `)})`;
  });
  if (ways.length === 0) return sql<boolean>`FALSE`;
  return sql<boolean>`(${sql.join(ways, sql` OR `)})`;
}
