import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Macro } from '../../../contract/desk.ts';
import type { IconName } from '../parts/icon.tsx';

/** Something that can be done on the page that is open (当前页面的操作). */
export type Deed = { key: string; icon: IconName; text: string; keys?: string; run: () => void };
export type OpenTicket = { id: string; number: string; subject: string; deeds: readonly Deed[]; /** Shows what a macro would do; null for those who may not write on the ticket. */ macro: ((macro: Macro) => void) | null };

const open: { current: OpenTicket }[] = [];
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};

/** The ticket on the screen, with what may be done to it (打开的工单); the last one that opened where there are several. */
export function useOpenTicket(): OpenTicket | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => open.at(-1)?.current ?? null);
}

/** Offers the deeds of a ticket to the command bar as long as it is on the screen. */
export function useOffersDeeds(ticket: OpenTicket): void {
  const offered = useRef(ticket);
  useEffect(() => {
    offered.current = ticket;
    tell();
  }, [ticket]);
  useEffect(() => {
    open.push(offered);
    tell();
    return () => {
      open.splice(open.indexOf(offered), 1);
      tell();
    };
  }, []);
}
