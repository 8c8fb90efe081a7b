import { language, type Language } from './preferences.ts';

/** The names between `{{` and `}}` in a phrase. */
export type PhraseParameter<Phrase extends string> = Phrase extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | PhraseParameter<Rest>
  : never;

/** What a phrase must be given: nothing, or a value for each of its names. */
export type PhraseValues<Phrase extends string> = [PhraseParameter<Phrase>] extends [never]
  ? [values?: undefined]
  : [values: Record<PhraseParameter<Phrase>, string | number>];

/** English for every Chinese phrase; `key_one` may say the singular of a phrase that has `{{count}}`. */
export type Translation<Chinese extends Record<string, string>> = Record<keyof Chinese, string> & {
  [Key in keyof Chinese & string as Chinese[Key] extends `${string}{{count}}${string}` ? `${Key}_one` : never]?: string;
};

/** Says a phrase in the language in use; keys and values are checked by the compiler. */
export type Say<Chinese extends Record<string, string>> = <Key extends keyof Chinese & string>(
  key: Key,
  ...values: PhraseValues<Chinese[Key]>
) => string;

/**
 * The small typed dictionary (词典) of faces that do without i18next.
 *
 * @param chinese phrases by key, written `as const` so that their `{{names}}` are known to the compiler
 * @param english the same keys
 * @param inLanguage which language to speak at the moment of the call
 */
export function createDictionary<const Chinese extends Record<string, string>>(
  chinese: Chinese,
  english: Translation<Chinese>,
  inLanguage: () => Language = language,
): Say<Chinese> {
  return (key, ...[values]) => {
    const given = values as Record<string, string | number> | undefined;
    const phrases: Record<string, string | undefined> = inLanguage() === 'en' ? english : chinese;
    const phrase = (given?.count === 1 ? phrases[`${key}_one`] : undefined) ?? phrases[key] ?? key;
    return given === undefined ? phrase : phrase.replace(/{{(\w+)}}/g, (gap, name: string) => String(given[name] ?? gap));
  };
}
