import { holds, permits, reachOf } from '../../../rules/access/policy.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { isImported, type Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { payloadsOf, signalChannel, type NotifiedPerson } from '../../platform/realtime/signals.ts';
import { loadActive } from '../../records/access/subjects.ts';
import { currentAbsences } from '../../records/desk/absence/current-absences.ts';
import { completePreferences } from '../../records/desk/preferences.ts';
import { accessOf, type TicketRow } from '../../records/ticket/row.ts';
import { bundleNotices, type NewNotice } from './bundle-notices.ts';
import { isMoved, moveInWords } from './moved-visits.ts';
import { channelsOf, isPromise, promisedPeople, promiseInWords } from './promised-people.ts';
import { urgencyOf } from './urgency.ts';
import { candidatesOf, isUrgentRequest, noticeKinds, withCovers, type Candidate, type Known } from './recipients.ts';

/** What was recorded longer ago is no news: after an upgrade, or in a company that came with its history. */
const newsDays = 3;

const findWatchers = statement<{ ticket_id: string; staff_id: string }>('notices.watchers', `
  WITH RECURSIVE source (ticket_id, id) AS (
    SELECT id, id FROM unnest($2::uuid[]) AS wanted (id)
    UNION SELECT s.ticket_id, t.id FROM source s JOIN ticket t ON t.tenant_id = $1 AND t.merged_into = s.id)
  SELECT DISTINCT source.ticket_id, w.staff_id FROM source JOIN ticket_watcher w ON w.tenant_id = $1 AND w.ticket_id = source.id`);
const findMembers = statement<{ team_id: string; staff_id: string }>('notices.members', 'SELECT team_id, staff_id FROM team_member WHERE tenant_id = $1 AND team_id = ANY($2::uuid[])');
const findLeads = statement<{ id: string; lead_id: string }>('notices.leads', 'SELECT id, lead_id FROM team WHERE tenant_id = $1 AND id = ANY($2::uuid[]) AND lead_id IS NOT NULL');
const findAssigner = statement<{ actor_id: string }>('notices.assigner', `
  SELECT actor_id FROM fact WHERE tenant_id = $1 AND ticket_id = $2 AND ticket_position < $3 AND kind = 'ticket.assigned' AND actor_kind IN ('staff', 'api_key')
  ORDER BY ticket_position DESC LIMIT 1`);
const findRuleKeepers = statement<{ staff_id: string }>('notices.rule_keepers', `
  SELECT DISTINCT sr.staff_id FROM staff_role sr JOIN role r ON r.tenant_id = sr.tenant_id AND r.id = sr.role_id AND r.active
  WHERE sr.tenant_id = $1 AND r.grants @> '[{"permission": "automation.manage"}]'`);
const findDepartmentPeople = statement<{ department_id: string; id: string }>('notices.department', 'SELECT department_id, id FROM staff WHERE tenant_id = $1 AND department_id = ANY($2::uuid[]) AND active ORDER BY id LIMIT 500');
const findSideAuthors = statement<{ conversation_id: string; author_id: string }>('notices.side_authors', `
  SELECT DISTINCT conversation_id, author_id FROM side_message WHERE tenant_id = $1 AND conversation_id = ANY($2::uuid[]) AND author_kind IN ('staff', 'api_key') AND author_id IS NOT NULL`);
const findDispatchers = statement<{ staff_id: string }>('notices.dispatchers', `
  SELECT id AS staff_id FROM staff WHERE tenant_id = $1 AND job = 'dispatcher' AND active ORDER BY id LIMIT 100`);
const findOffered = statement<{ position: number; staff_id: string }>('notices.offered', `
  SELECT f.position, c.staff_id FROM unnest($2::bigint[], $3::uuid[], $4::int[]) AS f (position, offer_id, ring)
    JOIN offer_candidate c ON c.tenant_id = $1 AND c.offer_id = f.offer_id AND c.ring = f.ring AND c.state = 'offered' ORDER BY f.position, c.place`);
// Whoever cannot take it any more need not look at it either.
const passOffers = statement<never>('notices.pass_offers', `
  UPDATE notification n SET read_at = $4 FROM unnest($2::uuid[], $3::uuid[]) AS gone (ticket_id, offer_id)
    JOIN fact f ON f.tenant_id = $1 AND f.ticket_id = gone.ticket_id AND f.subject_id = gone.offer_id AND f.kind IN ('offer.opened', 'offer.widened', 'offer.passed_on')
    JOIN offer_candidate c ON c.tenant_id = $1 AND c.offer_id = gone.offer_id AND c.state <> 'offered'
  WHERE n.tenant_id = $1 AND n.fact_position = f.position AND n.staff_id = c.staff_id AND n.reason = 'offered' AND n.read_at IS NULL`);
const announce = statement<never>('notices.announce', 'SELECT pg_notify($1, $2)');

/**
 * Tells people of what concerns them (通知): mentions, assignments, answers, what comes back, what they watch. Exactly once
 * each, as the rows are written with the reader's place; not of one's own acts, and not of tickets one may not see.
 */
export const openNotices = (clock: Clock): Reader => ({
  name: 'notices',
  kinds: noticeKinds,
  async react(transaction, facts) {
    const now = clock.now();
    const news = facts.filter((fact) => (fact.kind !== 'ticket.created' || isUrgentRequest(fact)) && !isImported(fact) && fact.recordedAt.getTime() > now.getTime() - newsDays * 86_400_000);
    const notified: NotifiedPerson[] = [];
    for (const [tenantId, ofTenant] of Map.groupBy(news, (fact) => fact.tenantId)) notified.push(...await noticesOf({ ...transaction, tenantId }, ofTenant, now));
    // Sent with the commit; whoever listens asks for the rest.
    for (const payload of payloadsOf(notified, (some) => ({ notified: some }))) await transaction.query(announce, [signalChannel, payload]);
  },
});

interface Told { fact: Fact; candidates: Candidate[] }

async function noticesOf(transaction: Transaction, facts: readonly Fact[], now: Date): Promise<NotifiedPerson[]> {
  const { tenantId } = transaction;
  const offers = facts.filter((fact) => fact.kind.startsWith('offer.') && fact.kind !== 'offer.opened' && fact.kind !== 'offer.widened');
  if (offers.length > 0) await transaction.query(passOffers, [tenantId, offers.map((fact) => fact.ticketId), offers.map((fact) => fact.subjectId), now]);
  const known = await lookUp(transaction, facts);
  let told: Told[] = facts.map((fact) => ({ fact, candidates: candidatesOf(fact, known) })).filter(({ candidates }) => candidates.length > 0);
  if (told.length === 0) return [];
  const absences = await currentAbsences(transaction, told.flatMap(({ candidates }) => candidates.map((candidate) => candidate.staffId)), now);
  const coverOf = new Map([...absences.values()].flatMap((absence) => (absence.cover ? [[absence.staffId, absence.cover.id] as const] : [])));
  told = told.map(({ fact, candidates }) => ({ fact, candidates: withCovers(candidates, coverOf, fact) }));
  const people = [...new Set(told.flatMap(({ candidates }) => candidates.map((candidate) => candidate.staffId)))];
  const ticketIds = [...new Set(told.flatMap(({ fact }) => ticketOf(fact) ?? []))];
  const [active, tickets, chosen, organization] = await Promise.all([
    loadActive(transaction, people, now),
    ticketIds.length === 0 ? [] : transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', ticketIds)),
    transaction.run(build.selectFrom('staff_preference').select(['staff_id', 'preferences']).where('tenant_id', '=', tenantId).where('staff_id', 'in', people)),
    facts.some((fact) => isPromise(fact) || isMoved(fact)) ? transaction.first(build.selectFrom('organization').select(['language', 'time_zone']).where('tenant_id', '=', tenantId)) : undefined,
  ]);
  const preferences = new Map(chosen.map((row) => [row.staff_id, completePreferences(row.preferences)]));
  const standard = completePreferences(undefined);
  const ticketById = new Map(tickets.map((ticket) => [ticket.id, ticket as TicketRow]));
  const words = { language: organization?.language ?? 'zh-CN', timeZone: organization?.time_zone ?? 'UTC' };
  const rows = told.flatMap(({ fact, candidates }) => candidates.flatMap(({ staffId, reason, forId, takesPart }) => {
    const subject = active.get(staffId)?.subject;
    const ticketId = ticketOf(fact);
    const ticket = ticketId === null ? undefined : ticketById.get(ticketId);
    // What one wrote oneself is one's own, wherever the ticket is gone.
    const maySee = subject !== undefined && ticket !== undefined && permits(reachOf(subject, 'ticket.read'), accessOf(ticket));
    if (reason === 'urgent' && !(maySee && permits(reachOf(subject, 'ticket.assign'), accessOf(ticket)))) return [];
    const besides = reason === 'side_conversation' && takesPart && subject !== undefined && holds(subject, 'ticket.read');
    const pooled = reason === 'offered' && subject !== undefined && holds(subject, 'visit.work');
    const mayKnow = subject && (maySee || besides || pooled || reason === 'held_failed' || reason === 'rule_suspended');
    if (!mayKnow || !(preferences.get(staffId) ?? standard).notify[reason].inApp) return [];
    return [{
      tenant_id: tenantId, staff_id: staffId, id: newId(now.getTime()), reason, ticket_id: maySee ? ticketId : null, side_conversation_id: reason === 'side_conversation' ? fact.subjectId : null, fact_position: fact.position, fact_kind: fact.kind,
      actor_name: fact.actor.name, preview: isPromise(fact) ? promiseInWords(fact, words) : isMoved(fact) ? moveInWords(fact, words) : previewOf(fact), for_id: forId ?? null, urgency: urgencyOf(fact, reason, ticket?.priority ?? null), channels: channelsOf(fact), created_at: fact.recordedAt, read_at: null,
    }];
  }));
  // Lists go by id: those of one batch in the order of what happened.
  const ids = rows.map((row) => row.id).sort();
  rows.forEach((row, index) => (row.id = ids[index]!));
  const notices: NewNotice[] = rows.map((row) => ({ id: row.id, staffId: row.staff_id, reason: row.reason, urgency: row.urgency, channels: row.channels }));
  const bundleOf = await bundleNotices(transaction, notices, new Map(people.map((id) => [id, preferences.get(id) ?? standard])), now);
  const written: { staff_id: string; id: string }[] = [];
  for (let at = 0; at < rows.length; at += 500) {
    written.push(...await transaction.run(build.insertInto('notification').values(rows.slice(at, at + 500).map((row) => ({ ...row, bundle_id: bundleOf.get(row.id) ?? null }))).onConflict((conflict) => conflict.doNothing()).returning(['staff_id', 'id'])));
  }
  return [...Map.groupBy(written, (row) => row.staff_id)].map(([staffId, own]) => ({ tenantId, staffId, ids: own.slice(0, 50).map((row) => row.id) }));
}

async function lookUp(transaction: Transaction, facts: readonly Fact[]): Promise<Known> {
  const { tenantId } = transaction;
  const ids = (of: (fact: Fact) => (string | null | undefined)[]) => [...new Set(facts.flatMap(of).filter((id) => typeof id === 'string'))];
  const beside = facts.filter((fact) => fact.kind.startsWith('side_conversation.'));
  const audiences = beside.map((fact) => (fact.data['audience'] ?? {}) as { teamId?: string | null; departmentId?: string | null });
  const departmentIds = [...new Set(audiences.map((audience) => audience.departmentId).filter((id) => typeof id === 'string'))];
  const conversationIds = [...new Set(beside.map((fact) => fact.subjectId).filter((id) => id !== null))];
  const unreached = facts.filter((fact) => fact.kind === 'reply.failed' || fact.kind.startsWith('hotline.')).map((fact) => (fact.data['now'] as { teamId?: string | null } | undefined)?.teamId).filter((id) => typeof id === 'string');
  const mentioned = [...new Set([...ids((fact) => ((fact.data['mentionTeams'] as { id: string }[] | undefined) ?? []).map((team) => team.id)), ...audiences.map((audience) => audience.teamId).filter((id) => typeof id === 'string'), ...unreached])];
  const back = facts.filter((fact) => fact.kind === 'ticket.declined' || fact.kind === 'ticket.returned' || fact.kind === 'ticket.created' || fact.kind === 'reply.failed' || fact.kind.startsWith('hotline.') || fact.kind === 'offer.lapsed');
  const openings = facts.filter(opensOffer);
  const [watchers, members, leads, people, authors, dispatchers, offered] = await Promise.all([
    transaction.query(findWatchers, [tenantId, ids((fact) => [fact.ticketId])]),
    mentioned.length === 0 ? [] : transaction.query(findMembers, [tenantId, mentioned]),
    back.length === 0 ? [] : transaction.query(findLeads, [tenantId, [...new Set(back.flatMap((fact) => [(fact.data['now'] as { teamId?: string | null } | undefined)?.teamId, fact.kind === 'offer.lapsed' ? fact.data['teamId'] as string | null : null].filter((id) => typeof id === 'string')))]]),
    departmentIds.length === 0 ? [] : transaction.query(findDepartmentPeople, [tenantId, departmentIds]),
    conversationIds.length === 0 ? [] : transaction.query(findSideAuthors, [tenantId, conversationIds]),
    facts.some((fact) => isUrgentRequest(fact) || fact.kind === 'hotline.urged' || fact.kind === 'offer.lapsed') ? transaction.query(findDispatchers, [tenantId]) : [],
    openings.length === 0 ? [] : transaction.query(findOffered, [tenantId, openings.map((fact) => fact.position), openings.map((fact) => fact.subjectId), openings.map((fact) => fact.data['ring'])]),
  ]);
  const assigners = new Map<number, string>();
  for (const fact of back.filter((one) => one.kind === 'ticket.declined')) {
    const [assigner] = await transaction.query(findAssigner, [tenantId, fact.ticketId, fact.ticketPosition]);
    if (assigner) assigners.set(fact.position, assigner.actor_id);
  }
  const gathered = <Row>(rows: readonly Row[], key: (row: Row) => string, value: (row: Row) => string) => new Map([...Map.groupBy(rows, key)].map(([id, own]) => [id, own.map(value)]));
  return {
    watchers: gathered(watchers, (row) => row.ticket_id, (row) => row.staff_id), members: gathered(members, (row) => row.team_id, (row) => row.staff_id),
    promised: await promisedPeople(transaction, facts, gathered(watchers, (row) => row.ticket_id, (row) => row.staff_id)),
    offered: new Map([...Map.groupBy(offered, (row) => row.position)].map(([position, own]) => [position, own.map((row) => row.staff_id)])),
    leads: new Map(leads.map((row) => [row.id, row.lead_id])), assigners, dispatchers: dispatchers.map((row) => row.staff_id),
    departmentPeople: gathered(people, (row) => row.department_id, (row) => row.id), sideAuthors: gathered(authors, (row) => row.conversation_id, (row) => row.author_id),
    ruleKeepers: facts.some((fact) => fact.kind === 'automation_rule.suspended') ? (await transaction.query(findRuleKeepers, [tenantId])).map((row) => row.staff_id) : [],
  };
}

const opensOffer = (fact: Fact): boolean => fact.kind === 'offer.opened' || fact.kind === 'offer.widened' || fact.kind === 'offer.passed_on';

const ticketOf = (fact: Fact): string | null => fact.ticketId ?? (fact.kind === 'held_reply.failed' ? fact.data['ticketId'] as string : null);

function previewOf({ data, kind }: Fact): string | null {
  const text = data['preview'] ?? data['reason'] ?? data['note'] ?? data['resolution'] ?? (kind.startsWith('hotline.') ? data['words'] ?? data['failure'] : null);
  return typeof text === 'string' ? [...text.slice(0, 280)].slice(0, 140).join('').toWellFormed() : null;
}
