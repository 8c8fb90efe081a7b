import { sql } from 'kysely';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { canonicalJson } from '../../platform/facts/fact.ts';

/** The properties that differ between two states of a record, as facts tell them (变更前后); null when none does. */
export function differencesOf<Record extends object>(before: Record, after: Record): { before: Partial<Record>; after: Partial<Record> } | null {
  const changed = (Object.keys(after) as (keyof Record)[]).filter((property) => canonicalJson(before[property]) !== canonicalJson(after[property]));
  if (changed.length === 0) return null;
  const pick = (record: Record) => Object.fromEntries(changed.map((property) => [property, record[property]])) as Partial<Record>;
  return { before: pick(before), after: pick(after) };
}

/** Whether a change archives the record: such a fact is told as `….archived`. */
export function archives(difference: { before: { active?: boolean }; after: { active?: boolean } }): boolean {
  return difference.after.active === false;
}

/** Some ids with one of them moved to a place (排序): from 0; beyond the end means last. */
export function movedTo(ids: readonly string[], id: string, place: number): string[] {
  const others = ids.filter((other) => other !== id);
  others.splice(place, 0, id);
  return others;
}

type Ordered = 'department' | 'category' | 'ticket_type' | 'ticket_status' | 'ticket_template';

/** Numbers siblings by their order in the list. */
export async function writeOrder({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, table: Ordered, ids: readonly string[]): Promise<void> {
  await transaction.run(sql`
    UPDATE ${sql.table(table)} AS t SET position = o.place - 1 FROM unnest(${[...ids]}::uuid[]) WITH ORDINALITY AS o (id, place)
    WHERE t.tenant_id = ${tenantId} AND t.id = o.id AND t.position <> o.place - 1`);
}

/** What still hangs on a record, in words; refused with `still_in_use` when anything does. */
export function ensureUnused(name: string, uses: readonly { count: number; zh: string; en: (count: number) => string }[]): void {
  const present = uses.filter((use) => use.count > 0);
  if (present.length === 0) return;
  throw new Refusal('still_in_use', {
    name, uses: { zh: present.map((use) => `${use.count} ${use.zh}`).join('、'), en: present.map((use) => `${use.count} ${use.en(use.count)}`).join(', ') },
  });
}
