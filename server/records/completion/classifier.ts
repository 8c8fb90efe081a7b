import { classifierLimits, learnFrom, classify, type Classifier, type Example } from '../../../rules/text/classify.ts';
import type { Services } from '../../platform/context.ts';
import { build, everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { openAside } from '../../platform/threads/aside.ts';
import type { Configuration } from '../organization/configuration.ts';

/** Learned so seldom that it costs nothing, and so often that what was corrected in the morning is known by noon. */
const learnMinutes = 30;
const leastNews = 20;
// More than most say, and few enough that it is learned within seconds.
const mostTickets = 3_000;
const mostText = 1_000;
const heldOutEvery = 10;
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
const read = statement<{ classifier: Classifier; learned_at: Date; tickets: number; held_out: number; right_of_held_out: number }>('category_classifier.read', 'SELECT * FROM category_classifier WHERE tenant_id = $1');

const learnAside = openAside<Example[], Classifier>(new URL('../../../rules/text/classify.ts', import.meta.url), 'learnFrom', { deadline: 120_000, waiting: 20 });

const exampleOf = (ticket: Ticket): Example => ({ label: ticket.category_id, title: ticket.subject, text: ticket.description, weight: ticket.corrected ? correctedWeight : 1 });

/** Learns anew from the newest tickets of those organizations where there is news (学习分类). */
export async function learnCategories({ database }: Services, now: Date): Promise<void> {
  const due = await database.transact(everyTenant, (transaction) => transaction.query(whoseNews, [new Date(now.getTime() - learnMinutes * 60_000)]));
  for (const { tenant_id: tenantId } of due) {
    const tickets = await database.look(tenantId, newest, [tenantId, Math.min(mostTickets, classifierLimits.examples)]);
    const examples = tickets.map(exampleOf);
    // How often it is right is found with tickets it has not seen.
    const kept = examples.filter((_, at) => at % heldOutEvery !== 0);
    const heldOut = examples.filter((_, at) => at % heldOutEvery === 0);
    const tried = kept.length < leastNews ? null : await learnAside(kept);
    const right = tried === null ? 0 : heldOut.filter(({ label, title, text }) => classify(tried, title, text, 1)[0]?.label === label).length;
    const classifier = await learnAside(examples);
    const row = { classifier: JSON.stringify(classifier), learned_at: now, tickets: examples.length, held_out: tried === null ? 0 : heldOut.length, right_of_held_out: right };
    await database.transact(tenantId, (transaction) => transaction.run(build.insertInto('category_classifier').values({ tenant_id: tenantId, ...row })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(row))));
  }
}

const kept = new Map<string, { learnedAt: number; classifier: Classifier }>();
const mostKept = 100;
const learnedAt = statement<{ learned_at: Date }>('category_classifier.learned_at', 'SELECT learned_at FROM category_classifier WHERE tenant_id = $1');

/** What was learned, of categories that may still be given; from their names alone where nothing was yet. */
export async function classifierOf(transaction: Transaction, configuration: Configuration): Promise<Classifier> {
  const [row] = await transaction.query(learnedAt, [transaction.tenantId]);
  const present = kept.get(transaction.tenantId);
  const stamp = row?.learned_at.getTime() ?? -configuration.version;
  if (present?.learnedAt === stamp) return present.classifier;
  const [learned] = row ? await transaction.query(read, [transaction.tenantId]) : [];
  const classifier = learned && learned.tickets >= leastNews ? learned.classifier : fromNames(configuration);
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
  kept.set(transaction.tenantId, { learnedAt: stamp, classifier });
  return classifier;
}

function fromNames(configuration: Configuration): Classifier {
  const parents = new Set([...configuration.categories.values()].map(({ parentId }) => parentId));
  return learnFrom([...configuration.categories.values()].filter(({ id, active }) => active && !parents.has(id)).map(({ id, path, pathEn }) => ({ label: id, title: path.at(-1)!, text: [...path, ...pathEn].join(' ') })));
}

/** How the classifier stands (模型概况), for the settings. */
export async function classifierStanding(transaction: Transaction): Promise<{ learnedAt: Date; tickets: number; heldOut: number; right: number } | null> {
  const [row] = await transaction.query(read, [transaction.tenantId]);
  return row ? { learnedAt: row.learned_at, tickets: row.tickets, heldOut: row.held_out, right: row.right_of_held_out } : null;
}
