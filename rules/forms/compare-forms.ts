import { isSame } from './apply-form.ts';
import type { Form, Words } from './form.ts';

/** What became of a field or section between two versions of a form. `moved`: only its place among the others changed. */
export interface FormDifference {
  key: string;
  change: 'added' | 'removed' | 'changed' | 'moved';
  /** As it is called in the later version that has it. */
  label: Words;
  /** What was said of it, and is; null where nothing was. */
  properties: { property: string; before: unknown; after: unknown }[];
}

type Entry = { key: string; label: Words } & Record<string, unknown>;

/** What differs between two versions of a form (版本对比): fields and sections, in the order of the later one, what went at the end. */
export function compareForms(before: Form, after: Form): { fields: FormDifference[]; sections: FormDifference[] } {
  return {
    fields: compareEntries(before.fields as unknown as Entry[], after.fields as unknown as Entry[]),
    sections: compareEntries((before.sections ?? []) as unknown as Entry[], (after.sections ?? []) as unknown as Entry[]),
  };
}

function compareEntries(before: readonly Entry[], after: readonly Entry[]): FormDifference[] {
  const old = new Map(before.map((entry) => [entry.key, entry]));
  const kept = new Set(after.map((entry) => entry.key));
  const still = unmoved(before.map((entry) => entry.key).filter((key) => kept.has(key)), after.map((entry) => entry.key).filter((key) => old.has(key)));
  const differences: FormDifference[] = [];
  for (const entry of after) {
    const earlier = old.get(entry.key);
    const properties = changedProperties(earlier ?? null, entry);
    const change = !earlier ? 'added' : properties.length > 0 ? 'changed' : still.has(entry.key) ? null : 'moved';
    if (change) differences.push({ key: entry.key, change, label: entry.label, properties });
  }
  for (const entry of before) if (!kept.has(entry.key)) differences.push({ key: entry.key, change: 'removed', label: entry.label, properties: changedProperties(entry, null) });
  return differences;
}

function changedProperties(before: Entry | null, after: Entry | null): FormDifference['properties'] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((name) => name !== 'key');
  const value = (entry: Entry | null, name: string): unknown => (entry && Object.hasOwn(entry, name) ? entry[name] : null);
  return names.filter((name) => !isSame(value(before, name), value(after, name))).map((name) => ({ property: name, before: value(before, name), after: value(after, name) }));
}

/** The most keys that stand in the same order in both lists: the others were moved (longest increasing subsequence). */
function unmoved(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const place = new Map(before.map((key, index) => [key, index]));
  const places = after.map((key) => place.get(key)!);
  const length = places.map(() => 1);
  const previous = places.map(() => -1);
  let best = -1;
  for (let at = 0; at < places.length; at += 1) {
    for (let earlier = 0; earlier < at; earlier += 1) {
      if (places[earlier]! >= places[at]! || length[earlier]! + 1 <= length[at]!) continue;
      length[at] = length[earlier]! + 1;
      previous[at] = earlier;
    }
    if (best < 0 || length[at]! > length[best]!) best = at;
  }
  const keys = new Set<string>();
  for (let at = best; at >= 0; at = previous[at]!) keys.add(after[at]!);
  return keys;
}
