import type { Count } from '../../../rules/automation/definition.ts';
import { stretchMilliseconds } from '../../../rules/automation/definition.ts';
import { ruleProperties } from '../../../rules/automation/properties.ts';
import { replayTicket, type Columns, type ReplayedTicket, type ReplayRule, type ReplaySetting } from '../../../rules/automation/replay.ts';
import { ticketStatuses, type TicketStatus } from '../../../rules/ticket/lifecycle.ts';
import type { TicketHistory } from '../../../rules/sla/simulate.ts';
import { sql } from 'kysely';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { alikeTimes } from '../../records/automation/counts.ts';
import type { Configuration } from '../../records/organization/configuration.ts';
import { below, filterProperties } from '../../records/ticket/filter-setting.ts';
import { slaEventsOf, slaFacts, type LookedUp, type SlaFact } from '../../records/sla/events.ts';
import { recordThen, type PastTicket, type Then } from './past.ts';

const findLeads = statement<{ id: string; lead_id: string | null }>('sla.replay_leads', 'SELECT id, lead_id FROM team WHERE tenant_id = $1');
const findTeamsOf = statement<{ staff_id: string; team_id: string }>('sla.replay_teams', `
  SELECT DISTINCT ON (m.staff_id) m.staff_id, m.team_id FROM team_member m JOIN team t ON t.tenant_id = m.tenant_id AND t.id = m.team_id AND t.active WHERE m.tenant_id = $1 ORDER BY m.staff_id, m.team_id`);

/** What rules are played with (规则回放环境): the organization's statuses, teams and categories, as they are now. */
export type RuleSurroundings = Omit<ReplaySetting, 'rules' | 'claims' | 'count' | 'record'>;

export async function ruleSurroundings(transaction: Transaction, configuration: Configuration, until: number): Promise<RuleSurroundings> {
  const { tenantId } = transaction;
  const [leads, teams] = await Promise.all([transaction.query(findLeads, [tenantId]), transaction.query(findTeamsOf, [tenantId])]);
  const leadOf = new Map(leads.map((row) => [row.id, row.lead_id]));
  const teamOf = new Map(teams.map((row) => [row.staff_id, row.team_id]));
  const common = filterProperties(configuration);
  const { timeZone } = configuration.organization;
  return {
    timeZone, until,
    properties: (definition) => ruleProperties(common, definition),
    context: (now) => ({ now: new Date(now).toISOString(), me: null, myTeams: [], timeZone, below: (property, entry) => below(configuration, property, entry) }),
    status: (id) => {
      if ((ticketStatuses as readonly string[]).includes(id)) return { status: id as TicketStatus, statusId: null, waitingFor: null };
      const own = configuration.statuses.get(id);
      return own ? { status: own.class, statusId: own.id, waitingFor: own.waitingFor } : null;
    },
    team: (id) => {
      const team = configuration.teams.get(id);
      return team ? { departmentId: team.departmentId, leadId: leadOf.get(id) ?? null } : null;
    },
    teamOfCategory: (id) => configuration.categories.get(id)?.teamId ?? null,
    teamOfPerson: (id) => teamOf.get(id) ?? null,
  };
}

type Counted = ReplaySetting['count'];
const keyOf = (ticketId: string, { same, sameType }: Count): string => `${ticketId} ${same} ${sameType === true}`;

/** How many tickets there were alike, at whatever moment (当时的同类工单数): when they were made, looked up once for each ticket and kind of count. */
export async function countsThen(transaction: Transaction, ticketIds: readonly string[], rules: readonly ReplayRule[]): Promise<Counted> {
  const wanted = new Map(rules.flatMap(({ definition: { counts = [] } }) => counts).map((count) => [`${count.same} ${count.sameType === true}`, count]));
  const times = new Map<string, readonly number[]>();
  for (const count of wanted.values()) {
    const rows = await transaction.run(sql<{ id: string; times: string[] }>`SELECT ticket.id, ${alikeTimes(count)} AS times FROM ticket WHERE ticket.tenant_id = ${transaction.tenantId} AND ticket.id = ANY(${[...ticketIds]}::uuid[])`);
    for (const row of rows) times.set(keyOf(row.id, count), row.times.map(Number));
  }
  return (ticketId, count, at) => (times.get(keyOf(ticketId, count)) ?? []).filter((moment) => moment <= at && moment > at - stretchMilliseconds(count.within)).length;
}

/** Plays tickets under rules. */
export function replayRules(pasts: readonly PastTicket[], then: Then, setting: Omit<ReplaySetting, 'record'>): Map<string, ReplayedTicket> {
  const whole: ReplaySetting = { ...setting, record: (_id, columns, at) => recordThen(columns, then, at) };
  return new Map(pasts.map((past) => [past.id, replayTicket(past.id, past.made, past.facts, whole)]));
}

const clockFacts: ReadonlySet<string> = new Set(slaFacts);

/** A replay as clocks see it: what rules would have done counts as what anybody does. */
export function historyOf(past: PastTicket, replayed: Pick<ReplayedTicket, 'facts'>, then: Then, looked: Pick<LookedUp, 'steps'>, needsRecord: boolean): TicketHistory {
  return {
    id: past.id,
    events: replayed.facts.flatMap((fact) => {
      if (!clockFacts.has(fact.kind)) return [];
      const line = fact.place === null ? null : past.facts[fact.place]!;
      const given: SlaFact = {
        kind: fact.kind as SlaFact['kind'], subjectId: line?.subjectId ?? null, occurredAt: line?.occurredAt ?? new Date(fact.at), actor: line?.actor ?? { kind: 'rule' },
        data: { ...line?.event, typeId: fact.columns['typeId'], now: nowOf(fact.columns), before: fact.before, after: fact.after },
      };
      return slaEventsOf(given, { ...looked, tier: then.tier(fact.columns['customerId'], fact.at), ...(needsRecord ? { record: recordThen(fact.columns, then, fact.at) } : {}) });
    }),
  };
}

const nowOf = ({ status, teamId, priority, assigneeId }: Columns) => ({ status, teamId, priority, assigneeId });

/** A ticket's past as it was, in the form of a replay. */
export function asItWas(past: PastTicket): Pick<ReplayedTicket, 'facts' | 'columns'> {
  return replayTicket(past.id, past.made, past.facts.map((fact) => ({ ...fact, byRule: false })), noRules);
}

const nobody = () => null;
const noRules: ReplaySetting = {
  rules: [], timeZone: 'UTC', until: Number.POSITIVE_INFINITY, claims: new Map(), properties: () => ({}), context: () => ({ now: '', me: null, myTeams: [], timeZone: 'UTC' }) as never, record: () => ({}), count: () => 0,
  status: nobody, team: nobody, teamOfCategory: nobody, teamOfPerson: nobody,
};
