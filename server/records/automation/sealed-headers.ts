import type { Action, Definition } from '../../../rules/automation/definition.ts';
import { pointer, type DefinitionProblem } from '../../../rules/conditions/json.ts';
import { isSealedHeader, sealedHeader } from '../../../rules/workflow/definition.ts';
import { build, everyTenant } from '../../platform/db/database.ts';
import { isOpenHeader, originOf, sealerOf } from '../../platform/egress/sealed-header.ts';
import type { Services } from '../../platform/context.ts';
import type { Secrets } from '../../platform/secrets.ts';

/**
 * Headers of a rule's calls are secrets, as those of flows are (请求头密封): sealed before they are kept, for the origin they were
 * written for, and opened only by the job that calls it. Nobody is shown again what one says.
 */

interface Sealing { tenantId: string; services: { secrets: Secrets } }
type Call = Extract<Action, { kind: 'call' }>;

const sealer = (secrets: Secrets, tenantId: string) => sealerOf(secrets, `automation header ${tenantId}`, sealedHeader);

function mapCalls(definition: Definition, map: (call: Call & { headers: Readonly<Record<string, string>> }, index: number) => Action): Definition {
  const { actions } = definition;
  if (!actions.some((action) => action.kind === 'call' && action.headers)) return definition;
  return { ...definition, actions: actions.map((action, index) => (action.kind === 'call' && action.headers ? map({ ...action, headers: action.headers }, index) : action)) };
}

/**
 * A definition with its headers sealed. What was sealed for this origin in one of `before` stays the same text, so that saving
 * it again is no change. Written before there was an address, it is for none, and has to be written anew.
 */
export function sealHeaders({ tenantId, services }: Sealing, definition: Definition, before: readonly (Definition | null)[] = []): Definition {
  const { seal, unseal } = sealer(services.secrets, tenantId);
  const kept = new Map<string, string>();
  for (const one of before) {
    if (one === null) continue;
    mapCalls(one, (call) => {
      for (const [name, value] of Object.entries(call.headers)) {
        const was = isSealedHeader(value) ? unseal(value) : null;
        if (was) kept.set(JSON.stringify([name, was.origin, was.value]), value);
      }
      return call;
    });
  }
  return mapCalls(definition, (call) => {
    const origin = originOf(call.url);
    return { ...call, headers: Object.fromEntries(Object.entries(call.headers).map(([name, value]) => {
      if (value === '' || isSealedHeader(value) || isOpenHeader(name)) return [name, value];
      return [name, kept.get(JSON.stringify([name, origin, value])) ?? seal(origin, value)];
    })) };
  });
}

/** Headers that were written for another address, or sealed under another key: they have to be written anew. */
export function staleHeaders({ tenantId, services }: Sealing, definition: Definition): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const { unseal } = sealer(services.secrets, tenantId);
  mapCalls(definition, (call, index) => {
    for (const [name, value] of Object.entries(call.headers)) {
      if (isSealedHeader(value) && unseal(value)?.origin !== originOf(call.url)) problems.push({ path: pointer(`/actions/${index}/headers`, name), code: 'header_again', params: { name } });
    }
    return call;
  });
  return problems;
}

/** What a header says in a call to this address; null when it was sealed for another one, or cannot be opened. */
export function openHeader(secrets: Secrets, tenantId: string, url: string, value: string): string | null {
  if (!isSealedHeader(value)) return value;
  const was = sealer(secrets, tenantId).unseal(value);
  return was && was.origin === originOf(url) ? was.value : null;
}

/** Seals what rules and their versions kept in the open before headers were sealed (补密封); nothing where that is done. */
export async function sealKeptHeaders({ database, secrets }: Pick<Services, 'database' | 'secrets'>): Promise<void> {
  await database.transact(everyTenant, async (transaction) => {
    const rules = await transaction.run(build.selectFrom('automation_rule').select(['tenant_id', 'id', 'draft', 'definition']).forNoKeyUpdate());
    for (const { tenant_id: tenantId, id, ...texts } of rules) {
      const sealed = Object.entries(texts).flatMap(([column, value]): [string, string][] => {
        const after = value === null ? value : sealHeaders({ tenantId, services: { secrets } }, value as unknown as Definition);
        return after === value || JSON.stringify(after) === JSON.stringify(value) ? [] : [[column, JSON.stringify(after)]];
      });
      if (sealed.length > 0) await transaction.run(build.updateTable('automation_rule').set(Object.fromEntries(sealed)).where('tenant_id', '=', tenantId).where('id', '=', id));
      for (const { number, definition } of await transaction.run(build.selectFrom('automation_rule_version').select(['number', 'definition']).where('tenant_id', '=', tenantId).where('rule_id', '=', id))) {
        const after = JSON.stringify(sealHeaders({ tenantId, services: { secrets } }, definition as unknown as Definition));
        if (after !== JSON.stringify(definition)) await transaction.run(build.updateTable('automation_rule_version').set({ definition: after }).where('tenant_id', '=', tenantId).where('rule_id', '=', id).where('number', '=', number));
      }
    }
  });
}
