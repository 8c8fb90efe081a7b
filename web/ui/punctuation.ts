import { language } from './preferences.ts';

const isEnglish = (): boolean => language() === 'en';

/** The colon of the language that is spoken (冒号), with the space an English one is followed by. */
export const colon = (): string => (isEnglish() ? ': ' : '：');

/** Between two clauses (分号). */
export const semicolon = (): string => (isEnglish() ? '; ' : '；');

/** A remark behind a word (括号), with the space that English puts before it. */
export const bracketed = (text: string): string => (isEnglish() ? ` (${text})` : `（${text}）`);
