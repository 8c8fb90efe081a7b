import { EventEmitter, once } from 'node:events';
import http from 'node:http';

/** One server-sent event. */
export interface SentEvent {
  id: string;
  event: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into events of every shape
  data: any;
}

/** A connection to a feed, as a browser's EventSource has it, but that it can be cut at will and does not reconnect by itself. */
export interface EventSource {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** All that came, in order. */
  events: SentEvent[];
  /** What came beside events: retry times, heartbeats and places. */
  other: string[];
  /** The id that came last, with an event or without: where it would resume. */
  readonly place: string;
  /** Waits for an event, among those that came already too; throws when the stream ends before. */
  next(wanted: (event: SentEvent) => boolean): Promise<SentEvent>;
  /** Waits until something holds, looking whenever something came; throws when the stream ends before. */
  until(condition: () => boolean): Promise<void>;
  /** Waits until the other side ends it. */
  ended: Promise<void>;
  /** Breaks the connection, as a lost network does. */
  cut(): void;
}

export async function openEventSource(url: string, headers: Record<string, string> = {}): Promise<EventSource> {
  const request = http.get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false });
  const [response] = await once(request, 'response') as [http.IncomingMessage];
  const arrivals = new EventEmitter();
  const events: SentEvent[] = [];
  const other: string[] = [];
  let over = false;
  let rest = '';
  let place = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
      if (fields['id'] !== undefined) place = fields['id'];
      if (fields['data'] === undefined) {
        other.push(block);
        continue;
      }
      events.push({ id: fields['id'] ?? '', event: fields['event'] ?? 'message', data: JSON.parse(fields['data']) });
    }
    arrivals.emit('some');
  });
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      arrivals.emit('some');
      resolve();
    };
    response.on('end', end);
    response.on('close', end);
    response.on('error', end);
  });
  request.on('error', () => {});
  return {
    status: response.statusCode!, headers: response.headers, events, other, ended,
    async next(wanted) {
      let seen = 0;
      for (;;) {
        while (seen < events.length) {
          const event = events[seen]!;
          seen += 1;
          if (wanted(event)) return event;
        }
        if (over) throw new Error(`the stream ended after ${events.length} events`);
        await once(arrivals, 'some');
      }
    },
    async until(condition) {
      while (!condition()) {
        if (over) throw new Error(`the stream ended after ${events.length} events`);
        await once(arrivals, 'some');
      }
    },
    get place() {
      return place;
    },
    cut: () => request.destroy(),
  };
}
