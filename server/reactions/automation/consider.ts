import { explainConditions, UnreadableCondition } from '../../../rules/automation/explain.ts';
import { automationLimits } from '../../../rules/automation/definition.ts';
import { guard, nextCause, rulesOfLoop, type SkipReason } from '../../../rules/automation/guard.ts';
import type { FilterRecord } from '../../../rules/conditions/filter-to-logic.ts';
import { sql } from 'kysely';
import type { Services } from '../../platform/context.ts';
import type { Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import type { ActiveRule } from '../../records/automation/active-rules.ts';
import { claimOnce } from '../../records/automation/claims.ts';
import { whoseTurn } from '../../records/automation/preview-rule.ts';
import { ruleSetting } from '../../records/automation/rule-setting.ts';
import { actedWithinHour, type NewRun, type RunExplanation, type RunFailure } from '../../records/automation/runs.ts';
import { countsOf, eventRecord, ticketRecord } from '../../records/automation/ticket-record.ts';
import { findTicket, lockTicket } from '../../records/ticket/find.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { ActionFailed, takeActions } from './act.ts';
import { ruleContext } from './rule-context.ts';

/** What one rule is asked about: a ticket, because of a fact, or because its time has come. */
export interface Question {
  services: Services;
  transaction: Transaction;
  now: Date;
  configurationVersion: number;
  ticketId: string;
  fact: Fact | null;
  /** The rules that led here, oldest first. */
  cause: readonly string[];
}

/** What became of it. `accident`: it failed by something that may not be there the next time. */
export interface Considered {
  run: NewRun;
  accident: unknown;
}

/**
 * Asks one rule about one ticket, and does what it says (规则判定与执行). What it did is in the transaction; of a rule that failed
 * nothing is, as it was undone to where it began.
 *
 * @returns null when there is nothing to look at: the ticket is gone, or goes on as another one
 */
export async function consider(question: Question, rule: ActiveRule): Promise<Considered | null> {
  const { services, transaction, now, ticketId, fact, cause, configurationVersion } = question;
  const { definition } = rule;
  const context = ruleContext(services, transaction, rule, { ...nextCause(rule.id, cause), ...(fact ? { fact: fact.kind } : {}) }, now, configurationVersion);
  const run = (outcome: NewRun['outcome'], explanation: Partial<RunExplanation>, reason?: SkipReason): NewRun => ({
    ruleId: rule.id, ruleVersion: rule.version, ticketId, factPosition: fact?.position ?? null, factKind: fact?.kind ?? null, outcome, ...(reason ? { reason } : {}),
    explanation: { conditions: null, effects: [], failure: null, chain: [...cause], ...explanation },
  });

  const seen = await findTicket(context, ticketId);
  if (!seen || seen.merged_into !== null) return null;
  await transaction.run(sql`SAVEPOINT rule`);
  try {
    // Conditions on what happened hold for a rule by the clock as soon as the ticket's own do; it has none of them.
    const filter = definition.trigger.kind === 'untouched' ? whoseTurn(definition).filter : definition.conditions;
    const setting = await ruleSetting(context, definition);
    const explain = async (ticket: TicketRow) => explainConditions(filter, await recordOf(question, rule, ticket), setting.properties, setting.context);
    let conditions = await explain(seen);
    if (!conditions.holds) return { run: run('missed', { conditions }), accident: null };

    const guarded = guard(rule.id, cause);
    if (guarded) return { run: run('skipped', { conditions, chain: rulesOfLoop(rule.id, cause) }, guarded), accident: null };
    if (await actedWithinHour(transaction, rule.id, ticketId, now) >= automationLimits.perTicketAnHour) return { run: run('skipped', { conditions }, 'rate'), accident: null };
    // From here on nobody else changes it; what was seen may have changed until now.
    const ticket = (await lockTicket(context, ticketId))!;
    if (ticket.version !== seen.version) {
      conditions = await explain(ticket);
      if (!conditions.holds) return { run: run('missed', { conditions }), accident: null };
    }
    if (!await claimOnce(transaction, rule.id, definition, ticket, now)) return { run: run('skipped', { conditions }, 'repeated'), accident: null };
    try {
      const effects = await takeActions(context, ticketId, definition.actions);
      await transaction.run(sql`RELEASE SAVEPOINT rule`);
      return { run: run('matched', { conditions, effects }), accident: null };
    } catch (error) {
      await transaction.run(sql`ROLLBACK TO SAVEPOINT rule`);
      const failed = error instanceof ActionFailed ? error : null;
      return { run: run('parked', { conditions, failure: failureOf(failed ? failed.reason : error, failed?.index ?? null) }), accident: accidentOf(failed ? failed.reason : error) };
    }
  } catch (error) {
    await transaction.run(sql`ROLLBACK TO SAVEPOINT rule`);
    return { run: run('parked', { failure: failureOf(error, null) }), accident: accidentOf(error) };
  }
}

async function recordOf({ transaction, now, fact, ticketId }: Question, { definition }: ActiveRule, ticket: TicketRow): Promise<FilterRecord> {
  const [record, counts, event] = [
    await ticketRecord({ transaction, tenantId: ticket.tenant_id }, ticket),
    await countsOf({ transaction, tenantId: ticket.tenant_id }, ticketId, definition.counts ?? [], now),
    fact && await eventRecord({ transaction, tenantId: ticket.tenant_id }, fact),
  ];
  return { ...record, count: counts, ...(event ? { event } : {}) };
}

/** What a person is told of a failure. */
export function failureOf(error: unknown, action: number | null): RunFailure {
  if (error instanceof Refusal) return { code: error.code, parameters: error.parameters, action };
  if (error instanceof UnreadableCondition) return { code: error.code, parameters: { property: error.property ?? '' }, action };
  return { code: 'unexpected', parameters: {}, action };
}

/** What was refused is refused again the next time; anything else may have been an accident. */
const accidentOf = (error: unknown): unknown => (error instanceof Refusal || error instanceof UnreadableCondition ? null : error);
