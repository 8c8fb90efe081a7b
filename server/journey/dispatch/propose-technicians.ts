import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { dispatchLimits, hardReasonNames, ProposeTechnicians, scoreFactorNames, TechnicianProposals } from '../../../contract/dispatch.ts';
import { reasonOf, scoreFactors, type HardReason } from '../../../rules/routing/propose.ts';
import type { TravelSource } from '../../../contract/travel.ts';
import { figureOf } from '../../../rules/travel/figure.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput, Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { DayCandidate } from '../../records/dispatch/day-roster.ts';
import { familiarWith } from '../../records/dispatch/familiarity.ts';
import { liveRoster } from '../../records/dispatch/live-roster.ts';
import { visitNeeds } from '../../records/dispatch/visit-needs.ts';
import { weightsOf } from '../../records/dispatch/weights.ts';
import { configurationOf, nameIn } from '../../records/organization/configuration.ts';
import { findTicket } from '../../records/ticket/find.ts';
import { accessOf } from '../../records/ticket/row.ts';
import { viewOrigin } from '../../records/travel/view-origin.ts';
import { crewOf } from './crew.ts';
import { reckonKnown, weighedFor } from './reckon.ts';

/**
 * The best people to be sent to a ticket (派单建议), each with the cheapest place in their day and a score sheet, and why
 * the others cannot be sent. For whoever may give the ticket out.
 */
export const proposeTechnicians = useCase({
  summary: 'Propose technicians for a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  query: ProposeTechnicians,
  answer: TechnicianProposals,
  async run(context, { params, query }) {
    const ticket = await findTicket(context, params.id);
    if (!ticket || !permits(reachOf(staffOf(context), 'ticket.assign'), accessOf(ticket))) throw new Refusal('not_found');
    const configuration = await configurationOf(context);
    const { timeZone } = configuration.organization;
    const given = windowOf(query, context.now);
    const needs = await visitNeeds(context, configuration, ticket);
    const window = given ?? (needs.promised !== null && needs.promised.to > context.now ? needs.promised : null);
    const minutes = query.minutes ?? needs.minutes;
    const [familiar, { weights }] = await Promise.all([familiarWith(context, ticket), weightsOf(context, ticket.team_id)]);
    const weighed = weighedFor(weights, needs);
    const reckoned = await reckonKnown(context, { live: await liveRoster(context, context.now, timeZone), configuration, now: context.now, ticketId: ticket.id, needs, minutes, familiar, window, weights: weighed, count: query.limit ?? 10 });
    const { day, candidates, roster, proposal, request, knowledge } = reckoned;
    const total = scoreFactors.reduce((sum, factor) => sum + weighed[factor], 0) || 1;
    const language = context.language === 'en' ? 'en' : 'zh';
    const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
    const out = candidates.flatMap((candidate) => {
      const reason = reasonOf(roster, proposal, candidate.id);
      return reason === null ? [] : [{ candidate, reason }];
    });
    const ofTeam = new Set(ticket.team_id === null ? [] : (await context.transaction.run(build.selectFrom('team_member').select('staff_id').where('tenant_id', '=', context.tenantId).where('team_id', '=', ticket.team_id))).map((row) => row.staff_id));
    out.sort((a, b) => Number(ofTeam.has(b.candidate.id)) - Number(ofTeam.has(a.candidate.id)));
    const skillName = (id: string) => nameIn(context.language, needs.names.get(id) ?? { name: id, nameEn: null });
    return {
      items: proposal.best.map((best) => {
        const person = byId.get(best.id)!;
        const next = person.visits[best.position];
        const before = best.position === 0 ? person.start : person.stops[best.position - 1]!.point;
        const origin = needs.place === null ? null : (knowledge?.figure(before, request.point) ?? figureOf(before, request.point, configuration.travel)).origin;
        return {
          technician: { id: person.id, name: person.name }, score: Math.round(best.score * 10) / 10,
          sheet: best.sheet.filter(({ factor }) => weighed[factor] > 0).map(({ factor, value, points }) => ({
            factor, title: scoreFactorNames[factor][language], value: Math.round(value * 1_000) / 1_000, points: Math.round(points * 10) / 10, most: Math.round((weighed[factor] * 1_000) / total) / 10,
          })),
          begins: new Date(best.begins * 1_000).toISOString(), travelMinutes: needs.place === null ? null : Math.max(0, Math.round(best.travel / 60)),
          crew: crewOf(reckoned, needs, minutes, best).map((id, place) => ({ technician: id === null ? null : { id, name: byId.get(id)!.name }, skills: needs.crew[place]!.skills.map(({ skillId }) => skillName(skillId)) })),
          travelFrom: viewOrigin(language, origin), before: next ? { ticketId: next.ticketId, number: next.number } : null, visits: person.visits.length,
          shift: { from: new Date(person.shift![0] * 1_000).toISOString(), to: new Date(person.shift![1] * 1_000).toISOString() }, startsFrom: person.startsFrom,
        };
      }),
      eligible: proposal.eligible,
      ruledOut: out.slice(0, dispatchLimits.ruledOut).map(({ candidate, reason }) => ({
        technician: { id: candidate.id, name: candidate.name }, reason, title: hardReasonNames[reason][language], detail: detailOf(reason, candidate),
      })),
      ruledOutCount: out.length,
      basis: {
        day, windowStart: window?.from.toISOString() ?? null, windowEnd: window?.to.toISOString() ?? null, minutes, minutesFrom: query.minutes === undefined ? needs.minutesFrom : 'given' as const,
        skills: needs.skills.map(({ skillId, level }) => ({ skill: { id: skillId, name: skillName(skillId) }, level })), people: 1 + needs.crew.length, place: needs.place?.of ?? null, travel: needs.place === null ? null : sourceOf(),
      },
    };

    /** Of the first ways, taken together. */
    function sourceOf(): TravelSource {
      const sources = new Set(proposal.best.map(({ id, position }): TravelSource => {
        const person = byId.get(id)!;
        return (knowledge?.figure(position === 0 ? person.start : person.stops[position - 1]!.point, request.point))?.origin.source ?? 'straight_line';
      }));
      return sources.size > 1 ? 'mixed' : [...sources][0] ?? 'straight_line';
    }

    function detailOf(reason: HardReason, candidate: DayCandidate): string | null {
      if (reason === 'skill') {
        return needs.skills.filter(({ skillId, level }) => (candidate.skills[skillId] ?? 0) < level)
          .map(({ skillId, level }) => (candidate.skills[skillId] === undefined ? skillName(skillId) : `${skillName(skillId)} ${candidate.skills[skillId]} < ${level}`)).join(language === 'en' ? ', ' : '、');
      }
      if (reason === 'banned' || reason === 'not_required') {
        const said = (reason === 'banned' ? needs.wishes.banned.filter(({ staffId }) => staffId === candidate.id) : needs.wishes.required ?? []).find((wish) => wish.reason !== null);
        return said?.reason ?? null;
      }
      if (reason === 'no_gap') return language === 'en' ? `${candidate.visits.length} visits that day` : `当天已有 ${candidate.visits.length} 个上门`;
      return null;
    }
  },
});

/** The window that was asked for; in order, not over, and not far away. */
function windowOf({ windowStart, windowEnd }: ProposeTechnicians, now: Date): { from: Date; to: Date } | null {
  if (windowStart === undefined && windowEnd === undefined) return null;
  if (windowStart === undefined) throw invalidInput('/windowStart', 'required', { zh: '上门时段要有开始时间', en: 'A window has a start' });
  const from = new Date(windowStart);
  const to = new Date(windowEnd ?? from.getTime() + 3_600_000);
  if (to <= from) throw invalidInput('/windowEnd', 'order', { zh: '结束时间应晚于开始时间', en: 'must be after windowStart' });
  if (to.getTime() <= now.getTime()) throw invalidInput('/windowEnd', 'past', { zh: '这段时间已经过去', en: 'is over already' });
  if (from.getTime() > now.getTime() + dispatchLimits.windowDays * 86_400_000) throw invalidInput('/windowStart', 'maximum', { zh: `只能安排 ${dispatchLimits.windowDays} 天之内`, en: `at most ${dispatchLimits.windowDays} days ahead` });
  if (to.getTime() - from.getTime() > 7 * 86_400_000) throw invalidInput('/windowEnd', 'maximum', { zh: '上门时段不超过 7 天', en: 'at most 7 days after windowStart' });
  return { from, to };
}
