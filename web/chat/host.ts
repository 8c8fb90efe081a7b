import type { PageOf, ToFrame, ToHost, UserOf } from './protocol.ts';

/** The page that holds the chat (宿主页): its origin, as the browser vouches for it; null where the chat is a page of its own. */
export interface Host {
  origin: string | null;
  page: PageOf | null;
  user: UserOf | null;
  language: string | null;
  theme: string | null;
  open: boolean;
}

const held = window.parent !== window;
let origin: string | null = null;

/** Tells the page that holds the chat something; before it has said who it is, nothing that concerns anybody. */
export function tellHost(message: ToHost): void {
  if (held && (origin !== null || message.bihuan === 'ready')) window.parent.postMessage(message, origin ?? '*');
}

/** Hears the page that holds the chat; `onHello` at the beginning, and whenever somebody signs in or out there. */
export function hearHost(hear: { hello(host: Host): void; page(page: PageOf): void; shown(shown: boolean): void }): void {
  if (!held) {
    hear.hello({ origin: null, page: null, user: null, language: null, theme: null, open: true });
    return;
  }
  addEventListener('message', ({ data, origin: from, source }: MessageEvent<ToFrame | null>) => {
    if (source !== window.parent || typeof data !== 'object' || data === null || (origin !== null && from !== origin)) return;
    if (data.bihuan === 'hello') {
      origin = from;
      hear.hello({ origin, page: data.page, user: data.user, language: data.language, theme: data.theme, open: data.open });
    } else if (data.bihuan === 'page') hear.page(data.page);
    else if (data.bihuan === 'shown' || data.bihuan === 'hidden') hear.shown(data.bihuan === 'shown');
  });
  tellHost({ bihuan: 'ready' });
}
