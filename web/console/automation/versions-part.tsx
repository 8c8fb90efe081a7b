import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import type { AutomationRule } from '../../../contract/automation.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert, RelativeTime } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { ruleVersions } from './data.ts';
import { useAutomationTexts } from './texts.ts';
import { actionWords, triggerWords } from './words.ts';
import styles from './automation.module.css';

/** Everything that was published of a rule (历史版本), to look at and to roll back to. */
export function VersionsPart({ id, onRestored }: { id: string; onRestored: (rule: AutomationRule) => void }) {
  const { t: say, language } = useAutomationTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const list = useQuery(ruleVersions(id));
  const restore = useMutation({
    mutationFn: async (number: number) => (await api.post<AutomationRule>(`/automation-rules/${id}/versions/${number}/restore`, {})).data,
    onSuccess: (rule) => {
      void queryClient.invalidateQueries({ queryKey: ruleVersions(id).queryKey });
      onRestored(rule);
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <section className={styles.log} aria-label={say('versions')}>
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && <p className={styles.muted}>{say('versions.none')}</p>}
      <ul className={styles.runs}>
        {(list.data ?? []).map((version) => (
          <li key={version.number} className={styles.run}>
            <div className={styles.runHead}>
              <strong>{say('versions.number', { number: version.number })}</strong>
              {version.current && <Badge tone="success">{say('versions.current')}</Badge>}
              {version.restored !== null && <span className={styles.muted}>{say('versions.restored', { number: version.restored })}</span>}
              <span className={styles.muted}>{version.publishedBy?.name} · <RelativeTime value={version.publishedAt} /></span>
              {!version.current && (
                <Popconfirm title={say('versions.restore')} onConfirm={() => restore.mutate(version.number)}>
                  <Button type="link" size="small" className={styles.runWhy} loading={restore.isPending}>{say('versions.restore')}</Button>
                </Popconfirm>
              )}
            </div>
            <p className={styles.muted}>{say('part.when')} {triggerWords(say, language, version.definition)} · {say('part.then')} {actionWords(say, version.definition)}{version.note !== null && ` · ${version.note}`}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
