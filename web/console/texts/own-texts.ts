import type { Translation } from '../../ui/dictionary.ts';
import { createTexts, type FaceTexts } from '../../ui/i18n.ts';

/** Chinese, English, and the English singular where the phrase counts something. */
type Phrase = readonly [zh: string, en: string, enOne?: string];
type Chinese<Phrases extends Record<string, Phrase>> = { [Key in keyof Phrases & string]: Phrases[Key][0] };

/** The texts of one group of pages (分页文案): they are fetched with its pages, and not with the console. */
export function ownTexts<Phrases extends Record<string, Phrase>>(phrases: Phrases): FaceTexts<Chinese<Phrases>> {
  const chinese = Object.fromEntries(Object.entries(phrases).map(([key, [zh]]) => [key, zh])) as Chinese<Phrases>;
  const english = Object.fromEntries(
    Object.entries(phrases).flatMap(([key, [, en, one]]) => (one === undefined ? [[key, en]] : [[key, en], [`${key}_one`, one]])),
  ) as Translation<Chinese<Phrases>>;
  return createTexts<Chinese<Phrases>>(chinese, english);
}
