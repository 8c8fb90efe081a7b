import { Closed, Id } from '../../../contract/common.ts';
import type { OverrideRule } from '../../../contract/dispatch.ts';
import { ChangeVisitMembers, VisitSummary } from '../../../contract/visit.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { isVisitOver, visitStatusNames, type VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import { localDay } from '../../platform/clock/clock.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { overrideNeeded, rulesAgainstMember } from '../../records/dispatch/against.ts';
import { lockDaysOf } from '../../records/dispatch/lock-days.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { changeTicket } from '../../records/ticket/change.ts';
import { ensureVersion, lockTicket } from '../../records/ticket/find.ts';
import { accessOf } from '../../records/ticket/row.ts';
import { findMembers, writeMembers } from '../../records/visit/members.ts';
import { lockVisitRow, techniciansWhoCame, viewVisitSummary } from '../../records/visit/queries.ts';

/**
 * Says who comes beside the technician of a visit (安排同行人员); they see it among theirs, while its steps stay with the one who leads.
 *
 * @throws Refusal override_needed where a rule speaks against somebody who is added
 */
export const changeVisitMembers = useCase({
  summary: 'Say who comes beside the technician of a visit',
  params: Closed({ id: Id }),
  body: ChangeVisitMembers,
  answer: VisitSummary,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { tenantId, transaction } = context;
    const found = await transaction.first(build.selectFrom('visit').select('ticket_id').where('tenant_id', '=', tenantId).where('id', '=', params.id));
    const ticket = found && await lockTicket(context, found.ticket_id);
    if (!ticket || !permits(reachOf(staffOf(context), 'ticket.assign'), accessOf(ticket))) throw new Refusal('not_found');
    const visit = await lockVisitRow(context, params.id);
    // With a merge it went to another ticket while this one was waited for.
    if (!visit || visit.ticket_id !== ticket.id) throw new Refusal('not_found');
    ensureVersion(visit, ifMatch);
    const status = visit.status as VisitStatus;
    if (isVisitOver(status)) throw new Refusal('visit_step_not_open', { status: visitStatusNames[status], action: { zh: '安排同行人员', en: 'Change who comes along' } });
    const members = await findMembers(context, body.members, visit.technician_id, '/members');
    const before = visit.members;
    if (before.map(({ id }) => id).join() === members.map(({ id }) => id).join()) return viewVisitSummary(visit);
    const added = members.filter(({ id }) => !before.some((other) => other.id === id));
    const configuration = await configurationOf(context);
    const reason = body.override?.trim();
    const rules = new Set<OverrideRule>();
    for (const { id } of added) {
      const against = await rulesAgainstMember(context, configuration, ticket, id);
      if (against.length > 0 && !reason) throw await overrideNeeded(context, { staffId: id }, against);
      for (const rule of against) rules.add(rule);
    }
    await lockDaysOf(context, added.map(({ id }) => id), [localDay(visit.planned_start ?? visit.window_start ?? context.now, configuration.organization.timeZone)]);
    await writeMembers(context, visit.id, members);
    await transaction.run(build.updateTable('visit').set({ version: visit.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', visit.id));
    // Who no longer comes has no more to do with it, unless they have worked on it.
    const stay = new Set([...await techniciansWhoCame(context, ticket.id), ...members.map(({ id }) => id), ...(ticket.assignee_id === null ? [] : [ticket.assignee_id]), visit.technician_id]);
    const left = new Set(before.map(({ id }) => id).filter((id) => !stay.has(id)));
    await changeTicket(context, ticket, { participant_ids: [...new Set([...ticket.participant_ids.filter((id) => !left.has(id)), ...added.map(({ id }) => id)])] }, {
      kind: 'visit.members_changed', subjectId: visit.id, data: { members, addedIds: added.map(({ id }) => id), ...(reason ? { override: { reason, rules: [...rules] } } : {}) },
    });
    return viewVisitSummary({ ...visit, members, version: visit.version + 1 });
  },
});
