import { sql } from 'kysely';
import { Type } from 'typebox';
import { Closed, Id } from '../../../contract/common.ts';
import { ApplyMacro, MacroApplied, type MacroStep } from '../../../contract/desk.ts';
import { describeRefusal } from '../../../contract/refusals.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase, type UseCase } from '../../platform/http/use-case.ts';
import { ensureValid, validator } from '../../platform/http/validation.ts';
import { conditionsHold } from '../../records/desk/macro/available.ts';
import { findMacro, type MacroRow } from '../../records/desk/macro/view.ts';
import { textForTicket } from '../../records/desk/text-for-ticket.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { ensureVersion, findReadableTicket, findTicket, lockTicketFor } from '../../records/ticket/find.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { viewTicket } from '../../records/ticket/view.ts';
import { addComment } from './add-comment.ts';
import { addChecklistItems } from './checklist.ts';
import { takeAction } from './take-action.ts';
import { updateTicket } from './update-ticket.ts';

const countUse = statement<never>('macro.use', 'UPDATE macro SET use_count = use_count + 1 WHERE tenant_id = $1 AND id = $2');

/** Applies a macro to a ticket (执行宏), or says what it would change. */
export const applyMacroToTicket = useCase({
  summary: 'Apply a macro to a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }), macroId: Id }),
  body: ApplyMacro,
  answer: MacroApplied,
  // It holds the link by which the customer follows the ticket.
  secret: true,
  async run(context, { params, body, ifMatch }) {
    const ticket = await findReadableTicket(context, params.id);
    if (ifMatch !== null) ensureVersion(await lockTicketFor(context, ticket.id, 'ticket.read'), ifMatch);
    return applyMacro(context, ticket, params.macroId, body);
  },
});

/**
 * Takes the steps of a macro on a ticket the caller may read, one after another in the transaction of `context`: each is the
 * use-case of the same thing done by hand, with its rules and permissions. With `dryRun` all is undone again.
 *
 * @throws Refusal not_found for a macro the caller may not see, macro_not_available, and macro_step_refused, which names the
 *   step and holds the refusal of it in `details`; whoever catches it has to roll the transaction back, or to a savepoint
 */
export async function applyMacro(context: Context, ticket: TicketRow, macroId: string, { dryRun = false }: { dryRun?: boolean | undefined } = {}): Promise<MacroApplied> {
  const macro = await findMacro(context, macroId);
  if (!macro.active || !(await conditionsHold(context, ticket.id, [macro.condition]))[0]) throw new Refusal('macro_not_available', { macro: macro.name });
  const before = await viewTicket(context, ticket);
  if (dryRun) await context.transaction.run(sql`SAVEPOINT macro`);
  const applied: Pick<MacroApplied, 'messages' | 'checklistItems'> = { messages: [], checklistItems: 0 };
  await tellOnTicket(context, await lockTicketFor(context, ticket.id, 'ticket.read'), { kind: 'macro.applied', subjectId: macro.id, quiet: true, data: { name: macro.name, version: macro.version, visibility: 'internal' } });
  for (const [index, step] of macro.steps.entries()) {
    try {
      await take(context, ticket.id, step, applied);
    } catch (error) {
      throw error instanceof Refusal ? refusedStep(macro, index, error) : error;
    }
  }
  const after = await viewTicket(context, await current(context, ticket.id));
  if (dryRun) await context.transaction.run(sql`ROLLBACK TO SAVEPOINT macro`);
  else await context.transaction.query(countUse, [context.tenantId, macro.id]);
  return { dryRun, changes: changesBetween(before, after), ...applied, ticket: dryRun ? null : after };
}

async function take(context: Context, id: string, step: MacroStep, applied: Pick<MacroApplied, 'messages' | 'checklistItems'>): Promise<void> {
  const ask = (useCase: UseCase, body: object, params: object = {}) => {
    // Filled in, a text may be longer than it may be, or nothing at all.
    ensureValid(validator(useCase.body!, 'json'), body, context.language);
    return useCase.run(context, { params: { id, ...params }, query: undefined, body, ifMatch: null } as never);
  };
  const filled = async (text: string) => (await textForTicket(context, await current(context, id), text)).text;
  switch (step.kind) {
    case 'reply': case 'note': {
      const message = { body: await filled(step.body ?? ''), visibility: step.kind === 'reply' ? 'public' as const : 'internal' as const };
      await ask(addComment, message);
      applied.messages.push(message);
      return;
    }
    case 'set': {
      const { kind: _kind, subject, ...properties } = step;
      await ask(updateTicket, { ...properties, ...(subject === undefined ? {} : { subject: await filled(subject) }) });
      return;
    }
    case 'tag': case 'untag': {
      const { tags } = await current(context, id);
      const named = step.tags ?? [];
      const next = step.kind === 'tag' ? [...new Set([...tags, ...named])] : tags.filter((tag) => !named.includes(tag));
      if (next.length !== tags.length) await ask(updateTicket, { tags: next });
      return;
    }
    case 'act': {
      const { kind: _kind, action, assignee, ...rest } = step;
      const texts: Record<string, string> = {};
      for (const property of ['reason', 'note', 'resolution'] as const) if (rest[property] !== undefined) texts[property] = await filled(rest[property]);
      await ask(takeAction, { ...rest, ...texts, ...(assignee === undefined ? {} : { assignee: assignee === 'me' ? staffOf(context).staffId : assignee }) }, { action });
      return;
    }
    case 'checklist': {
      const count = async () => (await current(context, id)).checklist_total;
      const present = await count();
      await ask(addChecklistItems, step.items ? { items: step.items.map((text) => ({ text })) } : { template: step.template });
      applied.checklistItems += await count() - present;
    }
  }
}

async function current(context: Context, id: string): Promise<TicketRow> {
  const row = await findTicket(context, id);
  if (!row) throw new Refusal('not_found');
  return row;
}

function refusedStep(macro: MacroRow, index: number, refusal: Refusal): Refusal {
  const reason = (language: 'zh-CN' | 'en') => describeRefusal(refusal.code, refusal.parameters, language);
  return new Refusal('macro_step_refused', { macro: macro.name, step: index + 1, reason: { zh: reason('zh-CN'), en: reason('en') } }, {
    details: { step: index, stepCode: refusal.code },
  });
}

const compared = ['subject', 'status', 'ownStatus', 'waitingFor', 'priority', 'category', 'department', 'team', 'assignee', 'tags', 'resolution', 'rating', 'location', 'asset', 'parent'] as const;

/** What differs between two looks at a ticket. */
function changesBetween(before: Ticket, after: Ticket): MacroApplied['changes'] {
  const differ = (a: unknown, b: unknown) => JSON.stringify(a ?? null) !== JSON.stringify(b ?? null);
  const [was, is] = [before as unknown as Record<string, unknown>, after as unknown as Record<string, unknown>];
  const fields = [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])];
  return [
    ...compared.filter((property) => differ(was[property], is[property])).map((property) => ({ property, before: was[property] ?? null, after: is[property] ?? null })),
    ...fields.filter((key) => differ(before.fields[key], after.fields[key])).map((key) => ({ property: `fields.${key}`, before: before.fields[key] ?? null, after: after.fields[key] ?? null })),
  ];
}
