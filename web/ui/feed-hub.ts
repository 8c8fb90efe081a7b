import { openFeedConnection, type FeedConnection, type FeedEvent, type FeedStatus } from './feed-connection.ts';

/** The feed's address; the session cookie says who listens. */
export const feedUrl = '/api/v1/feed';

/** What a tab asks of whoever holds the connection. */
export type FeedRequest = { kind: 'hello' } | { kind: 'bye' } | { kind: 'restart' } | { kind: 'stop' };
/** What the holder of the connection tells the tabs. */
export type FeedReport = { kind: 'event'; event: FeedEvent } | { kind: 'place'; id: string } | { kind: 'status'; status: FeedStatus };

/** Holds the one connection of a browser, in the shared worker or in the leading tab. */
export type FeedHub = {
  open: (lastEventId?: string) => void;
  /** Ends the connection; the next one goes on after the last event. */
  pause: () => void;
  /** Another session begins: what the former one saw last is forgotten. */
  restart: () => void;
  stop: () => void;
  status: () => FeedStatus;
};

export function createFeedHub(report: (report: FeedReport) => void): FeedHub {
  let connection: FeedConnection | undefined;
  let status: FeedStatus = 'offline';
  let lastEventId = '';

  function tell(next: FeedStatus): void {
    status = next;
    report({ kind: 'status', status });
  }

  const hub: FeedHub = {
    open(from) {
      if (connection !== undefined) return;
      lastEventId = from ?? lastEventId;
      connection = openFeedConnection({
        url: feedUrl,
        lastEventId,
        onEvent(event) {
          if (event.id !== '') lastEventId = event.id;
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
    restart() {
      hub.pause();
      lastEventId = '';
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
