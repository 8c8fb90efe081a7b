import { useSyncExternalStore } from 'react';
import type { BoardStop } from './board-model.ts';

/** What is carried over the board (拖动中的上门): a ticket nobody was sent to yet, or a visit that is to go elsewhere. */
export interface Carried {
  stop: BoardStop;
  /** Where it was taken from; null: from the lane. */
  from: { technicianId: string; start: number } | null;
}

/** Where it would be put: at somebody's, from a moment on; or back in the lane. */
export type Target = { technicianId: string; start: number } | 'lane';

const same = (one: Target | null, other: Target | null): boolean =>
  one === other || (one !== null && other !== null && one !== 'lane' && other !== 'lane' && one.technicianId === other.technicianId && one.start === other.start);

export type Carrying = {
  carried: Carried;
  by: 'pointer' | 'keys';
  target: Target | null;
  /** Where the pointer is, in the window; null by keys. */
  at: { x: number; y: number } | null;
};

let state: Carrying | null = null;
const listeners = new Set<() => void>();

function set(next: Carrying | null): void {
  state = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** What is being carried, and where it would go; null while nothing is. */
export const useCarry = (): Carrying | null => useSyncExternalStore(subscribe, () => state);

/** One thing about what is carried, so that a row is drawn anew only when that changes. */
export const useCarryPart = <Part extends string | number | boolean | null>(part: (carrying: Carrying | null) => Part): Part => useSyncExternalStore(subscribe, () => part(state));

export const carry = {
  now: (): Carrying | null => state,
  begin: (carried: Carried, by: Carrying['by'], target: Target | null, at: Carrying['at'] = null): void => set({ carried, by, target, at }),
  move: (target: Target | null, at: Carrying['at'] = null): void => {
    if (state === null) return;
    set({ ...state, target: same(state.target, target) ? state.target : target, at });
  },
  end: (): void => set(null),
};

/** A press becomes a drag once the pointer has gone so far (像素): before that it is a click. */
const threshold = 5;

/**
 * Follows a pointer that was pressed on something that can be carried (拖放). Where it is let go is asked of the timeline.
 *
 * @param targetAt the place of the board under a point of the window, or null
 * @param onDrop what is done with it; a drop beside the board does nothing
 */
export function dragFrom(event: { clientX: number; clientY: number; pointerId: number; pointerType: string }, carried: Carried, targetAt: (x: number, y: number) => Target | null, onDrop: (carried: Carried, target: Target) => void): void {
  const { clientX, clientY, pointerId } = event;
  let dragging = false;
  const move = (moved: PointerEvent): void => {
    if (moved.pointerId !== pointerId) return;
    if (!dragging) {
      if (Math.hypot(moved.clientX - clientX, moved.clientY - clientY) < threshold) return;
      dragging = true;
      carry.begin(carried, 'pointer', null, { x: moved.clientX, y: moved.clientY });
      document.body.style.cursor = 'grabbing';
      document.body.style.userSelect = 'none';
    }
    moved.preventDefault();
    carry.move(targetAt(moved.clientX, moved.clientY), { x: moved.clientX, y: moved.clientY });
  };
  const end = (drop: boolean): void => {
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', up);
    removeEventListener('pointercancel', cancel);
    removeEventListener('keydown', key, true);
    document.body.style.cursor = '';
    document.body.style.userSelect = '';
    if (!dragging) return;
    const target = carry.now()?.target ?? null;
    carry.end();
    // The click that follows letting go would open what was dragged.
    addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', swallow, { capture: true }));
    if (drop && target !== null) onDrop(carried, target);
  };
  const up = (lifted: PointerEvent): void => {
    if (lifted.pointerId === pointerId) end(true);
  };
  const cancel = (lifted: PointerEvent): void => {
    if (lifted.pointerId === pointerId) end(false);
  };
  const key = (pressed: KeyboardEvent): void => {
    if (pressed.key !== 'Escape' || !dragging) return;
    pressed.stopPropagation();
    end(false);
  };
  const swallow = (click: Event): void => {
    click.stopPropagation();
    click.preventDefault();
  };
  addEventListener('pointermove', move, { passive: false });
  addEventListener('pointerup', up);
  addEventListener('pointercancel', cancel);
  addEventListener('keydown', key, true);
}
