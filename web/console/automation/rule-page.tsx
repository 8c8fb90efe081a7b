import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { App, Button, Checkbox, Input, Segmented, Switch } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import type { AutomationRule } from '../../../contract/automation.ts';
import { describeRuleProblem } from '../../../contract/automation-problems.ts';
import { checkDefinition } from '../../../rules/automation/check-definition.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden, PagePending } from '../shell/page-states.tsx';
import { ActionsPart } from './actions-part.tsx';
import { ConditionsPart } from './conditions-part.tsx';
import { automationRule, automationRules, ruleVersions } from './data.ts';
import { OncePart } from './once-part.tsx';
import { PreviewPart } from './preview-part.tsx';
import { RunLog } from './run-log.tsx';
import { Told } from './small.tsx';
import { useAutomationTexts } from './texts.ts';
import { TriggerPart } from './trigger-part.tsx';
import { TryPart } from './try-part.tsx';
import { useRuleDraft } from './use-rule-draft.ts';
import { VersionsPart } from './versions-part.tsx';
import { useRuleVocabulary } from './vocabulary.ts';
import styles from './automation.module.css';

/** One automation rule (规则编辑). */
export function RulePage() {
  const { ruleId } = useParams({ from: '/settings/automation/$ruleId' });
  const { may } = useSession();
  const { t: say } = useAutomationTexts();
  useTitle(say('title'));
  const rule = useQuery({ ...automationRule(ruleId), enabled: may('automation.manage'), refetchOnMount: 'always' });
  if (!may('automation.manage')) return <Forbidden />;
  if (rule.error !== null) return <div className={styles.failed}><ProblemAlert error={rule.error} onRetry={() => void rule.refetch()} /></div>;
  if (rule.data === undefined || (rule.isFetching && !rule.isFetchedAfterMount)) return <PagePending />;
  return <Editor key={ruleId} initial={rule.data} />;
}

type Side = 'check' | 'log' | 'versions';

function Editor({ initial }: { initial: AutomationRule }) {
  const { t } = useTexts();
  const { t: say, language } = useAutomationTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const draft = useRuleDraft(initial);
  const { rule, server, define } = draft;
  const { definition } = rule;
  const vocabulary = useRuleVocabulary(definition);
  const [side, setSide] = useState<Side>('check');
  const [tried, setTried] = useState(false);

  const problems = useMemo(() => {
    const own = checkDefinition(definition, vocabulary.properties).map((problem) => ({ path: problem.path, message: describeRuleProblem(problem)[language === 'en' ? 'en' : 'zh'] }));
    const unchosen = definition.actions.flatMap((action, index) => ((action.kind === 'assign' ? [action.to] : action.kind === 'notify' || action.kind === 'watch' ? action.whom : []).some((whom) => ('person' in whom && whom.person === '') || ('team' in whom && whom.team === '')) ? [{ path: `/actions/${index}/to`, message: t('common.required') }] : []));
    // Only the server knows whether what is named is there; its word is of what it was sent last.
    const lost = draft.state === 'saved' ? server.problems.filter((problem) => ['unknown_reference', 'flow_unknown', 'header_again'].includes(problem.code)) : [];
    return [...own, ...unchosen, ...lost];
  }, [definition, vocabulary.properties, language, server.problems, draft.state, t]);
  const conditionsReady = !problems.some(({ path }) => /^\/(conditions|counts|trigger)/.test(path));

  const settle = (next: AutomationRule): void => {
    draft.take(next, true);
    void queryClient.invalidateQueries({ queryKey: ruleVersions(next.id).queryKey });
    void queryClient.invalidateQueries({ queryKey: automationRules.queryKey });
  };
  const failed = (error: unknown): void => {
    const problem = asProblem(error);
    void message.error(problem.errors[0]?.message ?? problem.title);
  };
  const publish = useMutation({
    mutationFn: async () => {
      const saved = await draft.save();
      return (await api.post<AutomationRule>(`/automation-rules/${saved.id}/publish`, saved.publishedVersion === null ? { enable: true } : {}, { ifMatch: `"${saved.version}"` })).data;
    },
    onSuccess: (next) => {
      settle(next);
      void message.success(say('published', { number: next.publishedVersion ?? 1 }));
    },
    onError: failed,
  });
  const toggle = useMutation({
    mutationFn: async (enabled: boolean) => (await api.patch<AutomationRule>(`/automation-rules/${server.id}`, { enabled }, { ifMatch: `"${(await draft.save()).version}"` })).data,
    onSuccess: (next) => draft.take(next, false),
    onError: failed,
  });
  const changed = server.draft !== null || draft.state === 'waiting' || draft.state === 'saving';

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link to="/settings/{-$section}" params={{ section: 'automation' }} className={styles.back}><Icon name="chevronLeft" size={14} />{say('back')}</Link>
        <h1 className={styles.hidden}>{rule.name}</h1>
        <Input className={styles.name} variant="borderless" aria-label={say('name')} placeholder={say('name')} maxLength={100} status={rule.name.trim() === '' ? 'error' : undefined} value={rule.name} onChange={(event) => draft.change({ name: event.target.value })} />
        <span className={styles.state} role="status">{draft.state === 'saved' ? (changed || server.publishedVersion === null ? say('saved') : say('version', { number: server.publishedVersion })) : draft.state === 'failed' ? say('saveFailed') : draft.state === 'conflict' ? '' : say('saving')}</span>
        <label className={styles.switch}>
          <Switch size="small" aria-label={say('enabled', { name: rule.name })} checked={server.enabled} disabled={server.publishedVersion === null} loading={toggle.isPending} onChange={(enabled) => toggle.mutate(enabled)} />
          <span>{say(server.enabled ? 'on' : 'off')}</span>
        </label>
        <Link to="/settings/sla/simulation" search={{ rule: server.id }}><Button tabIndex={-1}>{say('simulate')}</Button></Link>
        <Button
          type="primary" loading={publish.isPending} disabled={!changed}
          onClick={() => {
            setTried(true);
            if (problems.length > 0) void message.error(say('problems', { count: problems.length }));
            else publish.mutate();
          }}
        >
          {say(server.publishedVersion === null ? 'publishEnable' : 'publish')}
        </Button>
      </header>
      {draft.state === 'conflict' && draft.theirs !== null && (
        <div className={styles.banner} role="alert">{say('conflict')} <Button size="small" onClick={draft.takeTheirs}>{say('takeTheirs')}</Button> <Button size="small" onClick={draft.keepMine}>{say('keepMine')}</Button></div>
      )}
      {draft.state === 'failed' && <div className={styles.banner} role="alert">{say('saveFailed')}{draft.problem === null ? '' : `: ${draft.problem}`} <Button size="small" onClick={draft.retry}>{say('retry')}</Button></div>}
      {server.suspended !== null && <div className={styles.banner} role="alert">{say('suspendedWhy', { reason: server.suspended.reason })}</div>}
      <div className={styles.columns}>
        <main className={styles.edit}>
          <Part title={say('part.when')} hint={say('part.whenHint')}>
            <TriggerPart definition={definition} onChange={define} />
            {tried && <Told problems={problems} at="/trigger" />}
          </Part>
          <Part title={say('part.if')} hint={say('part.ifHint')}>
            <ConditionsPart definition={definition} vocabulary={vocabulary} strict={tried} onChange={define} />
            <Told problems={problems} at="/counts" />
          </Part>
          <Part title={say('part.then')} hint={say('part.thenHint')}>
            <ActionsPart actions={definition.actions} problems={tried ? problems : []} onChange={(actions) => define({ actions })} />
            {tried && definition.actions.length === 0 && <Told problems={problems} at="/actions" />}
          </Part>
          <Part title={say('once')}>
            <OncePart once={definition.once} onChange={define} />
            <Told problems={problems} at="/once" />
            <Checkbox checked={rule.stopAfterMatch} onChange={(event) => draft.change({ stopAfterMatch: event.target.checked })}>{say('stopAfter')}</Checkbox>
            <Input aria-label={say('description')} placeholder={say('description')} maxLength={500} value={rule.description ?? ''} onChange={(event) => draft.change({ description: event.target.value })} />
          </Part>
        </main>
        <aside className={styles.aside}>
          <Segmented<Side> block aria-label={say('title')} value={side} options={[{ value: 'check', label: say('preview') }, { value: 'log', label: say('log') }, { value: 'versions', label: say('versions') }]} onChange={setSide} />
          {side === 'check' && (
            <>
              <PreviewPart definition={definition} ready={conditionsReady} />
              <TryPart id={server.id} definition={definition} vocabulary={vocabulary} ready={problems.length === 0} />
            </>
          )}
          {side === 'log' && <RunLog ruleId={server.id} />}
          {side === 'versions' && <VersionsPart id={server.id} present={definition} vocabulary={vocabulary} onRestored={settle} />}
        </aside>
      </div>
    </div>
  );
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={title}>
      <header className={styles.partHead}><h2>{title}</h2>{hint !== undefined && <span className={styles.muted}>{hint}</span>}</header>
      <div className={styles.stack}>{children}</div>
    </section>
  );
}
