import { ticketProperties, type Filter, type FilterContext, type Predicate, type Properties } from '../../../rules/conditions/filter.ts';
import { resolveFilter } from '../../../rules/conditions/resolve-filter.ts';
import { fieldProperties, keysUnder } from '../../../rules/forms/field-properties.ts';
import { maskedFields } from '../../../rules/forms/masked-fields.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { isId } from '../../platform/db/uuid.ts';
import { wholeFamiliesOf } from '../customer/family.ts';
import { categoryTree, departmentTree, type Configuration } from '../organization/configuration.ts';
import { readyFields } from './indexed-fields.ts';
import type { FilterTarget } from './filter-to-sql.ts';
import { closedByType } from './shown-fields.ts';

/** All that reading a filter takes: what there is to filter by, and who asks when (筛选环境). */
export interface FilterSetting {
  properties: Properties;
  context: FilterContext;
  target: FilterTarget;
}

const propertiesOf = new WeakMap<Configuration, Properties>();

/** The properties of an organization's tickets: the standard ones, and the fields of all its types. */
export function filterProperties(configuration: Configuration): Properties {
  let properties = propertiesOf.get(configuration);
  if (!properties) {
    // Of two types that call different things the same, the first one's is meant.
    const ofFields: Record<string, Properties[string]> = {};
    for (const type of configuration.types.values()) {
      const masked = new Set([...maskedFields(type.form).fields].map((key) => `fields.${key}`));
      for (const [name, made] of Object.entries(fieldProperties(type.form))) {
        // What is shown masked could be read out letter by letter: one may ask whether it is there, and no more.
        const definition: Properties[string] = masked.has(name) ? { kind: 'presence' } : made;
        const present = ofFields[name];
        if (!present || definition.kind === 'presence') ofFields[name] = definition;
        else if (present.kind === definition.kind && present.keys && definition.keys) ofFields[name] = { ...present, keys: [...new Set([...present.keys, ...definition.keys])] };
      }
    }
    properties = { ...ticketProperties, ...ofFields };
    propertiesOf.set(configuration, properties);
  }
  return properties;
}

/** The properties somebody may ask for (可用的筛选属性): without the fields that are closed to them on one ticket or another. */
export async function propertiesFor(context: Context, configuration: Configuration): Promise<Properties> {
  const properties = filterProperties(configuration);
  if (context.caller.kind !== 'staff') return properties;
  const closed = [...(await closedByType(context, configuration)).values()].flat();
  return closed.length === 0 ? properties : Object.fromEntries(Object.entries(properties).filter(([name]) => !closed.some((key) => name === `fields.${key}`)));
}

/** The setting of whoever asks; `given`: the properties there are to ask for, when not those that they may ask for. */
export async function filterSetting(context: Context, configuration: Configuration, given?: Properties): Promise<FilterSetting> {
  const subject = context.caller.kind === 'staff' ? staffOf(context) : null;
  const properties = given ?? await propertiesFor(context, configuration);
  return {
    properties,
    context: {
      now: context.now.toISOString(), me: subject?.staffId ?? null, myTeams: subject?.teamIds ?? [], timeZone: configuration.organization.timeZone,
      below: (property, entry) => below(configuration, property, entry),
    },
    target: { properties, indexedFields: await readyFields(context, configuration) },
  };
}

/**
 * The setting with the families of the customers that a filter names (合并客户): what is asked for one of them is asked for
 * all who are that person, as on the customer's page.
 */
export async function withFamilies(context: Context, setting: FilterSetting, filter: Filter): Promise<FilterSetting> {
  const named = [...new Set(customersIn(filter, setting.properties))];
  if (named.length === 0) return setting;
  const families = await wholeFamiliesOf(context, named);
  return { ...setting, context: { ...setting.context, family: (id) => families.get(id) ?? [id] } };
}

function customersIn(filter: Filter, properties: Properties): string[] {
  if ('all' in filter) return filter.all.flatMap((part) => customersIn(part, properties));
  if ('any' in filter) return filter.any.flatMap((part) => customersIn(part, properties));
  if ('not' in filter) return customersIn(filter.not, properties);
  if (!Object.hasOwn(properties, filter.property) || !properties[filter.property]!.family) return [];
  return [filter.value].flat().filter((one): one is string => typeof one === 'string' && isId(one) && one === one.toLowerCase());
}

/** A filter as plain tests, for whoever asks. It must have been checked. */
export function plainFilter(filter: Filter, setting: FilterSetting): Predicate {
  return resolveFilter(filter, setting.properties, setting.context);
}

/** An entry of a tree with everything below it. */
export function below(configuration: Configuration, property: string, entry: string): string[] {
  if (property === 'category') return configuration.categories.has(entry) ? categoryTree(configuration, entry) : [];
  if (property === 'department') return configuration.departments.has(entry) ? departmentTree(configuration, entry) : [];
  const key = property.slice('fields.'.length);
  return [...new Set([...configuration.types.values()].flatMap((type) => {
    const field = type.form.fields.find((one) => one.key === key);
    return field?.kind === 'tree' ? keysUnder(field.options, entry) : [];
  }))];
}
