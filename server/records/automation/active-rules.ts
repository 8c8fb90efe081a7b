import type { Definition } from '../../../rules/automation/definition.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';

/** A rule that holds (生效规则): published, switched on, not archived. */
export interface ActiveRule {
  id: string;
  name: string;
  version: number;
  stopAfterMatch: boolean;
  definition: Definition;
  effectiveFrom: Date;
}

const findStates = statement<{ tenant_id: string; version: number }>('automation_state.find', 'SELECT tenant_id, version FROM automation_state WHERE tenant_id = ANY($1::uuid[])');
const raise = statement<never>('automation_state.raise', 'INSERT INTO automation_state (tenant_id, version) VALUES ($1, 1) ON CONFLICT (tenant_id) DO UPDATE SET version = automation_state.version + 1');

const kept = new Map<string, { version: number; rules: readonly ActiveRule[] }>();
const mostKept = 500;

/** Makes every node read the rules anew; in the transaction that changes them. */
export async function raiseRulesVersion(transaction: Transaction): Promise<void> {
  await transaction.query(raise, [transaction.tenantId]);
}

/**
 * The rules that hold, in their order, of those organizations that have any (生效规则缓存): one look-up by key for all of them, and
 * the rules themselves only when they have changed since.
 */
export async function activeRules(transaction: Transaction, tenantIds: readonly string[]): Promise<Map<string, readonly ActiveRule[]>> {
  const found = new Map<string, readonly ActiveRule[]>();
  for (const { tenant_id, version } of await transaction.query(findStates, [[...tenantIds]])) {
    let present = kept.get(tenant_id);
    if (!present || present.version < version) {
      present = { version, rules: await load(transaction, tenant_id) };
      kept.delete(tenant_id);
      kept.set(tenant_id, present);
      if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
    }
    if (present.rules.length > 0) found.set(tenant_id, present.rules);
  }
  return found;
}

async function load(transaction: Transaction, tenantId: string): Promise<ActiveRule[]> {
  const rows = await transaction.run(build.selectFrom('automation_rule').select(['id', 'name', 'published_version', 'stop_after_match', 'definition', 'effective_from'])
    .where('tenant_id', '=', tenantId).where('enabled', '=', true).where('archived', '=', false).where('definition', 'is not', null).orderBy('position').orderBy('id'));
  return rows.map((row) => ({
    id: row.id, name: row.name, version: row.published_version!, stopAfterMatch: row.stop_after_match, definition: row.definition as unknown as Definition, effectiveFrom: row.effective_from!,
  }));
}
