import { createTexts } from '../ui/i18n.ts';
import type { Translation } from '../ui/dictionary.ts';
import { accountPhrases } from './texts/account.ts';
import { benchPhrases } from './texts/bench.ts';
import { boardPhrases } from './texts/board.ts';
import { bulkPhrases } from './texts/bulk.ts';
import { collaborationPhrases } from './texts/collaboration.ts';
import { commonPhrases } from './texts/common.ts';
import { deskPhrases } from './texts/desk.ts';
import { formPhrases } from './texts/forms.ts';
import { newTicketPhrases } from './texts/new-ticket.ts';
import { queuePhrases } from './texts/queue.ts';
import { recordPhrases } from './texts/records.ts';
import { sessionPhrases } from './texts/session.ts';
import { settingsPhrases } from './texts/settings.ts';
import { shellPhrases } from './texts/shell.ts';
import { ticketPhrases } from './texts/ticket.ts';
import { timelinePhrases } from './texts/timeline.ts';

const phrases = {
  ...commonPhrases,
  ...sessionPhrases,
  ...shellPhrases,
  ...accountPhrases,
  ...benchPhrases,
  ...queuePhrases,
  ...bulkPhrases,
  ...ticketPhrases,
  ...timelinePhrases,
  ...newTicketPhrases,
  ...boardPhrases,
  ...recordPhrases,
  ...settingsPhrases,
  ...formPhrases,
  ...collaborationPhrases,
  ...deskPhrases,
};

type Phrases = typeof phrases;
type Chinese = { [Key in keyof Phrases]: Phrases[Key][0] };

/** The key of a phrase that takes no values: the ones that tables may name. */
export type TextKey = { [Key in keyof Chinese]: Chinese[Key] extends `${string}{{${string}` ? never : Key }[keyof Chinese];

const chinese = Object.fromEntries(Object.entries(phrases).map(([key, [zh]]) => [key, zh])) as Chinese;
const english = Object.fromEntries(
  Object.entries(phrases as Record<string, Phrase>).flatMap(([key, [, en, one]]) => (one === undefined ? [[key, en]] : [[key, en], [`${key}_one`, one]])),
) as Translation<Chinese>;

/** Chinese, English, and the English singular where the phrase counts something. */
type Phrase = readonly [zh: string, en: string, enOne?: string];

/** The console's texts (坐席台文案). */
export const { i18n, t, useTexts } = createTexts(chinese, english);
