import { Type, type Static } from 'typebox';
import { Closed, Nullable, NullableTimestamp, OneOf, Timestamp } from './common.ts';

type Words = { zh: string; en: string };

export const travelLimits = { url: 500, profile: 40, key: 200, roadFactor: { minimum: 1, maximum: 3 }, kilometresPerHour: { minimum: 5, maximum: 120 }, dailyRequests: { minimum: 1, maximum: 1_000_000 }, usualDailyRequests: 3_000 } as const;

/** Where travel times come from (路程依据), in words; `mixed`: of a day whose ways come from several. */
export const legSources = ['straight_line', 'learned', 'osrm', 'amap'] as const;
export type LegSource = (typeof legSources)[number];
export const travelSources = [...legSources, 'mixed'] as const;
export type TravelSource = (typeof travelSources)[number];
export const travelSourceNames: Record<TravelSource, Words> = {
  straight_line: { zh: '按直线距离估算', en: 'Estimated by the straight line' },
  learned: { zh: '按以往行程学得', en: 'Learned from journeys' },
  osrm: { zh: 'OSRM 路径服务', en: 'OSRM' },
  amap: { zh: '高德地图', en: 'Amap (高德)' },
  mixed: { zh: '来源不一，见各段', en: 'From several sources: see each way' },
};

/** Where one figure comes from (车程依据). */
export const TravelOrigin = Closed({
  source: OneOf(legSources),
  title: Type.String({ description: 'In words, short: 学自 14 次' }),
  count: Nullable(Type.Integer({ description: 'learned: from so many journeys' })),
  roadFactor: Nullable(Type.Number({ description: 'straight_line: how much longer roads are thought to be' })),
  askedAt: Nullable(Type.String({ format: 'date-time', description: 'A router: when it said so' })),
}, { title: 'TravelOrigin' });
export type TravelOrigin = Static<typeof TravelOrigin>;

/** Who is asked (路径服务), in words. */
export const travelProviders = ['none', 'osrm', 'amap'] as const;
export type TravelProvider = (typeof travelProviders)[number];

/** Why a router gave no answer of use (路径服务失败原因), in words that say what one can do. */
export const routerProblems = {
  address: { zh: '地址不可用，请检查', en: 'The address cannot be used: please check it' },
  private_address: { zh: '地址在内部网络中；要用它，请由运维在 OUTGOING_PRIVATE_HOSTS 中放行', en: 'The address lies within an internal network; whoever operates the program can allow it in OUTGOING_PRIVATE_HOSTS' },
  unreachable: { zh: '连不上，或对方出错', en: 'It cannot be reached, or has failed' },
  timeout: { zh: '没有在时限内回答', en: 'It did not answer in time' },
  busy: { zh: '对方要求慢一点，稍后会再问', en: 'It wants to be asked more slowly: it is asked again later' },
  quota: { zh: '今天的额度已用完，明天再问', en: 'Its quota of the day is used up: it is asked again tomorrow' },
  key: { zh: '密钥无效、没有权限，或服务器地址不在白名单中', en: 'The key is not valid, lacks a permission, or does not allow this server’s address' },
  too_big: { zh: '对方一次接受的点太少，请用 --max-table-size 100 或更大启动', en: 'It takes too few places at once: start it with --max-table-size 100 or more' },
  redirected: { zh: '对方转到别的地址，没有跟随；请直接填写最终地址', en: 'It redirected, which is not followed: please enter the address it leads to' },
  refused: { zh: '对方拒绝了这个请求', en: 'It refused the question' },
  malformed: { zh: '对方的回答不是车程表', en: 'What it answered is no table of travel times' },
} as const satisfies Record<string, Words>;
export type RouterProblem = keyof typeof routerProblems;
export const routerProblemCodes = Object.keys(routerProblems) as [RouterProblem, ...RouterProblem[]];

const roadFactor = Type.Number({ ...travelLimits.roadFactor, description: 'How much longer roads are than the straight line' });
const kilometresPerHour = Type.Number({ ...travelLimits.kilometresPerHour });

/** How travel times are found (车程设置), and how that goes. */
export const TravelSetting = Closed({
  provider: OneOf(travelProviders), baseUrl: Nullable(Type.String({ description: 'Of OSRM; of 高德 only where it is not the usual one' })), profile: Type.String(), hasKey: Type.Boolean(),
  ready: Type.Boolean({ description: 'Whether the provider has all it takes to be asked' }),
  roadFactor, kilometresPerHour, dailyRequests: Type.Integer({ description: 'Questions a day at most' }),
  today: Closed({
    requests: Type.Integer({ description: 'Questions asked, tries included' }), pairs: Type.Integer({ description: 'Ways answered' }), failures: Type.Integer(),
    failure: Nullable(Closed({ code: OneOf(routerProblemCodes), title: Type.String(), at: Timestamp, resumesAt: NullableTimestamp }, { description: 'The last one; resumesAt: it is not asked before' })),
  }, { description: 'Of the organization’s day' }),
  kept: Type.Integer({ description: 'Ways that are known from the provider' }),
  learned: Closed({
    journeys: Type.Integer({ description: 'That something was learned from' }), ways: Type.Integer({ description: 'Of which enough is known, on working days or others' }),
    ratio: Type.Number({ description: 'How long all of them took, over a straight line × 1.3 at 28.8 km/h; drawn towards 1 by how few there are' }),
  }),
  updatedAt: NullableTimestamp, version: Type.Integer({ description: '0 while nothing was ever entered' }),
}, { title: 'TravelSetting' });
export type TravelSetting = Static<typeof TravelSetting>;

const baseUrl = Nullable(Type.String({ maxLength: travelLimits.url, pattern: '^https?://[^\\s?#@]+[^\\s?#@/]$', description: 'Up to the service, without a slash in the end' }));
const profile = Type.String({ minLength: 1, maxLength: travelLimits.profile, pattern: '^[A-Za-z0-9_-]+$', description: 'What OSRM was prepared for; driving as a rule' });
const key = Nullable(Type.String({ minLength: 1, maxLength: travelLimits.key, pattern: '^[\\x21-\\x7e]+$', description: 'Of 高德 (Web 服务). Never shown again; null removes it. It belongs to its provider and address: another one takes it away' }));

export const UpdateTravelSetting = Closed({
  provider: Type.Optional(OneOf(travelProviders)), baseUrl: Type.Optional(baseUrl), profile: Type.Optional(profile), key: Type.Optional(key),
  roadFactor: Type.Optional(roadFactor), kilometresPerHour: Type.Optional(kilometresPerHour), dailyRequests: Type.Optional(Type.Integer({ ...travelLimits.dailyRequests })),
}, { title: 'UpdateTravelSetting', minProperties: 1 });
export type UpdateTravelSetting = Static<typeof UpdateTravelSetting>;

const Place = Closed({ lat: Type.Number({ minimum: -90, maximum: 90 }), lng: Type.Number({ minimum: -180, maximum: 180 }) }, { description: 'WGS-84' });
/** Asks for one way, as it is set up on the screen (试问一段). */
export const TryTravel = Closed({
  provider: OneOf(['osrm', 'amap']), baseUrl: Type.Optional(baseUrl), profile: Type.Optional(profile), key: Type.Optional(Type.String({ minLength: 1, maxLength: travelLimits.key, pattern: '^[\\x21-\\x7e]+$', description: 'The one that is kept when absent, for its own address only' })),
  from: Type.Optional(Place), to: Type.Optional(Place),
}, { title: 'TryTravel', description: 'Without places: between the places of two tickets' });
export type TryTravel = Static<typeof TryTravel>;

const Told = Closed({ seconds: Type.Integer(), metres: Type.Integer() });
export const TriedTravel = Closed({
  outcome: OneOf(['answered', 'no_road', 'failed', 'no_places']),
  from: Nullable(Place), to: Nullable(Place),
  answered: Nullable(Told),
  estimated: Nullable(Closed({ ...Told.properties, origin: TravelOrigin }, { description: 'What would be reckoned with otherwise' })),
  reason: Nullable(OneOf(routerProblemCodes)), title: Nullable(Type.String({ description: 'The reason in words' })), said: Nullable(Type.String({ description: 'What the other side said' })),
  milliseconds: Type.Integer(),
}, { title: 'TriedTravel' });
export type TriedTravel = Static<typeof TriedTravel>;
