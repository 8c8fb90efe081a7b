import { signal } from '@preact/signals';
import { createDictionary, type Say } from '../../ui/dictionary.ts';
import { language, onPreferencesChange, type Language } from '../../ui/preferences.ts';
import { chinese } from './chinese.ts';
import { english } from './english.ts';

/** The language on the page; whoever reads it is drawn again when it changes. */
export const spoken = signal<Language>(language());
onPreferencesChange(() => {
  spoken.value = language();
});

/** Says a phrase in the language on the page. */
export const say: Say<typeof chinese> = createDictionary(chinese, english, () => spoken.value);
