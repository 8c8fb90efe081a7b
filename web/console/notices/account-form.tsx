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
  const [missing, setMissing] = useState<readonly string[]>([]);
  // What was written anew since is not wrong any more before it was looked at.
  const [mended, setMended] = useState<ReadonlySet<string>>(new Set());
  const problems = new Map([
    ...missing.map((name) => [name, t('required')] as const),
    ...(save.isError ? asProblem(save.error).errors : []).map((one) => [one.path.replace('/settings/', ''), one.message] as const),
  ].filter(([name]) => !mended.has(name)));
  const isKept = (field: AccountField): boolean => field.secret === true && mode === account.mode && account.secrets.includes(field.name);
  const submit = (): void => {
    const empty = fields.filter((field) => field.optional !== true && !isKept(field) && valueOf(field).trim() === '').map((field) => field.name);
    setMended(new Set());
    setMissing(empty);
    if (empty.length === 0) save.mutate();
    else save.reset();
  };
  // Every mode, field and choice of the forms has its text.
  const say = t as unknown as (key: string) => string;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {modes.length > 1 && (
        <div className={`${styles.field} ${styles.wide}`}>
          <span>{t('mode')}</span>
          <div><Segmented value={mode} onChange={(next) => { setMode(next); setMissing([]); save.reset(); }} aria-label={t('mode')} options={modes.map((value) => ({ value, label: say(`mode.${value}`) }))} /></div>
        </div>
      )}
      <p className={`${styles.wide} ${styles.guide}`}>{say(`guide.${account.channel}.${mode}`)}</p>
      {fields.map((field) => {
        const kept = isKept(field);
        const label = say(`field.${field.name}`);
        const common = { 'aria-label': label, status: problems.has(field.name) ? 'error' as const : '' as const };
        const set = (value: string): void => {
          setValues({ ...values, [field.name]: value });
          setMended(new Set([...mended, field.name]));
        };
        return (
          <label key={`${mode} ${field.name}`} className={styles.field}>
            <span>{label}{field.optional === true && <span className={styles.optional}>{t('optional')}</span>}</span>
            {field.choices !== undefined
              ? <Select {...common} value={valueOf(field)} options={field.choices.map((value) => ({ value, label: say(`choice.${value}`) }))} onChange={set} />
              : <Input {...common} type={field.secret === true ? 'password' : 'text'} autoComplete="off" maxLength={field.secret === true ? noticeLimits.secret : noticeLimits.field} value={valueOf(field)} placeholder={kept ? t('secret.kept') : undefined} onChange={(event) => set(event.target.value)} />}
            {problems.has(field.name) && <span className={styles.problem} role="alert">{problems.get(field.name)}</span>}
          </label>
        );
      })}
      {save.isError && asProblem(save.error).errors.length === 0 && <div className={styles.wide}><ProblemAlert error={save.error} /></div>}
      <div className={`${styles.actions} ${styles.wide}`}>
        <Button type="primary" htmlType="submit" loading={save.isPending}>{t('save')}</Button>
        <Button onClick={onDone}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
