import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { describeFormProblem } from '../../../../contract/form-problems.ts';
import type { FormDraft, FormProblem } from '../../../../contract/form.ts';
import { checkForm } from '../../../../rules/forms/check-form.ts';
import type { Form } from '../../../../rules/forms/form.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { useTexts } from '../../i18n.ts';

export type SaveState = 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict';

// Only the server knows what was published, and what tickets hold.
const serverCodes = new Set(['retyped', 'option_removed']);
const rest = 700;
const mostSteps = 200;

/** The form being designed (表单草稿): changed here at once, kept on the server as one goes, with undo. */
export function useFormDraft(typeId: string, initial: FormDraft) {
  const { language } = useTexts();
  const queryClient = useQueryClient();
  const [server, setServer] = useState(initial);
  const [steps, setSteps] = useState<{ past: Form[]; form: Form; future: Form[] }>({ past: [], form: initial.form, future: [] });
  const [state, setState] = useState<SaveState>('saved');
  const [theirs, setTheirs] = useState<FormDraft | null>(null);
  const { form } = steps;
  const kept = useRef(initial.form);

  const change = useCallback((next: Form | ((before: Form) => Form)) => {
    setSteps((before) => {
      const made = typeof next === 'function' ? next(before.form) : next;
      return made === before.form ? before : { past: [...before.past.slice(-mostSteps), before.form], form: made, future: [] };
    });
  }, []);
  const undo = useCallback(() => setSteps((before) => (before.past.length === 0 ? before : { past: before.past.slice(0, -1), form: before.past.at(-1)!, future: [before.form, ...before.future] })), []);
  const redo = useCallback(() => setSteps((before) => (before.future.length === 0 ? before : { past: [...before.past, before.form], form: before.future[0]!, future: before.future.slice(1) })), []);

  const take = useCallback((draft: FormDraft, alsoForm: boolean) => {
    setServer(draft);
    queryClient.setQueryData(['form-draft', typeId], draft);
    if (!alsoForm) return;
    kept.current = draft.form;
    setSteps((before) => ({ past: [...before.past, before.form], form: draft.form, future: [] }));
    setState('saved');
  }, [queryClient, typeId]);

  const { mutate } = useMutation({
    mutationFn: async ({ sent, version }: { sent: Form; version: number }) => (await api.patch<FormDraft>(`/ticket-types/${typeId}/draft`, { form: sent }, { ifMatch: `"${version}"` })).data,
    onMutate: () => setState('saving'),
    onSuccess: (draft, { sent }) => {
      kept.current = sent;
      take(draft, false);
      setState((before) => (before === 'saving' ? 'saved' : before));
    },
    onError: async (error) => {
      if (asProblem(error).status !== 412) {
        setState('failed');
        return;
      }
      const { data } = await api.get<FormDraft>(`/ticket-types/${typeId}/draft`);
      setTheirs(data);
      setState('conflict');
    },
  });

  useEffect(() => {
    if (form === kept.current || state === 'saving' || state === 'conflict' || state === 'failed') return;
    setState('waiting');
    const timer = setTimeout(() => mutate({ sent: form, version: server.version }), rest);
    return () => clearTimeout(timer);
  }, [form, mutate, server.version, state]);

  const problems = useMemo<FormProblem[]>(() => {
    const own = checkForm(form).map(({ path, code, params }) => ({ path, code, field: fieldAt(form, path), message: describeFormProblem({ code, params })[language === 'en' ? 'en' : 'zh'] }));
    return [...own, ...server.problems.filter((problem) => serverCodes.has(problem.code) && !own.some((one) => one.path === problem.path && one.code === problem.code))];
  }, [form, server.problems, language]);

  return {
    form, change, undo, redo, canUndo: steps.past.length > 0, canRedo: steps.future.length > 0, state, server, problems, theirs, take,
    retry: () => mutate({ sent: form, version: server.version }),
    takeTheirs: () => {
      if (theirs !== null) take(theirs, true);
      setTheirs(null);
    },
    keepMine: () => {
      if (theirs !== null) mutate({ sent: form, version: theirs.version });
      setTheirs(null);
    },
  };
}

export type DraftInHand = ReturnType<typeof useFormDraft>;

function fieldAt(form: Form, path: string): string | null {
  const match = /^\/fields\/(\d+)/.exec(path);
  return match ? (form.fields[Number(match[1])]?.key ?? null) : null;
}
