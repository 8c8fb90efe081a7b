import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Checkbox, Select, Switch } from 'antd';
import { ladderSteps, type NoticePolicy } from '../../../contract/notice.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { noticePolicy } from './data.ts';
import { useNoticeTexts } from './texts.ts';
import styles from './notices.module.css';

const choices = [3, 5, 10, 15, 30, 60];
const stepTexts = { lead: 'policy.lead', manager: 'policy.manager' } as const;

/** What happens when nobody answers something urgent (无人响应); every change is kept at once. */
export function PolicyPart() {
  const { t } = useNoticeTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const query = useQuery(noticePolicy);
  const update = useMutation({
    mutationFn: async (changes: Partial<NoticePolicy>) => (await api.patch<NoticePolicy>('/notice-policy', changes, { ifMatch: `"${query.data!.version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(noticePolicy.queryKey, saved);
      void message.success(t('saved'));
    },
    onError: (error) => {
      void message.error(asProblem(error).title);
      void query.refetch();
    },
  });
  const policy = query.data;
  if (policy === undefined) return query.isError ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : null;
  const minutes = policy.escalateAfterMinutes;
  return (
    <section className={styles.card}>
      <div className={styles.cardHead}>
        <div className={styles.cardName}>
          <h3>{t('policy.title')}</h3>
          <p className={styles.muted}>{t('policy.hint')}</p>
        </div>
        <Switch aria-label={t('policy.on')} checked={minutes !== null} onChange={(on) => update.mutate({ escalateAfterMinutes: on ? 10 : null })} />
      </div>
      {minutes !== null && (
        <div className={styles.form}>
          <label className={styles.field}>
            <span>{t('policy.after')}</span>
            <Select aria-label={t('policy.after')} value={minutes} options={[...new Set([...choices, minutes])].sort((a, b) => a - b).map((value) => ({ value, label: t('policy.minutes', { count: value }) }))} onChange={(value: number) => update.mutate({ escalateAfterMinutes: value })} />
          </label>
          <div className={styles.field}>
            {ladderSteps.map((step) => (
              <Checkbox key={step} checked={policy.ladder.includes(step)} onChange={(event) => update.mutate({ ladder: ladderSteps.filter((one) => (one === step ? event.target.checked : policy.ladder.includes(one))) })}>{t(stepTexts[step])}</Checkbox>
            ))}
          </div>
        </div>
      )}
    </section>
  );
}
