import { NewsSettings, UpdateNewsSettings, type NewsPlan } from '../../../contract/news.ts';
import { newsEvents, type NewsEvent, type NewsReach } from '../../../rules/news/events.ts';
import { unknownNewsVariables } from '../../../rules/news/words.ts';
import type { Context } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from '../ticket/find.ts';

const event = (told: boolean, reach: NewsReach) => ({ told, reach, zh: '', en: '' });
/** For how long an answer to a survey is waited for where an organization has set nothing else. */
export const standardSurveyHours = 72;
/** What is told where an organization has set nothing (默认通报): what costs money or somebody's time only where the customer has to know. */
const standard: NewsPlan = {
  events: {
    received: event(false, 'chat'), accepted: event(true, 'chat'), scheduled: event(true, 'person'), travelling: event(true, 'sms'), near: event(true, 'chat'), resolved: event(true, 'sms'), closed: event(true, 'chat'),
    cancelled: event(true, 'person'), survey: event(true, 'sms'),
  },
  quietHours: { from: '21:30', to: '08:00' }, surveyAt: 'resolved', surveyHours: standardSurveyHours, textsADay: { customer: 5, organization: 500 }, offAccounts: [],
};

/** What customers are told by themselves (进度通报设置), as the organization has it or as all do. */
export async function newsSettingsOf(transaction: Transaction): Promise<NewsSettings> {
  const row = await transaction.first(build.selectFrom('news_setting').select(['settings', 'version']).where('tenant_id', '=', transaction.tenantId));
  const kept = (row?.settings ?? {}) as Partial<NewsPlan>;
  return { ...standard, ...kept, events: { ...standard.events, ...kept.events }, version: row?.version ?? 0 };
}

export const showNewsSettings = useCase({ summary: 'Show what customers are told of their tickets by themselves', answer: NewsSettings, run: (context: Context) => newsSettingsOf(context.transaction) });

export const updateNewsSettings = useCase({
  summary: 'Change what customers are told of their tickets by themselves',
  body: UpdateNewsSettings,
  answer: NewsSettings,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    const { version, ...before } = await newsSettingsOf(transaction);
    ensureVersion({ version }, ifMatch);
    for (const name of newsEvents) for (const language of ['zh', 'en'] as const) ensureKnown(name, language, body.events?.[name]?.[language] ?? '');
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Partial<NewsPlan>;
    const next: NewsPlan = { ...before, ...given, events: { ...before.events, ...given.events } };
    const difference = differencesOf({ ...before }, { ...next });
    if (!difference) return { ...before, version };
    const settings = JSON.stringify(next);
    await transaction.run(build.insertInto('news_setting').values({ tenant_id: tenantId, settings, version: 1, updated_at: now })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ settings, version: version + 1, updated_at: now })));
    await recordFact(transaction, { kind: 'news_setting.changed', actor: context.actor, data: { ...difference }, occurredAt: now, recordedAt: now });
    return newsSettingsOf(transaction);
  },
});

function ensureKnown(name: NewsEvent, language: 'zh' | 'en', words: string): void {
  const [unknown] = unknownNewsVariables(words);
  if (unknown !== undefined) throw invalidInput(`/events/${name}/${language}`, 'unknown_variable', { zh: `没有变量“${unknown}”`, en: `knows no variable “${unknown}”` });
}
