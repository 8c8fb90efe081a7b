import { setTimeout as wait } from 'node:timers/promises';
import { blocksOf } from '../../../../rules/travel/blocks.ts';
import type { Point } from '../../../../rules/places/distance.ts';
import { cellOf } from '../../../../rules/travel/zones.ts';
import { openRouter } from '../../../connectors/travel/open-router.ts';
import { RouterFailure } from '../../../connectors/travel/router.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import type { Services } from '../../../platform/context.ts';
import { build, type Transaction } from '../../../platform/db/database.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../../platform/process/keep-doing.ts';
import { loadConfiguration, type Configuration } from '../../../records/organization/configuration.ts';
import { travelAccess } from '../../../records/travel/setting.ts';
import { keepTimes, missingTimes, type Pair } from '../../../records/travel/times.ts';
import { countUsage, questionsLeft } from '../../../records/travel/usage.ts';
import { takeWanted } from '../../../records/travel/wanted.ts';
import { resumesAfter } from './resumes.ts';

/** What is asked: places, which ways between them, for which local day. */
export interface LookUp {
  points: readonly Point[];
  pairs: readonly Pair[];
  date: string | null;
  /** How long it may take altogether. */
  milliseconds: number;
}

/** Blocks of one look-up at most: a table of 300 places is 36 for OSRM, 900 for 高德. */
const mostBlocks = 1_000;

/**
 * Asks the provider for ways that nobody was asked for yet (查询路径服务), and keeps what it says, question by question: whatever ends it, what was answered is
 * there. In no transaction. After a failure the provider is left in peace for a while.
 *
 * @returns how many ways were answered; 0 also where nobody is asked
 */
export async function lookUp(services: Services, tenantId: string, { points, pairs, date, milliseconds }: LookUp, isStopping: () => boolean = () => false): Promise<number> {
  const { database, secrets, log, privateHosts = [] } = services;
  const until = performance.now() + milliseconds;
  const opened = await database.transact(tenantId, async (transaction) => {
    const access = await travelAccess(transaction, secrets);
    if (!access) return null;
    const { configuration, now, day } = await present(services, transaction);
    const left = await questionsLeft(transaction, day, now, access.dailyRequests);
    return left === 0 ? null : { ...access, left, configuration, missing: await missingTimes({ tenantId, transaction, now }, configuration, points, pairs, date) };
  });
  if (!opened || opened.missing.length === 0) return 0;
  let asked = 0;
  const router = openRouter(opened.access, { privateHosts, onAsked: () => (asked += 1) });
  if (!router) return 0;
  const { missing, generation } = opened;
  const blocks = blocksOf(points, missing, router.most, mostBlocks);
  let answered = 0;
  for (const [index, { from, to }] of blocks.entries()) {
    if (isStopping() || performance.now() >= until || asked >= opened.left) break;
    if (index > 0 && router.pause > 0) await wait(router.pause);
    const before = asked;
    let legs: Parameters<typeof keepTimes>[3] = [];
    let failure: RouterFailure | null = null;
    try {
      const table = await router.ask(from.map((one) => points[one]!), to.map((one) => points[one]!));
      legs = from.flatMap((one, row) => to.map((other, column) => ({ from: points[one]!, to: points[other]!, ...table[row]![column]! })));
    } catch (error) {
      if (!(error instanceof RouterFailure)) throw error;
      failure = error;
    }
    const isCurrent = await database.transact(tenantId, async (transaction) => {
      const { configuration, now, day } = await present(services, transaction);
      const own = legs.filter((leg) => cellOf(leg.from) !== cellOf(leg.to));
      await countUsage(transaction, day, { requests: asked - before, pairs: own.length, failure: failure && { code: failure.code, at: now, resumesAt: resumesAfter(failure.code, now) } });
      // Asked of somebody who is asked no more.
      if (configuration.travel.generation !== generation) return false;
      await keepTimes({ tenantId, transaction, now }, configuration, generation, own, router.knowsTraffic);
      answered += own.length;
      return true;
    });
    if (failure) log.warn({ tenantId, code: failure.code, said: failure.message }, 'travel times could not be asked for; they are estimated meanwhile');
    if (failure || !isCurrent) break;
  }
  return answered;
}

async function present({ clock }: Services, transaction: Transaction): Promise<{ configuration: Configuration; now: Date; day: string }> {
  const now = clock.now();
  const organization = await transaction.first(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', transaction.tenantId));
  const configuration = await loadConfiguration(transaction, organization?.configuration_version ?? 0);
  return { configuration, now, day: localDay(now, configuration.organization.timeZone) };
}

/** For how long one organization's wishes are looked up before it is another's turn. */
const turnMilliseconds = 20_000;

/** Looks up what somebody has looked at lately and nobody was asked for yet (补查车程): those of one organization. @returns whether anybody wanted anything */
export async function lookUpWanted(services: Services, isStopping?: () => boolean): Promise<boolean> {
  const wanted = takeWanted();
  if (!wanted) return false;
  const { timeZone } = await services.database.transact(wanted.tenantId, async (transaction) => (await present(services, transaction)).configuration.organization);
  const numbers = new Map<string, number>();
  const points: Point[] = [];
  const numberOf = (point: Point): number => {
    const key = String(cellOf(point));
    if (!numbers.has(key)) numbers.set(key, points.push(point) - 1);
    return numbers.get(key)!;
  };
  const pairs = wanted.ways.map(([from, to]): Pair => [numberOf(from), numberOf(to)]);
  await lookUp(services, wanted.tenantId, { points, pairs, date: localDay(services.clock.now(), timeZone), milliseconds: turnMilliseconds }, isStopping);
  return true;
}

const [pauseMilliseconds, farewellMilliseconds] = [2_000, 4_000];

/** Keeps looking up what people of this process look at (补查车程循环), so that the next look knows more. */
export function runTravel(services: Services): Ongoing {
  return stoppedWithin(keepDoing(async (isStopping) => (await lookUpWanted(services, isStopping) ? 0 : pauseMilliseconds), (error) => {
    services.log.error({ error }, 'travel times could not be looked up; it goes on');
    return pauseMilliseconds * 5;
  }), farewellMilliseconds);
}
