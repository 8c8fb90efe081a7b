import { DayPlan, dayPlanLimits, RequestDayPlan, RequestReplan } from '../../../../../contract/day-plan.ts';
import { staffOf, type Context } from '../../../../platform/context.ts';
import { build } from '../../../../platform/db/database.ts';
import { newId } from '../../../../platform/db/uuid.ts';
import { missingInput, Refusal, refuseInput } from '../../../../platform/errors/refusal.ts';
import { recordFact } from '../../../../platform/facts/fact.ts';
import { useCase } from '../../../../platform/http/use-case.ts';
import { dispatchScope, techniciansIn } from '../../../../records/dispatch/day/scope.ts';
import { findPlan, type PlanRequest } from '../../../../records/dispatch/day/plan-rows.ts';
import { visitPlaces } from '../../../../records/dispatch/day/rows.ts';
import { configurationOf, type Configuration } from '../../../../records/organization/configuration.ts';
import { ensureNear } from '../show-day.ts';
import { viewPlan } from './view-plan.ts';

/** Asks for a day to be planned (提交排程): worked out in the background, and nothing is changed until it is applied. One at a time for each person. */
export const requestPlan = useCase({
  summary: 'Plan a day in the background',
  body: RequestDayPlan,
  answer: DayPlan,
  status: 202,
  run: (context, { body }) => ask(context, body, {
    keep: body.keep ?? 'promises', seconds: body.seconds ?? dayPlanLimits.usualSeconds, promiseMinutes: body.promiseMinutes ?? null, ...(body.ticketIds ? { ticketIds: body.ticketIds } : {}),
  }),
});

/** Asks for a day to be planned anew after something happened (提交重排): with few changes, and no promise broken that can be kept. */
export const requestReplan = useCase({
  summary: 'Plan a day anew after an event',
  body: RequestReplan,
  answer: DayPlan,
  status: 202,
  async run(context, { body }) {
    const { event: kind, technicianId, from, visitId, minutes, ticketId } = body;
    if (kind === 'technician_absent') {
      if (technicianId === undefined) throw missingInput('/technicianId');
      const { technicians } = await techniciansIn(context, dispatchScope(context, await configurationOf(context)), { ids: [technicianId] });
      if (technicians.length === 0) throw refuseInput('/technicianId', 'unknown_reference', { field: 'technician' });
    }
    if (kind === 'visit_late') {
      if (visitId === undefined) throw missingInput('/visitId');
      if (minutes === undefined) throw missingInput('/minutes');
      const owner = (await visitPlaces(context, [visitId])).get(visitId);
      const { technicians } = owner ? await techniciansIn(context, dispatchScope(context, await configurationOf(context)), { ids: [owner.technician_id] }) : { technicians: [] };
      if (technicians.length === 0) throw refuseInput('/visitId', 'unknown_reference', { field: 'visit' });
    }
    if (kind === 'urgent_ticket' && ticketId === undefined) throw missingInput('/ticketId');
    const event = { kind, ...(technicianId === undefined ? {} : { technicianId }), ...(from === undefined ? {} : { from }), ...(visitId === undefined ? {} : { visitId }), ...(minutes === undefined ? {} : { minutes }), ...(ticketId === undefined ? {} : { ticketId }) };
    return ask(context, body, { keep: 'promises', seconds: dayPlanLimits.seconds.minimum, promiseMinutes: body.promiseMinutes ?? null, event });
  },
});

async function ask(context: Context, { date, teamIds }: { date: string; teamIds: readonly string[] }, request: PlanRequest) {
  const { tenantId, transaction, now, caller } = context;
  const configuration = await configurationOf(context);
  ensureNear(context, date, configuration.organization.timeZone, 0);
  ensureTeams(context, configuration, teamIds);
  const { staffId, onlyPermissions } = staffOf(context);
  // Of two that somebody asks for at the same moment the second sees the first.
  await transaction.run(build.selectFrom('staff').select('id').where('tenant_id', '=', tenantId).where('id', '=', staffId).forNoKeyUpdate());
  const busy = await transaction.first(build.selectFrom('day_plan').select('id').where('tenant_id', '=', tenantId).where('requested_by', '=', staffId).where('state', 'in', ['waiting', 'running']).where('requested_at', '>', new Date(now.getTime() - 600_000)));
  if (busy) throw new Refusal('plan_under_way');
  const id = newId(now.getTime());
  await transaction.run(build.insertInto('day_plan').values({
    tenant_id: tenantId, id, day: date, team_ids: [...teamIds], event: request.event?.kind ?? null, request: JSON.stringify(request), requested_by: staffId, requested_by_name: context.actor.name,
    requested_via: caller.kind === 'staff' ? caller.via : 'session', only_permissions: onlyPermissions ? [...onlyPermissions] : null, requested_at: now,
  }));
  await recordFact(transaction, { kind: 'dispatch.plan_requested', actor: context.actor, occurredAt: now, recordedAt: now, subjectId: id, data: { date, teams: teamIds.map((team) => configuration.teams.get(team)!.name), event: request.event?.kind ?? null } });
  return viewPlan(context, configuration, (await findPlan(context, id))!);
}

/** Teams whose tickets the caller gives out; of others nothing is told. */
function ensureTeams(context: Context, configuration: Configuration, teamIds: readonly string[]): void {
  const scope = dispatchScope(context, configuration);
  teamIds.forEach((id, index) => {
    if (!scope.teamIds.has(id)) throw refuseInput(`/teamIds/${index}`, 'unknown_reference', { field: 'team' });
  });
}
