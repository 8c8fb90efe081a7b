import type { ComponentChildren } from 'preact';
import { setLanguage } from '../../ui/preferences.ts';
import { say, spoken } from '../texts/say.ts';
import { Icon } from './icons.tsx';

/**
 * The page around everything: who this is, back, and the other language.
 *
 * @param name the organization's; empty until it is known
 * @param home the organization's portal, or null where there is no way there
 */
export function Frame({ name, home, back, wide = false, children }: { name: string; home: string | null; back?: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <div class={wide ? 'page page-wide' : 'page'}>
      <header class="top">
        {back !== undefined && (
          <a class="top-back" href={back} aria-label={say('frame.back')}>
            <Icon name="back" />
          </a>
        )}
        {home === null ? <span class="top-name">{name}</span> : <a class="top-name" href={home}>{name}</a>}
        <button type="button" class="top-language" lang={spoken.value === 'en' ? 'zh-CN' : 'en'} aria-label={say('frame.languageLabel')} onClick={() => setLanguage(spoken.value === 'en' ? 'zh-CN' : 'en')}>
          {say('frame.language')}
        </button>
      </header>
      <main class="main">{children}</main>
    </div>
  );
}
