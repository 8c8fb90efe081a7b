import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { App } from 'antd';
import { useCallback } from 'react';
import { api, asProblem } from '../../ui/api.ts';
import { useKeptDraft } from '../data/use-kept-draft.ts';
import { useRetry } from '../data/use-retry.ts';
import { useSlaTexts } from './texts.ts';

interface Versioned<Definition> { id: string; version: number; name: string; nameEn: string | null; definition: Definition | null; draft: Definition | null; publishedVersion: number | null }
interface InHand<Definition> { name: string; nameEn: string; definition: NonNullable<Definition> }

/** A calendar or policy being edited (编辑草稿): changed here at once, kept on the server as a draft as one goes, published when it is sound. */
export function useDefinition<Definition, Kept extends Versioned<Definition>>(path: string, initial: Kept, keys: { one: QueryKey; list: QueryKey; versions: QueryKey }) {
  const { t: say } = useSlaTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const inHand = (kept: Kept): InHand<Definition> => ({ name: kept.name, nameEn: kept.nameEn ?? '', definition: (kept.draft ?? kept.definition)! });
  // What is known of it is renewed here: the last save comes when whoever made it has left.
  const known = (kept: Kept): Kept => {
    queryClient.setQueryData(keys.one, kept);
    void queryClient.invalidateQueries({ queryKey: keys.list });
    return kept;
  };
  const put = async (kept: Kept, body: object): Promise<Kept> => known((await api.patch<Kept>(`/${path}/${kept.id}`, body, { ifMatch: `"${kept.version}"` })).data);
  const { text, server, state, problem, theirs, keeping } = useKeptDraft<InHand<Definition>, Kept>({
    text: inHand(initial),
    server: initial,
    // A name is never empty, so an empty one waits for the next letter.
    send: (sent, base) => put(base, { ...(sent.name.trim() === '' ? {} : { name: sent.name.trim() }), nameEn: sent.nameEn.trim() || null, draft: sent.definition }),
    fetch: async () => (await api.get<Kept>(`/${path}/${initial.id}`)).data,
    isConflict: (refused) => asProblem(refused).status === 412,
  });
  useRetry(state, problem, keeping.retry);

  const settle = (next: Kept): void => {
    keeping.adopt(known(next), inHand(next));
    void queryClient.invalidateQueries({ queryKey: keys.versions });
  };
  const failed = (error: unknown): void => {
    const refused = asProblem(error);
    // The banner says what to do about a conflict.
    if (refused.status !== 412) void message.error(refused.errors[0]?.message ?? refused.title);
  };
  const publish = useMutation({
    mutationFn: async (body: object) => {
      const saved = await keeping.save();
      return (await api.post<Kept>(`/${path}/${saved.id}/publish`, body, { ifMatch: `"${saved.version}"` })).data;
    },
    onSuccess: (next) => {
      settle(next);
      void message.success(say('published', { number: next.publishedVersion ?? 1 }));
    },
    onError: failed,
  });
  const change = useMutation({ mutationFn: async (body: object) => put(await keeping.save(), body), onSuccess: settle, onError: failed });
  // What waits is of no use any more, but must not come after it either.
  const discard = useMutation({ mutationFn: async () => put(await keeping.save().catch(() => keeping.current().server), { draft: null }), onSuccess: settle, onError: failed });
  const restore = useMutation({ mutationFn: async (number: number) => (await api.post<Kept>(`/${path}/${(await keeping.save()).id}/versions/${number}/restore`, {})).data, onSuccess: settle, onError: failed });
  const refused = problem === null ? null : asProblem(problem);
  return {
    server, ...text, state, theirs, problem: refused === null ? null : (refused.errors[0]?.message ?? refused.title), publish, change, discard, restore,
    /** Something is not in force yet. */
    changed: server.draft !== null || state !== 'saved',
    rename: useCallback((patch: { name?: string; nameEn?: string }) => keeping.change((before) => ({ ...before, ...patch })), [keeping]),
    define: useCallback((definition: NonNullable<Definition>) => keeping.change((before) => ({ ...before, definition })), [keeping]),
    retry: keeping.retry,
    keepMine: keeping.keepMine,
    takeTheirs: () => {
      if (theirs !== null) settle(theirs);
    },
  };
}

/** What the head of an editor shows of it. */
export interface DraftInHand { name: string; state: 'saved' | 'waiting' | 'saving' | 'failed' | 'conflict'; problem: string | null; theirs: unknown; changed: boolean; retry: () => void; keepMine: () => void; takeTheirs: () => void; rename: (patch: { name: string }) => void; publish: { isPending: boolean; mutate: (body: object) => void }; discard: { isPending: boolean; mutate: () => void } }
