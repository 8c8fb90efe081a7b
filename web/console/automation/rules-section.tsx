import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Dropdown, Popconfirm, Segmented, Switch } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { AutomationRule } from '../../../contract/automation.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { RelativeTime } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { usePatch } from '../settings/archivable.tsx';
import { Rows, Section } from '../settings/section.tsx';
import { archivedRules, automationRules } from './data.ts';
import { RunLog } from './run-log.tsx';
import { SigningDialog } from './signing-dialog.tsx';
import { starterKeys, starters, type StarterKey } from './starters.ts';
import { useAutomationTexts } from './texts.ts';
import { actionWords, triggerWords } from './words.ts';
import styles from './automation.module.css';

/** The automation rules (自动化规则) in the order they are asked, and the log of all of them; the log alone for those who do not keep rules. */
export function RulesSection() {
  const { may } = useSession();
  const { t: say } = useAutomationTexts();
  if (may('automation.manage')) return <KeptRules />;
  return <Section title={say('title')} hint={say('hint.log')}><RunLog /></Section>;
}

function KeptRules() {
  const { t: say } = useAutomationTexts();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const list = useQuery(automationRules);
  const [shown, setShown] = useState<'list' | 'log'>('list');
  const [archived, setArchived] = useState(false);
  const [signing, setSigning] = useState(false);
  const former = useQuery({ ...archivedRules, enabled: archived });
  const create = useMutation({
    mutationFn: async (key: StarterKey) => postOnce<AutomationRule>('/automation-rules', { name: say(key === 'blank' ? 'new' : `starter.${key}`), definition: starters[key] }),
    onSuccess: (rule) => {
      void queryClient.invalidateQueries({ queryKey: automationRules.queryKey });
      void navigate({ to: '/settings/automation/$ruleId', params: { ruleId: rule.id } });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <Section
      title={say('title')}
      hint={say('hint')}
      action={(
        <span className={styles.inline}>
          <label className={styles.inline}><Switch size="small" checked={archived} onChange={setArchived} /><span className={styles.muted}>{say('archived')}</span></label>
          <Button onClick={() => setSigning(true)}>{say('signing')}</Button>
          <Dropdown trigger={['click']} menu={{ items: starterKeys.map((key) => ({ key, label: say(`starter.${key}`) })), onClick: ({ key }) => create.mutate(key as StarterKey) }}>
          <Button type="primary" icon={<Icon name="plus" />} loading={create.isPending}>{say('new')}</Button>
          </Dropdown>
        </span>
      )}
    >
      <Segmented<'list' | 'log'> className={styles.tabs} aria-label={say('title')} value={shown} options={[{ value: 'list', label: say('list') }, { value: 'log', label: say('log') }]} onChange={setShown} />
      {shown === 'log' ? <RunLog /> : <Rows query={list} empty={say('empty')}>{(rules) => <RuleList rules={rules} />}</Rows>}
      {archived && shown === 'list' && <Rows query={former} empty={say('archived.none')}>{(rules) => <ArchivedRules rules={rules} />}</Rows>}
      {signing && <SigningDialog onClose={() => setSigning(false)} />}
    </Section>
  );
}

function RuleList({ rules }: { rules: readonly AutomationRule[] }) {
  const { t: say } = useAutomationTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [spoken, setSpoken] = useState('');
  const order = useMutation({
    mutationFn: async (ids: string[]) => (await api.post<{ items: AutomationRule[] }>('/automation-rules/order', { ids })).data.items,
    onMutate: (ids) => {
      const before = queryClient.getQueryData(automationRules.queryKey);
      if (before !== undefined) queryClient.setQueryData(automationRules.queryKey, ids.flatMap((id) => before.find((rule) => rule.id === id) ?? []));
      return before;
    },
    onSuccess: (items) => void queryClient.setQueryData(automationRules.queryKey, items),
    onError: (error, _ids, before) => {
      queryClient.setQueryData(automationRules.queryKey, before);
      void message.error(asProblem(error).errors[0]?.message ?? asProblem(error).title);
    },
  });

  function place(id: string, at: number): void {
    const ids = rules.map((rule) => rule.id).filter((one) => one !== id);
    const to = Math.max(0, Math.min(ids.length, at));
    if (rules[to]?.id === id) return;
    ids.splice(to, 0, id);
    setSpoken(say('moved', { name: rules.find((rule) => rule.id === id)?.name ?? '', place: to + 1 }));
    order.mutate(ids);
  }
  return (
    <>
      <ol className={styles.rules}>
        {rules.map((rule, index) => <RuleRow key={rule.id} rule={rule} index={index} onPlace={place} />)}
      </ol>
      <p className={styles.hidden} aria-live="assertive">{spoken}</p>
    </>
  );
}

/** Rules that are no longer asked (已归档的规则); back again, they stand last and switched off. */
function ArchivedRules({ rules }: { rules: readonly AutomationRule[] }) {
  const { t: say, language } = useAutomationTexts();
  const patch = usePatch('automation-rules');
  return (
    <ul className={styles.rules} aria-label={say('archived.badge')}>
      {rules.map((rule) => {
        const definition = rule.draft ?? rule.definition;
        return (
          <li key={rule.id} className={styles.rule}>
            <span className={styles.ruleMain}>
              <span className={styles.ruleName}>{rule.name} <Badge>{say('archived.badge')}</Badge></span>
              {definition !== null && <span className={styles.muted}>{say('part.when')} {triggerWords(say, language, definition)} · {say('part.then')} {actionWords(say, definition)}</span>}
            </span>
            <span className={styles.ruleEnd}><Button size="small" aria-label={`${say('archived.restore')} ${rule.name}`} loading={patch.isPending} onClick={() => patch.mutate({ record: rule, patch: { archived: false } })}>{say('archived.restore')}</Button></span>
          </li>
        );
      })}
    </ul>
  );
}

function RuleRow({ rule, index, onPlace }: { rule: AutomationRule; index: number; onPlace: (id: string, at: number) => void }) {
  const { t: say, language } = useAutomationTexts();
  const row = useRef<HTMLLIElement>(null);
  const grip = useRef<HTMLButtonElement>(null);
  const [dragging, setDragging] = useState(false);
  const [over, setOver] = useState(false);
  const patch = usePatch('automation-rules');
  const place = useRef(onPlace);
  useEffect(() => {
    place.current = onPlace;
  });
  useEffect(() => {
    if (row.current === null || grip.current === null) return undefined;
    return combine(
      draggable({ element: row.current, dragHandle: grip.current, getInitialData: () => ({ rule: rule.id }), onDragStart: () => setDragging(true), onDrop: () => setDragging(false) }),
      dropTargetForElements({
        element: row.current, canDrop: ({ source }) => typeof source.data.rule === 'string' && source.data.rule !== rule.id,
        onDragEnter: () => setOver(true), onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          place.current(String(source.data.rule), index);
        },
      }),
    );
  }, [rule.id, index]);
  const definition = rule.draft ?? rule.definition;
  return (
    <li ref={row} className={styles.rule} data-dragging={dragging || undefined} data-over={over || undefined}>
      <button
        ref={grip} type="button" className={styles.grip} aria-label={say('move', { name: rule.name })}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          onPlace(rule.id, index + (event.key === 'ArrowUp' ? -1 : 1));
        }}
      >
        <Icon name="grip" size={16} />
      </button>
      <Link to="/settings/automation/$ruleId" params={{ ruleId: rule.id }} className={styles.ruleMain}>
        <span className={styles.ruleName}>
          {rule.name}
          {rule.publishedVersion === null ? <Badge>{say('neverPublished')}</Badge> : rule.draft !== null && <Badge tone="accent">{say('draftBadge')}</Badge>}
          {rule.suspended !== null && <Badge tone="danger">{say('suspended')}</Badge>}
          {rule.parked > 0 && <Badge tone="danger">{say('parkedCount', { count: rule.parked })}</Badge>}
          {rule.stopAfterMatch && <Badge>{say('stopsAfter')}</Badge>}
        </span>
        {definition !== null && <span className={styles.muted}>{say('part.when')} {triggerWords(say, language, definition)} · {say('part.then')} {actionWords(say, definition)}</span>}
        <span className={styles.muted}>{rule.lastMatchedAt === null ? say('neverMatched') : <>{say('lastMatched')} <RelativeTime value={rule.lastMatchedAt} /></>}</span>
      </Link>
      <span className={styles.ruleEnd}>
        <Switch size="small" aria-label={say('enabled', { name: rule.name })} checked={rule.enabled} disabled={rule.publishedVersion === null} loading={patch.isPending} onChange={(enabled) => patch.mutate({ record: rule, patch: { enabled } })} />
        <Popconfirm title={say('archive')} description={say('archiveAsk')} onConfirm={() => patch.mutate({ record: rule, patch: { archived: true } })}>
          <Button type="text" size="small" icon={<Icon name="trash" size={14} />} aria-label={`${say('archive')} ${rule.name}`} />
        </Popconfirm>
      </span>
    </li>
  );
}
