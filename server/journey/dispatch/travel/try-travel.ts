import { routerProblems, TriedTravel, TryTravel } from '../../../../contract/travel.ts';
import { distanceInMetres, type Point } from '../../../../rules/places/distance.ts';
import { figureOf } from '../../../../rules/travel/figure.ts';
import { openRouter, type RouterAccess } from '../../../connectors/travel/open-router.ts';
import { RouterFailure } from '../../../connectors/travel/router.ts';
import type { Context } from '../../../platform/context.ts';
import { statement } from '../../../platform/db/database.ts';
import { invalidInput } from '../../../platform/errors/refusal.ts';
import { stream } from '../../../platform/http/use-case.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { keptKey } from '../../../records/travel/setting.ts';
import { countUsage } from '../../../records/travel/usage.ts';
import { viewOrigin } from '../../../records/travel/view-origin.ts';

// Somebody waits for it.
const milliseconds = 8_000;
/** Two places nearer than this say little about a router. */
const [apart, looked] = [1_000, 50];

const findPlaces = statement<Point>('travel.try_places', `SELECT lat, lng FROM ticket WHERE tenant_id = $1 AND lat IS NOT NULL AND lng IS NOT NULL ORDER BY id DESC LIMIT ${looked}`);

interface Prepared { access: RouterAccess; from: Point; to: Point; estimated: TriedTravel['estimated']; day: string; language: 'zh' | 'en' }

/**
 * Asks for one way as it is set up on the screen (试问一段): what the provider says, beside what would be reckoned with. Nothing is kept; it is asked while whoever sets
 * it up waits for it, and in no transaction.
 */
export const tryTravel = stream({
  summary: 'Ask a provider of travel times for one way',
  body: TryTravel,
  produces: 'application/json',
  answer: TriedTravel,
  async run(context, request, reply) {
    const { services, tenantId } = context;
    const body = request.body as TryTravel;
    const prepared = await context.transact((inner) => prepare(inner, body));
    const nothing: TriedTravel = { outcome: 'no_places', from: null, to: null, answered: null, estimated: null, reason: null, title: null, said: null, milliseconds: 0 };
    let tried = nothing;
    if (prepared) {
      const { access, from, to, estimated, day, language } = prepared;
      const began = performance.now();
      const shown = { ...nothing, from, to, estimated };
      const took = () => Math.round(performance.now() - began);
      let requests = 0;
      try {
        const [[leg]] = await openRouter(access, { privateHosts: services.privateHosts ?? [], milliseconds, pauses: [], onAsked: () => (requests += 1) })!.ask([from], [to]) as [[{ seconds: number | null; metres: number | null }]];
        tried = leg.seconds === null ? { ...shown, outcome: 'no_road', milliseconds: took() } : { ...shown, outcome: 'answered', answered: { seconds: Math.round(leg.seconds), metres: Math.round(leg.metres ?? estimated!.metres) }, milliseconds: took() };
      } catch (error) {
        if (!(error instanceof RouterFailure)) throw error;
        tried = { ...shown, outcome: 'failed', reason: error.code, title: routerProblems[error.code][language], said: error.message, milliseconds: took() };
      }
      // It counts against the quota of the day like any other question.
      await services.database.transact(tenantId, (transaction) => countUsage(transaction, day, { requests, pairs: 0, failure: null }));
    }
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(tried));
  },
});

async function prepare(context: Context, { provider, baseUrl = null, profile = 'driving', key, from, to }: TryTravel): Promise<Prepared | null> {
  const { transaction, services } = context;
  if ((from === undefined) !== (to === undefined)) throw invalidInput(from === undefined ? '/from' : '/to', 'required');
  if (provider === 'osrm' && baseUrl === null) throw invalidInput('/baseUrl', 'required');
  const opened = provider === 'amap' ? key ?? await keptKey(transaction, services.secrets, { provider, baseUrl }) : null;
  if (provider === 'amap' && opened === null) throw invalidInput('/key', 'required');
  const places = from && to ? [from, to] as const : await somePlaces(context);
  if (!places) return null;
  const configuration = await configurationOf(context);
  const language = context.language === 'en' ? 'en' : 'zh';
  const { seconds, metres, origin } = figureOf(...places, configuration.travel);
  return {
    access: { router: provider, baseUrl, profile, key: opened }, from: places[0], to: places[1], estimated: { seconds, metres, origin: viewOrigin(language, origin)! },
    day: localDay(context.now, configuration.organization.timeZone), language,
  };
}

/** Two places of tickets that lie apart; null where there are none. */
async function somePlaces({ transaction, tenantId }: Context): Promise<readonly [Point, Point] | null> {
  const places = await transaction.query(findPlaces, [tenantId]);
  const [first] = places;
  const second = first && places.find((other) => distanceInMetres(first, other) >= apart);
  return first && second ? [{ lat: first.lat, lng: first.lng }, { lat: second.lat, lng: second.lng }] : null;
}
