import type { ErrorObject } from 'ajv/dist/2020.js';

interface Schema { type?: unknown; const?: unknown; enum?: readonly unknown[]; properties?: Readonly<Record<string, Schema>>; anyOf?: readonly Schema[] }
/** The property by which the objects of a union are told apart (辨别字段), with what each may say. */
interface Discriminator { name: string; valuesOf: (branch: Schema) => readonly unknown[] }

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The constants a value may be; none where it may be anything else. */
function constantsOf(schema: Schema | undefined): readonly unknown[] {
  if (schema === undefined) return [];
  if ('const' in schema) return [schema.const];
  if (schema.enum) return schema.enum;
  const inner = (schema.anyOf ?? []).map(constantsOf);
  return inner.every((values) => values.length > 0) ? inner.flat() : [];
}

/** The first property that says something else in each of the objects; null where there is none. */
function discriminatorOf(branches: readonly Schema[]): Discriminator | null {
  const objects = branches.filter((branch) => branch.type === 'object');
  if (objects.length < 2) return null;
  for (const name of Object.keys(objects[0]?.properties ?? {})) {
    const values = objects.map((branch) => constantsOf(branch.properties?.[name]));
    if (values.every((some) => some.length > 0) && new Set(values.flat()).size === values.flat().length) return { name, valuesOf: (branch) => constantsOf(branch.properties?.[name]) };
  }
  return null;
}

/** Whether a branch of a union is the one that was meant: its kind of value, and what tells it from the others. */
function fits(branch: Schema, data: unknown, discriminator: Discriminator | null): boolean {
  if ('const' in branch) return branch.const === data;
  switch (branch.type) {
    case 'null': return data === null;
    case 'object': return isRecord(data) && (discriminator === null || discriminator.valuesOf(branch).includes(data[discriminator.name]));
    case 'array': return Array.isArray(data);
    case 'string': case 'boolean': return typeof data === branch.type;
    case 'number': case 'integer': return typeof data === 'number';
    default: return true;
  }
}

/**
 * The errors somebody can do something about (校验错误): of a union, those of the branch that was meant, instead of those of every
 * branch there is; where none was, what the property that tells them apart may say.
 *
 * @param errors of Ajv with `allErrors` and `verbose`
 */
export function fittingErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  let left = [...errors];
  const unions = errors.filter((error) => error.keyword === 'anyOf').sort((a, b) => a.schemaPath.length - b.schemaPath.length);
  for (const union of unions) {
    // What an outer union has left out has nothing more to say.
    if (!left.includes(union)) continue;
    const branches = (union.parentSchema as Schema | undefined)?.anyOf ?? [];
    const discriminator = discriminatorOf(branches);
    const meant = branches.map((branch) => fits(branch, union.data, discriminator));
    const isWithin = (error: ErrorObject): boolean => error.instancePath === union.instancePath || error.instancePath.startsWith(`${union.instancePath}/`);
    const branchOf = (error: ErrorObject): number => (error !== union && isWithin(error) && error.schemaPath.startsWith(`${union.schemaPath}/`) ? Number.parseInt(error.schemaPath.slice(union.schemaPath.length + 1), 10) : -1);
    if (meant.includes(true)) {
      left = left.filter((error) => error !== union && (branchOf(error) < 0 || meant[branchOf(error)]));
      continue;
    }
    if (!discriminator || !isRecord(union.data)) continue;
    const { name, valuesOf } = discriminator;
    const told = union.data[name] === undefined
      ? { ...union, keyword: 'required', params: { missingProperty: name } }
      : { ...union, keyword: 'enum', instancePath: `${union.instancePath}/${name}`, params: { allowedValues: branches.flatMap((branch) => (branch.type === 'object' ? valuesOf(branch) : [])) } };
    left = left.flatMap((error) => (error === union ? [told] : branchOf(error) < 0 ? [error] : []));
  }
  return left;
}
