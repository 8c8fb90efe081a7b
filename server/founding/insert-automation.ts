import { demoRules } from '../../schema/seed/demo/automation.ts';
import { build, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';
import { raiseRulesVersion } from '../records/automation/active-rules.ts';

/** The automation rules of the demonstration company: what happened before they were made is not their business. */
export async function insertAutomation(transaction: Transaction, now: Date): Promise<void> {
  const tenant_id = transaction.tenantId;
  for (const [position, { name, description, enabled, definition }] of demoRules.entries()) {
    const id = newId();
    const said = JSON.stringify(definition);
    await transaction.run(build.insertInto('automation_rule').values({
      tenant_id, id, name, description, position, enabled, draft: enabled ? null : said, definition: enabled ? said : null, published_version: enabled ? 1 : null, effective_from: enabled ? now : null, created_at: now, updated_at: now,
    }));
    if (enabled) await transaction.run(build.insertInto('automation_rule_version').values({ tenant_id, rule_id: id, number: 1, name, definition: said, published_at: now }));
  }
  await raiseRulesVersion(transaction);
}
