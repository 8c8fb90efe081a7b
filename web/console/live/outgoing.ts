import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { HeldReply } from '../../../contract/desk.ts';
import type { Me } from '../../../contract/session.ts';
import type { Comment } from '../../../contract/ticket.ts';
import { api } from '../../ui/api.ts';
import { feed } from '../../ui/feed.ts';
import { deskKeys, rememberHeld } from '../data/desk.ts';
import { openOutgoing, type Outgoing, type OutgoingMessage } from '../data/outgoing.ts';
import { ticketKeys } from '../data/tickets.ts';

let current: Outgoing | null = null;
const listeners = new Set<() => void>();
const none: readonly OutgoingMessage[] = [];

/** The messages that are on their way (待发送的回复), of whoever is signed in. */
export function useOutgoing(): readonly OutgoingMessage[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current?.list() ?? none,
  );
}

/** The outgoing messages of whoever is signed in; below the shell only. */
export function outgoing(): Outgoing {
  if (current === null) throw new Error('A message was sent before the shell stood.');
  return current;
}

const lockName = 'bihuan-console-outgoing';

/** So long an attempt may hang before it counts as lost; cancelling it does not wait. */
const patience = 20_000;

/**
 * Sends what was left over, and from now on what is written (自动重发).
 *
 * @returns the function that ends it; what was not answered stays for the next time
 */
export function startOutgoing(queryClient: QueryClient, me: Me): () => void {
  const opened = openOutgoing({
    owner: me.id,
    storage: localStorage,
    send: async (message, signal) => {
      const { ticketId, comment, hold, key } = message;
      const request = { idempotencyKey: key, signal, timeout: patience };
      if (hold === undefined) return (await api.post<Comment>(`/tickets/${ticketId}/comments`, comment, request)).data.id;
      const { data } = await api.post<HeldReply>(`/tickets/${ticketId}/held-replies`, { ...comment, seconds: hold }, request);
      rememberHeld(data.id, message);
      return data.id;
    },
    onSent: async ({ number, ticketId }) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: deskKeys.held(ticketId) }),
        queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(number) }),
        queryClient.invalidateQueries({ queryKey: ticketKeys.detail(number) }),
      ]);
    },
    alone: async (ticketId, work) => {
      if (typeof navigator.locks !== 'object') return work();
      await navigator.locks.request(`${lockName}-${ticketId}`, { ifAvailable: true }, async (lock) => {
        if (lock !== null) await work();
      });
    },
    later: (work, delay) => {
      const timer = setTimeout(work, delay);
      return () => clearTimeout(timer);
    },
  });
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  current = opened;
  const unsubscribe = opened.subscribe(tell);
  tell();

  const flush = (): void => void opened.flush();
  const onStorage = (event: StorageEvent): void => {
    if (event.key === null || event.key.startsWith('bihuan.outgoing.')) opened.reload();
  };
  addEventListener('online', flush);
  addEventListener('storage', onStorage);
  const endStatus = feed.onStatus((status) => {
    if (status === 'live') flush();
  });
  flush();
  return () => {
    opened.stop();
    unsubscribe();
    endStatus();
    removeEventListener('online', flush);
    removeEventListener('storage', onStorage);
    if (current === opened) current = null;
    tell();
  };
}
