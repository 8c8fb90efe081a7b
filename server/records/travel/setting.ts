import { TravelSetting, UpdateTravelSetting, routerProblems, travelLimits, type RouterProblem, type TravelProvider } from '../../../contract/travel.ts';
import type { RouterAccess } from '../../connectors/travel/open-router.ts';
import { localDay } from '../../platform/clock/clock.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { usualTravel } from '../../../rules/routing/roster.ts';
import { differencesOf } from '../organization/changes.ts';
import { configurationOf, raiseConfigurationVersion } from '../organization/configuration.ts';
import { ensureVersion } from '../ticket/find.ts';
import { learnedTravel } from './learned.ts';
import { usageOf } from './usage.ts';

interface Row {
  provider: string;
  base_url: string | null;
  profile: string;
  sealed_key: Buffer | null;
  road_factor: number;
  kilometres_per_hour: number;
  daily_requests: number;
  generation: number;
  version: number;
  updated_at: Date | null;
}

const none: Row = {
  provider: 'none', base_url: null, profile: 'driving', sealed_key: null, road_factor: usualTravel.roadFactor, kilometres_per_hour: usualTravel.metresPerSecond * 3.6,
  daily_requests: travelLimits.usualDailyRequests, generation: 0, version: 0, updated_at: null,
};
const purpose = (tenantId: string) => `travel key ${tenantId}`;

async function read(transaction: Transaction): Promise<Row> {
  return await transaction.first(build.selectFrom('travel_setting').selectAll().where('tenant_id', '=', transaction.tenantId)) ?? none;
}

/** Whether there is all it takes to ask. */
const isReady = ({ provider, base_url, sealed_key }: Row): boolean => (provider === 'osrm' && base_url !== null) || (provider === 'amap' && sealed_key !== null);

// Ended where it says nothing more than that there are many.
const countKept = statement<{ count: number }>('travel_time.count', 'SELECT count(*)::int AS count FROM (SELECT 1 FROM travel_time WHERE tenant_id = $1 AND generation = $2 LIMIT 200000) AS k');

async function view(context: Context, row: Row): Promise<TravelSetting> {
  const { transaction, tenantId, now, language } = context;
  const { organization } = await configurationOf(context);
  const [used, [kept], { learned, ways }] = await Promise.all([usageOf(transaction, localDay(now, organization.timeZone)), transaction.query(countKept, [tenantId, row.generation]), learnedTravel(transaction, now)]);
  const failure = used.failure as RouterProblem | null;
  return {
    provider: row.provider as TravelProvider, baseUrl: row.base_url, profile: row.profile, hasKey: row.sealed_key !== null, ready: isReady(row),
    roadFactor: row.road_factor, kilometresPerHour: row.kilometres_per_hour, dailyRequests: row.daily_requests,
    today: {
      requests: used.requests, pairs: used.pairs, failures: used.failures,
      failure: failure === null || used.failed_at === null ? null : { code: failure, title: routerProblems[failure][language === 'en' ? 'en' : 'zh'], at: used.failed_at.toISOString(), resumesAt: used.resumes_at !== null && used.resumes_at > now ? used.resumes_at.toISOString() : null },
    },
    kept: kept?.count ?? 0, learned: { journeys: learned.all.count, ways, ratio: Math.round(learned.all.ratio * 1_000) / 1_000 },
    updatedAt: row.updated_at?.toISOString() ?? null, version: row.version,
  };
}

/** How travel times are found (车程设置), who is asked how often, and what was learned. */
export const showTravelSetting = useCase({
  summary: 'Show how travel times are found',
  answer: TravelSetting,
  run: async (context: Context) => view(context, await read(context.transaction)),
});

/** Changes how travel times are found (修改车程设置). Whoever else is asked from now on is asked anew; what the one before said counts no more. */
export const updateTravelSetting = useCase({
  summary: 'Change how travel times are found',
  body: UpdateTravelSetting,
  answer: TravelSetting,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { transaction, tenantId, now } = context;
    // Those who enter the first settings at once wait for each other here.
    await raiseConfigurationVersion(transaction);
    const row = await read(transaction);
    ensureVersion(row, ifMatch);
    const provider = body.provider ?? row.provider;
    const base_url = body.baseUrl === undefined ? row.base_url : body.baseUrl;
    const profile = body.profile ?? row.profile;
    const isElsewhere = provider !== row.provider || base_url !== row.base_url;
    const sealed_key = body.key === undefined ? (isElsewhere ? null : row.sealed_key) : body.key === null ? null : context.services.secrets.seal(purpose(tenantId), body.key);
    const next: Row = {
      provider, base_url, profile, sealed_key, road_factor: body.roadFactor ?? row.road_factor, kilometres_per_hour: body.kilometresPerHour ?? row.kilometres_per_hour,
      daily_requests: body.dailyRequests ?? row.daily_requests, generation: isElsewhere || profile !== row.profile ? row.generation + 1 : row.generation, version: row.version + 1, updated_at: now,
    };
    const told = (one: Row) => ({ provider: one.provider, baseUrl: one.base_url, profile: one.profile, hasKey: one.sealed_key !== null, roadFactor: one.road_factor, kilometresPerHour: one.kilometres_per_hour, dailyRequests: one.daily_requests });
    const difference = differencesOf(told(row), told(next));
    const isKeyNew = typeof body.key === 'string';
    if (!difference && !isKeyNew) return view(context, row);
    const values = { ...next, updated_at: now };
    await transaction.run(build.insertInto('travel_setting').values({ tenant_id: tenantId, ...values }).onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(values)));
    // Whatever it failed by may be mended now.
    if (isElsewhere || isKeyNew || body.dailyRequests !== undefined) await transaction.run(build.updateTable('travel_usage').set({ resumes_at: null, failure: null, failed_at: null }).where('tenant_id', '=', tenantId).where('resumes_at', 'is not', null));
    await recordFact(transaction, { kind: 'travel_setting.changed', actor: context.actor, data: { ...difference, ...(isKeyNew ? { newKey: true } : {}) }, occurredAt: now, recordedAt: now });
    return view(context, next);
  },
});

/** How a provider is asked, key and all, and how often a day at most; null where there is none, or its key was sealed by another secret. */
export async function travelAccess(transaction: Transaction, secrets: Secrets): Promise<{ access: RouterAccess; generation: number; dailyRequests: number } | null> {
  const row = await read(transaction);
  if (!isReady(row)) return null;
  const key = row.sealed_key === null ? null : secrets.open(purpose(transaction.tenantId), row.sealed_key)?.toString();
  return key === undefined ? null : { access: { router: row.provider as RouterAccess['router'], baseUrl: row.base_url, profile: row.profile, key }, generation: row.generation, dailyRequests: row.daily_requests };
}

/** The key that is kept (已存密钥), for its own provider and address only. */
export async function keptKey(transaction: Transaction, secrets: Secrets, asked: { provider: string; baseUrl: string | null }): Promise<string | null> {
  const row = await read(transaction);
  if (row.sealed_key === null || row.provider !== asked.provider || row.base_url !== asked.baseUrl) return null;
  return secrets.open(purpose(transaction.tenantId), row.sealed_key)?.toString() ?? null;
}
