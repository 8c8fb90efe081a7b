import { createContext, useContext } from 'react';
import type { Language } from '../../../ui/preferences.ts';
import type { EvaluateDraft } from '../../../../contract/day-plan.ts';
import type { BoardStop, Move } from './board-model.ts';
import type { Carried, Target } from './carry.ts';
import type { Scale } from './scale.ts';

/** What is looked at beside the board: a ticket or visit, or somebody’s way. */
export type Chosen = { kind: 'stop'; stop: BoardStop; technicianId: string | null } | { kind: 'technician'; id: string } | null;

/** What the parts of the board share (调度台共用). */
export interface Board {
  date: string;
  zone: string;
  language: Language;
  scale: Scale;
  mayMove: boolean;
  /** What is moved is tried out: nothing is kept, and all of it is of this day. */
  trying: boolean;
  time: (at: number) => string;
  chosen: Chosen;
  choose: (chosen: Chosen) => void;
  /** Puts what is carried where it was dropped. */
  drop: (carried: Carried, target: Target) => void;
  /** Picks up by keys. */
  pickUp: (carried: Carried) => void;
  /** Begins to follow a pointer that was pressed on something that can be carried. */
  press: (event: PointerEvent, carried: Carried, grabbed: number) => void;
  /** What is tried out so far, with one move more. */
  draftWith: (move: Move) => EvaluateDraft;
}

const BoardContext = createContext<Board | null>(null);
export const BoardProvider = BoardContext.Provider;

export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (board === null) throw new Error('Outside of the board.');
  return board;
}
