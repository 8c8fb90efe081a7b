import { ExplainBreach, TicketClocks, type ExplainedClock } from '../../../contract/sla.ts';
import { describeChoice, policyChooser } from '../../../rules/sla/choose-policy.ts';
import { clockState } from '../../../rules/sla/clock-state.ts';
import type { ClockRecord } from '../../../rules/sla/clock-record.ts';
import { explainClock } from '../../../rules/sla/explain.ts';
import { pictureOf } from '../../../rules/sla/picture.ts';
import { minuteMilliseconds } from '../../../rules/calendar/calendar.ts';
import type { BreachReason } from '../../../rules/sla/breach-reasons.ts';
import { Closed } from '../../../contract/common.ts';
import { Type } from 'typebox';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { activeCalendars } from '../calendar/active-calendars.ts';
import { configurationOf, nameIn, type Configuration } from '../organization/configuration.ts';
import { findReadableTicket, lockTicketFor } from '../ticket/find.ts';
import { tellOnTicket } from '../ticket/change.ts';
import { priorityName, type TicketRow } from '../ticket/row.ts';
import { activeSla, conditionSurroundings, type ActiveSla } from './active-policies.ts';
import { clockOfRow, type ClockRow } from './clock-rows.ts';
import { clockName } from './clock-name.ts';
import { lookUp } from './look-up.ts';

interface ShownRow extends ClockRow {
  reason: BreachReason | null;
  reason_note: string | null;
  reason_by: string | null;
  reason_by_name: string | null;
  reason_at: Date | null;
}
const findClocks = statement<ShownRow>('sla_clock.of_ticket', 'SELECT * FROM sla_clock WHERE tenant_id = $1 AND ticket_id = $2 ORDER BY stopped_at IS NOT NULL, team_id IS NOT NULL, started_at, key');
const params = Closed({ id: Type.String({ minLength: 1, maxLength: 64, description: 'Id or number' }) });

/** All clocks of a ticket, and why each is due when it is (工单计时): interval by interval, and as a bar. */
export const showTicketClocks = useCase({
  summary: 'Show a ticket’s clocks and why they are due when they are',
  params,
  answer: TicketClocks,
  run: async (context, { params: { id } }) => viewClocks(context, await findReadableTicket(context, id)),
});

/** Says why a promise was broken (填写超时原因). It can be said anew: the timeline keeps what was said before. */
export const explainBreach = useCase({
  summary: 'Say why a promise was broken',
  params,
  body: ExplainBreach,
  answer: TicketClocks,
  async run(context, { params: { id }, body }) {
    const ticket = await lockTicketFor(context, id, 'ticket.resolve', { merged: 'taken' });
    const clock = (await context.transaction.query(findClocks, [context.tenantId, ticket.id])).find((row) => row.key === body.clock);
    if (!clock) throw new Refusal('not_found');
    if (clock.breached_at === null) throw new Refusal('clock_not_breached');
    const note = body.note?.trim() || null;
    // What stands there already, nobody says twice.
    if (clock.reason === body.reason && clock.reason_note === note) return viewClocks(context, ticket);
    await context.transaction.run(build.updateTable('sla_clock').set({ reason: body.reason, reason_note: note, reason_by: context.actor.id, reason_by_name: context.actor.name, reason_at: context.now })
      .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('key', '=', body.clock));
    await tellOnTicket(context, ticket, { kind: 'sla.breach_explained', quiet: true, data: { clock: clock.key, metric: clock.metric, teamId: clock.team_id, reason: body.reason, ...(note ? { note } : {}) } });
    return viewClocks(context, ticket);
  },
});

async function viewClocks(context: Context, ticket: TicketRow): Promise<TicketClocks> {
  const { tenantId, transaction } = context;
  const rows = await transaction.query(findClocks, [tenantId, ticket.id]);
  const sla = (await activeSla(transaction, [tenantId])).get(tenantId);
  if (!sla) return { policy: null, choice: [], clocks: [] };
  const configuration = await configurationOf(context);
  const reader = context.language === 'en' ? 'en' as const : 'zh' as const;
  const team = (id: string) => {
    const found = configuration.teams.get(id);
    return found ? nameIn(context.language, found) : id;
  };
  const labels = await labelsFor(context, sla, configuration);
  const now = context.now.getTime();
  const clocks = rows.flatMap((row): ExplainedClock[] => {
    const clock = clockOfRow(row, sla.rules);
    if (!clock) return [];
    const state = clockState(clock, sla.calendars, now);
    const { summary, lines } = explainClock(clock, sla.calendars, now, reader, labels);
    const minutes = (length: number) => Math.round(length / minuteMilliseconds * 10) / 10;
    const text = (at: number | null) => (at === null ? null : new Date(at).toISOString());
    const breachedAt = row.breached_at?.getTime() ?? state.breachedAt;
    return [{
      key: clock.key, metric: clock.metric, name: clockName(clock, team, context.language), team: clock.team === null ? null : { id: clock.team, name: team(clock.team) }, step: clock.step,
      status: state.status, startedAt: text(clock.startedAt)!, dueAt: text(state.dueAt), breachedAt: text(breachedAt), endedAt: text(clock.stoppedAt),
      minutes: clock.promises.at(-1)!.target.minutes, usedMinutes: minutes(state.used), remainingMinutes: minutes(state.remaining), summary,
      lines: lines.map((line) => ({ kind: line.kind, from: text(line.from)!, to: text(line.to), overdue: line.overdue, ahead: line.ahead, text: line.text })),
      picture: viewPicture(clock, sla, now),
      reason: row.reason === null ? null : { reason: row.reason, note: row.reason_note, by: row.reason_by === null ? null : { id: row.reason_by, name: row.reason_by_name ?? '' }, at: row.reason_at!.toISOString() },
      asksReason: breachedAt !== null && row.breached_at !== null && row.reason === null,
    }];
  });
  return { ...await chosenPolicy(context, sla, configuration, ticket, reader), clocks };
}

function viewPicture(clock: ClockRecord, sla: ActiveSla, now: number): ExplainedClock['picture'] {
  const { from, to, segments, marks } = pictureOf(clock, sla.calendars, now);
  const text = (at: number) => new Date(at).toISOString();
  return {
    from: text(from), to: text(to), segments: segments.map((segment) => ({ ...segment, from: text(segment.from), to: text(segment.to) })),
    marks: marks.map(({ position, at, kind, percent }) => ({ position, at: text(at), kind, ...(percent === undefined ? {} : { percent }) })),
  };
}

async function labelsFor(context: Context, sla: ActiveSla, configuration: Configuration) {
  const { byId } = await activeCalendars(context.transaction);
  const named = (found: { name: string; nameEn: string | null } | undefined) => found && nameIn(context.language, found);
  const policies = new Map([...sla.rules.versions.values()].map((policy) => [policy.id, policy]));
  return {
    policy: (id: string) => {
      const policy = policies.get(id);
      return policy && nameIn(context.language, { name: policy.name, nameEn: policy.nameEn ?? null });
    },
    calendar: (id: string) => named(byId.get(id)), team: (id: string) => named(configuration.teams.get(id)),
    status: (id: string) => named(configuration.statuses.get(id)), type: (id: string) => named(configuration.types.get(id)),
  };
}

const findPolicy = statement<{ ledger: { policy: { id: string; version: number } | null } }>('sla_ticket.policy', 'SELECT ledger FROM sla_ticket WHERE tenant_id = $1 AND ticket_id = $2');

/** By which policy a ticket goes, and how it would be chosen now. */
async function chosenPolicy(context: Context, sla: ActiveSla, configuration: Configuration, ticket: TicketRow, reader: 'zh' | 'en'): Promise<Pick<TicketClocks, 'policy' | 'choice'>> {
  const [kept] = await context.transaction.query(findPolicy, [context.tenantId, ticket.id]);
  const policy = kept?.ledger.policy ? sla.rules.versions.get(`${kept.ledger.policy.id}@${kept.ledger.policy.version}`) : undefined;
  if (!kept) return { policy: null, choice: [] };
  const { tier, record } = (await lookUp(context.transaction, context.tenantId, sla.needs, [ticket.id], []))(ticket.id);
  const choice = policyChooser(sla.policies, conditionSurroundings(configuration))({
    type: ticket.type_id, priority: priorityName(ticket.priority), tier: tier ?? null, team: ticket.team_id, status: 'open', waitingFor: null, statusId: null, ...(record ? { record } : {}),
  }, context.now.getTime());
  return {
    policy: policy ? { id: policy.id, name: nameIn(context.language, { name: policy.name, nameEn: policy.nameEn ?? null }), version: policy.version } : null,
    choice: describeChoice(choice, reader),
  };
}
