import { openFeedConnection, type FeedConnection, type FeedEvent, type FeedStatus } from './feed-connection.ts';

/** The feed's address; the session cookie says who listens. */
export const feedUrl = '/api/v1/feed';

/** What a tab asks of whoever holds the connection. */
export type FeedRequest =
  /** `from`: the place up to which the tab knows everything; `tab`: who it is, where others hear what it is told. */
  | { kind: 'hello'; from?: string; tab?: string } | { kind: 'bye' } | { kind: 'restart'; from?: string } | { kind: 'stop' };
/** What the holder of the connection tells the tabs; `to`: only this one. */
export type FeedReport = { kind: 'event'; event: FeedEvent; to?: string } | { kind: 'place'; id: string } | { kind: 'status'; status: FeedStatus };

/** Holds the one connection of a browser, in the shared worker or in the leading tab. */
export type FeedHub = {
  open: (lastEventId?: string) => void;
  /** Ends the connection; the next one goes on after the last event. */
  pause: () => void;
  /** What a tab that knows everything up to a place has not heard of what was told already; should that be too much, that it has to ask for everything anew. */
  since: (place: string) => FeedEvent[];
  /** Another session begins: what the former one saw last is forgotten. */
  restart: (from?: string) => void;
  stop: () => void;
  status: () => FeedStatus;
};

/** A tab that begins is at most some seconds late. */
const mostKept = 500;

/** Whether one place in the feed lies behind another: a transaction and a position, or a number alone. */
function isAfter(one: string, other: string): boolean {
  const [a, b] = [one, other].map((place) => place.split('-').map((part) => (/^\d+$/.test(part) ? BigInt(part) : 0n)));
  return a![0] === b![0] ? (a![1] ?? 0n) > (b![1] ?? 0n) : a![0]! > b![0]!;
}

export function createFeedHub(report: (report: FeedReport) => void): FeedHub {
  let connection: FeedConnection | undefined;
  let status: FeedStatus = 'offline';
  let lastEventId = '';
  // What was told lately, and the place behind which that is all there was.
  let lately: FeedEvent[] = [];
  let beginning = '';

  function keep(event: FeedEvent): void {
    if (event.id === '') return;
    if (event.type === 'ready' || event.type === 'reset') {
      lately = [];
      beginning = event.id;
      return;
    }
    lately.push(event);
    if (lately.length > mostKept) beginning = lately.shift()!.id;
  }

  function tell(next: FeedStatus): void {
    status = next;
    report({ kind: 'status', status });
  }

  const hub: FeedHub = {
    open(from) {
      if (connection !== undefined) return;
      lastEventId = from || lastEventId;
      lately = [];
      beginning = lastEventId;
      connection = openFeedConnection({
        url: feedUrl,
        lastEventId,
        onEvent(event) {
          if (event.id !== '') lastEventId = event.id;
          keep(event);
          report({ kind: 'event', event });
        },
        onPlace(id) {
          lastEventId = id;
          // For whichever tab leads next.
          report({ kind: 'place', id });
        },
        onStatus: tell,
        onRefused() {
          // The next hello, perhaps of a page that just signed in, tries again.
          connection = undefined;
        },
      });
    },
    pause() {
      connection?.close();
      connection = undefined;
    },
    since(place) {
      if (connection === undefined || place === '' || beginning === '') return [];
      if (isAfter(beginning, place)) return [{ id: '', type: 'reset', data: {} }];
      return lately.filter((event) => isAfter(event.id, place));
    },
    restart(from) {
      hub.pause();
      lastEventId = from ?? '';
      hub.open();
    },
    stop() {
      hub.pause();
      lastEventId = '';
      tell('offline');
    },
    status: () => status,
  };
  return hub;
}
