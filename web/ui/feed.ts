import type { FeedEvent, FeedStatus } from './feed-connection.ts';
import { createFeedHub, type FeedReport, type FeedRequest } from './feed-hub.ts';

export type { FeedEvent, FeedStatus } from './feed-connection.ts';

/** The realtime feed (实时动态) as a page sees it: one connection per browser, shared by all its tabs. */
export type Feed = {
  /** Calls back for every event; the first subscription opens the feed. Returns the function that ends it. */
  subscribe: (listener: (event: FeedEvent) => void) => () => void;
  /** Calls back at once and whenever the status changes. Returns the function that ends it. */
  onStatus: (listener: (status: FeedStatus) => void) => () => void;
  readonly status: FeedStatus;
  /** Where the feed stood when what this page shows was asked for: from there nothing is missed. Only before the first subscription. */
  begin: (place: string) => void;
  /** After sign-in: opens the feed again, for the new session, from the place it names. */
  restart: (place?: string) => void;
  /** After sign-out: closes it in every tab. */
  stop: () => void;
};

/** How a tab reaches the holder of the connection. */
type Line = { send: (request: FeedRequest) => void };

const channelName = 'bihuan-feed';

/** The shared worker, where the browser has one; `onBroken` is called when it cannot be started. */
function workerLine(receive: (report: FeedReport) => void, onBroken: () => void): Line {
  const worker = new SharedWorker(new URL('./feed-worker.ts', import.meta.url), { name: channelName });
  worker.onerror = onBroken;
  worker.port.onmessage = (message: MessageEvent<FeedReport>) => receive(message.data);
  worker.port.start();
  return { send: (request) => worker.port.postMessage(request) };
}

/**
 * Without shared workers: the tab that gets the lock holds the connection and tells the others; when it closes,
 * the next one goes on after the last event that anyone saw. Without locks, every tab is its own leader.
 */
function leaderLine(receive: (report: FeedReport) => void): Line {
  const tab = Math.random().toString(36).slice(2);
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(channelName) : undefined;
  let lastEventId = '';
  let leading = false;
  let wanted = false;
  let electing = false;

  const hub = createFeedHub((report) => {
    channel?.postMessage(report);
    hear(report);
  });

  function hear(report: FeedReport): void {
    if (report.kind === 'event' && report.to !== undefined && report.to !== tab) return;
    if (report.kind === 'event' && report.event.id !== '') lastEventId = report.event.id;
    if (report.kind === 'place') lastEventId = report.id;
    receive(report);
  }

  function obey(request: FeedRequest): void {
    if (!leading) return;
    if (request.kind === 'hello') {
      if (request.tab !== tab) for (const event of hub.since(request.from ?? '')) channel?.postMessage({ kind: 'event', event, to: request.tab ?? '' } satisfies FeedReport);
      channel?.postMessage({ kind: 'status', status: hub.status() } satisfies FeedReport);
    } else if (request.kind === 'restart') hub.restart(request.from);
    else if (request.kind === 'stop') hub.stop();
  }

  function lead(): void {
    leading = true;
    if (wanted) hub.open(lastEventId);
  }

  if (channel !== undefined) {
    channel.onmessage = (message: MessageEvent<FeedReport | FeedRequest>) => {
      const heard = message.data;
      if (heard.kind === 'event' || heard.kind === 'place' || heard.kind === 'status') hear(heard);
      else obey(heard);
    };
  }

  return {
    send(request) {
      if (request.kind === 'bye') {
        wanted = false;
        // The lock goes with the page; a page kept for "back" takes part again by its next hello.
        if (leading) hub.pause();
        return;
      }
      wanted = request.kind !== 'stop';
      if (request.kind === 'stop') lastEventId = '';
      else if (request.from !== undefined && request.from !== '' && (lastEventId === '' || request.kind === 'restart')) lastEventId = request.from;
      if (request.kind === 'hello' && leading) hub.open(lastEventId);
      if (!electing) {
        electing = true;
        if (channel !== undefined && typeof navigator.locks === 'object') {
          void navigator.locks.request(channelName, () => {
            lead();
            return new Promise<never>(() => {});
          });
        } else {
          lead();
        }
      }
      channel?.postMessage(request.kind === 'hello' ? { ...request, tab } : request);
      obey(request.kind === 'hello' ? { ...request, tab } : request);
    },
  };
}

/** Makes a feed; every face has one, exported below. */
export function createFeed(): Feed {
  const listeners = new Set<(event: FeedEvent) => void>();
  const statusListeners = new Set<(status: FeedStatus) => void>();
  let status: FeedStatus = 'offline';
  let line: Line | undefined;
  // Up to where this page knows everything.
  let place = '';

  function receive(report: FeedReport): void {
    if (report.kind === 'place') place = report.id;
    if (report.kind === 'event') {
      if (report.event.id !== '') place = report.event.id;
      for (const listener of listeners) listener(report.event);
    } else if (report.kind === 'status' && report.status !== status) {
      status = report.status;
      for (const listener of statusListeners) listener(status);
    }
  }

  function connect(): Line {
    if (line !== undefined) return line;
    const fallBack = (): void => {
      line = leaderLine(receive);
      line.send({ kind: 'hello', from: place });
    };
    if (typeof SharedWorker === 'function') {
      try {
        line = workerLine(receive, fallBack);
      } catch {
        line = leaderLine(receive);
      }
    } else {
      line = leaderLine(receive);
    }
    line.send({ kind: 'hello', from: place });
    addEventListener('pagehide', () => line?.send({ kind: 'bye' }));
    addEventListener('pageshow', (event) => {
      if (event.persisted) line?.send({ kind: 'hello', from: place });
    });
    return line;
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      connect();
      return () => {
        listeners.delete(listener);
      };
    },
    onStatus(listener) {
      statusListeners.add(listener);
      listener(status);
      return () => {
        statusListeners.delete(listener);
      };
    },
    get status() {
      return status;
    },
    begin(from) {
      if (line === undefined) place = from;
    },
    restart(from) {
      place = from ?? '';
      connect().send({ kind: 'restart', ...(from === undefined ? {} : { from }) });
    },
    stop() {
      place = '';
      line?.send({ kind: 'stop' });
    },
  };
}

/** The feed of this page. */
export const feed = createFeed();
