import type { AddComment, TakeAction } from '../../../contract/ticket.ts';
import { limits } from '../../../contract/common.ts';
import type { BulkAction } from '../../../contract/view.ts';
import type { ticketActions } from '../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { invalidInput, missingInput } from '../../platform/errors/refusal.ts';
import type { UseCase } from '../../platform/http/use-case.ts';
import { findReadableTicket, lockTicketFor } from '../../records/ticket/find.ts';
import { addComment } from './add-comment.ts';
import { applyMacro } from './apply-macro.ts';
import { takeAction } from './take-action.ts';
import { updateTicket } from './update-ticket.ts';

/** Refuses a bulk action that lacks what it takes, before any ticket is touched. */
export function ensureComplete(action: BulkAction): void {
  const needed = { reply: 'body', note: 'body', tag: 'tags', untag: 'tags', set: 'set', macro: 'macroId', set_status: 'status' } as const;
  const property = Object.hasOwn(needed, action.kind) ? needed[action.kind as keyof typeof needed] : undefined;
  if (property !== undefined && action[property] === undefined) throw missingInput(`/action/${property}`);
}

/**
 * Does to one ticket what a bulk run does to each (逐张执行): by the use-case of the same thing done by hand, so with its
 * rules and permissions.
 *
 * @returns whether anything changed
 * @throws Refusal whatever the use-case refuses
 */
export async function actOn(context: Context, ticketId: string, action: BulkAction): Promise<'done' | 'unchanged'> {
  const ask = (useCase: UseCase, body: object, params: object = {}) => useCase.run(context, { params: { id: ticketId, ...params }, query: undefined, body, ifMatch: null } as never);
  const { kind } = action;
  if (kind === 'reply' || kind === 'note') {
    const { body = '', mentions, mentionTeams, toChildren } = action;
    const comment: AddComment = { body, visibility: kind === 'reply' ? 'public' : 'internal', ...(mentions ? { mentions } : {}), ...(mentionTeams ? { mentionTeams } : {}), ...(toChildren === undefined ? {} : { toChildren }) };
    await ask(addComment, comment);
    return 'done';
  }
  if (kind === 'macro') {
    await applyMacro(context, await findReadableTicket(context, ticketId), action.macroId!);
    return 'done';
  }
  if (kind === 'tag' || kind === 'untag') return setTags(context, ticketId, action, ask);
  if (kind === 'set') {
    const before = await lockTicketFor(context, ticketId, 'ticket.update');
    const after = await ask(updateTicket, action.set!) as { version: number };
    return after.version === before.version ? 'unchanged' : 'done';
  }
  const { assignee, team, visit, reason, note, for: waitingFor, resolution, status, children, fields } = action;
  const given = { assignee, team, visit, reason, note, for: waitingFor, resolution, status, children, fields };
  const body = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as TakeAction;
  await ask(takeAction, body, { action: kind satisfies (typeof ticketActions)[number] | 'set_status' });
  return 'done';
}

async function setTags(context: Context, ticketId: string, { kind, tags = [] }: BulkAction, ask: (useCase: UseCase, body: object) => Promise<unknown>): Promise<'done' | 'unchanged'> {
  const before = await lockTicketFor(context, ticketId, 'ticket.update');
  const wanted = kind === 'tag' ? [...new Set([...before.tags, ...tags])] : before.tags.filter((tag) => !tags.includes(tag));
  if (wanted.length === before.tags.length) return 'unchanged';
  if (wanted.length > limits.tags) throw invalidInput('/tags', 'maxItems', { zh: `最多 ${limits.tags} 个标签`, en: `takes at most ${limits.tags} tags` });
  await ask(updateTicket, { tags: wanted });
  return 'done';
}
