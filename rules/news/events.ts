/** What a customer is told of a ticket without asking (进度通报事件). */
export const newsEvents = ['received', 'accepted', 'scheduled', 'travelling', 'near', 'resolved', 'closed', 'cancelled', 'survey'] as const;
export type NewsEvent = (typeof newsEvents)[number];

/** How far something is carried (触达范围): by conversations and templates; else by text message; else somebody is asked to call. */
export const newsReaches = ['chat', 'sms', 'person'] as const;
export type NewsReach = (typeof newsReaches)[number];

/** What a customer wants to hear (接收选择): all; how it ended; nothing but answers of people. */
export const newsChoices = ['all', 'results', 'answers'] as const;
export type NewsChoice = (typeof newsChoices)[number];

const results: ReadonlySet<NewsEvent> = new Set(['resolved', 'closed', 'cancelled', 'survey']);

/** Whether somebody who chose this wants to hear of that. */
export const isWanted = (choice: NewsChoice, event: NewsEvent): boolean => choice === 'all' || (choice === 'results' && results.has(event));

/** What cannot wait for the morning: whoever is on the way stands at the door before. */
export const passesQuietHours = (event: NewsEvent): boolean => event === 'travelling' || event === 'near';

/** How far along a ticket is with it: what is further says what came before. */
const order: Readonly<Record<NewsEvent, number>> = { received: 0, accepted: 1, scheduled: 2, travelling: 3, near: 4, resolved: 5, closed: 6, cancelled: 6, survey: 7 };

/**
 * Which of several things that are to be told of one ticket at one moment are told (合并通报): the furthest, as it says the others; and the survey, which asks.
 */
export function latestOf<One extends { event: NewsEvent }>(waiting: readonly One[]): { told: One[]; overtaken: One[] } {
  const news = waiting.filter(({ event }) => event !== 'survey');
  const furthest = news.reduce<One | null>((latest, one) => (latest === null || order[one.event] >= order[latest.event] ? one : latest), null);
  return { told: waiting.filter((one) => one === furthest || one.event === 'survey'), overtaken: news.filter((one) => one !== furthest) };
}
