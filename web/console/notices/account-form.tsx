import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { accountForms, noticeLimits, type AccountField, type NoticeAccount } from '../../../contract/notice.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { noticeAccounts } from './data.ts';
import { useNoticeTexts } from './texts.ts';
import styles from './notices.module.css';

/** What an account takes, by its mode (渠道账号表单). Secrets that are kept are not shown; left empty they stay. */
export function AccountForm({ account, onDone }: { account: NoticeAccount; onDone: () => void }) {
  const { t } = useNoticeTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const modes = Object.keys(accountForms[account.channel]);
  const [mode, setMode] = useState(account.mode ?? modes[0]!);
  const [values, setValues] = useState<Record<string, string>>(account.settings);
  const fields = accountForms[account.channel][mode] ?? [];
  const valueOf = (field: AccountField): string => values[field.name] ?? field.standard ?? '';
  const save = useMutation({
    mutationFn: () => api.patch<NoticeAccount>(`/notice-accounts/${account.channel}`, {
      mode, settings: Object.fromEntries(fields.map((field) => [field.name, valueOf(field)]).filter(([, value]) => value !== '')), ...(account.configured ? {} : { active: true }),
    }, { ifMatch: `"${account.version}"` }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: noticeAccounts.queryKey });
      void message.success(t('saved'));
      onDone();
    },
  });
  const problems = new Map((save.isError ? asProblem(save.error).errors ?? [] : []).map((one) => [one.path.replace('/settings/', ''), one.message]));
  // Every mode and field of the forms has its text.
  const say = t as unknown as (key: string) => string;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {modes.length > 1 && (
        <div className={`${styles.field} ${styles.wide}`}>
          <span>{t('mode')}</span>
          <div><Segmented value={mode} onChange={setMode} aria-label={t('mode')} options={modes.map((value) => ({ value, label: say(`mode.${value}`) }))} /></div>
        </div>
      )}
      {fields.map((field) => {
        const kept = field.secret === true && mode === account.mode && account.secrets.includes(field.name);
        const label = say(`field.${field.name}`);
        const common = { 'aria-label': label, status: problems.has(field.name) ? 'error' as const : '' as const };
        const set = (value: string): void => setValues({ ...values, [field.name]: value });
        return (
          <label key={`${mode} ${field.name}`} className={styles.field}>
            <span>{label}{field.optional === true && <span className={styles.muted}>（{t('optional')}）</span>}</span>
            {field.choices !== undefined
              ? <Select {...common} value={valueOf(field)} options={field.choices.map((value) => ({ value, label: value }))} onChange={set} />
              : <Input {...common} type={field.secret === true ? 'password' : 'text'} autoComplete="off" maxLength={field.secret === true ? noticeLimits.secret : noticeLimits.field} value={valueOf(field)} placeholder={kept ? t('secret.kept') : undefined} onChange={(event) => set(event.target.value)} />}
            {problems.has(field.name) && <span className={styles.problem} role="alert">{problems.get(field.name)}</span>}
          </label>
        );
      })}
      {save.isError && problems.size === 0 && <div className={styles.wide}><ProblemAlert error={save.error} /></div>}
      <div className={`${styles.actions} ${styles.wide}`}>
        <Button type="primary" htmlType="submit" loading={save.isPending}>{t('save')}</Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
