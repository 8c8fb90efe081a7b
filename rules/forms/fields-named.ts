import { isObject } from '../conditions/json.ts';

const named = /(?:^|[^\w.])fields\.([a-z][a-zA-Z0-9_]{0,62})/g;

/**
 * The fields of a form that a document names (引用的字段), whatever it is a definition of: in properties and variables
 * (`fields.key`), in texts (`{{fields.key}}`), as what is to be set (`fields: {key: …}`) or asked for (`fields: [{key}]`).
 */
export function fieldsNamed(document: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof document === 'string') {
    for (const match of document.matchAll(named)) found.add(match[1]!);
  } else if (Array.isArray(document)) {
    for (const item of document) fieldsNamed(item, found);
  } else if (isObject(document)) {
    for (const [name, value] of Object.entries(document)) {
      fieldsNamed(name, found);
      fieldsNamed(value, found);
      if (name !== 'fields') continue;
      if (Array.isArray(value)) {
        for (const item of value) {
          const key: unknown = isObject(item) ? item['key'] : item;
          if (typeof key === 'string') found.add(key);
        }
      } else if (isObject(value)) for (const key of Object.keys(value)) found.add(key);
    }
  }
  return found;
}
