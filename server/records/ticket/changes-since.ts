import type { VersionChange } from '../../../contract/collaboration.ts';
import { masked } from '../../../rules/privacy/masks.ts';
import { statement } from '../../platform/db/database.ts';
import type { Context } from '../../platform/context.ts';
import { camelCase } from './change.ts';
import { priorityName, type TicketRow } from './row.ts';
import { answersOf, type ShowAnswers } from './shown-fields.ts';

interface ChangingFact {
  actor_kind: string;
  actor_id: string | null;
  actor_name: string | null;
  occurred_at: Date;
  data: { before: Record<string, unknown>; after: Record<string, unknown> };
}

// Each of them raised the version by one.
const findChanging = statement<ChangingFact>('fact.changing', `
  SELECT actor_kind, actor_id, actor_name, occurred_at, data FROM fact
  WHERE tenant_id = $1 AND ticket_id = $2 AND data ? 'before' ORDER BY ticket_position DESC LIMIT $3`);

const mostChanges = 200;
/** What PATCH calls what is stored under another name. */
const names: Record<string, string> = { categoryId: 'category', assigneeId: 'assignee', teamId: 'team', departmentId: 'department', parentId: 'parent', typeId: 'type' };
const places = ['lat', 'lng', 'address'];
/** Follows from other properties; nobody edits it. */
const derived = new Set(['priorityExplanation', 'participantIds', 'formVersion']);
/** Who asked, as PATCH takes it in one. */
const requesters = ['customerId', 'contactName', 'contactPhone', 'contactEmail'];

/**
 * What changed on a ticket since one of its versions (版本差异), oldest first, each with who did it and when; empty for a
 * version that it never had. Of very many changes the newest.
 */
export async function changesSince(context: Context, ticket: TicketRow, version: number): Promise<VersionChange[]> {
  if (version < 1 || version >= ticket.version) return [];
  const facts = await context.transaction.query(findChanging, [context.tenantId, ticket.id, Math.min(ticket.version - version, mostChanges)]);
  const show = await answersOf(context, ticket);
  // Backwards from what is there now, so that of a value stored in parts (a place) all parts are known.
  let state: Record<string, unknown> = Object.fromEntries(Object.entries(ticket).map(([column, value]) => [camelCase(column), value instanceof Date ? value.toISOString() : value]));
  const found: VersionChange[] = [];
  for (const fact of facts) {
    const earlier = { ...state, ...fact.data.before };
    const shared = { actor: { kind: fact.actor_kind, id: fact.actor_id, name: fact.actor_name }, at: fact.occurred_at.toISOString() };
    // Of fields a fact tells only those that changed, and masked ones as they are shown.
    const later = 'fields' in fact.data.before ? { ...state, fields: fact.data.after['fields'] } : state;
    found.push(...differences(earlier, later, Object.keys(fact.data.before)).map((difference) => ({ ...difference, ...shared })));
    state = earlier;
  }
  return found.reverse().flatMap((change) => shownTo(show, change));
}

/** A change as the caller may see it; none of a field that is closed to them. */
function shownTo(show: ShowAnswers, change: VersionChange): VersionChange[] {
  const key = /^fields\.(.+)$/s.exec(change.property)?.[1];
  if (key === undefined) return [change];
  const [before, after] = [show({ [key]: change.before }), show({ [key]: change.after })];
  return Object.hasOwn(before, key) ? [{ ...change, before: before[key], after: after[key] }] : [];
}

function differences(before: Record<string, unknown>, after: Record<string, unknown>, changed: readonly string[]): Pick<VersionChange, 'property' | 'before' | 'after'>[] {
  const found: Pick<VersionChange, 'property' | 'before' | 'after'>[] = [];
  for (const property of changed) {
    if (derived.has(property) || places.includes(property) || requesters.includes(property)) continue;
    // An own status and its class are one to PATCH: the finer of the two is meant.
    if (property === 'status' && changed.includes('statusId')) continue;
    if (property === 'statusId') found.push({ property: 'status', before: before['statusId'] ?? before['status'] ?? null, after: after['statusId'] ?? after['status'] ?? null });
    else if (property === 'fields') found.push(...fieldDifferences(before['fields'] as Fields, after['fields'] as Fields));
    else if (property === 'priority') found.push({ property, before: priorityName(before[property] as number), after: priorityName(after[property] as number) });
    else found.push({ property: names[property] ?? property, before: before[property] ?? null, after: after[property] ?? null });
  }
  if (changed.some((property) => places.includes(property))) found.push({ property: 'location', before: placeIn(before), after: placeIn(after) });
  if (changed.some((property) => requesters.includes(property))) found.push({ property: 'requester', before: requesterIn(before), after: requesterIn(after) });
  return found;
}

/** Masked whether it comes from a fact, where it is, or from the ticket. */
function requesterIn(state: Record<string, unknown>): Record<string, unknown> {
  const shown = (name: string, datum: 'phone' | 'email'): string | null => (typeof state[name] !== 'string' ? null : state[name].includes('***') ? state[name] : masked(datum, state[name]));
  return { customerId: state['customerId'] ?? null, name: state['contactName'] ?? null, phone: shown('contactPhone', 'phone'), email: shown('contactEmail', 'email') };
}

type Fields = Record<string, unknown> | null | undefined;

function fieldDifferences(before: Fields, after: Fields): Pick<VersionChange, 'property' | 'before' | 'after'>[] {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return keys.filter((key) => JSON.stringify(before?.[key] ?? null) !== JSON.stringify(after?.[key] ?? null))
    .map((key) => ({ property: `fields.${key}`, before: before?.[key] ?? null, after: after?.[key] ?? null }));
}

function placeIn(state: Record<string, unknown>): { lat: unknown; lng: unknown; address: unknown } | null {
  const [lat, lng, address] = [state['lat'] ?? null, state['lng'] ?? null, state['address'] ?? null];
  return lat === null && address === null ? null : { lat, lng, address };
}
