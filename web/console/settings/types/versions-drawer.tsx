import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { FormDifference, FormDraft, FormVersionSummary } from '../../../../contract/form.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { postOnce } from '../../../ui/post-once.ts';
import { Ago, ProblemAlert } from '../../../ui/react/index.ts';
import { useTexts } from '../../i18n.ts';
import { Badge } from '../../parts/badge.tsx';
import { useSettingsTexts } from '../settings-texts.ts';
import { Differences } from './differences.tsx';
import styles from './designer.module.css';

type Version = Static<typeof FormVersionSummary>;

/** The versions of a form (版本记录): compared with each other and with the draft, and rolled back to. */
export function VersionsDrawer({ typeId, hasDraft, onClose, onRestored }: { typeId: string; hasDraft: boolean; onClose: () => void; onRestored: (draft: FormDraft) => void }) {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: ['form-versions', typeId],
    queryFn: async ({ pageParam, signal }) => (await api.get<{ items: Version[]; nextCursor: string | null }>(`/ticket-types/${typeId}/versions`, { query: { limit: 50, cursor: pageParam }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  const versions = list.data?.pages.flatMap((page) => page.items) ?? [];
  const [pair, setPair] = useState<{ from: string; to: string } | null>(null);
  const comparison = useQuery({
    queryKey: ['form-compare', typeId, pair],
    queryFn: async ({ signal }) => (await api.get<FormDifference>(`/ticket-types/${typeId}/compare`, { query: { from: pair?.from, to: pair?.to }, signal })).data,
    enabled: pair !== null,
    gcTime: 0,
  });
  const restore = useMutation({
    mutationFn: async (number: number) => {
      await postOnce(`/ticket-types/${typeId}/versions/${number}/restore`, {});
      return (await api.get<FormDraft>(`/ticket-types/${typeId}/draft`)).data;
    },
    onSuccess: (draft) => {
      void queryClient.invalidateQueries({ queryKey: ['ticket-types'] });
      void list.refetch();
      void message.success(say('publish.done', { version: draft.published }));
      onRestored(draft);
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  const names = [...(hasDraft ? [{ value: 'draft', label: say('versions.draft') }] : []), ...versions.map((version) => ({ value: String(version.number), label: say('types.version', { version: version.number }) }))];

  return (
    <Drawer open size={620} title={say('designer.history')} onClose={onClose}>
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      <ol className={styles.versions}>
        {versions.map((version) => (
          <li key={version.number}>
            <div>
              <strong>{say('types.version', { version: version.number })}</strong> {version.current && <Badge tone="success">{say('versions.current')}</Badge>}
              <p className={styles.hint}>
                <Ago value={version.publishedAt} />
                {version.publishedBy?.name != null && <> · {say('versions.by', { name: version.publishedBy.name })}</>} · {say('versions.fields', { count: version.fieldCount })}
                {version.restored !== null && <> · {say('versions.restored', { version: version.restored })}</>}
              </p>
              {version.note !== null && <p className="prose">{version.note}</p>}
            </div>
            <span className={styles.versionActions}>
              <Button size="small" type="text" onClick={() => setPair({ from: String(version.number), to: hasDraft ? 'draft' : String(versions.find((one) => one.current)?.number ?? version.number) })}>{say('versions.compare')}</Button>
              {!version.current && (
                <Popconfirm title={say('versions.restoreAsk', { version: version.number })} onConfirm={() => restore.mutate(version.number)} okText={say('versions.restore')}>
                  <Button size="small" loading={restore.isPending && restore.variables === version.number}>{say('versions.restore')}</Button>
                </Popconfirm>
              )}
            </span>
          </li>
        ))}
      </ol>
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
      {pair !== null && (
        <section className={styles.compare} aria-label={say('versions.compare')}>
          <div className={styles.comparePair}>
            <span>{say('versions.from')}</span>
            <Select size="small" aria-label={say('versions.from')} value={pair.from} options={names} onChange={(from) => setPair({ ...pair, from })} />
            <span>{say('versions.to')}</span>
            <Select size="small" aria-label={say('versions.to')} value={pair.to} options={names} onChange={(to) => setPair({ ...pair, to })} />
          </div>
          {comparison.isError && <ProblemAlert error={comparison.error} onRetry={() => void comparison.refetch()} />}
          {comparison.data !== undefined && <Differences fields={comparison.data.fields} sections={comparison.data.sections} />}
        </section>
      )}
    </Drawer>
  );
}
