import { computed, signal } from '@preact/signals';
import type { ChatMessage, ChatState, ChatWindow } from '../../contract/chat.ts';
import { openFeedConnection, type FeedConnection } from '../ui/feed-connection.ts';
import { at, call, ChatProblem, newKey } from './call.ts';
import { hearHost, tellHost, type Host } from './host.ts';
import { recall, remember, type Waiting } from './memory.ts';
import type { PageOf } from './protocol.ts';
import { spoken } from './texts.ts';

/** `slowed`: they wrote too much; `crowded`: many came from where they are, or to this website. Either goes out by itself later. */
type Slowed = 'slowed' | 'crowded';
export const isSlowed = (state: Pending['state']): state is Slowed => state === 'slowed' || state === 'crowded';

/** A message on its way. */
export interface Pending extends Waiting {
  state: 'sending' | 'waiting' | Slowed | 'failed';
  problem: string;
  /** Of what was slowed down: when it goes out by itself, in milliseconds since 1970. */
  until?: number;
  /** What has still to be uploaded: lost with the page. */
  files: File[];
}

export interface Contact { name: string | null; email: string | null; phone: string | null }

const channel = location.pathname.split('/')[2] ?? '';
const pollMilliseconds = 4_000;

/** What the chat looks like, or why there is none. */
export const look = signal<ChatWindow | 'loading' | { problem: ChatProblem }>('loading');
export const messages = signal<readonly ChatMessage[]>([]);
export const pending = signal<readonly Pending[]>([]);
export const contact = signal<Contact>({ name: null, email: null, phone: null });
/** Up to where somebody has seen what was written. */
export const seenUpTo = signal(0);
export const typing = signal(false);
export const offline = signal(false);
export const going = signal(false);
export const host = signal<Host | null>(null);
/** The chat is before somebody's eyes. */
export const shown = signal(false);
export const unread = computed(() => messages.value.filter(({ direction, seq }) => direction === 'out' && seq > readUpTo.value).length);
const readUpTo = signal(0);
/** Raised when somebody else is there: nothing that was typed is theirs. */
export const person = signal(0);

let token: string | null = null;
let feed: FeedConnection | null = null;
let live = false;
let opening: Promise<void> | null = null;
// Raised when somebody else is there, or is now known: what was asked before is answered to nobody.
let generation = 0;

/** Begins: asks how the chat looks, and goes on with the visit there was. */
export function start(): void {
  hearHost({
    hello(next) {
      const before = host.value;
      host.value = next;
      shown.value = next.open && document.visibilityState === 'visible';
      document.documentElement.dataset['theme'] = next.theme === 'dark' || (next.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches) ? 'dark' : 'light';
      speak();
      if (before === null) return void load();
      if (before.user?.id !== next.user?.id) changeUser(before.user !== null);
      // With a fresh signature it may work.
      if (typeof look.value === 'object' && 'problem' in look.value) void load();
    },
    page: (page) => {
      if (host.value) host.value = { ...host.value, page };
      tellPresence('here', page);
    },
    shown(now) {
      if (host.value) host.value = { ...host.value, open: now };
      onShown();
    },
  });
  document.addEventListener('visibilitychange', onShown);
  addEventListener('online', () => void sendAll());
  addEventListener('pagehide', () => {
    if (token !== null) navigator.sendBeacon(at(`/chat-visits/${token}/presence`), new Blob([JSON.stringify({ state: 'left' })], { type: 'application/json' }));
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', ({ matches }) => {
    if (host.value?.theme !== 'dark' && host.value?.theme !== 'light') document.documentElement.dataset['theme'] = matches ? 'dark' : 'light';
  });
  setInterval(() => {
    if (token === null && going.value) void renew();
    else if (token !== null && !live) void poll();
  }, pollMilliseconds);
}

function onShown(): void {
  shown.value = (host.value?.open ?? false) && document.visibilityState === 'visible';
  if (!shown.value) return;
  // A website that vouches for somebody shows them what passed, as soon as they look.
  if (token === null && host.value?.user) void open().catch(() => {});
  markSeen();
}

/** In the language the website asks for, else the one the channel is set to, else the browser's. */
function speak(): void {
  const set = typeof look.value === 'object' && 'language' in look.value ? look.value.language : 'auto';
  const asked = new URLSearchParams(location.search).get('lang');
  const wish = asked || (set === 'auto' ? host.value?.language || navigator.language : set);
  spoken.value = /^zh/i.test(wish) ? 'zh-CN' : 'en';
  document.documentElement.lang = spoken.value;
}

export async function load(): Promise<void> {
  look.value = 'loading';
  try {
    const found = await call<ChatWindow>('GET', `/chat/${channel}`);
    look.value = found;
    speak();
    if (!found.open) return;
    pending.value = recall().waiting.map((one) => ({ ...one, state: 'waiting', problem: '', files: [] }));
    const { user } = recall();
    // Of somebody else at this browser, or of them before they signed out of the website.
    if (user !== null && user !== host.value?.user?.id) signOut();
    if (recall().token !== null || (host.value?.user && shown.value)) await open();
    if (pending.value.length > 0) void sendAll();
  } catch (error) {
    if (error instanceof ChatProblem) look.value = { problem: error };
    else throw error;
  }
}

/** Lets go of the visit there was: what is still asked for in it comes to nothing. */
function letGo(): void {
  generation += 1;
  feed?.close();
  feed = null;
  token = null;
  opening = null;
  live = false;
  messages.value = [];
  seenUpTo.value = 0;
  typing.value = false;
  marked = 0;
  slowedUntil = 0;
  readUpTo.value = 0;
  remember({ seen: 0 });
  tellHost({ bihuan: 'unread', count: 0 });
}

function forgetVisit(): void {
  letGo();
  person.value += 1;
  going.value = false;
  pending.value = [];
  contact.value = { name: null, email: null, phone: null };
  remember({ token: null, user: null, waiting: [], draft: '', unasked: false });
  tellHost({ bihuan: 'visit', going: false });
}

/** Whoever was signed in at the website is so no longer: their visit opens nothing from now on, here or elsewhere. */
function signOut(): void {
  const of = token ?? recall().token;
  if (of !== null) navigator.sendBeacon(at(`/chat-visits/${of}/presence`), new Blob([JSON.stringify({ state: 'signed_out' })], { type: 'application/json' }));
  forgetVisit();
}

function changeUser(wasKnown: boolean): void {
  const comes = token !== null || opening !== null || shown.value;
  if (wasKnown || recall().user !== null) signOut();
  // Whoever signs in goes on with what they wrote and what waits.
  else letGo();
  if (comes) void renew();
}

/** Comes again, with the signature of the website where there is one. */
async function renew(): Promise<void> {
  try {
    await open();
    void sendAll();
  } catch (error) {
    if (!(error instanceof ChatProblem)) throw error;
    if (!error.passes) {
      going.value = false;
      look.value = { problem: error };
    } else if (error.status === 0) offline.value = true;
  }
}

/** Comes to the chat, or comes again: once for all who wait for it. */
function open(said: Partial<Record<'name' | 'email' | 'phone', string>> = {}): Promise<void> {
  if (opening !== null) return opening;
  const coming = come(said).finally(() => {
    if (opening === coming) opening = null;
  });
  return opening = coming;
}

async function come(said: Partial<Record<'name' | 'email' | 'phone', string>>): Promise<void> {
  const { origin = null, page = null, user = null } = host.value ?? {};
  const { token: kept } = recall();
  const of = generation;
  const visit = await call<{ token: string; contact: Contact; chat: ChatState }>('POST', `/chat/${channel}/visits`, {
    ...(kept === null ? {} : { token: kept }), ...(user ? { user: { id: user.id, at: user.at, signature: user.signature }, ...(user.name ? { name: user.name } : {}), ...(user.email ? { email: user.email } : {}), ...(user.phone ? { phone: user.phone } : {}) } : {}), ...said,
    language: spoken.value, ...(origin === null ? {} : { origin }), ...(page === null || !/^https?:/.test(page.url) ? {} : { page: { url: page.url, title: page.title, ...(page.referrer === '' ? {} : { referrer: page.referrer }) } }),
  });
  if (of !== generation) return;
  token = visit.token;
  remember({ token, user: user?.id ?? null });
  readUpTo.value = recall().seen;
  contact.value = visit.contact;
  messages.value = visit.chat.messages;
  seenUpTo.value = visit.chat.seen;
  going.value = true;
  tellHost({ bihuan: 'visit', going: true });
  follow();
  onNews();
}

function follow(): void {
  feed?.close();
  live = false;
  const of = token;
  feed = openFeedConnection({
    url: at(`/chat-visits/${of}/feed`), lastEventId: String(wholeUpTo()), silence: 30_000,
    onStatus(status) {
      if (of !== token) return;
      live = status === 'live';
      offline.value = status === 'offline';
      if (live) void sendAll();
    },
    onEvent({ type, data }) {
      if (of !== token) return;
      if (type === 'message') take([data as ChatMessage]);
      else if (type === 'state') {
        const state = data as { seen: number; typing: boolean };
        seenUpTo.value = state.seen;
        hearTyping(state.typing);
      }
    },
  });
}

/** Where no events come through, the chat asks by itself. */
async function poll(): Promise<void> {
  const of = token;
  try {
    const state = await call<ChatState>('GET', `/chat-visits/${of}?after=${wholeUpTo()}`);
    if (of !== token) return;
    take(state.messages);
    seenUpTo.value = state.seen;
    hearTyping(state.typing);
    offline.value = false;
  } catch (error) {
    if (of === token && error instanceof ChatProblem && !error.passes) end(error);
  }
}

/** The visit is over: its token ended, the channel was closed, or the website taken off the list. */
function end(error: ChatProblem): void {
  feed?.close();
  if (error.code !== 'link_invalid') look.value = { problem: error };
  else if (host.value?.user) {
    // It lasts for hours only where the website vouches for somebody.
    token = null;
    void renew();
  } else forgetVisit();
}

// Whoever just answered still counts as writing for some seconds.
let answered = false;
function hearTyping(now: boolean): void {
  if (!now) answered = false;
  typing.value = now && !answered;
}

/** The place up to which nothing is missing: messages are numbered without gaps. */
function wholeUpTo(): number {
  let place = messages.value[0]?.seq ?? 0;
  for (const { seq } of messages.value.slice(1)) {
    if (seq !== place + 1) break;
    place = seq;
  }
  return place;
}

function take(some: readonly ChatMessage[]): void {
  // The answer to what was sent may come before what was laid down before it.
  const known = new Set(messages.value.map(({ seq }) => seq));
  const fresh = some.filter(({ seq }) => !known.has(seq));
  if (fresh.length === 0) return;
  messages.value = [...messages.value, ...fresh].sort((a, b) => a.seq - b.seq);
  const come = new Set(fresh.filter(({ direction }) => direction === 'in').map(({ key }) => key));
  if (come.size > 0) setPending(pending.value.filter(({ key }) => !come.has(key)));
  if (fresh.some(({ direction }) => direction === 'out')) {
    answered = true;
    typing.value = false;
  }
  onNews();
}

function onNews(): void {
  if (shown.value) markSeen();
  tellHost({ bihuan: 'unread', count: unread.value });
}

let marked = 0;
function markSeen(): void {
  const newest = messages.value.findLast(({ direction }) => direction === 'out')?.seq ?? 0;
  if (token === null || newest <= Math.max(marked, readUpTo.value)) {
    tellHost({ bihuan: 'unread', count: unread.value });
    return;
  }
  marked = newest;
  readUpTo.value = newest;
  remember({ seen: newest });
  tellHost({ bihuan: 'unread', count: 0 });
  const of = generation;
  call('POST', `/chat-visits/${token}/seen`, { upTo: newest }).catch(() => {
    if (of === generation) marked = 0;
  });
}

function setPending(next: readonly Pending[]): void {
  pending.value = next;
  remember({ waiting: next.filter(({ files }) => files.length === 0).map(({ key, body, uploads, at: when }) => ({ key, body, uploads, at: when })) });
}

const change = (key: string, more: Partial<Pending>): void => setPending(pending.value.map((one) => (one.key === key ? { ...one, ...more } : one)));

/** Writes a message: it is shown at once, waits for the network if it has to, and goes out once. */
export function write(body: string, files: File[]): void {
  setPending([...pending.value, { key: newKey(), body, uploads: [], files, at: new Date().toISOString(), problem: '', ...(Date.now() < slowedUntil ? { state: slowedAs, until: slowedUntil } : { state: 'sending' }) }]);
  void sendAll();
}

export function retry(key: string): void {
  change(key, { state: 'sending', problem: '' });
  void sendAll();
}

export const discard = (key: string): void => setPending(pending.value.filter((one) => one.key !== key));

let sending = false;
let pause = 0;
const longestSlowed = 3_600;
let slowedUntil = 0;
let slowedAs: Slowed = 'slowed';
async function sendAll(): Promise<void> {
  // Whoever is slowed down is no sooner heard for asking again.
  if (sending || Date.now() < slowedUntil) return;
  sending = true;
  try {
    for (;;) {
      const next = pending.value.find(({ state }) => state !== 'failed');
      if (!next) return;
      const of = generation;
      try {
        await send(next);
        pause = 0;
      } catch (error) {
        if (!(error instanceof ChatProblem)) throw error;
        // Whoever it failed for is not there any longer.
        if (of !== generation) continue;
        if (!error.passes) {
          if (error.code === 'chat_closed' || error.code === 'origin_not_allowed') end(error);
          // The token ended: as somebody new, or with the signature of the website.
          else if (error.code === 'link_invalid' && token !== null) {
            token = null;
            going.value = false;
            feed?.close();
            remember({ token: null });
            continue;
          }
          change(next.key, { state: 'failed', problem: error.message });
          continue;
        }
        // The server is there, and wants less at once: it says when it goes on.
        if (error.status === 429) {
          const wait = Math.min(Math.max(error.retryAfter, 1), longestSlowed) * 1_000;
          slowedUntil = Date.now() + wait;
          slowedAs = error.code === 'chat_too_fast' ? 'slowed' : 'crowded';
          setPending(pending.value.map((one) => (one.state === 'failed' ? one : { ...one, state: slowedAs, until: slowedUntil })));
          // Timers may be a moment early.
          setTimeout(() => {
            setPending(pending.value.map((one) => (isSlowed(one.state) ? { ...one, state: 'sending' } : one)));
            void sendAll();
          }, wait + 50);
          return;
        }
        change(next.key, { state: 'waiting' });
        pause = Math.min(Math.max(pause * 2, 1_000, error.retryAfter * 1_000), 30_000);
        setTimeout(() => void sendAll(), pause);
        return;
      }
    }
  } finally {
    sending = false;
  }
}

async function send(message: Pending): Promise<void> {
  const of = generation;
  if (token === null) await open();
  // Somebody else may be there by now: it goes out as of whoever wrote it, or not at all.
  if (of !== generation) return;
  const as = token;
  const { key } = message;
  const uploads = [...message.uploads];
  const left = [...message.files];
  for (let file = left[0]; file !== undefined; file = left[0]) {
    const form = new FormData();
    form.append('file', file, file.name);
    const kept = await call<{ uploadToken: string }>('POST', `/chat-visits/${as}/files`, form, `${key}-${uploads.length}`);
    if (of !== generation) return;
    uploads.push({ token: kept.uploadToken, name: file.name, mediaType: file.type });
    left.shift();
    change(key, { uploads: [...uploads], files: [...left] });
  }
  const sent = await call<ChatMessage>('POST', `/chat-visits/${as}/messages`, { key, body: message.body, ...(uploads.length > 0 ? { uploads: uploads.map((one) => one.token) } : {}) }, key);
  if (of === generation) take([sent]);
  setPending(pending.value.filter((one) => one.key !== key));
}

/** Says how one can be reached. @throws ChatProblem */
export async function leaveContact(said: Partial<Record<'name' | 'email' | 'phone', string>>): Promise<void> {
  if (token === null) return open(said);
  const of = generation;
  const kept = await call<Partial<Contact>>('POST', `/chat-visits/${token}/contact`, said);
  if (of === generation) contact.value = { ...contact.value, ...kept };
}

let typedAt = 0;
let idle: ReturnType<typeof setTimeout> | undefined;
/** Somebody writes. */
export function onTyping(): void {
  if (token === null) return;
  clearTimeout(idle);
  idle = setTimeout(() => {
    typedAt = 0;
    tellPresence('here');
  }, 4_000);
  if (Date.now() - typedAt < 6_000) return;
  typedAt = Date.now();
  tellPresence('typing');
}

function tellPresence(state: 'here' | 'typing', page?: PageOf): void {
  if (token === null) return;
  call('POST', `/chat-visits/${token}/presence`, { state, ...(page && /^https?:/.test(page.url) ? { page: { url: page.url, title: page.title, ...(page.referrer === '' ? {} : { referrer: page.referrer }) } } : {}) }).catch(() => {
    // Nothing depends on it.
  });
}

/** The address of a file of this chat. */
export const fileAddress = (id: string, small: boolean): string => at(`/chat-visits/${token ?? ''}/files/${id}${small ? '/thumbnail' : ''}`);
