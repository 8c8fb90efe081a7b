import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { BrokenRule, DraftEvaluation, SavedDraft } from '../../../../contract/day-plan.ts';
import { asProblem } from '../../../ui/api.ts';
import { addMove, draftOf, movesBack, withMoves, type BoardRow, type Move } from './board-model.ts';
import { boardKeys, evaluation, reckon, saveDraft } from './data.ts';
import { useBoardTexts } from './texts.ts';

/** Somebody else was first: the board is read anew, and one tries again. */
const wasFirst = (status: number): boolean => status === 412;
const undoFor = 8;

export type Asking = { moves: readonly Move[]; broken: readonly BrokenRule[]; undoing: boolean } | null;

/**
 * What is moved on the board (看板改动): kept at once, or, while one tries out, gathered until it is applied. What is on its
 * way is shown where it was put until the board has been read anew. A visit may go to another day: that is kept at once, as what is tried out is of one day.
 *
 * @param dayOf the day of the organization's zone that a moment lies on
 */
export function useMoves(date: string, rows: readonly BoardRow[], words: (move: Move) => string, dayOf: (at: number) => string) {
  const { t } = useBoardTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [trying, setTrying] = useState(false);
  const [moves, setMoves] = useState<readonly Move[]>([]);
  const [sending, setSending] = useState<readonly Move[]>([]);
  const [asking, setAsking] = useState<Asking>(null);
  const held = trying ? moves : asking?.moves ?? sending;
  /** The day they go to. */
  const goal = useCallback((kept: readonly Move[]): string => {
    const to = kept.find((move) => move.to !== null)?.to;
    return to == null ? date : dayOf(to.start);
  }, [date, dayOf]);
  const draft = useMemo(() => (held.length === 0 || goal(held) !== date ? null : draftOf(date, held)), [date, goal, held]);
  const reckoned = useQuery(evaluation(draft));
  const shown = useMemo(() => {
    // What goes to another day leaves this one.
    const here = goal(held) === date ? held : held.map((move) => ({ ...move, to: null }));
    return withMoves(rows, here, draft === null ? null : reckoned.data ?? null);
  }, [rows, held, draft, reckoned.data, goal, date]);

  // What is undone is a move like any other: rules are asked of it as well.
  const settling = useRef<((kept: readonly Move[], undoing?: boolean) => Promise<boolean>) | null>(null);
  const renew = useCallback(() => Promise.all([boardKeys.day, boardKeys.unplanned].map((queryKey) => queryClient.invalidateQueries({ queryKey }))), [queryClient]);

  const keep = useCallback(async (kept: readonly Move[], reason: string | null, undoing = false): Promise<boolean> => {
    setSending(kept);
    let saved: SavedDraft;
    try {
      saved = await saveDraft({ ...draftOf(goal(kept), kept), ...(reason === null ? {} : { reason }) });
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === 'draft_breaks_rules' && reason === null) {
        // A rule that was not broken when it was reckoned: the reason is asked for now.
        const answer = await reckon(queryClient, draftOf(goal(kept), kept), true).catch(() => null);
        setSending([]);
        if (answer !== null) setAsking({ moves: kept, broken: answer.broken.filter(({ hard, isNew }) => hard && isNew), undoing });
        return false;
      }
      void message.error(wasFirst(problem.status) ? t('changed') : problem.errors[0]?.message ?? problem.title);
      await renew();
      setSending([]);
      return false;
    }
    await renew();
    setSending([]);
    if (undoing) {
      void message.success(t('undone'));
      return true;
    }
    // The next one takes its place: of several it would not be seen which each takes back.
    const key = 'kept moves';
    const undo = (): void => {
      message.destroy(key);
      void settling.current?.(movesBack(kept, saved.technicians), true);
    };
    const [only] = kept;
    void message.success({
      key, duration: undoFor,
      content: <>{kept.length === 1 && only !== undefined ? words(only) : t('saved.many', { count: kept.length })} <Button type="link" size="small" onClick={undo}>{t('undo')}</Button></>,
    });
    return true;
  }, [goal, message, queryClient, renew, t, words]);

  /** Keeps moves, unless they break a hard rule: then a reason is asked for first. */
  const settle = useCallback(async (kept: readonly Move[], undoing = false): Promise<boolean> => {
    setSending(kept);
    let answer: DraftEvaluation;
    try {
      answer = await reckon(queryClient, draftOf(goal(kept), kept));
    } catch (error) {
      setSending([]);
      const problem = asProblem(error);
      void message.error(wasFirst(problem.status) ? t('changed') : problem.errors[0]?.message ?? problem.title);
      await renew();
      return false;
    }
    const broken = answer.broken.filter(({ hard, isNew }) => hard && isNew);
    if (broken.length === 0) return keep(kept, null, undoing);
    setSending([]);
    setAsking({ moves: kept, broken, undoing });
    return false;
  }, [goal, keep, message, queryClient, renew, t]);
  settling.current = settle;

  const put = useCallback((move: Move) => {
    if (trying && goal([move]) === date) setMoves((before) => addMove(before, move));
    else if (addMove([], move).length > 0) void settle([move]);
  }, [date, goal, settle, trying]);

  return {
    rows: shown, moves, trying, asking, busy: sending.length > 0,
    reckoned: draft === null ? null : reckoned.data ?? null, reckoning: draft !== null && reckoned.isFetching,
    put,
    draftWith: useCallback((move: Move) => (goal([move]) === date ? draftOf(date, trying ? addMove(moves, move) : [move]) : draftOf(goal([move]), [move])), [date, goal, moves, trying]),
    tryOut: (on: boolean) => {
      setTrying(on);
      setMoves([]);
    },
    discard: () => setMoves([]),
    apply: async () => {
      if (moves.length > 0 && await settle(moves)) {
        setMoves([]);
        setTrying(false);
      }
    },
    answer: async (reason: string | null) => {
      const asked = asking;
      setAsking(null);
      if (asked === null || reason === null) return;
      if (await keep(asked.moves, reason, asked.undoing)) {
        setMoves([]);
        setTrying(false);
      }
    },
  };
}
