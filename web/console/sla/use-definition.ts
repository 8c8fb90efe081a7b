import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { api, asProblem } from '../../ui/api.ts';
import { useSlaTexts } from './texts.ts';

interface Versioned<Definition> { id: string; version: number; name: string; nameEn: string | null; definition: Definition | null; draft: Definition | null; publishedVersion: number | null }

/** A calendar or policy being edited (编辑草稿): changed here, kept on the server as a draft, published when it is sound. */
export function useDefinition<Definition, Kept extends Versioned<Definition>>(path: string, initial: Kept, keys: { one: QueryKey; list: QueryKey; versions: QueryKey }) {
  const { t: say } = useSlaTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [server, setServer] = useState(initial);
  const shown = (kept: Kept) => ({ name: kept.name, nameEn: kept.nameEn ?? '', definition: (kept.draft ?? kept.definition)! });
  const [inHand, setInHand] = useState(() => shown(initial));
  const [outdated, setOutdated] = useState(false);
  const base = shown(server);
  const dirty = JSON.stringify(base) !== JSON.stringify(inHand);

  const take = (next: Kept): void => {
    setServer(next);
    setInHand(shown(next));
    setOutdated(false);
    queryClient.setQueryData(keys.one, next);
    void queryClient.invalidateQueries({ queryKey: keys.list });
    void queryClient.invalidateQueries({ queryKey: keys.versions });
  };
  const failed = (error: unknown): void => {
    const problem = asProblem(error);
    if (problem.status === 412) setOutdated(true);
    else void message.error(problem.errors[0]?.message ?? problem.title);
  };
  const put = async (kept: Kept, body: object): Promise<Kept> => (await api.patch<Kept>(`/${path}/${kept.id}`, body, { ifMatch: `"${kept.version}"` })).data;
  const stored = async (): Promise<Kept> => {
    if (!dirty) return server;
    const next = await put(server, { ...(inHand.name.trim() === '' ? {} : { name: inHand.name.trim() }), nameEn: inHand.nameEn.trim() || null, draft: inHand.definition });
    setServer(next);
    return next;
  };
  const save = useMutation({ mutationFn: stored, onSuccess: (next) => { take(next); void message.success(say('saved')); }, onError: failed });
  const publish = useMutation({
    mutationFn: async (body: object) => {
      const next = await stored();
      return (await api.post<Kept>(`/${path}/${next.id}/publish`, body, { ifMatch: `"${next.version}"` })).data;
    },
    onSuccess: (next) => { take(next); void message.success(say('published', { number: next.publishedVersion ?? 1 })); },
    onError: failed,
  });
  const change = useMutation({ mutationFn: async (body: object) => put(await stored(), body), onSuccess: take, onError: failed });
  const restore = useMutation({ mutationFn: async (number: number) => (await api.post<Kept>(`/${path}/${server.id}/versions/${number}/restore`, {})).data, onSuccess: take, onError: failed });
  return {
    server, ...inHand, dirty, outdated, save, publish, change, restore, take,
    rename: (patch: { name?: string; nameEn?: string }) => setInHand((before) => ({ ...before, ...patch })),
    define: (definition: NonNullable<Definition>) => setInHand((before) => ({ ...before, definition })),
    reload: async () => take((await api.get<Kept>(`/${path}/${server.id}`)).data),
  };
}
