import { at } from '../../../rules/intake/mapping.ts';

/** The things a mapping is applied to, out of what came (样例条目); null when it cannot be read. */
export function itemsOf(kind: string, each: string, body: string): unknown[] | null {
  let came: unknown;
  try {
    came = JSON.parse(body);
  } catch {
    return null;
  }
  const list = kind === 'alertmanager' ? at(came, 'alerts') : each !== '' ? at(came, each) : came;
  if (Array.isArray(list)) return list.slice(0, 20);
  return each !== '' || list === undefined || typeof list !== 'object' || list === null ? null : [list];
}
