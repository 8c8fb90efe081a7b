import { automationLimits } from '../../../rules/automation/definition.ts';
import { withoutEvent } from '../../../rules/automation/properties.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import type { Services } from '../../platform/context.ts';
import { setTimer, type TimerHandler } from '../../platform/timers/timers.ts';
import { activeRules } from '../../records/automation/active-rules.ts';
import { firstSweep } from '../../records/automation/change-rules.ts';
import { unclaimed } from '../../records/automation/claims.ts';
import { whoseTurn } from '../../records/automation/preview-rule.ts';
import { ruleSetting } from '../../records/automation/rule-setting.ts';
import { addWork } from '../../records/automation/work.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { plainFilter } from '../../records/ticket/filter-setting.ts';
import { selectPage, ticketSet } from '../../records/ticket/ticket-set.ts';
import { sql } from 'kysely';
import { configurationVersionOf, ruleContext, ruleSubject } from './rule-context.ts';

/**
 * The time of a rule has come (规则到点): puts down the tickets whose turn it is, oldest first and those it has not acted for; each
 * is looked at by itself then. Sets the clock for the next time.
 */
export const sweepTickets: TimerHandler = async (transaction, timer, now) => {
  const { tenantId } = timer;
  const rule = (await activeRules(transaction, [tenantId])).get(tenantId)?.find((one) => one.id === timer.subjectId);
  // Switched off or archived meanwhile.
  if (!rule) return;
  const context = ruleContext(withoutServices, transaction, rule, { rules: [] }, now, await configurationVersionOf(transaction));
  const due = firstSweep(rule.definition, now, (await configurationOf(context)).organization.timeZone);
  if (due === null) return;
  await setTimer(transaction, { kind: 'automation.sweep', subjectId: rule.id, dueAt: due });
  const setting = await ruleSetting(context, rule.definition);
  const filter = withoutEvent(whoseTurn(rule.definition).filter).filter;
  const further = [...unclaimed(rule.id, rule.definition, now), sql<boolean>`ticket.merged_into IS NULL`];
  const set = ticketSet(context, reachOf(ruleSubject(rule.id), 'ticket.read'), plainFilter(filter, setting), setting.target, further);
  const tickets = await transaction.run(selectPage(set, { column: 'updated_at', direction: 'asc' }, null, automationLimits.sweep, 'places')) as { id: string }[];
  await addWork(transaction, tenantId, tickets.map((ticket) => ({ kind: 'ticket' as const, rule_id: rule.id, ticket_id: ticket.id, due_at: now })), now);
};

const withoutServices = new Proxy({}, {
  get: () => {
    throw new Error('a timer has no services of a request');
  },
}) as Services;
