import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Popconfirm } from 'antd';
import type { Macro, MacroVersion } from '../../../contract/desk.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { useWide } from '../parts/wide.ts';
import { StepLine } from '../ticket/macro-step-line.tsx';
import { ConditionLine } from './macro-condition.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';
import own from './macro-steps.module.css';

/** What a macro said before, and the way back (宏的历史版本). */
export function MacroVersions({ macro, onClose }: { macro: Macro; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const wide = useWide(640);
  const list = useInfiniteQuery({
    queryKey: ['macro-versions', macro.id, macro.version],
    queryFn: async ({ pageParam, signal }) => (await api.get<{ items: MacroVersion[]; nextCursor: string | null }>(`/macros/${macro.id}/versions`, { query: { limit: 50, cursor: pageParam }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  const versions = list.data?.pages.flatMap((page) => page.items) ?? [];
  const restore = useMutation({
    mutationFn: ({ name, description, steps, condition }: MacroVersion) => api.patch<Macro>(`/macros/${macro.id}`, { name, description, steps, condition }, { ifMatch: `"${macro.version}"` }),
    onSuccess: (_answer, { version }) => {
      void message.success(say('macros.restored', { version }));
      onClose();
    },
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
    },
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['macros'] }),
  });
  return (
    <Drawer open size={wide ? 560 : '100%'} title={say('macros.historyTitle', { name: macro.name })} onClose={onClose}>
      <p className={styles.hint}>{say('macros.historyHint')}</p>
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      <ol className={own.versions}>
        {versions.map((one) => (
          <li key={one.version} className={own.version}>
            <header>
              <strong>{say('macros.version', { version: one.version })}</strong>
              {one.version === macro.version && <Badge tone="success">{say('macros.now')}</Badge>}
              <span className={styles.muted}><Ago value={one.changedAt} />{one.changedBy !== null && <> · {say('macros.versionBy', { name: one.changedBy.name })}</>}</span>
              {one.version !== macro.version && macro.editable && (
                <Popconfirm title={say('macros.restoreAsk', { version: one.version })} okText={say('macros.restore')} onConfirm={() => restore.mutate(one)}>
                  <Button size="small" loading={restore.isPending && restore.variables.version === one.version}>{say('macros.restore')}</Button>
                </Popconfirm>
              )}
            </header>
            <p>{one.name}{one.description !== null && <span className={styles.muted}> · {one.description}</span>}</p>
            <ol>{one.steps.map((step, index) => <li key={index}><StepLine step={step} /></li>)}</ol>
            {one.condition !== null && <ConditionLine condition={one.condition} />}
          </li>
        ))}
      </ol>
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
    </Drawer>
  );
}
