import type { Definition } from '../../../rules/automation/definition.ts';
import { ruleProperties } from '../../../rules/automation/properties.ts';
import type { Context } from '../../platform/context.ts';
import { configurationOf } from '../organization/configuration.ts';
import { filterProperties, filterSetting, type FilterSetting } from '../ticket/filter-setting.ts';
import { countColumns } from './counts.ts';

/** What the conditions of all rules have in common; read once for many of them. */
export async function commonSetting(context: Context): Promise<FilterSetting> {
  const configuration = await configurationOf(context);
  // A rule is nobody's: it asks for every field, whoever tries it out.
  return filterSetting(context, configuration, filterProperties(configuration));
}

/** What the conditions of a rule are read with (规则条件环境): nobody asks, so that `me` and `mine` are nobody's. */
export async function ruleSetting(context: Context, definition: Definition, common?: FilterSetting): Promise<FilterSetting> {
  return settingOf(common ?? await commonSetting(context), definition, context.now);
}

/** The same, of what all rules have in common. */
export function settingOf(setting: FilterSetting, definition: Definition, now: Date): FilterSetting {
  const properties = ruleProperties(setting.properties, definition);
  return {
    properties, context: { ...setting.context, me: null, myTeams: [] },
    target: { ...setting.target, properties, ...(definition.counts?.length ? { columns: countColumns(definition.counts, now) } : {}) },
  };
}
