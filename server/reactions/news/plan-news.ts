import type { FactKind } from '../../../contract/facts.ts';
import { passesQuietHours, type NewsEvent } from '../../../rules/news/events.ts';
import { endOfQuiet, isQuietAt } from '../../../rules/notices/timing.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { isImported, type Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { wholeFamiliesOf } from '../../records/customer/family.ts';
import { planNews, type NewNews } from '../../records/news/rows.ts';
import { newsSettingsOf } from '../../records/news/settings.ts';

/** What was recorded longer ago is no news to anybody. */
const newsHours = 6;
// One deed leaves several facts: assigned, accepted, a visit arranged.
const gatherMilliseconds = 8_000;
const eventOf: Partial<Record<FactKind, NewsEvent>> = {
  'ticket.created': 'received', 'ticket.accepted': 'accepted', 'visit.scheduled': 'scheduled', 'visit.travel_started': 'travelling', 'visit.near': 'near', 'ticket.resolved': 'resolved', 'ticket.closed': 'closed', 'ticket.confirmed': 'closed', 'ticket.cancelled': 'cancelled',
};

interface Concerned {
  origin: string;
  id: string;
  round: number;
  customer_id: string | null;
  talks: boolean;
}

// With those that were merged into a ticket: each customer hears of their own.
const findConcerned = statement<Concerned>('customer_news.concerned', `
  WITH RECURSIVE family (origin, id) AS (
    SELECT id, id FROM unnest($2::uuid[]) AS given (id)
    UNION SELECT f.origin, t.id FROM family f JOIN ticket t ON t.tenant_id = $1 AND t.merged_into = f.id)
  SELECT f.origin, t.id, o.reopened_count AS round, t.customer_id, EXISTS (SELECT FROM conversation_ticket c WHERE c.tenant_id = $1 AND c.ticket_id = t.id) AS talks
  FROM family f JOIN ticket t ON t.tenant_id = $1 AND t.id = f.id JOIN ticket o ON o.tenant_id = $1 AND o.id = f.origin WHERE t.channel <> 'alarm'`);
const findReached = statement<{ customer_id: string }>('customer_news.reached', `
  SELECT customer_id FROM conversation WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) AND last_inbound_at IS NOT NULL
  UNION SELECT customer_id FROM contact_point WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) AND kind = 'phone' AND verified_at IS NOT NULL
    AND EXISTS (SELECT FROM notice_account WHERE tenant_id = $1 AND channel = 'sms' AND active)`);

/**
 * Puts down what customers are to be told (进度通报): of steps that others took, for whoever can be reached at all; in quiet hours for the morning. Once each, as the
 * rows are written with the reader's place.
 */
export const openNews = (clock: Clock): Reader => ({
  name: 'customer_news',
  kinds: new Set(Object.keys(eventOf) as FactKind[]),
  async react(transaction, facts) {
    const now = clock.now();
    const news = facts.filter((fact) => fact.ticketId !== null && !isImported(fact) && fact.recordedAt.getTime() > now.getTime() - newsHours * 3_600_000);
    for (const [tenantId, ofTenant] of Map.groupBy(news, (fact) => fact.tenantId)) await plan({ ...transaction, tenantId }, ofTenant, now);
  },
});

async function plan(transaction: Transaction, facts: readonly Fact[], now: Date): Promise<void> {
  const { tenantId } = transaction;
  const settings = await newsSettingsOf(transaction);
  const wanted = facts.flatMap((fact): { fact: Fact; event: NewsEvent }[] => {
    const event = eventOf[fact.kind]!;
    const ends = event === settings.surveyAt && settings.events.survey.told;
    // Of what they did themselves they know; how it was they are asked all the same.
    const own = fact.actor.kind === 'customer' && event !== 'received';
    return [...own || !settings.events[event].told ? [] : [{ fact, event }], ...ends ? [{ fact, event: 'survey' as const }] : []];
  });
  if (wanted.length === 0) return;
  const concerned = Map.groupBy(await transaction.query(findConcerned, [tenantId, [...new Set(wanted.map(({ fact }) => fact.ticketId!))]]), (row) => row.origin);
  const silent = [...new Set([...concerned.values()].flat().flatMap((row) => (row.talks || row.customer_id === null ? [] : [row.customer_id])))];
  const families = await wholeFamiliesOf({ tenantId, transaction }, silent);
  const reached = new Set(silent.length === 0 ? [] : (await transaction.query(findReached, [tenantId, [...new Set([...families.values()].flat())]])).map((row) => row.customer_id));
  const reachable = (row: Concerned) => row.talks || (row.customer_id !== null && (families.get(row.customer_id) ?? []).some((id) => reached.has(id)));
  const organization = await transaction.first(build.selectFrom('organization').select('time_zone').where('tenant_id', '=', tenantId));
  const soon = now.getTime() + gatherMilliseconds;
  const { quietHours } = settings;
  const dueOf = (event: NewsEvent): Date => {
    const due = event === 'survey' ? soon + 1 : soon;
    return new Date(quietHours && !passesQuietHours(event) && isQuietAt(quietHours, due, organization!.time_zone) ? endOfQuiet(quietHours, due, organization!.time_zone) : due);
  };
  const rows = wanted.flatMap(({ fact, event }) => (concerned.get(fact.ticketId!) ?? []).filter(reachable).map((row): NewNews => ({
    id: newId(now.getTime()), ticket_id: row.id, event, about: event === 'scheduled' || event === 'travelling' || event === 'near' ? fact.subjectId ?? '' : `round ${row.round}`, due_at: dueOf(event),
  })));
  await planNews(transaction, rows, now);
}
