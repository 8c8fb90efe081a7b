import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import type { FlowBundle } from '../../../../rules/workflow/prepare.ts';
import { statement, type Transaction } from '../../../platform/db/database.ts';

const findVersion = statement<{ definition: FlowDefinition; subflows: Record<string, FlowDefinition>; name: string }>('flow.bundle', `
  SELECT v.definition, v.subflows, f.name FROM flow_version v JOIN flow f ON f.tenant_id = v.tenant_id AND f.id = v.flow_id
  WHERE v.tenant_id = $1 AND v.flow_id = $2 AND v.number = $3`);

export interface LoadedFlow {
  bundle: FlowBundle;
  name: string;
  /** Others never look up a calendar. */
  usesWorkingTime: boolean;
}

const kept = new Map<string, LoadedFlow>();
const mostKept = 500;

/** A published version of a flow, ready to be stepped. It never changes, so it is kept in memory. */
export async function loadFlow(transaction: Transaction, flowId: string, number: number): Promise<LoadedFlow> {
  const key = `${transaction.tenantId} ${flowId} ${number}`;
  const present = kept.get(key);
  if (present) return present;
  const [row] = await transaction.query(findVersion, [transaction.tenantId, flowId, number]);
  if (!row) throw new Error(`no version ${number} of flow ${flowId}`);
  const loaded: LoadedFlow = {
    bundle: { definition: row.definition, subflows: row.subflows }, name: row.name, usesWorkingTime: JSON.stringify([row.definition, row.subflows]).includes('"calendar":"working"'),
  };
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
  kept.set(key, loaded);
  return loaded;
}
