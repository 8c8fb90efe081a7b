import { Type, type Static } from 'typebox';
import { newsChoices, newsEvents, newsReaches, type NewsEvent } from '../rules/news/events.ts';
import { Closed, Id, Nullable, OneOf } from './common.ts';

export const newsLimits = { words: 500, offAccounts: 100 } as const;

const time = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM by the organization’s clock' });
const Words = Type.String({ maxLength: newsLimits.words, description: 'With {{variables}}; empty: the program’s own words' });
const Event = Closed({
  told: Type.Boolean(),
  reach: OneOf(newsReaches, { description: 'chat: conversations and templates only; sms: then a text message; person: then somebody is asked to call' }),
  zh: Words, en: Words,
});
const events = Closed(Object.fromEntries(newsEvents.map((event) => [event, Event])) as Record<NewsEvent, typeof Event>);
const values = {
  events,
  quietHours: Nullable(Closed({ from: time, to: time }, { description: 'Nothing but that somebody is on the way goes out then' })),
  surveyAt: OneOf(['resolved', 'closed'], { description: 'After which step customers are asked how it was; whether at all says events.survey' }),
  surveyHours: Type.Integer({ minimum: 1, maximum: 720, description: 'For how long a number or a word in the conversation is taken as the rating' }),
  textsADay: Closed({ customer: Type.Integer({ minimum: 0, maximum: 100 }), organization: Type.Integer({ minimum: 0, maximum: 100_000 }) }, { description: 'How many text messages go out within 24 hours, answers included' }),
  offAccounts: Type.Array(Id, { maxItems: newsLimits.offAccounts, uniqueItems: true, description: 'Channels on which nothing is told by itself' }),
};

/** What customers are told of their tickets by themselves (进度通报设置). */
export const NewsSettings = Closed({ ...values, version: Type.Integer() }, { title: 'NewsSettings' });
export type NewsSettings = Static<typeof NewsSettings>;
export type NewsPlan = Omit<NewsSettings, 'version'>;
export const UpdateNewsSettings = Closed({
  events: Type.Optional(Type.Partial(events, { additionalProperties: false })), quietHours: Type.Optional(values.quietHours), surveyAt: Type.Optional(values.surveyAt), surveyHours: Type.Optional(values.surveyHours),
  textsADay: Type.Optional(values.textsADay), offAccounts: Type.Optional(values.offAccounts),
}, { title: 'UpdateNewsSettings', minProperties: 1 });

export const NewsChoice = OneOf(newsChoices, { description: 'all; results: only how it ended; answers: nothing but answers of people' });
export const ChooseNews = Closed({ choice: NewsChoice }, { title: 'ChooseNews' });
