import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';

const findNames = statement<{ id: string; name: string }>('staff.names', 'SELECT id, name FROM staff WHERE tenant_id = $1 AND id = ANY($2::uuid[])');

/** The names of some members of staff by id; unknown ids are left out. */
export async function namesOfStaff(context: Pick<Context, 'tenantId' | 'transaction' | 'caller'>, ids: readonly (string | null)[]): Promise<Map<string, string>> {
  const wanted = new Set(ids.filter((id) => id !== null));
  const names = new Map<string, string>();
  // The caller's own name is known.
  if (context.caller.kind === 'staff' && wanted.delete(context.caller.subject.staffId)) names.set(context.caller.subject.staffId, context.caller.name);
  if (wanted.size === 0) return names;
  for (const row of await context.transaction.query(findNames, [context.tenantId, [...wanted]])) names.set(row.id, row.name);
  return names;
}
