import type { Effect } from '../../../contract/automation.ts';
import type { CreateTicket } from '../../../contract/ticket.ts';
import type { Action } from '../../../rules/automation/definition.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { UseCase } from '../../platform/http/use-case.ts';
import { ensureValid, validator } from '../../platform/http/validation.ts';
import type { Context } from '../../platform/context.ts';
import { createTicket } from '../../journey/intake/create-ticket.ts';
import { addComment } from '../../journey/process/add-comment.ts';
import { applyMacro } from '../../journey/process/apply-macro.ts';
import { addChecklistItems } from '../../journey/process/checklist.ts';
import { startTicketFlow } from '../../journey/process/flow/instances.ts';
import { addLink } from '../../journey/process/links.ts';
import { takeAction } from '../../journey/process/take-action.ts';
import { updateTicket } from '../../journey/process/update-ticket.ts';
import { textForTicket } from '../../records/desk/text-for-ticket.ts';
import { addWatcher } from '../../records/desk/watcher/watchers.ts';
import { namesOfStaff } from '../../records/staff/names.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { findTicket, lockTicketFor } from '../../records/ticket/find.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { requestCall } from './call.ts';
import { resolvePeople, resolveWhom } from './whom.ts';

type Detail = Record<string, unknown>;
type Outcome = { done: boolean; detail: Detail };
const done = (detail: Detail = {}): Outcome => ({ done: true, detail });
const nothing = (why: string, detail: Detail = {}): Outcome => ({ done: false, detail: { why, ...detail } });

/** An action that could not be taken: which, and what it was refused with. */
export class ActionFailed extends Error {
  readonly index: number;
  readonly reason: unknown;
  constructor(index: number, reason: unknown) {
    super(`action ${index} failed`, { cause: reason });
    this.name = 'ActionFailed';
    this.index = index;
    this.reason = reason;
  }
}

/**
 * Takes the actions of a rule on a ticket in their order (执行动作), in the transaction of `context`: each is the use-case of the
 * same thing done by hand, so with its rules, permissions and facts. What is so already is left as it is.
 *
 * @throws ActionFailed; whoever catches it has to roll back to a savepoint
 */
export async function takeActions(context: Context, ticketId: string, actions: readonly Action[]): Promise<Effect[]> {
  const effects: Effect[] = [];
  for (const [index, action] of actions.entries()) {
    try {
      effects.push({ kind: action.kind, ...await take(context, await current(context, ticketId), action) });
    } catch (error) {
      throw new ActionFailed(index, error);
    }
  }
  return effects;
}

async function take(context: Context, ticket: TicketRow, action: Action): Promise<Outcome> {
  const ask = <Answer>(useCase: UseCase, body: object, params: object = {}) => {
    // Filled in, a text may be longer than it may be, or nothing at all.
    if (useCase.body) ensureValid(validator(useCase.body, 'json'), body, context.language);
    return useCase.run(context, { params: { id: ticket.id, ...params }, query: undefined, body, ifMatch: null } as never) as Promise<Answer>;
  };
  const filled = async (text: string) => (await textForTicket(context, ticket, text)).text;
  switch (action.kind) {
    case 'set': {
      const { kind: _kind, ...properties } = action;
      const after = await ask<{ version: number }>(updateTicket, properties);
      return after.version === ticket.version ? nothing('same') : done({ ...properties });
    }
    case 'status': {
      if (ticket.status === action.status && ticket.status_id === null || ticket.status_id === action.status) return nothing('same');
      const texts: Record<string, string> = {};
      for (const property of ['reason', 'resolution'] as const) if (action[property] !== undefined) texts[property] = await filled(action[property]);
      await ask(takeAction, { status: action.status, ...texts, ...(action.for === undefined ? {} : { for: action.for }) }, { action: 'set_status' });
      return done({ status: action.status });
    }
    case 'tag': case 'untag': {
      const next = action.kind === 'tag' ? [...new Set([...ticket.tags, ...action.tags])] : ticket.tags.filter((tag) => !action.tags.includes(tag));
      if (next.length === ticket.tags.length) return nothing('same');
      await ask(updateTicket, { tags: next });
      return done({ tags: action.tags });
    }
    case 'assign': return assign(context, ticket, action, ask);
    case 'comment': {
      const body = await filled(action.body);
      await ask(addComment, { body, visibility: action.visibility });
      return done({ visibility: action.visibility, body: body.slice(0, 200) });
    }
    case 'notify': {
      const staffIds = await resolvePeople(context, ticket, action.whom);
      if (staffIds.length === 0) return nothing('nobody');
      const text = await filled(action.text);
      const locked = await lockTicketFor(context, ticket.id, 'ticket.read');
      await tellOnTicket(context, locked, { kind: 'automation.notified', quiet: true, data: { ruleName: context.actor.name, staffIds, preview: text.slice(0, 500), visibility: 'internal' } });
      return done({ people: await namesOf(context, staffIds) });
    }
    case 'watch': {
      const staffIds = await resolvePeople(context, ticket, action.whom);
      if (staffIds.length === 0) return nothing('nobody');
      for (const staffId of staffIds) await ask(addWatcher, {}, { staffId });
      return done({ people: await namesOf(context, staffIds) });
    }
    case 'checklist':
      await ask(addChecklistItems, action.template === undefined ? { items: (action.items ?? []).map((text) => ({ text })) } : { template: action.template });
      return done();
    case 'macro': {
      const { changes } = await applyMacro(context, ticket, action.macro);
      return done({ changes: changes.length });
    }
    case 'flow': {
      const { id } = await ask<{ id: string }>(startTicketFlow, { flowId: action.flow });
      return done({ instance: id });
    }
    case 'create': return create(ticket, action, filled, ask);
    case 'call': return done({ call: await requestCall(context, ticket, action, action.body === undefined ? null : await filled(action.body)), url: new URL(action.url).host });
  }
}

type Ask = <Answer>(useCase: UseCase, body: object, params?: object) => Promise<Answer>;

async function assign(context: Context, ticket: TicketRow, { to, note }: Extract<Action, { kind: 'assign' }>, ask: Ask): Promise<Outcome> {
  const found = await resolveWhom(context, ticket, to);
  if (!found) return nothing('nobody');
  const words = note === undefined ? {} : { note: (await textForTicket(context, ticket, note)).text };
  if ('teamId' in found) {
    // Whoever of the team has it keeps it.
    if (ticket.team_id === found.teamId) return nothing('same');
    await ask(takeAction, { team: found.teamId, ...('note' in words ? { reason: words.note } : {}) }, { action: 'transfer' });
    return done({ team: found.teamId });
  }
  if (ticket.assignee_id === found.staffId) return nothing('same');
  await ask(takeAction, { assignee: found.staffId, ...words }, { action: 'assign' });
  return done({ people: await namesOf(context, [found.staffId]) });
}

async function create(ticket: TicketRow, action: Extract<Action, { kind: 'create' }>, filled: (text: string) => Promise<string>, ask: Ask): Promise<Outcome> {
  const { type, priority, category, team, relation } = action;
  const body: CreateTicket = {
    subject: [...await filled(action.subject)].slice(0, 200).join(''), channel: ticket.channel as CreateTicket['channel'],
    ...(action.description === undefined ? {} : { description: await filled(action.description) }), ...(type === undefined ? {} : { type }), ...(priority === undefined ? {} : { priority }),
    ...(category === undefined ? {} : { category }), ...(team === undefined ? {} : { team }), ...(action.tags === undefined ? {} : { tags: [...action.tags] }),
    ...(ticket.asset_id === null ? {} : { assetId: ticket.asset_id }), ...(ticket.customer_id === null ? {} : { requester: { customerId: ticket.customer_id } }),
    ...(ticket.address === null ? {} : { location: { address: ticket.address, lat: ticket.lat, lng: ticket.lng } }),
  };
  const made = await ask<{ id: string; number: string }>(createTicket, body);
  if (relation !== 'none') await ask(addLink, { kind: relation, ticket: made.id });
  return done({ ticketId: made.id, number: made.number });
}

async function namesOf(context: Context, staffIds: readonly string[]): Promise<string[]> {
  const names = await namesOfStaff(context, staffIds);
  return staffIds.slice(0, 10).map((id) => names.get(id) ?? id);
}

async function current(context: Context, id: string): Promise<TicketRow> {
  const row = await findTicket(context, id);
  if (!row) throw new Refusal('not_found');
  return row;
}
