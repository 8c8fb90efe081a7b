import { Fragment } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ChatWindow } from '../../contract/chat.ts';
import { going, host, load, look, offline, pending, person } from './chat.ts';
import { Composer } from './composer.tsx';
import { ContactForm } from './contact-form.tsx';
import { tellHost } from './host.ts';
import { Icon } from './icon.tsx';
import { Messages } from './messages.tsx';
import { say, spoken } from './texts.ts';

/** Ink that can be read on a colour (WCAG 2.2, relative luminance). */
function inkOn(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.4 ? '#1a2130' : '#ffffff';
}

/** The chat on a website (网页聊天). */
export function App() {
  const state = look.value;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.isComposing) tellHost({ bihuan: 'close' });
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  if (state === 'loading') return <Frame window={null}><p class="blank" role="status">{say('loading')}</p></Frame>;
  if ('problem' in state) {
    const { code, passes } = state.problem;
    const foreign = code === 'origin_not_allowed';
    return (
      <Frame window={null}>
        <div class="blank" role="alert">
          <h2>{say(foreign ? 'notHere' : code === 'chat_closed' ? 'closed' : code === 'rate_limited' ? 'full' : 'broken')}</h2>
          <p>{foreign ? say('notHereHint') : code === 'chat_closed' ? say('closedHint') : code === 'rate_limited' ? say('fullHint') : state.problem.message}</p>
          {code === 'rate_limited' && <a class="plain" href={`${location.pathname.replace(/\/$/, '')}/form`} target="_blank" rel="noopener">{say('form')}</a>}
          {(passes || code === 'chat_closed') && <button type="button" class="plain" onClick={() => void load()}>{say('retry')}</button>}
        </div>
      </Frame>
    );
  }
  if (!state.open) return <Frame window={state}><div class="blank" role="alert"><h2>{say('closed')}</h2><p>{say('closedHint')}</p></div></Frame>;
  const known = host.value?.user != null;
  const asks = state.ask === 'required' && !known && !going.value && pending.value.length === 0;
  return (
    <Frame window={state}>
      {state.away && <p class="away" role="note">{state.away[spoken.value]}</p>}
      {offline.value && <p class="offline" role="status">{say('offline')}</p>}
      {asks ? <ContactForm key={person.value} greeting={state.greeting[spoken.value]} /> : (
        <Fragment key={person.value}>
          <Messages window={state} />
          <Composer away={state.away !== null} />
        </Fragment>
      )}
    </Frame>
  );
}

function Frame({ window: shown, children }: { window: ChatWindow | null; children: preact.ComponentChildren }) {
  const color = shown?.color ?? '#1a56db';
  const held = host.value?.origin != null;
  const title = shown?.title[spoken.value] ?? '';
  useEffect(() => {
    const { style } = document.documentElement;
    style.setProperty('--brand', color);
    style.setProperty('--brand-ink', inkOn(color));
    if (title !== '') document.title = title;
  }, [color, title]);
  return (
    <div class="chat" data-held={held || undefined}>
      <header class="head">
        <div class="headings">
          <h1>{title}</h1>
          {shown && <p>{shown.organization.name}</p>}
        </div>
        {held && <button type="button" class="close" aria-label={say('close')} onClick={() => tellHost({ bihuan: 'close' })}><Icon name="close" /></button>}
      </header>
      <main class="body">{children}</main>
    </div>
  );
}
