import type { Services } from '../../platform/context.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { causeOf } from '../../platform/facts/fact.ts';
import { factColumns, toFact, type FactRow } from '../../platform/facts/readers.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { activeRules, type ActiveRule } from '../../records/automation/active-rules.ts';
import type { WorkRow } from '../../records/automation/rows.ts';
import { keepRuns, type Miss, type NewRun } from '../../records/automation/runs.ts';
import { dueWork, onWorkWaiting, postponeWork, takeWork } from '../../records/automation/work.ts';
import { listensTo, waitOf } from './ask-rules.ts';
import { consider, missed, type Question } from './consider.ts';
import { forgetFailures, park, tryAgain } from './failures.ts';
import { configurationVersionOf } from './rule-context.ts';
import { openSight } from './sight.ts';

const findFact = statement<FactRow>('automation.fact', `SELECT ${factColumns} FROM fact WHERE tenant_id = $1 AND position = $2`);

const batch = 200;
// Tickets side by side; more would take connections from those who wait for an answer.
const lanes = 3;

/**
 * Takes up what is due (执行到期的规则待办), each piece in a transaction of its own, which takes it away: on whatever node, and
 * however often it is begun, it is done once. The work of one ticket goes in its order.
 *
 * @returns how many pieces there were
 */
export async function doDueWork(services: Services, now: Date, isStopping: () => boolean = () => false): Promise<number> {
  const due = await dueWork(services.database, now, batch);
  const lines = [...Map.groupBy(due, (work) => `${work.tenant_id} ${work.ticket_id}`).values()];
  let next = 0;
  await Promise.all(Array.from({ length: Math.min(lanes, lines.length) }, async () => {
    for (let at = next++; at < lines.length; at = next++) {
      for (const { tenant_id: tenantId, id } of lines[at]!) {
        if (isStopping()) return;
        await services.database.transact(tenantId, async (transaction) => {
          const work = await takeWork(transaction, id, now);
          if (work) await ask(services, transaction, work, now);
        }).catch(async (error: unknown) => {
          services.log.error({ error, tenantId, work: id }, 'rules could not be asked; they will be asked again');
          await postponeWork(services.database, tenantId, id, now);
        });
      }
    }
  }));
  return due.length;
}

async function ask(services: Services, transaction: Transaction, work: WorkRow, now: Date): Promise<void> {
  const { tenantId } = transaction;
  const rules = (await activeRules(transaction, [tenantId])).get(tenantId) ?? [];
  const row = work.fact_position === null ? undefined : (await transaction.query(findFact, [tenantId, work.fact_position]))[0];
  const fact = row ? toFact(row) : null;
  const asked = rulesFor(work, rules, fact);
  if (asked.length === 0) return;
  const question: Question = { services, transaction, now, ticketId: work.ticket_id, fact, cause: fact ? causeOf(fact) : work.data.cause ?? [], configurationVersion: await configurationVersionOf(transaction) };
  const sight = openSight(work.ticket_id, fact);
  const runs: NewRun[] = [];
  const misses: Miss[] = [];
  let found: Record<string, unknown> = {};
  const missedHere = () => {
    if (misses.length > 0) runs.push({ ruleId: misses[0]!.rule, ruleVersion: misses[0]!.version, ticketId: work.ticket_id, factPosition: fact?.position ?? null, factKind: fact?.kind ?? null, outcome: 'missed', explanation: { conditions: null, effects: [], failure: null, chain: [...question.cause], found, misses: misses.splice(0) } });
    found = {};
  };
  let stopped = false;
  for (const rule of asked) {
    if (stopped) {
      runs.push({ ruleId: rule.id, ruleVersion: rule.version, ticketId: work.ticket_id, factPosition: fact?.position ?? null, factKind: fact?.kind ?? null, outcome: 'skipped', reason: 'stopped', explanation: { conditions: null, effects: [], failure: null, chain: [...question.cause] } });
      continue;
    }
    const seen = sight.present();
    const miss = seen && missed(question, rule, seen, found);
    if (miss) {
      misses.push(miss);
      continue;
    }
    const considered = await consider(question, rule, sight);
    if (!considered) break;
    // What it did may change what the rules after it find.
    if (considered.run.outcome !== 'missed') missedHere();
    const { run, accident } = considered;
    const scene = { transaction, tenantId, now };
    if (run.outcome === 'parked') {
      if (accident !== null) services.log.warn({ error: accident, rule: rule.id, ticket: work.ticket_id }, 'an automation rule failed');
      if (accident !== null && await tryAgain(scene, work, considered)) continue;
      await park(scene, rule, work.ticket_id, run.explanation.failure!);
      sight.renew();
    }
    if (run.outcome === 'matched') await forgetFailures(scene, rule.id);
    runs.push(run);
    stopped = run.outcome === 'matched' && rule.stopAfterMatch;
  }
  missedHere();
  await keepRuns(transaction, runs, now);
}

/** The rules a piece of work is for, as they stand now. */
function rulesFor(work: WorkRow, rules: readonly ActiveRule[], fact: Question['fact']): readonly ActiveRule[] {
  if (work.rule_id !== null) return rules.filter((rule) => rule.id === work.rule_id);
  return fact ? rules.filter((rule) => listensTo(rule, fact) && waitOf(rule) === 0) : [];
}

const pollMilliseconds = 1_000;
const retryMilliseconds = 5_000;

/** Keeps taking up what is due until stopped: at once when work was put down here, and by looking every second. */
export function runAutomation(services: Services): Ongoing {
  const work = keepDoing(
    async (isStopping) => (await doDueWork(services, services.clock.now(), isStopping) < batch ? pollMilliseconds : 0),
    (error) => {
      services.log.error({ error }, 'the work of automation rules could not be looked up; it will be tried again');
      return retryMilliseconds;
    },
  );
  onWorkWaiting(work.wake);
  return work;
}
