import type { PageOf, ToFrame, ToHost, UserOf } from './protocol.ts';

/**
 * The script that a website loads (网页聊天加载脚本): `<script async src="https://…/chat/v1.js" data-channel="…"></script>`. It shows a button in a shadow
 * root, where the website's style sheets do not reach, and opens the chat in a frame when it is pressed; with `data-mode="form"` the web form instead.
 * It brings no markup and no inline style element, so that a strict policy of the website lets it run.
 */
interface BihuanChat {
  open(): void;
  close(): void;
  /** Who is signed in at the website; null when they sign out. */
  identify(user: UserOf | null): void;
}

interface Look { title: Record<'zh-CN' | 'en', string>; color: string; language: 'auto' | 'zh-CN' | 'en'; open: boolean }

((): void => {
  const script = document.currentScript as HTMLScriptElement | null;
  const holder = window as unknown as { BihuanChat?: BihuanChat };
  const channel = script?.dataset['channel'] ?? '';
  if (script === null || holder.BihuanChat || !/^[\w-]{28,200}$/.test(channel)) return;
  const base = new URL(script.src).origin;
  const form = script.dataset['mode'] === 'form';
  const theme = script.dataset['theme'] ?? null;
  const remembered = `bihuan.chat.${channel.slice(-16)}`;
  const words = {
    'zh-CN': { open: form ? '在线报修' : '打开在线客服', close: '关闭', unread: '条未读消息' },
    en: { open: form ? 'Report something' : 'Open the chat', close: 'Close', unread: 'unread messages' },
  } as const;
  let user: UserOf | null = userOf(script.dataset);
  let isOpen = false;
  let frame: HTMLIFrameElement | null = null;
  let greeted = false;
  let wished = false;
  let show = (): void => void (wished = true);
  let hide = (): void => void (wished = false);

  holder.BihuanChat = {
    open: () => show(),
    close: () => hide(),
    identify(next) {
      user = next;
      hello();
    },
  };
  // Storage may be forbidden; then nothing is remembered.
  const stored = (kind: 'localStorage' | 'sessionStorage', name: string, value?: string | null): string | null => {
    try {
      const storage = window[kind];
      if (value === null) storage.removeItem(name);
      else if (value !== undefined) storage.setItem(name, value);
      return storage.getItem(name);
    } catch {
      return null;
    }
  };
  const pageOf = (): PageOf => ({ url: location.href.slice(0, 1000), title: document.title.slice(0, 200), referrer: document.referrer.slice(0, 1000) });
  const send = (message: ToFrame): void => frame?.contentWindow?.postMessage(message, base);
  function hello(): void {
    if (greeted) send({ bihuan: 'hello', page: pageOf(), user, language: script?.dataset['language'] ?? document.documentElement.lang ?? null, theme, open: isOpen });
  }

  fetch(`${base}/api/v1/chat/${channel}`, { credentials: 'omit' }).then(async (answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    const look = await answer.json() as Look;
    if (!look.open && !form) return;
    const start = (): void => build(look);
    if (document.body) start();
    else addEventListener('DOMContentLoaded', start);
  }).catch(() => console.warn('Bihuan: this website is not on the list of the chat channel, or its address cannot be reached.'));

  function languageOf({ language }: Look): 'zh-CN' | 'en' {
    const wish = script?.dataset['language'] || (language === 'auto' ? document.documentElement.lang || navigator.language : language);
    return /^zh/i.test(wish) ? 'zh-CN' : 'en';
  }

  function makeFrame(title: string): HTMLIFrameElement {
    const made = document.createElement('iframe');
    made.title = title;
    made.allow = 'clipboard-write';
    made.src = `${base}/chat/${channel}${form ? '/form' : ''}`;
    return made;
  }

  function build(look: Look): void {
    const say = words[languageOf(look)];
    const title = form ? say.open : look.title[languageOf(look)];
    const place = form && script?.dataset['target'] ? document.querySelector<HTMLElement>(script.dataset['target']) : null;
    if (place) {
      const inline = makeFrame(title);
      style(inline, { display: 'block', width: '100%', height: '760px', border: '0' });
      place.append(inline);
      return;
    }
    const host = document.createElement('div');
    // Whatever the website says of div, here it does not hold.
    style(host, { all: 'initial', position: 'fixed', 'z-index': '2147483000', inset: 'auto 0 0 auto', width: '0', height: '0', display: 'block' });
    const root = host.attachShadow({ mode: 'open' });
    const button = document.createElement('button');
    button.type = 'button';
    const badge = document.createElement('span');
    const icon = (path: string): SVGElement => {
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      for (const [name, value] of Object.entries({ viewBox: '0 0 24 24', width: '26', height: '26', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.8', 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true' })) svg.setAttribute(name, value);
      const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      line.setAttribute('d', path);
      svg.append(line);
      return svg;
    };
    const [closedIcon, openIcon] = [icon(form ? 'M6 3h9l4 4v14H6zM9.5 12h6M9.5 16h6M14.5 3.5V8H19' : 'M4 5.5h16v11H11l-4.5 4v-4H4zM8.5 10h7M8.5 13h4'), icon('M6 9l6 6 6-6')];
    const panel = document.createElement('div');
    panel.setAttribute('role', 'dialog');
    panel.setAttribute('aria-label', title);
    const side = script?.dataset['position'] === 'left' ? 'left' : 'right';
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const narrow = matchMedia('(max-width: 520px), (max-height: 480px)');
    style(button, {
      all: 'unset', position: 'fixed', bottom: 'max(20px, env(safe-area-inset-bottom))', [side]: '20px', width: '56px', height: '56px', 'border-radius': '28px', cursor: 'pointer', 'background-color': look.color, color: inkOn(look.color),
      display: 'flex', 'align-items': 'center', 'justify-content': 'center', 'box-shadow': '0 6px 20px rgba(16,22,34,.28)', 'box-sizing': 'border-box', outline: 'none', ...(still ? {} : { transition: 'transform 140ms' }),
    });
    const ring = (on: boolean): void => style(button, { 'box-shadow': on ? `0 0 0 3px #fff, 0 0 0 6px ${look.color}` : '0 6px 20px rgba(16,22,34,.28)' });
    button.addEventListener('focus', () => ring(button.matches(':focus-visible')));
    button.addEventListener('blur', () => ring(false));
    style(badge, {
      all: 'unset', position: 'absolute', top: '-4px', right: '-4px', 'min-width': '20px', height: '20px', 'border-radius': '10px', 'background-color': '#c5221f', color: '#fff', font: '600 12px/20px system-ui, sans-serif', 'text-align': 'center', padding: '0 5px', 'box-sizing': 'border-box', display: 'none',
    });
    button.append(closedIcon, badge);

    const lay = (): void => {
      style(panel, narrow.matches
        ? { all: 'unset', position: 'fixed', inset: '0', width: '100%', height: '100%', display: isOpen ? 'flex' : 'none', 'flex-direction': 'column', 'background-color': dark() ? '#151921' : '#ffffff' }
        : {
          all: 'unset', position: 'fixed', bottom: '88px', [side]: '20px', width: '384px', height: 'min(640px, calc(100vh - 112px))', display: isOpen ? 'flex' : 'none', 'flex-direction': 'column', 'border-radius': '14px', overflow: 'hidden', 'box-shadow': '0 16px 48px rgba(16,22,34,.24), 0 0 0 1px rgba(16,22,34,.06)',
          'background-color': dark() ? '#151921' : '#ffffff',
        });
      style(button, { display: isOpen && narrow.matches ? 'none' : 'flex' });
      button.setAttribute('aria-expanded', String(isOpen));
      button.setAttribute('aria-label', isOpen ? say.close : unread > 0 ? `${say.open} (${unread} ${say.unread})` : say.open);
      button.replaceChildren(isOpen ? openIcon : closedIcon, badge);
      style(badge, { display: unread > 0 && !isOpen ? 'block' : 'none' });
      badge.textContent = unread > 99 ? '99+' : String(unread);
    };
    const dark = (): boolean => theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    let unread = 0;
    const load = (): void => {
      if (frame) return;
      frame = makeFrame(title);
      style(frame, { display: 'block', width: '100%', flex: '1', border: '0', 'min-height': '0', 'color-scheme': 'light dark' });
      if (form) panel.append(formHead());
      panel.append(frame);
    };
    /** The portal in the frame knows nothing of being held: the way out is here. */
    function formHead(): HTMLElement {
      const head = document.createElement('div');
      style(head, { all: 'unset', display: 'flex', 'align-items': 'center', 'justify-content': 'space-between', padding: '10px 12px 10px 16px', 'background-color': look.color, color: inkOn(look.color), font: '600 15px/1.4 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif' });
      const close = document.createElement('button');
      close.type = 'button';
      close.setAttribute('aria-label', say.close);
      style(close, { all: 'unset', cursor: 'pointer', padding: '6px', 'border-radius': '6px', display: 'flex' });
      close.append(icon('M6 6l12 12M18 6L6 18'));
      close.addEventListener('click', () => hide());
      close.addEventListener('focus', () => style(close, { outline: close.matches(':focus-visible') ? '2px solid currentColor' : 'none' }));
      const text = document.createElement('span');
      text.textContent = title;
      head.append(text, close);
      return head;
    }
    show = () => {
      load();
      isOpen = true;
      stored('sessionStorage', remembered, 'open');
      lay();
      send({ bihuan: 'shown' });
      frame?.focus();
    };
    hide = () => {
      isOpen = false;
      stored('sessionStorage', remembered, null);
      lay();
      send({ bihuan: 'hidden' });
      button.focus();
    };
    button.addEventListener('click', () => (isOpen ? hide() : show()));
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') hide();
    });
    narrow.addEventListener('change', lay);
    addEventListener('message', ({ data, origin, source }: MessageEvent<ToHost | null>) => {
      if (origin !== base || source !== frame?.contentWindow || typeof data !== 'object' || data === null) return;
      if (data.bihuan === 'ready') {
        greeted = true;
        hello();
      } else if (data.bihuan === 'close') hide();
      else if (data.bihuan === 'unread') {
        unread = data.count;
        lay();
      } else if (data.bihuan === 'visit') stored('localStorage', remembered, data.going ? 'going' : null);
    });
    // Websites that change their address without loading anew.
    let address = location.href;
    setInterval(() => {
      if (address === location.href) return;
      address = location.href;
      send({ bihuan: 'page', page: pageOf() });
    }, 2000);
    root.append(panel, button);
    document.body.append(host);
    lay();
    if (wished || stored('sessionStorage', remembered) === 'open') show();
    // Answers that come meanwhile are counted on the button.
    else if (!form && (stored('localStorage', remembered) === 'going' || user)) load();
  }

  function style(element: HTMLElement, values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) element.style.setProperty(name, value, 'important');
  }

  /** Ink that can be read on a colour (WCAG 2.2, relative luminance). */
  function inkOn(color: string): string {
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.4 ? '#1a2130' : '#ffffff';
  }

  function userOf(data: DOMStringMap): UserOf | null {
    const [id, at, signature] = [data['userId'], Number(data['userAt']), data['userSignature']];
    if (!id || !at || !signature) return null;
    return { id, at, signature, ...(data['userName'] ? { name: data['userName'] } : {}), ...(data['userEmail'] ? { email: data['userEmail'] } : {}), ...(data['userPhone'] ? { phone: data['userPhone'] } : {}) };
  }
})();
