import { sql } from 'kysely';
import { RuleTrial, TryAutomationRule } from '../../../contract/automation.ts';
import { Closed, Id } from '../../../contract/common.ts';
import { describeRuleProblem } from '../../../contract/automation-problems.ts';
import { explainConditions } from '../../../rules/automation/explain.ts';
import { nextCause } from '../../../rules/automation/guard.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureStorable } from '../../platform/http/validation.ts';
import { problemsOf } from '../../records/automation/check-references.ts';
import { whoseTurn } from '../../records/automation/preview-rule.ts';
import { ruleSetting } from '../../records/automation/rule-setting.ts';
import { describeFailure } from '../../records/automation/runs.ts';
import { countsOf, ticketRecord } from '../../records/automation/ticket-record.ts';
import { findRule } from '../../records/automation/view-rules.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';
import { ActionFailed, takeActions } from './act.ts';
import { failureOf } from './consider.ts';
import { ruleContext } from './rule-context.ts';

/** Tries a rule on one ticket (试运行): whether its conditions hold and what its actions would do. All of it is undone again. */
export const tryAutomationRule = useCase({
  summary: 'Try an automation rule on a ticket, without keeping anything',
  params: Closed({ id: Id }),
  body: TryAutomationRule,
  answer: RuleTrial,
  async run(context, { params: { id }, body }) {
    const row = await findRule(context, id);
    const definition = body.definition ?? row.draft ?? row.definition!;
    ensureStorable(definition, context.language, '/definition');
    const ticket = await findReadableTicket(context, body.ticket);
    const problems = await problemsOf(context, definition);
    if (problems.length > 0) throw new Refusal('rule_has_problems', {}, { errors: problems.slice(0, 20).map((problem) => ({ path: `/definition${problem.path}`, code: problem.code, message: describeRuleProblem(problem) })) });
    const acting = { ...ruleContext(context.services, context.transaction, { id: row.id, name: row.name }, nextCause(row.id, []), context.now, context.configurationVersion), language: context.language };
    const { filter, left } = whoseTurn(definition);
    const setting = await ruleSetting(acting, definition);
    const record = { ...await ticketRecord(acting, ticket), count: await countsOf(acting, ticket.id, definition.counts ?? [], context.now) };
    const conditions = explainConditions(filter, record, setting.properties, setting.context);
    // What it would do is shown also where its conditions do not hold: that is what one wants to see while building it.
    await context.transaction.run(sql`SAVEPOINT trial`);
    try {
      const effects = await takeActions(acting, ticket.id, definition.actions);
      return { holds: conditions.holds, conditions, effects, failure: null, leftOut: left };
    } catch (error) {
      if (!(error instanceof ActionFailed) || !(error.reason instanceof Refusal)) throw error;
      const failure = failureOf(error.reason, error.index);
      return { holds: conditions.holds, conditions, effects: [], failure: { code: failure.code, message: describeFailure(failure, context.language), action: error.index }, leftOut: left };
    } finally {
      await context.transaction.run(sql`ROLLBACK TO SAVEPOINT trial`);
    }
  },
});
