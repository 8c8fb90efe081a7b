import { sql } from 'kysely';
import { PreviewAutomationRule, RulePreview } from '../../../contract/automation.ts';
import { viewLimits } from '../../../contract/view.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import type { Definition } from '../../../rules/automation/definition.ts';
import { withoutEvent } from '../../../rules/automation/properties.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { staffOf } from '../../platform/context.ts';
import { isDatabaseError } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureStorable } from '../../platform/http/validation.ts';
import { plainFilter } from '../ticket/filter-setting.ts';
import { listTickets } from '../ticket/list.ts';
import { selectCount, ticketSet } from '../ticket/ticket-set.ts';
import { viewSummaries } from '../ticket/view.ts';
import { problemsOf } from './check-references.ts';
import { ruleSetting } from './rule-setting.ts';
import { viewProblems } from './view-rules.ts';

// A look at what there is; nobody waits longer for it.
const milliseconds = 5_000;

/** The tickets a rule would act on now (试算命中工单), of those the caller may see; it changes nothing. */
export const previewAutomationRule = useCase({
  summary: 'List the tickets an automation rule would act on now',
  body: PreviewAutomationRule,
  answer: RulePreview,
  async run(context, { body }) {
    ensureStorable(body.definition, context.language, '/definition');
    const problems = await problemsOf(context, body.definition);
    // What is wrong with the actions does not keep anybody from looking at the conditions.
    const unreadable = problems.some((problem) => /^\/(conditions|counts|trigger)/.test(problem.path));
    const { filter, left } = whoseTurn(body.definition);
    if (unreadable) return { items: [], count: 0, capped: false, leftOut: left, problems: viewProblems(problems, context.language), nextCursor: null };
    const setting = await ruleSetting(context, body.definition);
    const predicate = plainFilter(filter, setting);
    await context.transaction.run(sql`SET LOCAL statement_timeout = ${sql.lit(milliseconds)}`);
    try {
      const { rows, nextCursor } = await listTickets(context, { predicate, target: setting.target, query: null, sort: '-createdAt', grouping: null, limit: body.limit ?? 10, cursor: body.cursor });
      const counted = await context.transaction.first(selectCount(ticketSet(context, reachOf(staffOf(context), 'ticket.read'), predicate, setting.target), viewLimits.count));
      const count = counted?.count ?? 0;
      return { items: await viewSummaries(context, rows), count, capped: count >= viewLimits.count, leftOut: left, problems: viewProblems(problems, context.language), nextCursor };
    } catch (error) {
      if (isDatabaseError(error, '57014')) throw new Refusal('preview_too_slow');
      throw error;
    }
  },
});

/** The tickets whose turn it would be: those the conditions mean, and for a rule that waits for silence those that are silent. */
export function whoseTurn({ trigger, conditions }: Definition): { filter: Filter; left: string[] } {
  const { filter, left } = withoutEvent(conditions);
  if (trigger.kind !== 'untouched') return { filter, left };
  return { filter: { all: [{ property: 'status', operator: 'in', value: ['new', 'open', 'waiting'] }, { property: 'updatedAt', operator: 'older_than', value: trigger.for }, filter] }, left };
}
