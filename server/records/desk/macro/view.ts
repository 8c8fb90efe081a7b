import type { Selectable } from 'kysely';
import type { Macro, MacroStep } from '../../../../contract/desk.ts';
import type { Filter } from '../../../../rules/conditions/filter.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import type { MacroTable } from '../../../platform/db/tables.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { configurationOf } from '../../organization/configuration.ts';
import { isEditable, shownOwner, visibleTo } from '../sharing.ts';

export type MacroRow = Omit<Selectable<MacroTable>, 'steps' | 'condition'> & { steps: MacroStep[]; condition: Filter | null };

/** Macros as their users see them (宏视图). */
export async function viewMacros(context: Context, rows: readonly MacroRow[]): Promise<Macro[]> {
  const configuration = await configurationOf(context);
  return rows.map((row) => ({
    id: row.id, kind: row.kind as Macro['kind'], ...shownOwner(context, configuration, row), name: row.name, description: row.description, steps: row.steps, condition: row.condition,
    useCount: row.use_count, active: row.active, editable: isEditable(staffOf(context), configuration, row), updatedAt: row.updated_at.toISOString(), version: row.version,
  }));
}

/** One the caller may see; locked when it is about to be changed, which takes the right to. */
export async function findMacro(context: Context, id: string, { change = false } = {}): Promise<MacroRow> {
  const select = build.selectFrom('macro').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id).where(await visibleTo(context, 'macro'));
  const row = await context.transaction.first(change ? select.forNoKeyUpdate() : select);
  if (!row) throw new Refusal('not_found');
  if (change && !isEditable(staffOf(context), await configurationOf(context), row)) throw new Refusal('forbidden');
  return row;
}
