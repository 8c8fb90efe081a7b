import { askConditions, explainConditions, UnreadableCondition, type Explained } from '../../../rules/automation/explain.ts';
import { automationLimits } from '../../../rules/automation/definition.ts';
import { guard, nextCause, rulesOfLoop, type SkipReason } from '../../../rules/automation/guard.ts';
import { sql } from 'kysely';
import type { Services } from '../../platform/context.ts';
import type { Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import type { ActiveRule } from '../../records/automation/active-rules.ts';
import { claimOnce } from '../../records/automation/claims.ts';
import { whoseTurn } from '../../records/automation/preview-rule.ts';
import { ruleSetting, settingOf } from '../../records/automation/rule-setting.ts';
import { actedWithinHour, type Miss, type NewRun, type RunExplanation, type RunFailure } from '../../records/automation/runs.ts';
import { countsOf } from '../../records/automation/ticket-record.ts';
import { lockTicket } from '../../records/ticket/find.ts';
import { ActionFailed, takeActions } from './act.ts';
import { ruleContext } from './rule-context.ts';
import type { Seen, Sight } from './sight.ts';

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
 * Asks a rule whose conditions look at the ticket and what happened to it alone (快速判定): most rules miss most tickets, and that
 * takes neither the database nor a turn of its own.
 *
 * @returns its answers where it missed; null where it has to be considered
 */
export function missed({ now }: Question, { id, version, definition }: ActiveRule, { record, setting }: Seen, found: Record<string, unknown>): Miss | null {
  if ((definition.counts?.length ?? 0) > 0 || definition.trigger.kind === 'untouched') return null;
  try {
    const { properties, context } = settingOf(setting, definition, now);
    const { holds, answers } = askConditions(definition.conditions, record, properties, context, found);
    return holds ? null : { rule: id, version, answers };
  } catch {
    // Why it cannot be read is told where it is considered.
    return null;
  }
}

/**
 * Asks one rule about one ticket, and does what it says (规则判定与执行). What it did is in the transaction; of a rule that failed
 * nothing is, as it was undone to where it began.
 *
 * @returns null when there is nothing to look at: the ticket is gone, or goes on as another one
 */
export async function consider(question: Question, rule: ActiveRule, sight: Sight): Promise<Considered | null> {
  const { services, transaction, now, ticketId, fact, cause, configurationVersion } = question;
  const { definition } = rule;
  const context = ruleContext(services, transaction, rule, { ...nextCause(rule.id, cause), ...(fact ? { fact: fact.kind } : {}) }, now, configurationVersion);
  const run = (outcome: NewRun['outcome'], explanation: Partial<RunExplanation>, reason?: SkipReason): Considered => ({ accident: null, run: {
    ruleId: rule.id, ruleVersion: rule.version, ticketId, factPosition: fact?.position ?? null, factKind: fact?.kind ?? null, outcome, ...(reason ? { reason } : {}),
    explanation: { conditions: null, effects: [], failure: null, chain: [...cause], ...explanation },
  } });
  const parked = (error: unknown, conditions: Explained | null): Considered => {
    const failed = error instanceof ActionFailed ? error : null;
    const reason = failed ? failed.reason : error;
    return { ...run('parked', { conditions, failure: failureOf(reason, failed?.index ?? null) }), accident: accidentOf(reason) };
  };

  const seen = await sight.look(context);
  if (!seen) return null;
  const counts = definition.counts ?? [];
  // Conditions on what happened hold for a rule by the clock as soon as the ticket's own do; it has none of them.
  const filter = definition.trigger.kind === 'untouched' ? whoseTurn(definition).filter : definition.conditions;
  const explain = async ({ record, setting }: Seen): Promise<Explained> => {
    const { properties, context: asked } = await ruleSetting(context, definition, setting);
    return explainConditions(filter, { ...record, count: await countsOf(context, ticketId, counts, now) }, properties, asked);
  };
  let conditions: Explained | null = null;
  try {
    // Only counting asks the database, so only that may fail in a way that has to be undone.
    conditions = counts.length > 0 ? await undoneIfFailing(transaction, () => explain(seen)) : await explain(seen);
    if (!conditions.holds) return run('missed', { conditions });
    const guarded = guard(rule.id, cause);
    if (guarded) return run('skipped', { conditions, chain: rulesOfLoop(rule.id, cause) }, guarded);
    return await undoneIfFailing(transaction, async () => {
      if (await actedWithinHour(transaction, rule.id, ticketId, now) >= automationLimits.perTicketAnHour) return run('skipped', { conditions }, 'rate');
      // From here on nobody else changes it; what was seen may have changed until now.
      const ticket = (await lockTicket(context, ticketId))!;
      if (ticket.version !== seen.ticket.version) {
        sight.renew();
        const anew = await sight.look(context);
        if (!anew) return null;
        conditions = await explain(anew);
        if (!conditions.holds) return run('missed', { conditions });
      }
      if (!await claimOnce(transaction, rule.id, definition, ticket, now)) return run('skipped', { conditions }, 'repeated');
      sight.renew();
      return run('matched', { conditions, effects: await takeActions(context, ticketId, definition.actions) });
    });
  } catch (error) {
    return parked(error, conditions);
  }
}

/** Does something to a savepoint, which is gone afterwards; what fails is undone to it. */
async function undoneIfFailing<Value>(transaction: Transaction, work: () => Promise<Value>): Promise<Value> {
  await transaction.run(sql`SAVEPOINT rule`);
  try {
    const value = await work();
    await transaction.run(sql`RELEASE SAVEPOINT rule`);
    return value;
  } catch (error) {
    await transaction.run(sql`ROLLBACK TO SAVEPOINT rule`);
    await transaction.run(sql`RELEASE SAVEPOINT rule`);
    throw error;
  }
}

/** What a person is told of a failure. */
export function failureOf(error: unknown, action: number | null): RunFailure {
  if (error instanceof Refusal) return { code: error.code, parameters: error.parameters, action };
  if (error instanceof UnreadableCondition) return { code: error.code, parameters: { property: error.property ?? '' }, action };
  return { code: 'unexpected', parameters: {}, action };
}

/** What was refused is refused again the next time; anything else may have been an accident. */
const accidentOf = (error: unknown): unknown => (error instanceof Refusal || error instanceof UnreadableCondition ? null : error);
