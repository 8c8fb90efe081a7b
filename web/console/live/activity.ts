import { useSyncExternalStore } from 'react';

/** A fact (事件) as the feed tells it. */
export type FeedFact = {
  id: string;
  kind: string;
  ticketId: string | null;
  number: string | null;
  at: string;
  actor: { kind: string; id: string | null; name: string | null };
  data: Record<string, unknown>;
};

const kept = 60;
let facts: readonly FeedFact[] = [];
const listeners = new Set<() => void>();

/** Remembers a fact for as long as the page stays open. */
export function recordFact(fact: FeedFact): void {
  if (facts.some((known) => known.id === fact.id)) return;
  facts = [fact, ...facts].slice(0, kept);
  for (const listener of listeners) listener();
}

/** The latest facts since the page was opened, newest first. */
export function useFacts(): readonly FeedFact[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => facts,
  );
}
