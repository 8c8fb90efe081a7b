import type { PooledOffer } from '../../../contract/offer.ts';
import { api, asProblem } from '../../ui/api.ts';
import { announceOffers } from '../notices.ts';
import { database } from './database.ts';

/** What was offered when the server was last asked (抢单池). */
export interface KeptPool {
  items: PooledOffer[];
  /** Milliseconds. */
  at: number;
}

export const poolNote = 'pool';

/** Asks what is offered now and keeps it, for reading without a network; says so when there is something new. */
export async function fetchPool(): Promise<void> {
  const { notes } = database();
  try {
    const { data } = await api.get<{ items: PooledOffer[] }>('/offers');
    const before = (await notes.get(poolNote))?.value as KeptPool | undefined;
    await notes.put({ key: poolNote, value: { items: data.items, at: Date.now() } satisfies KeptPool });
    const known = new Set(before?.items.map(({ id }) => id));
    announceOffers(data.items.filter(({ id }) => !known.has(id)));
  } catch (error) {
    // Who makes no visits is offered nothing.
    if (asProblem(error).status !== 403) throw error;
    await notes.delete(poolNote);
  }
}

/** What became of an attempt to take an offer: never kept for later, as somebody else may have it by then. */
export type Attempt = { kind: 'won'; visitId: string | null } | { kind: 'lost'; title: string } | { kind: 'offline' };

/** Takes an offer, or answers that one does not (抢单、不接). */
export async function answerOffer(id: string, answer: 'accept' | 'decline', reason?: string): Promise<Attempt> {
  if (!navigator.onLine) return { kind: 'offline' };
  try {
    const { data } = await api.post<{ visitId: string | null } | undefined>(`/offers/${id}/actions/${answer}`, answer === 'decline' ? (reason === undefined ? {} : { reason }) : undefined);
    await forget(id);
    return { kind: 'won', visitId: data?.visitId ?? null };
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status === 0) return { kind: 'offline' };
    // What was decided otherwise is out of the list at once; another trouble leaves it there to be tried again.
    if (problem.status === 409 || problem.status === 404) await forget(id);
    return { kind: 'lost', title: problem.title };
  }
}

/** Takes an offer out of what is kept. */
export async function forget(id: string): Promise<void> {
  const { notes } = database();
  const kept = (await notes.get(poolNote))?.value as KeptPool | undefined;
  if (kept !== undefined) await notes.put({ key: poolNote, value: { ...kept, items: kept.items.filter((offer) => offer.id !== id) } });
}
