import type { FileSummary } from '../../../contract/file.ts';
import type { AddComment } from '../../../contract/ticket.ts';
import { asProblem } from '../../ui/api-problem.ts';
import { judge } from '../../ui/judge.ts';

/** A reply or note that was sent and not answered yet (待发送的回复), as it is kept. */
export type KeptMessage = {
  /** The Idempotency-Key of every attempt: however often it goes out, it arrives once. */
  key: string;
  ticketId: string;
  number: string;
  comment: AddComment;
  /** What `comment.attachments` names, for showing them. */
  files: FileSummary[];
  mentioned: { id: string; name: string; team?: true }[];
  /** So many seconds the server holds it back, for it can be taken back (撤销发送); sent at once when absent. */
  hold?: number;
  /** When it was sent; RFC 3339. */
  at: string;
  /** Attempts that came to nothing. */
  attempts: number;
  /** Why the server would not take it; null while it is still being tried. */
  refusal: string | null;
};

/** A message as it is shown: `sent` ones stay until the timeline itself has them. */
export type OutgoingMessage = KeptMessage & { state: 'sending' | 'waiting' | 'refused' | 'sent'; /** Id of the comment, or of the held reply, it became. */ commentId: string | null };

export type Outgoing = ReturnType<typeof openOutgoing>;

type Options = {
  /** Whose messages: browsers are shared. */
  owner: string;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Posts a message once; gives the id of the comment it became. */
  send: (message: KeptMessage, signal: AbortSignal) => Promise<string>;
  /** Called when a message has arrived; it is shown until this is through. */
  onSent: (message: KeptMessage) => Promise<void>;
  /** Runs the work for a ticket in at most one tab at a time; not at all when another has it. */
  alone: (ticketId: string, work: () => Promise<void>) => Promise<void>;
  /** Calls back later; returns what calls that off. */
  later: (work: () => void, delay: number) => () => void;
};

const longestPause = 60_000;

/**
 * Keeps what was sent until the server has answered (发件箱): it survives a reload, goes out again by itself under the
 * same key, each ticket's messages in order, and can be taken back.
 */
export function openOutgoing({ owner, storage, send, onSent, alone, later }: Options) {
  const name = `bihuan.outgoing.${owner}`;
  const listeners = new Set<() => void>();
  const running = new Map<string, AbortController>();
  let arrived: OutgoingMessage[] = [];
  // What the storage would not take lasts as long as the page.
  let unstored: KeptMessage[] | null = null;
  let shown: readonly OutgoingMessage[] = [];
  const lanes = new Map<string, Promise<void>>();
  const again = new Set<string>();
  let failures = 0;
  let stopped = false;
  let callOff = (): void => {};

  function read(): KeptMessage[] {
    if (unstored !== null) return unstored;
    try {
      return JSON.parse(storage.getItem(name) ?? '[]') as KeptMessage[];
    } catch {
      return [];
    }
  }

  function write(messages: KeptMessage[]): void {
    try {
      if (messages.length === 0) storage.removeItem(name);
      else storage.setItem(name, JSON.stringify(messages));
      unstored = null;
    } catch {
      unstored = messages;
    }
    publish();
  }

  const change = (key: string, part: Partial<KeptMessage>): void => write(read().map((message) => (message.key === key ? { ...message, ...part } : message)));
  const remove = (key: string): void => write(read().filter((message) => message.key !== key));

  function publish(): void {
    const kept = read().map((message): OutgoingMessage => ({ ...message, commentId: null, state: message.refusal !== null ? 'refused' : running.has(message.key) ? 'sending' : 'waiting' }));
    shown = [...arrived, ...kept];
    for (const listener of listeners) listener();
  }

  function settle(message: KeptMessage, commentId: string): void {
    arrived = [...arrived, { ...message, state: 'sent', commentId }];
    remove(message.key);
    void onSent(message).finally(() => {
      arrived = arrived.filter((one) => one.key !== message.key);
      publish();
    });
  }

  /** Sends what waits of one ticket, oldest first, until one finds no way. */
  async function sendAll(ticketId: string): Promise<void> {
    for (;;) {
      // Read anew each time: another tab, or the person, may have dealt with a message meanwhile.
      const message = read().find((one) => one.ticketId === ticketId && one.refusal === null);
      if (stopped || message === undefined) return;
      const abort = new AbortController();
      running.set(message.key, abort);
      publish();
      try {
        const commentId = await send(message, abort.signal);
        running.delete(message.key);
        failures = 0;
        settle(message, commentId);
      } catch (error) {
        running.delete(message.key);
        publish();
        if (abort.signal.aborted) continue;
        const problem = asProblem(error);
        if (judge(problem) !== 'refused') {
          change(message.key, { attempts: message.attempts + 1 });
          return;
        }
        change(message.key, { refusal: problem.errors[0]?.message ?? problem.title });
      }
    }
  }

  // Each ticket has a lane of its own: an answer that hangs keeps no reply to somebody else back.
  function sendLane(ticketId: string): Promise<void> {
    const begun = lanes.get(ticketId);
    if (begun !== undefined) {
      again.add(ticketId);
      return begun;
    }
    const lane = (async () => {
      do {
        again.delete(ticketId);
        await alone(ticketId, () => sendAll(ticketId));
      } while (again.has(ticketId) && !stopped);
    })().finally(() => {
      lanes.delete(ticketId);
      plan();
    });
    lanes.set(ticketId, lane);
    return lane;
  }

  const waiting = (): string[] => [...new Set(read().filter((message) => message.refusal === null).map((message) => message.ticketId))];

  /** Looks again later at what could not go out now. */
  function plan(): void {
    callOff();
    if (stopped || !waiting().some((ticketId) => !lanes.has(ticketId))) return;
    failures += 1;
    callOff = later(() => void flush(), Math.min(longestPause, 1000 * 2 ** failures));
  }

  /** Sends what waits, now. */
  async function flush(): Promise<void> {
    if (!stopped) await Promise.all(waiting().map(sendLane));
  }

  publish();
  return {
    /** The messages, oldest first; the same list until something changes. */
    list: (): readonly OutgoingMessage[] => shown,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    /** Takes a message over: from here on it is safe, whatever the network does. */
    add(message: Omit<KeptMessage, 'attempts' | 'refusal'>): void {
      write([...read(), { ...message, attempts: 0, refusal: null }]);
      failures = 0;
      void flush();
    },
    /** Takes a message back and gives it, or null when it is gone already. An attempt without an answer may have arrived all the same. */
    takeBack(key: string): KeptMessage | null {
      const message = read().find((one) => one.key === key) ?? null;
      running.get(key)?.abort();
      remove(key);
      return message;
    },
    /** Tries a refused message once more. The refusal may be kept as the answer to its key: it goes out under a new one. */
    retry(key: string, newKey: string): void {
      change(key, { refusal: null, attempts: 0, key: newKey });
      failures = 0;
      void flush();
    },
    flush,
    /** Another tab changed what is kept. */
    reload(): void {
      const kept = new Set(read().map((message) => message.key));
      for (const [key, abort] of running) if (!kept.has(key)) abort.abort();
      publish();
    },
    stop(): void {
      stopped = true;
      callOff();
      for (const abort of running.values()) abort.abort();
    },
  };
}
