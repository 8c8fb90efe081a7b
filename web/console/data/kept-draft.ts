/** How far what one does is kept (保存状态): `waiting` for a moment of rest, or for the save before it. */
export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';

/** A draft as it stands: what one sees, and what the server has said of it last. */
export interface KeptDraft<Text, Server> {
  text: Text;
  server: Server;
  state: SaveState;
  /** Why it could not be kept. */
  problem: unknown;
  /** At a conflict: what somebody else has made of it meanwhile. */
  theirs: Server | null;
}

export interface KeepingOptions<Text, Server> {
  text: Text;
  server: Server;
  /** Keeps a text on the server, from what it said last. */
  send(text: Text, base: Server): Promise<Server>;
  /** What is there now, after a conflict. */
  fetch(): Promise<Server>;
  /** Whether a save was refused because somebody else had saved before. */
  isConflict(problem: unknown): boolean;
  /** Milliseconds of rest after which it is kept. */
  rest?: number;
}

export interface Keeping<Text, Server> {
  current: () => KeptDraft<Text, Server>;
  subscribe: (listener: () => void) => () => void;
  /** Changes the text; it is kept after a moment of rest. */
  change: (next: (before: Text) => Text) => void;
  /**
   * Keeps all there is, at once.
   *
   * @returns what the server has then
   * @throws what the server refused it with
   */
  save: () => Promise<Server>;
  /** Tries again what failed. */
  retry: () => void;
  /** Takes what another request was answered, with its text when one is given. */
  adopt: (server: Server, text?: Text) => void;
  /** At a conflict: takes theirs, or writes over it. */
  keepMine: () => void;
  /** Keeps what still waits. */
  leave: () => void;
}

/**
 * Keeps a draft on the server as one goes (自动保存): one save at a time, each from what the one before was answered, so
 * that no save of ours is ever in the way of another one of ours.
 */
export function keepDraft<Text, Server>({ text, server, send, fetch, isConflict, rest = 700 }: KeepingOptions<Text, Server>): Keeping<Text, Server> {
  let draft: KeptDraft<Text, Server> = { text, server, state: 'saved', problem: null, theirs: null };
  let kept = text;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let running: Promise<Server> | null = null;
  const listeners = new Set<() => void>();

  function become(change: Partial<KeptDraft<Text, Server>>): void {
    draft = { ...draft, ...change };
    for (const listener of listeners) listener();
  }

  function unplan(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  function plan(): void {
    unplan();
    timer = setTimeout(() => {
      timer = null;
      // Whoever waits for it is told; here the state says so.
      save().catch(() => {});
    }, rest);
  }

  async function sendNow(): Promise<Server> {
    const sent = draft.text;
    become({ state: 'saving' });
    try {
      const answer = await send(sent, draft.server);
      kept = sent;
      become({ server: answer, problem: null, state: draft.text === sent ? 'saved' : 'waiting' });
      return answer;
    } catch (problem) {
      const theirs = isConflict(problem) ? await fetch().catch(() => null) : null;
      become(theirs === null ? { state: 'failed', problem } : { state: 'conflict', problem, theirs });
      throw problem;
    }
  }

  async function save(): Promise<Server> {
    unplan();
    // Another call may have begun the next one when this one is done.
    while (running) await running;
    if (draft.text === kept) return draft.server;
    running = sendNow().finally(() => (running = null));
    const answer = await running;
    if (draft.text !== kept && timer === null) plan();
    return answer;
  }

  return {
    current: () => draft,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change: (next) => {
      const made = next(draft.text);
      if (made === draft.text) return;
      const deciding = draft.state === 'conflict';
      become({ text: made, state: deciding ? 'conflict' : running ? 'saving' : made === kept ? 'saved' : 'waiting' });
      if (made === kept) unplan();
      else if (!deciding) plan();
    },
    save,
    retry: () => void save().catch(() => {}),
    adopt: (next, nextText) => {
      if (nextText !== undefined) {
        unplan();
        kept = nextText;
        become({ server: next, text: nextText, state: 'saved', problem: null, theirs: null });
      } else {
        become({ server: next });
      }
    },
    keepMine: () => {
      if (draft.theirs === null) return;
      become({ server: draft.theirs, theirs: null, state: 'waiting' });
      void save().catch(() => {});
    },
    leave: () => {
      if (draft.state !== 'conflict' && draft.text !== kept) void save().catch(() => {});
      else unplan();
    },
  };
}
