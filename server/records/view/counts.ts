import { createHash } from 'node:crypto';
import type { ViewCount } from '../../../contract/view.ts';
import { viewLimits } from '../../../contract/view.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { staffOf, type Context, type Services } from '../../platform/context.ts';
import { statement, type Database, type Transaction } from '../../platform/db/database.ts';
import { configurationOf } from '../organization/configuration.ts';
import { applicableFilter } from '../ticket/filter-problems.ts';
import { filterSetting, plainFilter, propertiesFor, withFamilies } from '../ticket/filter-setting.ts';
import { estimate } from '../ticket/estimate.ts';
import { selectCount, ticketSet, type TicketSet } from '../ticket/ticket-set.ts';
import type { AnyView } from './views.ts';

interface Counted {
  /** null while it is counted for the first time. */
  count: number | null;
  at: Date | null;
  /** The newest fact of the organization when it was counted. */
  position: number;
  running: boolean;
  /** What counting it took, in milliseconds. */
  took: number;
  /** How it is counted, by what the planner expects of it; asked again after a while. */
  way: { whole: boolean; costly: boolean; until: number } | null;
}

// A count is kept for a moment; where nothing happened since, for a while longer. Not for ever: time passes in filters,
// too, and facts are not written in the order of their positions.
const freshMilliseconds = 2_000;
// However many ask for however many views, each takes no more than this part of the database's time.
const shareOfTime = 1_000;
const unchangedMilliseconds = 15_000;
// What costs more than this by the planner's reckoning (some 20 ms) is counted beside the request, one at a time.
const cheapest = 15_000;
const freshAsideMilliseconds = 60_000;
const longestAside = 30_000;
const wayMilliseconds = 60_000;
const mostKept = 20_000;

const kept = new WeakMap<Database, Map<string, Counted>>();
const asideOf = new WeakMap<Database, Promise<void>>();
const newestFact = statement<{ position: number }>('fact.newest_position', 'SELECT position FROM fact WHERE tenant_id = $1 ORDER BY position DESC LIMIT 1');

/**
 * How many tickets views hold for the one who asks (实时计数): exact up to 1,000, “1,000+” beyond. Never a full count while
 * somebody waits: the query stops at the limit, its answer is kept for some seconds (longer where it took long, and while nothing happens) and
 * shared by all who may see the same, and where even so much would take long (a filter without an index), the last answer
 * is given and a new one is counted in the background.
 */
export async function countViews(context: Context, views: readonly AnyView[]): Promise<ViewCount[]> {
  const configuration = await configurationOf(context);
  const properties = await propertiesFor(context, configuration);
  const counted = await countFilters(context, views.map((view) => applicableFilter('row' in view ? view.row.filter : view.standard.filter, properties, configuration).filter));
  return views.map((view, index) => ({ view: 'row' in view ? view.row.id : view.standard.key, ...counted[index]! }));
}

/** The same for filters, in their order; they must have been checked. */
export async function countFilters(context: Context, filters: readonly Filter[]): Promise<Omit<ViewCount, 'view'>[]> {
  const { services, tenantId, transaction } = context;
  const configuration = await configurationOf(context);
  const [setting, [newest]] = await Promise.all([filterSetting(context, configuration), transaction.query(newestFact, [tenantId])]);
  const subject = staffOf(context);
  const reach = reachOf(subject, 'ticket.read');
  const counts = keptBy(services.database);
  // They go one after another over one connection: each took what passed since the one before.
  const done = { at: 0 };
  return Promise.all(filters.map(async (filter) => {
    // Whoever sees the same and means the same shares one count.
    const text = JSON.stringify(filter);
    const personal = /"(?:me|mine)"/.test(text) ? [subject.staffId, subject.teamIds] : [];
    const key = createHash('sha256').update(JSON.stringify([tenantId, configuration.version, reach, personal, text])).digest('base64url');
    const position = newest?.position ?? 0;
    const counted = counts.get(key) ?? { count: null, at: null, position, running: false, took: 0, way: null };
    if (!isFresh(counted, position, context.now)) {
      counts.delete(key);
      if (counts.size >= mostKept) counts.delete(counts.keys().next().value!);
      counts.set(key, counted);
      await countAnew(context, ticketSet(context, reach, plainFilter(filter, await withFamilies(context, setting, filter)), setting.target), counted, position, done);
    }
    const { count, at } = counted;
    return { count: count === null ? null : Math.min(count, viewLimits.count), capped: count !== null && count > viewLimits.count, at: at?.toISOString() ?? null };
  }));
}

function isFresh({ at, position, running, took, way }: Counted, newest: number, now: Date): boolean {
  if (running) return true;
  if (at === null) return false;
  const age = now.getTime() - at.getTime();
  const fresh = Math.min(freshAsideMilliseconds, Math.max(freshMilliseconds, took * shareOfTime));
  return age < (way?.costly ? freshAsideMilliseconds : position === newest ? Math.max(unchangedMilliseconds, fresh) : fresh);
}

function keptBy(database: Database): Map<string, Counted> {
  const present = kept.get(database) ?? new Map<string, Counted>();
  kept.set(database, present);
  return present;
}

async function countAnew(context: Context, set: TicketSet, counted: Counted, position: number, done: { at: number }): Promise<void> {
  const { transaction, now, services } = context;
  if (!counted.way || counted.way.until <= now.getTime()) counted.way = await wayOf(transaction, set, now);
  const query = selectCount(counted.way.whole ? set.whole : set, viewLimits.count + 1);
  if (!counted.way.costly) {
    const started = performance.now();
    counted.count = (await transaction.first(query))!.count;
    counted.took = performance.now() - Math.max(started, done.at);
    done.at = performance.now();
    counted.at = now;
    counted.position = position;
    return;
  }
  // Once this transaction is over, so as to take none of the connections that are for transactions within others.
  transaction.afterCommit(() => {
    if (counted.running) return;
    counted.running = true;
    countAside(services, context.tenantId, async (aside) => {
      // It gives up rather than keep the others waiting; what was known stays.
      await aside.query({ name: '', text: `SET LOCAL statement_timeout = ${longestAside}` }, []);
      counted.count = (await aside.first(query))!.count;
    }, () => {
      counted.running = false;
      counted.at = services.clock.now();
    });
  });
}

/** Whether it is cheaper to read the ranges of a reach one by one or all tickets of the filter, and whether either is cheap. */
async function wayOf(transaction: Transaction, set: TicketSet, now: Date): Promise<NonNullable<Counted['way']>> {
  const most = viewLimits.count + 1;
  const cost = async (one: TicketSet) => (await estimate(transaction, selectCount(one, most))).cost;
  const [ranges, whole] = set.sources.length === 1 ? [await cost(set), Infinity] : await Promise.all([cost(set), cost(set.whole)]);
  return { whole: whole < ranges, costly: Math.min(ranges, whole) > cheapest, until: now.getTime() + wayMilliseconds };
}

/** One after another: however many ask for costly counts, they take no more than one connection. */
function countAside({ database, log }: Services, tenantId: string, work: (transaction: Transaction) => Promise<void>, done: () => void): void {
  const before = asideOf.get(database) ?? Promise.resolve();
  asideOf.set(database, before.then(() => database.transact(tenantId, work)).catch((error: unknown) => log.warn({ error }, 'a view could not be counted')).finally(done));
}
