import { createHash } from 'node:crypto';
import type { ViewCount } from '../../../contract/view.ts';
import { viewLimits } from '../../../contract/view.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context, type Services } from '../../platform/context.ts';
import type { Database, Transaction } from '../../platform/db/database.ts';
import { configurationOf } from '../organization/configuration.ts';
import { applicableFilter } from '../ticket/filter-problems.ts';
import { filterSetting, plainFilter } from '../ticket/filter-setting.ts';
import { estimate } from '../ticket/estimate.ts';
import { selectCount, ticketSet, type TicketSet } from '../ticket/ticket-set.ts';
import type { AnyView } from './views.ts';

interface Counted {
  /** null while it is counted for the first time. */
  count: number | null;
  at: Date | null;
  /** In milliseconds: from then on it is counted anew. */
  staleAt: number;
  running: boolean;
}

// A count that an index gives at once is counted within the request, and then kept for a moment.
const freshMilliseconds = 2_000;
// What costs more than this by the planner's reckoning (some 20 ms) is counted beside the request, one at a time.
const cheapest = 15_000;
const freshAsideMilliseconds = 60_000;
const longestAside = 30_000;
const mostKept = 20_000;

const kept = new WeakMap<Database, Map<string, Counted>>();
const asideOf = new WeakMap<Database, Promise<void>>();

/**
 * How many tickets views hold for the one who asks (实时计数): exact up to 1,000, “1,000+” beyond. Never a full count while
 * somebody waits: the query stops at the limit, its answer is kept for two seconds and shared by all who may see the
 * same, and where even so much would take long (a filter without an index), the last answer is given and a new one is
 * counted in the background.
 */
export async function countViews(context: Context, views: readonly AnyView[]): Promise<ViewCount[]> {
  const { services, tenantId, now } = context;
  const configuration = await configurationOf(context);
  const setting = await filterSetting(context, configuration);
  const subject = staffOf(context);
  const reach = reachOf(subject, 'ticket.read');
  const counts = keptBy(services.database);
  return Promise.all(views.map(async (view): Promise<ViewCount> => {
    const [id, stored] = 'row' in view ? [view.row.id, view.row.filter as unknown] : [view.standard.key, view.standard.filter];
    const { filter } = applicableFilter(stored, setting.properties, configuration);
    // Whoever sees the same and means the same shares one count.
    const text = JSON.stringify(filter);
    const personal = /"(?:me|mine)"/.test(text) ? [subject.staffId, subject.teamIds] : [];
    const key = createHash('sha256').update(JSON.stringify([tenantId, configuration.version, reach, personal, text])).digest('base64url');
    let counted = counts.get(key);
    if (!counted || (counted.staleAt <= now.getTime() && !counted.running)) {
      const set = ticketSet(context, reach, plainFilter(filter, setting), setting.target);
      counted = await countAnew(context, set, counted);
      counts.delete(key);
      if (counts.size >= mostKept) counts.delete(counts.keys().next().value!);
      counts.set(key, counted);
    }
    const { count, at } = counted;
    return { view: id, count: count === null ? null : Math.min(count, viewLimits.count), capped: count !== null && count > viewLimits.count, at: at?.toISOString() ?? null };
  }));
}

function keptBy(database: Database): Map<string, Counted> {
  const present = kept.get(database) ?? new Map<string, Counted>();
  kept.set(database, present);
  return present;
}

async function countAnew(context: Context, set: TicketSet, before: Counted | undefined): Promise<Counted> {
  const query = selectCount(set, viewLimits.count + 1);
  const { now } = context;
  const { cost } = await estimate(context.transaction, query);
  if (cost <= cheapest) {
    const row = await context.transaction.first(query);
    return { count: row!.count, at: now, staleAt: now.getTime() + freshMilliseconds, running: false };
  }
  const counted: Counted = { count: before?.count ?? null, at: before?.at ?? null, staleAt: now.getTime() + freshAsideMilliseconds, running: false };
  // Once this transaction is over, so as to take none of the connections that are for transactions within others.
  context.transaction.afterCommit(() => {
    counted.running = true;
    countAside(context.services, context.tenantId, async (transaction) => {
      // It gives up rather than keep the others waiting; what was known stays.
      await transaction.query({ name: '', text: `SET LOCAL statement_timeout = ${longestAside}` }, []);
      counted.count = (await transaction.first(query))!.count;
      counted.at = context.services.clock.now();
    }, () => (counted.running = false));
  });
  return counted;
}

/** One after another: however many ask for costly counts, they take no more than one connection. */
function countAside({ database, log }: Services, tenantId: string, work: (transaction: Transaction) => Promise<void>, done: () => void): void {
  const before = asideOf.get(database) ?? Promise.resolve();
  asideOf.set(database, before.then(() => database.transact(tenantId, work)).catch((error: unknown) => log.warn({ error }, 'a view could not be counted')).finally(done));
}
