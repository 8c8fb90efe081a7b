import { Link } from '@tanstack/react-router';
import { Button, Dropdown, Input, Popconfirm, Switch, type InputRef } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { useSlaTexts } from './texts.ts';
import type { DraftInHand } from './use-definition.ts';
import styles from './sla.module.css';
import { colon } from '../../ui/punctuation.ts';

interface Props {
  section: 'sla' | 'calendars';
  draft: DraftInHand;
  publishedVersion: number | null;
  problems: readonly { path: string; message: string }[];
  /** Of a policy. */
  enabled?: { checked: boolean; onChange: (enabled: boolean) => void };
  /** Nothing can be changed: somebody looks. */
  readOnly?: boolean;
  children?: ReactNode;
}

/** The head of an editor (编辑页头): name, whether it is in force, and what can be done with what was changed. */
export function EditorHead({ section, draft, publishedVersion, problems, enabled, readOnly = false, children }: Props) {
  const { t: say } = useSlaTexts();
  const first = publishedVersion === null;
  const { name, state, changed } = draft;
  const input = useRef<InputRef>(null);
  // What was just made has no name of its own yet: the first thing typed is its name.
  const unnamed = useRef(first && name === say(section === 'sla' ? 'policies.new' : 'calendars.new') && !readOnly);
  useEffect(() => {
    if (unnamed.current) input.current?.focus({ cursor: 'all' });
  }, []);
  const standing = state === 'failed' ? say('notSaved') : state === 'conflict' ? '' : state !== 'saved' ? say('saving') : first ? `${say('neverPublished')} · ${say('saved')}` : changed ? say('draftBadge') : say('version', { number: publishedVersion });
  return (
    <>
      <header className={styles.editorHead}>
        <Link to="/settings/{-$section}" params={{ section }} className={styles.back}><Icon name="chevronLeft" size={14} />{say(section === 'sla' ? 'policies' : 'calendars')}</Link>
        <h1 className={readOnly ? styles.readName : styles.hidden}>{name}</h1>
        {!readOnly && <Input ref={input} className={styles.editorName} variant="borderless" aria-label={say('name')} placeholder={say('name')} maxLength={100} status={name.trim() === '' ? 'error' : undefined} value={name} onChange={(event) => draft.rename({ name: event.target.value })} />}
        <span className={styles.state} role="status">{standing}</span>
        {!readOnly && (
          <>
            {enabled && !first && <label className={styles.inline}><Switch size="small" aria-label={say('enabled', { name })} checked={enabled.checked} onChange={enabled.onChange} /><span>{say(enabled.checked ? 'on' : 'off')}</span></label>}
            {children}
            {!first && changed && <Popconfirm title={say('discardAsk', { number: publishedVersion })} okText={say('discard')} onConfirm={() => draft.discard.mutate()}><Button loading={draft.discard.isPending}>{say('discard')}</Button></Popconfirm>}
            {enabled && !first ? (
              <Dropdown.Button className={styles.auto} type="primary" loading={draft.publish.isPending} disabled={!changed} menu={{ items: [{ key: 'running', label: say('publishRunning') }], onClick: () => draft.publish.mutate({ running: true }) }} onClick={() => draft.publish.mutate({})}>{say('publish')}</Dropdown.Button>
            ) : <Button type="primary" loading={draft.publish.isPending} disabled={!changed} onClick={() => draft.publish.mutate(enabled ? { enable: true } : {})}>{say(enabled ? 'publishEnable' : 'publish')}</Button>}
          </>
        )}
      </header>
      {state === 'conflict' && draft.theirs !== null && <div className={styles.banner} role="alert">{say('conflict')} <Button size="small" onClick={draft.takeTheirs}>{say('takeTheirs')}</Button> <Button size="small" onClick={draft.keepMine}>{say('keepMine')}</Button></div>}
      {state === 'failed' && <div className={styles.banner} role="alert">{say('notSaved')}{draft.problem === null ? '' : `${colon()}${draft.problem}`} <Button size="small" onClick={draft.retry}>{say('retry')}</Button></div>}
      {problems.length > 0 && <div className={styles.banner} role="alert">{say('problems', { count: problems.length })}<ul>{problems.slice(0, 8).map((problem) => <li key={`${problem.path} ${problem.message}`}>{problem.message}</li>)}</ul></div>}
    </>
  );
}
