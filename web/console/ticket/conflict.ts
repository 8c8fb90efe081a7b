import { createContext } from 'react';
import type { VersionChange } from '../../../contract/collaboration.ts';
import type { Ticket, UpdateTicket } from '../../../contract/ticket.ts';

/** What two people changed at the same time (编辑冲突): what one wanted to save, and how the ticket stands now. */
export type Conflict = { mine: UpdateTicket; current: Ticket; changes: VersionChange[] };

/** Where a conflict is shown; null outside a ticket's own view. */
export const ConflictContext = createContext<((conflict: Conflict) => void) | null>(null);

/** The properties of an edit by name, each of the type's own fields for itself as `fields.<key>`. */
export function propertiesOf(edit: UpdateTicket): Record<string, unknown> {
  const { fields, ...others } = edit;
  return { ...others, ...Object.fromEntries(Object.entries(fields ?? {}).map(([key, value]) => [`fields.${key}`, value])) };
}

/** The edit that sets these properties again. */
export function editOf(properties: Record<string, unknown>): UpdateTicket {
  const edit: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('fields.')) fields[name.slice('fields.'.length)] = value;
    else edit[name] = value;
  }
  return { ...edit, ...(Object.keys(fields).length > 0 ? { fields } : {}) };
}

/** What somebody else did to the same properties, folded to one change for each: first before, last after. */
export function contested(mine: UpdateTicket, changes: readonly VersionChange[]): VersionChange[] {
  const wanted = propertiesOf(mine);
  const found = new Map<string, VersionChange>();
  for (const change of changes) {
    if (!Object.hasOwn(wanted, change.property)) continue;
    const first = found.get(change.property);
    found.set(change.property, first === undefined ? change : { ...change, before: first.before });
  }
  return [...found.values()].filter((change) => JSON.stringify(change.after) !== JSON.stringify(wanted[change.property]));
}
