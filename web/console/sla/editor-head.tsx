import { Link } from '@tanstack/react-router';
import { Button, Dropdown, Input, Switch } from 'antd';
import type { ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

interface Props {
  section: 'sla' | 'calendars';
  name: string;
  onName: (name: string) => void;
  publishedVersion: number | null;
  changed: boolean;
  dirty: boolean;
  problems: readonly { path: string; message: string }[];
  saving: boolean;
  publishing: boolean;
  onSave: () => void;
  onPublish: (body: object) => void;
  outdated: boolean;
  onReload: () => void;
  /** Of a policy. */
  enabled?: { checked: boolean; onChange: (enabled: boolean) => void };
  children?: ReactNode;
}

/** The head of an editor (编辑页头): name, whether it is in force, and what can be done with what was changed. */
export function EditorHead({ section, name, onName, publishedVersion, changed, dirty, problems, saving, publishing, onSave, onPublish, outdated, onReload, enabled, children }: Props) {
  const { t: say } = useSlaTexts();
  const first = publishedVersion === null;
  return (
    <>
      <header className={styles.editorHead}>
        <Link to="/settings/{-$section}" params={{ section }} className={styles.back}><Icon name="chevronLeft" size={14} />{say(section === 'sla' ? 'policies' : 'calendars')}</Link>
        <h1 className={styles.hidden}>{name}</h1>
        <Input className={styles.editorName} variant="borderless" aria-label={say('name')} maxLength={100} status={name.trim() === '' ? 'error' : undefined} value={name} onChange={(event) => onName(event.target.value)} />
        <span className={styles.state} role="status">{dirty ? say('unsaved') : changed ? say(first ? 'neverPublished' : 'draftBadge') : say('version', { number: publishedVersion ?? 0 })}</span>
        {enabled && !first && <label className={styles.inline}><Switch size="small" aria-label={say('enabled', { name })} checked={enabled.checked} onChange={enabled.onChange} /><span>{say(enabled.checked ? 'on' : 'off')}</span></label>}
        {children}
        <Button disabled={!dirty} loading={saving} onClick={onSave}>{say('save')}</Button>
        {enabled && !first ? (
          <Dropdown.Button className={styles.auto} type="primary" loading={publishing} disabled={!changed && !dirty} menu={{ items: [{ key: 'running', label: say('publishRunning') }], onClick: () => onPublish({ running: true }) }} onClick={() => onPublish({})}>{say('publish')}</Dropdown.Button>
        ) : <Button type="primary" loading={publishing} disabled={!changed && !dirty} onClick={() => onPublish(enabled ? { enable: true } : {})}>{say(enabled ? 'publishEnable' : 'publish')}</Button>}
      </header>
      {outdated && <div className={styles.banner} role="alert">{say('conflict')} <Button size="small" onClick={onReload}>{say('reload')}</Button></div>}
      {problems.length > 0 && <div className={styles.banner} role="alert">{say('problems', { count: problems.length })}<ul>{problems.slice(0, 8).map((problem) => <li key={`${problem.path} ${problem.message}`}>{problem.message}</li>)}</ul></div>}
    </>
  );
}
