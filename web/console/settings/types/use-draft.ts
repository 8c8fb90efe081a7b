import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { describeFormProblem } from '../../../../contract/form-problems.ts';
import type { FormDraft, FormProblem } from '../../../../contract/form.ts';
import { checkForm } from '../../../../rules/forms/check-form.ts';
import type { Form } from '../../../../rules/forms/form.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { useKeptDraft } from '../../data/use-kept-draft.ts';
import { useTexts } from '../../i18n.ts';

// Only the server knows what was published, and what tickets hold.
const serverCodes = new Set(['retyped', 'option_removed']);
const mostSteps = 200;

/** The form being designed (表单草稿): changed here at once, kept on the server as one goes, with undo. */
export function useFormDraft(typeId: string, initial: FormDraft) {
  const { language } = useTexts();
  const queryClient = useQueryClient();
  const [steps, setSteps] = useState<{ past: Form[]; form: Form; future: Form[] }>({ past: [], form: initial.form, future: [] });
  const { form } = steps;
  const { server, state, theirs, keeping } = useKeptDraft<Form, FormDraft>({
    text: initial.form,
    server: initial,
    send: async (sent, base) => (await api.patch<FormDraft>(`/ticket-types/${typeId}/draft`, { form: sent }, { ifMatch: `"${base.version}"` })).data,
    fetch: async () => (await api.get<FormDraft>(`/ticket-types/${typeId}/draft`)).data,
    isConflict: (problem) => asProblem(problem).status === 412,
  });
  useEffect(() => keeping.change(() => form), [keeping, form]);
  useEffect(() => void queryClient.setQueryData(['form-draft', typeId], server), [queryClient, typeId, server]);

  const change = useCallback((next: Form | ((before: Form) => Form)) => {
    setSteps((before) => {
      const made = typeof next === 'function' ? next(before.form) : next;
      return made === before.form ? before : { past: [...before.past.slice(-mostSteps), before.form], form: made, future: [] };
    });
  }, []);
  const undo = useCallback(() => setSteps((before) => (before.past.length === 0 ? before : { past: before.past.slice(0, -1), form: before.past.at(-1)!, future: [before.form, ...before.future] })), []);
  const redo = useCallback(() => setSteps((before) => (before.future.length === 0 ? before : { past: [...before.past, before.form], form: before.future[0]!, future: before.future.slice(1) })), []);

  const take = useCallback((draft: FormDraft, alsoForm: boolean) => {
    if (!alsoForm) return keeping.adopt(draft);
    keeping.adopt(draft, draft.form);
    setSteps((before) => ({ past: [...before.past, before.form], form: draft.form, future: [] }));
  }, [keeping]);

  const problems = useMemo<FormProblem[]>(() => {
    const own = checkForm(form).map(({ path, code, params }) => ({ path, code, field: fieldAt(form, path), message: describeFormProblem({ code, params })[language === 'en' ? 'en' : 'zh'] }));
    return [...own, ...server.problems.filter((problem) => serverCodes.has(problem.code) && !own.some((one) => one.path === problem.path && one.code === problem.code))];
  }, [form, server.problems, language]);

  return {
    form, change, undo, redo, canUndo: steps.past.length > 0, canRedo: steps.future.length > 0, state, server, problems, theirs, take,
    retry: keeping.retry,
    keepMine: keeping.keepMine,
    takeTheirs: () => {
      if (theirs !== null) take(theirs, true);
    },
  };
}

export type DraftInHand = ReturnType<typeof useFormDraft>;

function fieldAt(form: Form, path: string): string | null {
  const match = /^\/fields\/(\d+)/.exec(path);
  return match ? (form.fields[Number(match[1])]?.key ?? null) : null;
}
