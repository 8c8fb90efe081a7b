import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import type { AutomationRule } from '../../../contract/automation.ts';
import type { Definition } from '../../../rules/automation/definition.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert, RelativeTime } from '../../ui/react/index.ts';
import type { FilterVocabulary } from '../../ui/filter/vocabulary.ts';
import { Badge } from '../parts/badge.tsx';
import { compareRules } from './compare-rules.ts';
import { ruleVersions } from './data.ts';
import { useAutomationTexts } from './texts.ts';
import { actionWords, triggerWords } from './words.ts';
import styles from './automation.module.css';

/** Everything that was published of a rule (历史版本), to look at and to roll back to. */
export function VersionsPart({ id, present, vocabulary, onRestored }: { id: string; present: Definition; vocabulary: FilterVocabulary; onRestored: (rule: AutomationRule) => void }) {
  const { t: say, language } = useAutomationTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const list = useQuery(ruleVersions(id));
  const [compared, setCompared] = useState<number | null>(null);
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
            <Button type="link" size="small" className={styles.compareButton} aria-expanded={compared === version.number} onClick={() => setCompared(compared === version.number ? null : version.number)}>{say(compared === version.number ? 'compare.close' : 'compare')}</Button>
            {compared === version.number && <Comparison number={version.number} before={version.definition} after={present} vocabulary={vocabulary} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a version says otherwise than the rule in hand, part by part (版本对比). */
function Comparison({ number, before, after, vocabulary }: { number: number; before: Definition; after: Definition; vocabulary: FilterVocabulary }) {
  const { t: say, language } = useAutomationTexts();
  const differences = compareRules(before, after, say, language, vocabulary);
  if (differences.length === 0) return <p className={styles.muted}>{say('compare.same')}</p>;
  return (
    <div className={styles.compared}>
      <p className={styles.muted}><del>{say('compare.before', { number })}</del> → <ins>{say('compare.after')}</ins></p>
      {differences.map((difference) => (
        <section key={difference.part} aria-label={say(difference.part === 'once' || difference.part === 'counts' ? difference.part : `part.${difference.part}`)}>
          <strong>{say(difference.part === 'once' || difference.part === 'counts' ? difference.part : `part.${difference.part}`)}</strong>
          {difference.before.map((line) => <p key={`- ${line}`}><del>{line}</del></p>)}
          {difference.after.map((line) => <p key={`+ ${line}`}><ins>{line}</ins></p>)}
        </section>
      ))}
    </div>
  );
}
