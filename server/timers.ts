import { timerKinds, type TimerKind } from '../contract/timers.ts';
import { closeAfterSilence } from './journey/closing/close-after-silence.ts';
import { endSilentCalls } from './journey/intake/end-silent-calls.ts';
import { continueImport } from './journey/intake/import/continue-import.ts';
import { flowDeliver, flowDue } from './journey/process/flow/due.ts';
import { offerDue, offerOpen } from './journey/dispatch/offers/timers.ts';
import { forgetImports } from './records/import/forget-imports.ts';
import { forgetSentReplies, releaseReply } from './journey/process/release-reply.ts';
import type { Services } from './platform/context.ts';
import { everyTenant, statement, type Statement } from './platform/db/database.ts';
import { openSealing } from './platform/facts/anchors.ts';
import { keepDoing, type Ongoing } from './platform/process/keep-doing.ts';
import { runDueTimers, type TimerHandler } from './platform/timers/timers.ts';
import { sweepTickets } from './reactions/automation/sweep.ts';
import { refillWords } from './reactions/search/refill-words.ts';
import { forgetRuns } from './records/automation/runs.ts';
import { sealKeptHeaders } from './records/automation/sealed-headers.ts';
import { forgetCalls } from './records/call/forget-calls.ts';
import { forgetDayPlans } from './records/dispatch/day/plan-rows.ts';
import { forgetOffers } from './records/dispatch/offers/forget-offers.ts';
import { forgetOldMessages } from './records/channel/forget-old-messages.ts';
import { forgetChats } from './records/chat/forget-chats.ts';
import { learnCategories } from './records/completion/classifier.ts';
import { forgetCompletions } from './records/completion/forget-completions.ts';
import { forgetDrafts } from './records/desk/draft/drafts.ts';
import { forgetNotifications } from './records/desk/notification/notifications.ts';
import { forgetOldNews } from './records/news/forget-news.ts';
import { forgetBundles, forgetDeliveries } from './records/notice/deliveries.ts';
import { ownsStore } from './records/file/own-store.ts';
import { openOrphanSweep } from './records/file/sweep-orphans.ts';
import { forgetUploads } from './records/file/uploads.ts';
import { removeUnattached } from './records/file/sweep-unattached.ts';
import { forgetReports } from './records/report/allowance.ts';
import { forgetCommands, forgetPositions, forgetTracks } from './records/visit/positions.ts';
import { forgetSimulations } from './records/sla/simulations.ts';
import { forgetObservations } from './records/travel/observations.ts';
import { forgetTimes } from './records/travel/times.ts';
import { forgetUsage } from './records/travel/usage.ts';
import { giveBackOfThoseWhoLeft } from './records/staff/give-back.ts';

/** Everything that happens because a moment has come (定时器表). */
export const timerHandlers: Record<TimerKind, TimerHandler> = {
  'ticket.close_after_silence': closeAfterSilence,
  'import.continue': continueImport,
  'held_reply.release': releaseReply,
  'automation.sweep': sweepTickets,
  'flow.due': flowDue,
  'flow.deliver': flowDeliver,
  'offer.due': offerDue,
  'offer.open': offerOpen,
};

/** Throws unless each kind of timer has exactly one handler. */
export function ensureEveryTimerHandled(handlers: Record<string, TimerHandler>): void {
  const missing = timerKinds.filter((kind) => !(kind in handlers));
  const strangers = Object.keys(handlers).filter((kind) => !(timerKinds as readonly string[]).includes(kind));
  if (missing.length > 0) throw new Error(`server/timers.ts has no handler for: ${missing.join(', ')}`);
  if (strangers.length > 0) throw new Error(`server/timers.ts handles timers that contract/timers.ts does not name: ${strangers.join(', ')}`);
}

/** Something to be done every so often. */
export interface Chore {
  name: string;
  everyMinutes: number;
  run(services: Services, now: Date): Promise<unknown>;
}

const ago = (now: Date, hours: number) => new Date(now.getTime() - hours * 3_600_000);
const sweep = (purge: Statement<never>, hours: number) => (services: Services, now: Date) =>
  services.database.transact(everyTenant, (transaction) => transaction.query(purge, [ago(now, hours)]));

const sweepOrphans = openOrphanSweep();
const seal = openSealing();
// A copy of the database must not take away the bytes of the one it was made from.
const onOwnStore = (run: Chore['run']): Chore['run'] => async (services, now) => (await ownsStore(services, ago(now, 25)) ? run(services, now) : undefined);

/** Everything that happens every so often (例行清理). Running one twice, or on two nodes at once, does no harm. */
export const chores: readonly Chore[] = [
  { name: 'forget idempotency keys after a day', everyMinutes: 10, run: sweep(statement('chore.idempotency', 'DELETE FROM idempotency_key WHERE created_at < $1'), 24) },
  { name: 'seal the history', everyMinutes: 1, run: seal },
  { name: 'write the words of old tickets anew', everyMinutes: 1, run: refillWords },
  { name: 'forget phone codes after a day', everyMinutes: 60, run: sweep(statement('chore.phone_codes', 'DELETE FROM phone_code WHERE expires_at < $1'), 24) },
  // Kept beyond their end for a while, for whoever asks when somebody was signed in.
  { name: 'forget ended sessions after 180 days', everyMinutes: 360, run: sweep(statement('chore.sessions', 'DELETE FROM session WHERE coalesce(revoked_at, expires_at) < $1'), 180 * 24) },
  { name: 'forget leases of numbers after a week', everyMinutes: 360, run: sweep(statement('chore.number_blocks', 'DELETE FROM number_block WHERE day < $1::date'), 7 * 24) },
  { name: 'forget simulations of SLA policies after 90 days', everyMinutes: 360, run: sweep(forgetSimulations, 90 * 24) },
  { name: 'forget travel times that hold no longer', everyMinutes: 1_440, run: ({ database }, now) => database.transact(everyTenant, (transaction) => forgetTimes(transaction, now)) },
  { name: 'forget how often travel times were asked after 90 days', everyMinutes: 1_440, run: sweep(forgetUsage, 90 * 24) },
  { name: 'forget what journeys taught after 400 days', everyMinutes: 1_440, run: sweep(forgetObservations, 400 * 24) },
  { name: 'forget plans of days after 90 days', everyMinutes: 360, run: sweep(forgetDayPlans, 90 * 24) },
  { name: 'forget held replies a week after they were sent', everyMinutes: 360, run: sweep(forgetSentReplies, 7 * 24) },
  { name: 'forget bulk runs after 90 days', everyMinutes: 360, run: sweep(statement('chore.bulk_runs', 'DELETE FROM bulk_run WHERE created_at < $1'), 90 * 24) },
  { name: 'forget what calls of flows answered after 30 days', everyMinutes: 360, run: sweep(statement('chore.flow_calls', 'DELETE FROM flow_call WHERE settled_at < $1'), 30 * 24) },
  { name: 'forget drafts nobody has touched for 90 days', everyMinutes: 360, run: sweep(forgetDrafts, 90 * 24) },
  { name: 'forget notifications after 180 days', everyMinutes: 360, run: sweep(forgetNotifications, 180 * 24) },
  { name: 'forget what became of notices after 180 days', everyMinutes: 360, run: async (services, now) => {
    await sweep(forgetDeliveries, 180 * 24)(services, now);
    await sweep(forgetBundles, 180 * 24)(services, now);
  } },
  { name: 'seal the headers of rules that were kept before they were sealed', everyMinutes: 1_440, run: sealKeptHeaders },
  { name: 'forget what became of automation rules', everyMinutes: 10, run: ({ database }, now) => database.transact(everyTenant, (transaction) => forgetRuns(transaction, now)) },
  { name: 'forget the files of imports after 30 days', everyMinutes: 360, run: onOwnStore((services, now) => forgetImports(services, ago(now, 30 * 24))) },
  { name: 'learn which words speak for which category', everyMinutes: 5, run: learnCategories },
  { name: 'forget what other systems answered once it is too old', everyMinutes: 10, run: sweep(statement('chore.connector_answers', 'DELETE FROM connector_answer WHERE expires_at < $1'), 0) },
  { name: 'forget what came in and went out long ago', everyMinutes: 60, run: forgetOldMessages },
  { name: 'forget what passed in chats long ago', everyMinutes: 60, run: forgetChats },
  { name: 'end calls nobody has told of for 12 hours', everyMinutes: 30, run: endSilentCalls },
  { name: 'forget what was guessed and asked of tickets that were over long ago', everyMinutes: 60, run: forgetCompletions },
  { name: 'forget what customers were told long ago', everyMinutes: 60, run: forgetOldNews },
  { name: 'forget offers that ended long ago', everyMinutes: 60, run: forgetOffers },
  { name: 'forget calls that were kept long enough', everyMinutes: 60, run: onOwnStore(forgetCalls) },
  { name: 'give back the work of people who left', everyMinutes: 10, run: giveBackOfThoseWhoLeft },
  { name: 'forget who reported after an hour', everyMinutes: 10, run: ({ database }, now) => forgetReports(database, now) },
  // A day and an hour: what may be attached for a day may still be being attached when it is over.
  { name: 'remove files that were never attached', everyMinutes: 60, run: onOwnStore((services, now) => removeUnattached(services, ago(now, 25))) },
  { name: 'forget the ways of visits', everyMinutes: 60, run: sweep(forgetTracks, 0) },
  { name: 'forget last positions after a day', everyMinutes: 60, run: sweep(forgetPositions, 24) },
  { name: 'forget commands of devices after 90 days', everyMinutes: 360, run: sweep(forgetCommands, 90 * 24) },
  { name: 'remove resumable uploads whose time is over', everyMinutes: 30, run: onOwnStore(forgetUploads) },
  { name: 'remove files that no upload finished', everyMinutes: 60, run: onOwnStore((services, now) => sweepOrphans(services, ago(now, 25))) },
];

const tickMilliseconds = 1_000;
const retryMilliseconds = 60_000;

/**
 * Does the chores that are due, one after another. One that fails is tried again in a minute, or sooner where it is
 * done more often than that.
 *
 * @param dueAt when each chore is due again, by name, in milliseconds; what is not in it is due now
 */
export async function runDueChores(services: Services, list: readonly Chore[], dueAt: Map<string, number>, now: Date, isStopping: () => boolean): Promise<void> {
  for (const chore of list) {
    if (isStopping() || now.getTime() < (dueAt.get(chore.name) ?? 0)) continue;
    const interval = chore.everyMinutes * 60_000;
    dueAt.set(chore.name, now.getTime() + interval);
    try {
      await chore.run(services, now);
    } catch (error) {
      dueAt.set(chore.name, now.getTime() + Math.min(interval, retryMilliseconds));
      services.log.error({ error, chore: chore.name }, 'a chore failed; it will be tried again in a minute');
    }
  }
}

/** Keeps timers and chores going until stopped: each by itself, as what is promised for a moment waits for no cleaning up. */
export function runTimers(services: Services, list: readonly Chore[] = chores): Ongoing {
  const { database, clock, log } = services;
  const dueAt = new Map<string, number>();
  const failed = (error: unknown): number => {
    log.error({ error }, 'timers could not be looked up; it will be tried again');
    return tickMilliseconds;
  };
  const timers = keepDoing(async (isStopping) => {
    const now = clock.now();
    while (!isStopping() && await runDueTimers(database, timerHandlers, now, log) > 0);
    return tickMilliseconds;
  }, failed);
  const cleaning = keepDoing(async (isStopping) => {
    await runDueChores(services, list, dueAt, clock.now(), isStopping);
    return tickMilliseconds;
  }, failed);
  return { wake: timers.wake, stop: async () => void await Promise.all([timers.stop(), cleaning.stop()]) };
}
