import { hash } from 'node:crypto';
import { indexNames } from '../../../rules/text/category-names.ts';
import { classifierLimits, type Classifier, type Example, type learnAndTry, type Trial } from '../../../rules/text/classify.ts';
import type { Weighing } from '../../../rules/text/likely-category.ts';
import type { Services } from '../../platform/context.ts';
import { build, everyTenant, sharedStatement, statement, type Transaction } from '../../platform/db/database.ts';
import { openAside } from '../../platform/threads/aside.ts';
import type { Configuration } from '../organization/configuration.ts';

/** Learned so seldom that it costs nothing, and so often that what was corrected in the morning is known by noon. */
const learnMinutes = 30;
const leastNews = 20;
// More than most say, and few enough that it is learned within seconds.
const mostTickets = 3_000;
const mostText = 1_000;
const correctedWeight = 3;

interface Ticket { id: string; subject: string; description: string; category_id: string; corrected: boolean }

// A guess nobody has looked at teaches nothing: it would only grow surer of itself.
const newest = statement<Ticket>('category_classifier.tickets', `
  SELECT t.id, t.subject, left(t.description, ${mostText}) AS description, t.category_id, g.value IS NOT NULL AS corrected FROM (
    SELECT * FROM ticket WHERE tenant_id = $1 AND category_id IS NOT NULL AND channel NOT IN ('alarm') AND status <> 'cancelled' ORDER BY id DESC LIMIT $2) AS t
  LEFT JOIN ticket_guess g ON g.tenant_id = t.tenant_id AND g.ticket_id = t.id AND g.field = 'category'
  WHERE g.value IS NULL OR g.confirmed_at IS NOT NULL OR g.value <> to_jsonb(t.category_id::text)`);
const whoseNews = statement<{ tenant_id: string }>('category_classifier.news', `
  SELECT o.tenant_id FROM organization o LEFT JOIN category_classifier c ON c.tenant_id = o.tenant_id LEFT JOIN intake_setting s ON s.tenant_id = o.tenant_id
  WHERE coalesce(s.understand, true) AND (c.learned_at IS NULL OR c.learned_at < $1)
    AND (SELECT count(*) FROM (SELECT 1 FROM ticket t WHERE t.tenant_id = o.tenant_id AND t.category_id IS NOT NULL AND t.updated_at > coalesce(c.learned_at, '-infinity') LIMIT ${leastNews}) AS news) >= CASE WHEN c.learned_at IS NULL THEN 1 ELSE ${leastNews} END LIMIT 50`);
const read = statement<{ classifier: Classifier; tickets: number; bytes: number }>('category_classifier.read', 'SELECT classifier, tickets, length(classifier::text) AS bytes FROM category_classifier WHERE tenant_id = $1');
const readStanding = statement<{ learned_at: Date; tickets: number; held_out: number; right_of_held_out: number }>('category_classifier.standing', 'SELECT learned_at, tickets, held_out, right_of_held_out FROM category_classifier WHERE tenant_id = $1');

const learnAside = openAside<Parameters<typeof learnAndTry>[0], Trial>(new URL('../../../rules/text/classify.ts', import.meta.url), 'learnAndTry', { deadline: 120_000, waiting: 20 });

const exampleOf = (ticket: Ticket): Example => ({ label: ticket.category_id, title: ticket.subject, text: ticket.description, weight: ticket.corrected ? correctedWeight : 1 });

/** Learns anew from the newest tickets of those organizations where there is news (学习分类). */
export async function learnCategories({ database }: Services, now: Date): Promise<void> {
  const due = await database.transact(everyTenant, (transaction) => transaction.query(whoseNews, [new Date(now.getTime() - learnMinutes * 60_000)]));
  for (const { tenant_id: tenantId } of due) {
    const tickets = await database.look(tenantId, newest, [tenantId, Math.min(mostTickets, classifierLimits.examples)]);
    const { classifier, heldOut, right } = await learnAside({ examples: tickets.map(exampleOf), least: leastNews });
    const row = { classifier: JSON.stringify(classifier), learned_at: now, tickets: tickets.length, held_out: heldOut, right_of_held_out: right };
    await database.transact(tenantId, (transaction) => transaction.run(build.insertInto('category_classifier').values({ tenant_id: tenantId, ...row })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(row))));
  }
}

// The least recently used one stands first.
const kept = new Map<string, { learnedAt: number; classifier: Classifier | null; bytes: number }>();
/** Of JSON, all together: what is read is about three times as large. */
const mostKept = 40_000_000;
const learnedAt = sharedStatement<object, { learned_at: Date }>('category_classifier.learned_at', 'SELECT given.place, c.learned_at FROM json_to_recordset($2) AS given (place integer) CROSS JOIN (SELECT learned_at FROM category_classifier WHERE tenant_id = $1) c');

/** What was learned here; null where nothing was so far. */
async function learnedBy(transaction: Transaction): Promise<Classifier | null> {
  const [row] = await transaction.queryTogether(learnedAt, {});
  if (!row) return null;
  const present = kept.get(transaction.tenantId);
  const stamp = row.learned_at.getTime();
  kept.delete(transaction.tenantId);
  if (present?.learnedAt === stamp) {
    kept.set(transaction.tenantId, present);
    return present.classifier;
  }
  const [learned] = await transaction.query(read, [transaction.tenantId]);
  const classifier = learned !== undefined && learned.tickets >= leastNews ? learned.classifier : null;
  kept.set(transaction.tenantId, { learnedAt: stamp, classifier, bytes: classifier ? learned!.bytes : 0 });
  let bytes = [...kept.values()].reduce((sum, one) => sum + one.bytes, 0);
  for (const [tenantId, one] of kept) {
    if (bytes <= mostKept || tenantId === transaction.tenantId) break;
    kept.delete(tenantId);
    bytes -= one.bytes;
  }
  return classifier;
}

type Named = Pick<Weighing, 'names' | 'parentOf'>;
const named = new WeakMap<Configuration, Named>();
// Making names ready takes a tenth of a second where there are thousands: what else is configured changes nothing of them. The least recently used one stands first.
const lately = new Map<string, { digest: string; named: Named }>();
const mostLately = 50;

function namesIn(tenantId: string, configuration: Configuration): Named {
  const active = [...configuration.categories.values()].filter((category) => category.active);
  const digest = hash('sha256', JSON.stringify(active.map(({ id, parentId, name, nameEn }) => [id, parentId, name, nameEn])));
  const before = lately.get(tenantId);
  const made = before?.digest === digest ? before.named : {
    names: indexNames(active.map(({ id, parentId, name, nameEn }) => ({ id, parentId, names: nameEn === null ? [name] : [name, nameEn] }))), parentOf: new Map(active.map(({ id, parentId }) => [id, parentId])),
  };
  lately.delete(tenantId);
  lately.set(tenantId, { digest, named: made });
  if (lately.size > mostLately) lately.delete(lately.keys().next().value!);
  return made;
}

/** What categories are weighed by (分类依据): what was learned here, and the names of those that may be given. */
export async function weighingOf(transaction: Transaction, configuration: Configuration): Promise<Weighing> {
  let names = named.get(configuration);
  if (!names) named.set(configuration, (names = namesIn(transaction.tenantId, configuration)));
  return { ...names, learned: await learnedBy(transaction) };
}

/** How the classifier stands (模型概况), for the settings. */
export async function classifierStanding(transaction: Transaction): Promise<{ learnedAt: Date; tickets: number; heldOut: number; right: number } | null> {
  const [row] = await transaction.query(readStanding, [transaction.tenantId]);
  return row ? { learnedAt: row.learned_at, tickets: row.tickets, heldOut: row.held_out, right: row.right_of_held_out } : null;
}
