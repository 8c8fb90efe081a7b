import { liveQuery } from 'dexie';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { compareJobs, endOf, isOver, project, type Job } from '../jobs.ts';
import { database, type Command, type KeptVisit } from './database.ts';
import { onSession, sessionState, type SessionState } from './session.ts';
import { onSync, syncState, type SyncState } from './sync.ts';

/**
 * What a query of the phone's database gives, renewed whenever what it read changes; undefined until it is known. When
 * a dependency changes, the old value stays until the new one is there.
 */
export function useLive<Value>(query: () => Promise<Value>, dependencies: readonly unknown[]): Value | undefined {
  const [value, setValue] = useState<Value | undefined>(undefined);
  useEffect(() => {
    const subscription = liveQuery(query).subscribe({ next: setValue, error: () => {} });
    return () => subscription.unsubscribe();
    // The query is a new function at every rendering; what it depends on is named by the caller.
  }, dependencies);
  return value;
}

/** Everything the screens show of visits and unanswered steps, read as one. */
export interface Board {
  /** Still to do, in the order of the day. */
  current: Job[];
  /** Over, the latest first. */
  done: Job[];
  commands: Command[];
}

function makeBoard(kept: KeptVisit[], commands: Command[]): Board {
  const tomorrow = new Date(new Date().setHours(24, 0, 0, 0)).toISOString();
  const jobs = kept.map(({ visit }) => project(visit, commands));
  return {
    current: jobs.filter((job) => !isOver(job)).sort((a, b) => compareJobs(a, b, tomorrow)),
    done: jobs.filter(isOver).sort((a, b) => endOf(b).localeCompare(endOf(a))),
    commands,
  };
}

// One reading for all screens: going from one to the next shows what is known in the same frame.
let board: Board | undefined;
const boardListeners = new Set<() => void>();

/** Keeps the board up to date while somebody is signed in; returns the function that ends it. */
export function startBoard(): () => void {
  const subscription = liveQuery(async () => {
    const { visits, outbox } = database();
    return makeBoard(await visits.toArray(), await outbox.orderBy('seq').toArray());
  }).subscribe({
    next: (value) => {
      board = value;
      for (const listener of boardListeners) listener();
    },
    error: () => {},
  });
  return () => {
    subscription.unsubscribe();
    board = undefined;
  };
}

export function onBoard(listener: () => void): () => void {
  boardListeners.add(listener);
  return () => {
    boardListeners.delete(listener);
  };
}

export const currentBoard = (): Board | undefined => board;

/** The board; undefined for the moment before the database has answered. */
export function useBoard(): Board | undefined {
  return useSyncExternalStore(onBoard, currentBoard);
}

/** One job of the board; null when this phone does not know it, undefined while that is not known. */
export function useJob(visitId: string): Job | null | undefined {
  const now = useBoard();
  if (now === undefined) return undefined;
  return [...now.current, ...now.done].find((job) => job.visit.id === visitId) ?? null;
}

export function useSession(): SessionState {
  return useSyncExternalStore(onSession, sessionState);
}

export function useSync(): SyncState {
  return useSyncExternalStore(onSync, syncState);
}
