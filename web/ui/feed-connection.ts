/** What the feed tells: a fact's id for resuming, its kind (`ticket.created`, …) and its content. */
export type FeedEvent = { id: string; type: string; data: unknown };

/** `live`: connected; `connecting`: the first attempt runs; `offline`: attempts fail, or none is made; `signedOut`: the server says that nobody is signed in. */
export type FeedStatus = 'live' | 'connecting' | 'offline' | 'signedOut';

export type FeedConnection = {
  /** Ends the connection for good. */
  close: () => void;
};

/**
 * Splits a stream of server-sent events (WHATWG HTML, "Server-sent events") into events.
 *
 * @param onEvent called for every complete event
 * @param onRetry called with the milliseconds of a `retry:` line
 * @param onPlace called with an id that came without an event: nothing to show, but from now on the place to resume from
 * @returns a function that takes the text as it arrives, cut anywhere
 */
export function eventStreamParser(onEvent: (event: FeedEvent) => void, onRetry: (delay: number) => void, onPlace: (id: string) => void): (text: string) => void {
  let rest = '';
  let id = '';
  let told = '';
  let type = '';
  let data: string[] = [];
  return (text) => {
    rest += text;
    // A lone \r at the end may be the first half of \r\n.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() as string;
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) onEvent(readEvent(id, type, data.join('\n')));
        else if (id !== told) onPlace(id);
        told = id;
        type = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') data.push(value);
      else if (field === 'event') type = value;
      else if (field === 'id' && !value.includes('\0')) id = value;
      else if (field === 'retry' && /^\d+$/.test(value)) onRetry(Number(value));
    }
  };
}

function readEvent(id: string, type: string, text: string): FeedEvent {
  let data: unknown = text;
  try {
    data = JSON.parse(text);
  } catch {
    // Plain text is an event too.
  }
  const own = typeof data === 'object' && data !== null ? (data as { type?: unknown }).type : undefined;
  return { id, type: type !== '' ? type : typeof own === 'string' ? own : 'message', data };
}

/**
 * Keeps one connection to a stream of server-sent events: resumes after the last event, waits longer after each
 * failure, at once when the network is back, and gives up when the server says 401, 403 or 204.
 *
 * It reads the stream by `fetch` rather than EventSource, which hides the status (was it the session or the
 * network?), the heartbeats (is the line still there?) and any event whose name is not known beforehand.
 *
 * @param options.lastEventId where an earlier connection left off
 * @param options.silence milliseconds without a heartbeat after which the line counts as dead
 */
export function openFeedConnection(options: {
  url: string;
  lastEventId?: string;
  silence?: number;
  onEvent: (event: FeedEvent) => void;
  /** The place to resume from moved on, with nothing to show. */
  onPlace?: (id: string) => void;
  onStatus: (status: FeedStatus) => void;
  /** The server refused: nobody is signed in, or this is not for them. The connection is closed by then. */
  onRefused?: () => void;
}): FeedConnection {
  const silence = options.silence ?? 70_000;
  let lastEventId = options.lastEventId ?? '';
  let baseDelay = 1000;
  let failures = 0;
  let closed = false;
  let abort = new AbortController();
  let wake: (() => void) | undefined;

  async function attempt(): Promise<'signedOut' | 'ended' | 'lost'> {
    abort = new AbortController();
    let watchdog = setTimeout(() => abort.abort(), silence);
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (lastEventId !== '') headers['last-event-id'] = lastEventId;
      const response = await fetch(options.url, { headers, credentials: 'same-origin', cache: 'no-store', signal: abort.signal });
      if (response.status === 401) return 'signedOut';
      if (response.status === 403 || response.status === 204) return 'ended';
      if (!response.ok || response.body === null) return 'lost';
      failures = 0;
      options.onStatus('live');
      const decoder = new TextDecoder();
      const reader = response.body.getReader();
      const parse = eventStreamParser(
        (event) => {
          if (event.id !== '') lastEventId = event.id;
          options.onEvent(event);
        },
        (delay) => {
          baseDelay = Math.min(Math.max(delay, 200), 60_000);
        },
        (id) => {
          lastEventId = id;
          options.onPlace?.(id);
        },
      );
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 'lost';
        clearTimeout(watchdog);
        watchdog = setTimeout(() => abort.abort(), silence);
        parse(decoder.decode(value, { stream: true }));
      }
    } catch {
      return 'lost';
    } finally {
      clearTimeout(watchdog);
    }
  }

  const onOnline = (): void => wake?.();

  function close(): void {
    closed = true;
    removeEventListener('online', onOnline);
    abort.abort();
    wake?.();
  }

  async function run(): Promise<void> {
    options.onStatus('connecting');
    while (!closed) {
      const outcome = await attempt();
      if (closed) return;
      if (outcome !== 'lost') {
        close();
        options.onStatus(outcome === 'signedOut' ? 'signedOut' : 'offline');
        options.onRefused?.();
        return;
      }
      // The first loss of a good connection is mended before anyone needs to know.
      options.onStatus(failures === 0 ? 'connecting' : 'offline');
      // Spread, so that a restarted server is not met by everyone in the same moment.
      const delay = failures === 0 ? Math.random() * baseDelay : Math.min(baseDelay * 2 ** failures, 30_000) * (0.5 + Math.random() / 2);
      failures += 1;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, delay);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = undefined;
    }
  }

  addEventListener('online', onOnline);
  void run();
  return { close };
}
