import type { CalendarDefinition } from '../../../contract/calendar.ts';
import type { Language } from '../../../contract/refusals.ts';
import { slaMetricNames, type SlaMetric } from '../../../rules/sla/policy.ts';
import { prepareRules } from '../../../rules/sla/ledger.ts';
import { attainmentOf, compareSimulations, simulate, type Attainment, type AttainmentBy, type SimulatedClock, type SimulatedTicket, type TicketDifference } from '../../../rules/sla/simulate.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import type { Services } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { systemActor } from '../../platform/context.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { activeCalendars } from '../../records/calendar/active-calendars.ts';
import { businessCalendar } from '../../records/calendar/holiday-sources.ts';
import { loadConfiguration, nameIn, type Configuration } from '../../records/organization/configuration.ts';
import { activeSla, conditionSurroundings, needsOf, slaPolicy } from '../../records/sla/active-policies.ts';
import type { SimulationRequest, StoredResult } from '../../records/sla/simulations.ts';
import { clockName } from '../../records/sla/clock-name.ts';
import { historiesOf } from './histories.ts';

const page = 500;
const mostExamples = 200;
const groupings = ['all', 'metric', 'priority', 'team'] as const satisfies readonly AttainmentBy[];

const begin = statement<{ request: SimulationRequest; created_at: Date }>('sla_simulation.begin', `
  UPDATE sla_simulation SET state = 'running', done = 0, total = (SELECT count(*)::int FROM ticket t WHERE t.tenant_id = $1 AND t.created_at >= (request ->> 'from')::timestamptz AND t.created_at < (request ->> 'to')::timestamptz)
  WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running') RETURNING request, created_at`);
const progress = statement<{ state: string }>('sla_simulation.progress', "UPDATE sla_simulation SET done = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'running' RETURNING state");
const finish = statement<{ state: string }>('sla_simulation.finish', "UPDATE sla_simulation SET state = $3, result = $4, ended_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 AND state = 'running' RETURNING state");
const nextTickets = statement<{ id: string; created_at: Date; number: string; subject: string }>('sla_simulation.tickets', `
  SELECT id, created_at, number, subject FROM ticket WHERE tenant_id = $1 AND created_at < $3 AND (created_at, id) > ($2::timestamptz, $4::uuid) ORDER BY created_at, id LIMIT ${page}`);

/**
 * Plays the tickets of a period through a draft (运行模拟), as they were by facts, and counts what would differ from the policies
 * that hold. Nothing of it touches a ticket. A job: begun again from the start when its node goes away.
 */
export async function runSimulation(services: Pick<Services, 'database' | 'log' | 'clock'>, { tenantId, simulationId }: { tenantId: string; simulationId: string }): Promise<void> {
  const { database } = services;
  const [started] = await database.transact(tenantId, (transaction) => transaction.query(begin, [tenantId, simulationId]));
  // Ended or cancelled already.
  if (!started) return;
  const clock = performance.now();
  let result: StoredResult | null = null;
  try {
    const counted = await replay(services, tenantId, simulationId, started.request, started.created_at);
    if (!counted) return;
    result = { ...counted, seconds: Math.round((performance.now() - clock) / 100) / 10 };
  } catch (error) {
    services.log.error({ error, tenantId, simulation: simulationId }, 'a simulation of SLA policies failed');
  }
  await database.transact(tenantId, async (transaction) => {
    const [ended] = await transaction.query(finish, [tenantId, simulationId, result ? 'done' : 'failed', result && JSON.stringify(result)]);
    if (ended) await recordFact(transaction, { kind: 'sla.simulation_ended', actor: systemActor, occurredAt: services.clock.now(), recordedAt: services.clock.now(), subjectId: simulationId, data: { state: ended.state } });
  });
}

async function replay({ database }: Pick<Services, 'database'>, tenantId: string, id: string, request: SimulationRequest, now: Date): Promise<Omit<StoredResult, 'seconds'> | null> {
  const { configuration, before, after, needs } = await database.transact(tenantId, (transaction) => prepare(transaction, request));
  const count = new Count();
  let [moment, last, done] = [new Date(Date.parse(request.from) - 1), 'ffffffff-ffff-ffff-ffff-ffffffffffff', 0];
  for (;;) {
    const { tickets, histories } = await database.transact(tenantId, async (transaction) => {
      const rows = await transaction.query(nextTickets, [tenantId, moment, request.to, last]);
      return { tickets: rows, histories: rows.length === 0 ? [] : await historiesOf(transaction, needs, rows.map((row) => row.id)) };
    });
    const end = tickets.at(-1);
    if (!end) break;
    const names = new Map(tickets.map((ticket) => [ticket.id, ticket]));
    const [one, other] = [simulate(histories, before.rules, before.calendars, now.getTime()), simulate(histories, after.rules, after.calendars, now.getTime())];
    count.add(one, other, (ticketId) => names.get(ticketId)!);
    [moment, last, done] = [end.created_at, end.id, done + tickets.length];
    const [going] = await database.transact(tenantId, (transaction) => transaction.query(progress, [tenantId, id, done]));
    // Cancelled.
    if (!going) return null;
  }
  return count.result(configuration);
}

async function prepare(transaction: Transaction, request: SimulationRequest) {
  const { tenantId } = transaction;
  const [row] = await transaction.run(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', tenantId));
  const configuration = await loadConfiguration(transaction, row!.configuration_version);
  const present = (await activeSla(transaction, [tenantId])).get(tenantId);
  const { calendars } = await activeCalendars(transaction);
  const surroundings = conditionSurroundings(configuration);
  const policies = request.policies.map(({ id, name, definition }, index) => slaPolicy({ id: id ?? `draft:${index}`, name, nameEn: null, version: 1_000_000, active: true }, definition));
  const tried = Object.fromEntries(Object.entries(request.calendars ?? {}).map(([id, definition]) => [id, businessCalendar(definition as CalendarDefinition)]));
  const [ofBefore, ofAfter] = [needsOf(present?.policies ?? []), needsOf(policies)];
  return {
    configuration,
    before: { rules: prepareRules(present?.policies ?? [], surroundings), calendars },
    after: { rules: prepareRules(policies, surroundings), calendars: { ...calendars, ...tried } },
    needs: { tier: ofBefore.tier || ofAfter.tier, record: ofBefore.record || ofAfter.record, step: ofBefore.step || ofAfter.step },
  };
}

type Sides = { before: Attainment; after: Attainment };
const nothing: Attainment = { judged: 0, met: 0, breached: 0, rate: null, running: 0, void: 0 };

function sum(one: Attainment, other: Attainment): Attainment {
  const [judged, met] = [one.judged + other.judged, one.met + other.met];
  return { judged, met, breached: one.breached + other.breached, rate: judged === 0 ? null : met / judged, running: one.running + other.running, void: one.void + other.void };
}

type Named = (ticketId: string) => { number: string; subject: string };

/** What pages of tickets come to together. */
class Count {
  readonly #groups = new Map<string, Map<string, Sides>>();
  readonly #load = new Map<string, { tickets: number; before: number; after: number }>();
  readonly #examples: { difference: TicketDifference; number: string; subject: string }[] = [];
  #tickets = 0;
  #affected = 0;
  #worse = 0;
  #better = 0;

  add(before: readonly SimulatedTicket[], after: readonly SimulatedTicket[], named: Named): void {
    this.#tickets += after.length;
    for (const by of groupings) this.#sum(by, attainmentOf(before, by), attainmentOf(after, by));
    this.#sum('internal', attainmentOf(before, 'team', 'team'), attainmentOf(after, 'team', 'team'));
    for (const [index, ticket] of after.entries()) {
      const load = this.#load.get(ticket.team ?? 'none') ?? { tickets: 0, before: 0, after: 0 };
      this.#load.set(ticket.team ?? 'none', { tickets: load.tickets + 1, before: load.before + brokenOf(before[index]), after: load.after + brokenOf(ticket) });
    }
    for (const difference of compareSimulations(before, after)) {
      this.#affected += 1;
      if (difference.effect === 'now_breached' || difference.effect === 'both') this.#worse += 1;
      if (difference.effect === 'no_longer_breached' || difference.effect === 'both') this.#better += 1;
      if (this.#examples.length < mostExamples || difference.effect !== 'other') this.#keep({ difference, ...named(difference.id) });
    }
  }

  #keep(example: { difference: TicketDifference; number: string; subject: string }): void {
    if (this.#examples.length < mostExamples) return void this.#examples.push(example);
    // Those that come out differently are what people look for.
    const place = this.#examples.findIndex(({ difference }) => difference.effect === 'other');
    if (place >= 0) this.#examples[place] = example;
  }

  #sum(name: string, before: Map<string, Attainment>, after: Map<string, Attainment>): void {
    const groups = this.#groups.get(name) ?? new Map<string, Sides>();
    this.#groups.set(name, groups);
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const present = groups.get(key) ?? { before: nothing, after: nothing };
      groups.set(key, { before: sum(present.before, before.get(key) ?? nothing), after: sum(present.after, after.get(key) ?? nothing) });
    }
  }

  result(configuration: Configuration): Omit<StoredResult, 'seconds'> {
    const teamIn = (language: Language) => (key: string) => {
      const found = configuration.teams.get(key);
      return found ? nameIn(language, found) : key !== 'none' ? key : language === 'en' ? 'No team' : '未分派';
    };
    // Kept in both languages: who reads it is not known yet.
    const both = (nameOf: (language: Language) => string) => ({ name: nameOf('zh-CN'), nameEn: nameOf('en') });
    const team = (key: string) => both((language) => teamIn(language)(key));
    const asItIs = (key: string) => both(() => key);
    const metric = (key: string) => both((language) => slaMetricNames[key as SlaMetric]?.[language === 'en' ? 'en' : 'zh'] ?? key);
    const groups = (name: string, namesOf: (key: string) => { name: string; nameEn: string }, order?: readonly string[]) => {
      const all = [...this.#groups.get(name) ?? []].map(([key, sides]) => ({ key, ...namesOf(key), ...sides }));
      return order ? all.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key)) : all.toSorted((a, b) => b.after.judged - a.after.judged);
    };
    return {
      tickets: this.#tickets, affected: this.#affected, nowBreached: this.#worse, noLongerBreached: this.#better,
      all: groups('all', asItIs)[0] ?? { key: 'all', ...asItIs('all'), before: nothing, after: nothing },
      byMetric: groups('metric', metric, Object.keys(slaMetricNames)), byPriority: groups('priority', asItIs, priorities), byTeam: groups('team', team), internal: groups('internal', team),
      load: [...this.#load].map(([key, load]) => ({ key, ...team(key), ...load })).toSorted((a, b) => b.tickets - a.tickets),
      examples: this.#examples.toSorted((a, b) => Number(a.difference.effect === 'other') - Number(b.difference.effect === 'other')).map(({ difference, number, subject }) => ({
        id: difference.id, number, subject, effect: difference.effect,
        clocks: difference.clocks.slice(0, 20).map(({ key, before, after }) => ({ key, ...both((language) => clockName((after ?? before)!, teamIn(language), language)), before: side(before), after: side(after) })),
      })),
    };
  }
}

function brokenOf(ticket: SimulatedTicket | undefined): number {
  return ticket?.clocks.filter((clock) => clock.breachedAt !== null && clock.team === null).length ?? 0;
}

function side(clock: SimulatedClock | null): StoredResult['examples'][number]['clocks'][number]['before'] {
  const text = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return clock && { dueAt: text(clock.dueAt), breachedAt: text(clock.breachedAt), outcome: clock.outcome };
}
