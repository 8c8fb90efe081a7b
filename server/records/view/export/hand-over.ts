/** Hands things over one by one from who makes them to who takes them, neither of whom gets ahead of the other. */
export interface HandOver<Item> {
  /** Resolves once the item was taken; rejects when nobody takes any more. */
  give(item: Item): Promise<void>;
  end(error?: unknown): void;
  taken(): AsyncGenerator<Item>;
  /** Nothing more is taken. */
  stop(): void;
}

// Less than a transaction may stand still (platform/db): it is the taker who is given up, not the connection that breaks.
const patience = 30_000;

/**
 * Opens a hand-over (交接). Work that has to run inside something, such as a transaction, gives its results out to a
 * generator this way.
 *
 * @param options.patience milliseconds after which a taker who takes nothing is given up
 */
export function handOver<Item>(options: { patience?: number } = {}): HandOver<Item> {
  let waiting: { item: Item; taken: () => void; refused: (error: Error) => void } | null = null;
  let wanted: (() => void) | null = null;
  let ended: { error?: unknown } | null = null;
  let stopped = false;
  return {
    give: (item) => new Promise((resolve, reject) => {
      if (stopped) {
        reject(new Error('nobody takes this any more'));
        return;
      }
      const timer = setTimeout(() => {
        waiting = null;
        reject(new Error('whoever was to take this took too long'));
      }, options.patience ?? patience);
      waiting = {
        item,
        taken: () => {
          clearTimeout(timer);
          resolve();
        },
        refused: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      wanted?.();
    }),
    end: (error) => {
      ended = error === undefined ? {} : { error };
      wanted?.();
    },
    stop: () => {
      stopped = true;
      waiting?.refused(new Error('nobody takes this any more'));
      waiting = null;
    },
    async* taken() {
      for (;;) {
        if (waiting) {
          const { item, taken } = waiting;
          waiting = null;
          taken();
          yield item;
        } else if (ended) {
          if ('error' in ended) throw ended.error;
          return;
        } else {
          await new Promise<void>((resolve) => (wanted = resolve));
          wanted = null;
        }
      }
    },
  };
}
