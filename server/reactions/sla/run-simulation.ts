import type { CalendarDefinition } from '../../../contract/calendar.ts';
import { prepareRules } from '../../../rules/sla/ledger.ts';
import { simulate, type TicketHistory } from '../../../rules/sla/simulate.ts';
import type { Services } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { systemActor } from '../../platform/context.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { activeCalendars } from '../../records/calendar/active-calendars.ts';
import { businessCalendar } from '../../records/calendar/holiday-sources.ts';
import { loadConfiguration } from '../../records/organization/configuration.ts';
import { activeSla, conditionSurroundings, needsOf, slaPolicy, type SlaNeeds } from '../../records/sla/active-policies.ts';
import type { SimulationRequest, StoredResult } from '../../records/sla/simulations.ts';
import { SimulationCount, type Ends, type Left } from './count-simulation.ts';
import { historiesOf } from './histories.ts';
import { playFlow } from './play-flow.ts';
import { playRules } from './play-rules.ts';

const page = 500;

const begin = statement<{ request: SimulationRequest; created_at: Date }>('sla_simulation.begin', `
  UPDATE sla_simulation SET state = 'running', done = 0, total = (SELECT count(*)::int FROM ticket t WHERE t.tenant_id = $1 AND t.created_at >= (request ->> 'from')::timestamptz AND t.created_at < (request ->> 'to')::timestamptz)
  WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running') RETURNING request, created_at`);
const progress = statement<{ state: string }>('sla_simulation.progress', "UPDATE sla_simulation SET done = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'running' RETURNING state");
const finish = statement<{ state: string }>('sla_simulation.finish', "UPDATE sla_simulation SET state = $3, result = $4, ended_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2 AND state = 'running' RETURNING state");
const nextTickets = statement<{ id: string; created_at: Date; number: string; subject: string }>('sla_simulation.tickets', `
  SELECT id, created_at, number, subject FROM ticket WHERE tenant_id = $1 AND created_at < $3 AND (created_at, id) > ($2::timestamptz, $4::uuid) ORDER BY created_at, id LIMIT ${page}`);

/**
 * Plays the tickets of a period through drafts (运行模拟), as they were by facts, and counts what would differ from the policies, rules
 * and flows that hold. Nothing of it touches a ticket. A job: begun again from the start when its node goes away.
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
    services.log.error({ error, tenantId, simulation: simulationId }, 'a simulation failed');
  }
  await database.transact(tenantId, async (transaction) => {
    const [ended] = await transaction.query(finish, [tenantId, simulationId, result ? 'done' : 'failed', result && JSON.stringify(result)]);
    if (ended) await recordFact(transaction, { kind: 'sla.simulation_ended', actor: systemActor, occurredAt: services.clock.now(), recordedAt: services.clock.now(), subjectId: simulationId, data: { state: ended.state } });
  });
}

async function replay({ database }: Pick<Services, 'database'>, tenantId: string, id: string, request: SimulationRequest, now: Date): Promise<Omit<StoredResult, 'seconds'> | null> {
  const played = await database.transact(tenantId, (transaction) => prepare(transaction, request, now));
  const { before, after } = played;
  const count = new SimulationCount();
  let [moment, last, done] = [new Date(Date.parse(request.from) - 1), 'ffffffff-ffff-ffff-ffff-ffffffffffff', 0];
  for (;;) {
    const { tickets, page } = await database.transact(tenantId, async (transaction) => {
      const rows = await transaction.query(nextTickets, [tenantId, moment, request.to, last]);
      return { tickets: rows, page: rows.length === 0 ? null : await played.play(transaction, rows.map((row) => row.id)) };
    });
    const end = tickets.at(-1);
    if (!end || !page) break;
    for (const reasons of page.left.values()) count.leaveOut(reasons);
    count.add(
      simulate(page.before, before.rules, before.calendars, now.getTime()), simulate(page.after, after.rules, after.calendars, now.getTime()),
      new Map(tickets.map((ticket) => [ticket.id, ticket])), page.ends,
    );
    [moment, last, done] = [end.created_at, end.id, done + tickets.length];
    const [going] = await database.transact(tenantId, (transaction) => transaction.query(progress, [tenantId, id, done]));
    // Cancelled.
    if (!going) return null;
  }
  const people = count.people();
  const names = people.length === 0 ? [] : await database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('staff').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', 'in', people)));
  return { ...count.result(played.configuration, new Map(names.map((row) => [row.id, row.name]))), ...played.more() };
}

/** What a page of tickets comes to: as it was under what holds, and as it would have been. */
export interface PlayedPage {
  before: TicketHistory[];
  after: TicketHistory[];
  ends: ReadonlyMap<string, Ends>;
  /** Tickets that are on neither side, as one of them is not known. */
  left: ReadonlyMap<string, readonly Left[]>;
}

async function prepare(transaction: Transaction, request: SimulationRequest, now: Date) {
  const { tenantId } = transaction;
  const [row] = await transaction.run(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', tenantId));
  const configuration = await loadConfiguration(transaction, row!.configuration_version);
  const present = (await activeSla(transaction, [tenantId])).get(tenantId);
  const { calendars } = await activeCalendars(transaction);
  const surroundings = conditionSurroundings(configuration);
  const policies = request.policies?.map(({ id, name, definition }, index) => slaPolicy({ id: id ?? `draft:${index}`, name, nameEn: null, version: 1_000_000, active: true }, definition)) ?? present?.policies ?? [];
  const tried = Object.fromEntries(Object.entries(request.calendars ?? {}).map(([id, definition]) => [id, businessCalendar(definition as CalendarDefinition)]));
  const [ofBefore, ofAfter] = [needsOf(present?.policies ?? []), needsOf(policies)];
  const needs: SlaNeeds = { tier: ofBefore.tier || ofAfter.tier, record: ofBefore.record || ofAfter.record, step: ofBefore.step || ofAfter.step };
  const game = { configuration, needs, until: now.getTime() };
  const { play, more } = request.rules ? await playRules(transaction, game, request.rules) : request.flow ? playFlow(game, request.flow) : {
    play: async (within: Transaction, ids: readonly string[]): Promise<PlayedPage> => {
      const histories = await historiesOf(within, needs, ids);
      return { before: histories, after: histories, ends: new Map(), left: new Map() };
    },
    more: () => ({}),
  };
  return {
    configuration, play, more,
    before: { rules: prepareRules(present?.policies ?? [], surroundings), calendars },
    after: { rules: prepareRules(policies, surroundings), calendars: { ...calendars, ...tried } },
  };
}
