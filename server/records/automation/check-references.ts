import { checkDefinition } from '../../../rules/automation/check-definition.ts';
import type { Action, Definition, Whom } from '../../../rules/automation/definition.ts';
import type { DefinitionProblem } from '../../../rules/conditions/json.ts';
import { ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { configurationOf, type Configuration } from '../organization/configuration.ts';
import { filterProperties } from '../ticket/filter-setting.ts';
import { staleHeaders } from './sealed-headers.ts';

/** All that is wrong with a rule (规则校验): in itself, and with what it names. */
export async function problemsOf(context: Context, definition: Definition): Promise<DefinitionProblem[]> {
  const configuration = await configurationOf(context);
  const problems = checkDefinition(definition, filterProperties(configuration));
  const named: Named[] = definition.actions.flatMap((action, index) => namesOf(action, `/actions/${index}`));
  const known = await look(context, configuration, named);
  const lost = named.filter(({ kind, id }) => !known(kind, id)).map(({ kind, path, id }): DefinitionProblem => (
    kind === 'flow' ? { path, code: 'flow_unknown', params: { key: id } } : { path, code: 'unknown_reference', params: { property: path.slice(path.lastIndexOf('/') + 1) } }));
  return [...problems, ...lost, ...staleHeaders(context, definition)];
}

type Kind = 'person' | 'team' | 'category' | 'status' | 'type' | 'macro' | 'checklist' | 'flow';
interface Named { kind: Kind; id: string; path: string }

function namesOf(action: Action, path: string): Named[] {
  const one = (kind: Kind, property: string, id: string | null | undefined): Named[] => (id === undefined || id === null || id === '' ? [] : [{ kind, id, path: `${path}/${property}` }]);
  const whom = (who: Whom, property: string): Named[] => ('person' in who ? one('person', property, who.person) : 'team' in who ? one('team', property, who.team) : []);
  switch (action.kind) {
    case 'set': return one('category', 'category', action.category);
    case 'status': return one('status', 'status', action.status);
    case 'assign': return whom(action.to, 'to');
    case 'notify': case 'watch': return action.whom.flatMap((who, index) => whom(who, `whom/${index}`));
    case 'checklist': return one('checklist', 'template', action.template);
    case 'macro': return one('macro', 'macro', action.macro);
    case 'flow': return one('flow', 'flow', action.flow);
    case 'create': return [...one('type', 'type', action.type), ...one('category', 'category', action.category), ...one('team', 'team', action.team)];
    default: return [];
  }
}

async function look({ transaction, tenantId }: Context, configuration: Configuration, named: readonly Named[]): Promise<(kind: Kind, id: string) => boolean> {
  const ids = (kind: Kind) => [...new Set(named.filter((one) => one.kind === kind && isId(one.id)).map((one) => one.id))];
  const [people, macros, checklists] = await Promise.all([
    ids('person').length === 0 ? [] : transaction.run(build.selectFrom('staff').select('id').where('tenant_id', '=', tenantId).where('active', '=', true).where('id', 'in', ids('person'))),
    // What one person keeps for themselves a rule cannot apply.
    ids('macro').length === 0 ? [] : transaction.run(build.selectFrom('macro').select('id').where('tenant_id', '=', tenantId).where('active', '=', true).where('kind', '=', 'shared').where('id', 'in', ids('macro'))),
    ids('checklist').length === 0 ? [] : transaction.run(build.selectFrom('checklist_template').select('id').where('tenant_id', '=', tenantId).where('id', 'in', ids('checklist'))),
  ]);
  const found = new Set([...people, ...macros, ...checklists].map((row) => row.id));
  const flows = await publishedFlows({ transaction, tenantId }, named.filter((one) => one.kind === 'flow').map((one) => one.id));
  return (kind, id) => {
    switch (kind) {
      case 'team': return configuration.teams.get(id)?.active ?? false;
      case 'category': return configuration.categories.get(id)?.active ?? false;
      case 'status': return (ticketStatuses as readonly string[]).includes(id) || (configuration.statuses.get(id)?.active ?? false);
      case 'type': return [...configuration.types.values()].some((type) => type.active && (type.id === id || type.key === id));
      case 'flow': return flows.has(id);
      default: return found.has(id);
    }
  };
}

/** The flows among these that are published and in use. */
async function publishedFlows({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, named: readonly string[]): Promise<ReadonlySet<string>> {
  const ids = named.filter((id) => isId(id));
  if (ids.length === 0) return new Set();
  const rows = await transaction.run(build.selectFrom('flow').select('id').where('tenant_id', '=', tenantId).where('active', '=', true).where('published', 'is not', null).where('id', 'in', ids));
  return new Set(rows.map((row) => row.id));
}
