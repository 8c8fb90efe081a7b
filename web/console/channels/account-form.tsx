import { Button, Input, Segmented, Select } from 'antd';
import { Fragment, useState, type ReactNode } from 'react';
import { channelLimits, inboundForms, type InboundKind } from '../../../contract/channel.ts';
import { limits } from '../../../contract/common.ts';
import type { AccountField } from '../../../contract/notice.ts';
import { asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { fieldName, named, placeOf } from './kinds.ts';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

/** What was filled in. */
export interface FilledAccount {
  name: string;
  mode: string;
  settings: Record<string, string>;
}

/** What is kept already: secrets are named, never shown. */
export interface KeptAccount extends FilledAccount {
  secrets: readonly string[];
}

/**
 * What an account of a kind takes (渠道账号表单), drawn from the form of its kind. A secret left empty is made up when the account is new, and
 * stays as it is otherwise.
 */
export function AccountForm({ kind, kept, error, saving, submit, onSubmit, children }: { kind: InboundKind; kept: KeptAccount | null; error: unknown; saving: boolean; submit: string; onSubmit: (filled: FilledAccount) => void; children?: ReactNode }) {
  const { t: say } = useChannelTexts();
  const modes = Object.keys(inboundForms[kind]);
  const [name, setName] = useState(kept?.name ?? '');
  const [mode, setMode] = useState(kept && modes.includes(kept.mode) ? kept.mode : modes[0]!);
  const [values, setValues] = useState<Record<string, string>>(kept?.settings ?? {});
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [mended, setMended] = useState<ReadonlySet<string>>(new Set());
  const fields = inboundForms[kind][mode] ?? [];
  const valueOf = (field: AccountField): string => values[field.name] ?? field.standard ?? '';
  const isKept = (field: AccountField): boolean => field.secret === true && kept !== null && mode === kept.mode && kept.secrets.includes(field.name);
  // What the program can make up itself: secrets that only the two sides need to know.
  const isMade = (field: AccountField): boolean => kept === null && field.made !== undefined;
  const refused = error === null || error === undefined ? [] : asProblem(error).errors;
  const problems = new Map([
    ...missing.map((one) => [one, say('required')] as const), ...refused.map((one) => [one.path.replace(/^\/(settings\/)?/, ''), one.message] as const),
  ].filter(([one]) => !mended.has(one)));
  const touch = (one: string): void => setMended(new Set([...mended, one]));

  function send(): void {
    const empty = [...(name.trim() === '' ? ['name'] : []), ...fields.filter((field) => field.optional !== true && !isKept(field) && !isMade(field) && valueOf(field).trim() === '').map((field) => field.name)];
    setMissing(empty);
    setMended(new Set());
    if (empty.length === 0) onSubmit({ name: name.trim(), mode, settings: Object.fromEntries(fields.map((field) => [field.name, valueOf(field).trim()]).filter(([, value]) => value !== '')) });
  }

  return (
    <form
      className={styles.form} noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label className={styles.field}>
        <span>{say('settings.name')}</span>
        <Input autoFocus={kept === null} value={name} maxLength={limits.name} placeholder={say('settings.namePlace', { kind: named(say, 'kind', kind) })} status={problems.has('name') ? 'error' : ''} onChange={(event) => { setName(event.target.value); touch('name'); }} />
        {problems.has('name') && <span className={styles.problem} role="alert">{problems.get('name')}</span>}
      </label>
      {modes.length > 1 && (
        <div className={styles.field}>
          <span>{say('settings.mode')}</span>
          <div><Segmented aria-label={say('settings.mode')} value={mode} options={modes.map((value) => ({ value, label: named(say, 'mode', value) }))} onChange={(next) => { setMode(next); setMissing([]); }} /></div>
        </div>
      )}
      {fields.filter((field) => !(kind === 'webhook' && field.name === 'each')).map((field) => {
        const label = fieldName(say, kind, field.name);
        const place = isKept(field) ? say('secret.keep') : isMade(field) ? say('secret.leave') : placeOf(say, kind, field.name);
        const set = (value: string): void => {
          setValues({ ...values, [field.name]: value });
          touch(field.name);
        };
        return (
          <Fragment key={`${mode} ${field.name}`}>
          {field.name === 'fromName' && <div className={styles.divided}><h3 className={styles.cardTitle}>{say('fields.out')}</h3><p className={styles.muted}>{say('fields.outHint')}</p></div>}
          <label className={styles.field}>
            <span>{label}{(field.optional === true || isMade(field)) && <span className={styles.optional}>{say('optional')}</span>}</span>
            {field.choices !== undefined
              ? <Select aria-label={label} value={valueOf(field) || undefined} status={problems.has(field.name) ? 'error' : ''} options={field.choices.map((value) => ({ value, label: named(say, 'choice', value) }))} onChange={set} />
              : <Input aria-label={label} type={field.secret === true ? 'password' : 'text'} autoComplete="off" spellCheck={false} maxLength={field.secret === true ? channelLimits.secret : channelLimits.field} value={valueOf(field)} placeholder={place} status={problems.has(field.name) ? 'error' : ''} onChange={(event) => set(event.target.value)} />}
            {problems.has(field.name) && <span className={styles.problem} role="alert">{problems.get(field.name)}</span>}
          </label>
          </Fragment>
        );
      })}
      {refused.length === 0 && <ProblemAlert error={error} />}
      <div className={styles.actions}>
        <Button type="primary" htmlType="submit" loading={saving}>{submit}</Button>
        {children}
      </div>
    </form>
  );
}
