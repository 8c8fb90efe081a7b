import { isObject } from '../conditions/json.ts';

/**
 * What the history says of a rule (规则历史): of its calls to other systems which one each goes to. Paths, queries, headers and
 * bodies may hold keys, and are left out. Takes the data of a fact, old or new.
 */
export function withoutCallDetails<Data extends object>(data: Data): Data {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [
    name, name === 'before' || name === 'after' ? isObject(value) ? withoutCallDetails(value) : value as unknown : name === 'draft' || name === 'definition' ? strip(value) : value as unknown,
  ])) as Data;
}

function strip(definition: unknown): unknown {
  if (!isObject(definition) || !Array.isArray(definition['actions'])) return definition;
  return { ...definition, actions: (definition['actions'] as unknown[]).map((action) => {
    if (!isObject(action) || action['kind'] !== 'call') return action;
    const { headers: _headers, body: _body, url, ...rest } = action;
    return { ...rest, url: /^https?:\/\/[^/?#\s@]+/i.exec(String(url))?.[0] ?? '' };
  }) };
}
