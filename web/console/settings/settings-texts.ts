import { createTexts } from '../../ui/i18n.ts';
import type { Translation } from '../../ui/dictionary.ts';
import { administrationPhrases } from './texts/administration.ts';
import { designerPhrases } from './texts/designer.ts';

// Kept apart from the console's other texts: they are fetched with the settings.
const phrases = { ...designerPhrases, ...administrationPhrases };
type Phrases = typeof phrases;
type Chinese = { [Key in keyof Phrases]: Phrases[Key][0] };
type Phrase = readonly [zh: string, en: string, enOne?: string];

const chinese = Object.fromEntries(Object.entries(phrases).map(([key, [zh]]) => [key, zh])) as Chinese;
const english = Object.fromEntries(
  Object.entries(phrases as Record<string, Phrase>).flatMap(([key, [, en, one]]) => (one === undefined ? [[key, en]] : [[key, en], [`${key}_one`, one]])),
) as Translation<Chinese>;

/** The key of a phrase of the settings that takes no values. */
export type SettingsKey = { [Key in keyof Chinese]: Chinese[Key] extends `${string}{{${string}` ? never : Key }[keyof Chinese];

/** The texts of the settings (设置文案). */
export const { useTexts: useSettingsTexts } = createTexts(chinese, english);
