import { useSyncExternalStore } from 'react';

/** Why one’s browser is no telephone at the moment. */
export type LineProblem = 'password' | 'refused' | 'unreachable';
/** What became of the last call, where somebody has to know (通话结果). */
export type LineNews = 'busy' | 'declined' | 'no_answer' | 'not_found' | 'failed' | 'handed_on' | 'not_handed_on' | 'no_microphone' | 'no_sound';

export interface LineCall {
  direction: 'inbound' | 'outbound';
  state: 'ringing' | 'connecting' | 'talking';
  /** The other side, as the telephone system names it. */
  who: string;
  /** Since when they talk, in milliseconds. */
  since: number | null;
  muted: boolean;
  held: boolean;
  /** It was asked for that somebody else takes it. */
  handingOn: boolean;
}

export interface LineState {
  registration: { is: 'connecting' } | { is: 'ready' } | { is: 'failed'; why: LineProblem; detail: string };
  call: LineCall | null;
  news: { what: LineNews; detail: string } | null;
  /** The microphone was opened already: nobody is asked any more. */
  listened: boolean;
}

/** One’s browser as a telephone (软电话线路). What was asked for shows in its state. */
export interface Line {
  answer: () => void;
  decline: () => void;
  hangUp: () => void;
  mute: (on: boolean) => void;
  hold: (on: boolean) => void;
  press: (key: string) => void;
  /** Hands the call on without asking first (盲转). */
  handOn: (extension: string) => void;
  dial: (number: string) => void;
  /** What rings within half a minute was asked for here: it is answered by itself. */
  expectOwn: () => void;
  stop: () => void;
}

export interface OpenLine { line: Line; state: LineState }

let open: OpenLine | null = null;
const listeners = new Set<() => void>();

/** Says which line there is, and how it stands; null when there is none. */
export function setLine(next: OpenLine | null): void {
  open = next;
  listeners.forEach((listener) => listener());
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The line of this tab, null where it is none. */
export const useLine = (): OpenLine | null => useSyncExternalStore(subscribe, () => open);

/** What can be dialled: digits, * and #, or an extension; signs people write between them left out. Null where it is something else. */
export function dialled(text: string): string | null {
  const number = text.replace(/[\s()（）/-]/g, '');
  return /^\+?[A-Za-z0-9._*#]{1,40}$/.test(number) ? number : null;
}
