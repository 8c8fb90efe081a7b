import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { AutomationRun } from '../../../contract/automation.ts';
import { runOutcomes } from '../../../rules/automation/guard.ts';
import { api, asProblem } from '../../ui/api.ts';
import { EmptyState, ProblemAlert, RelativeTime } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { useDebounced } from '../parts/debounced.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import { automationRules, automationRuns } from './data.ts';
import { EffectList, ExplainedView } from './explained.tsx';
import { useAutomationTexts } from './texts.ts';
import { loggedRule, useRuleVocabulary } from './vocabulary.ts';
import { factName } from './words.ts';
import styles from './automation.module.css';

const tones = { matched: 'success', missed: 'neutral', skipped: 'warning', parked: 'danger', retried: 'neutral' } as const;

/** Why rules did something or did not (运行记录), newest first: all of them, those of one rule, or those asked about one ticket. */
export function RunLog({ ruleId, ticketNumber }: { ruleId?: string; ticketNumber?: string }) {
  const { t } = useTexts();
  const { t: say } = useAutomationTexts();
  const [outcome, setOutcome] = useState<string>();
  const [ticket, setTicket] = useState('');
  const [rule, setRule] = useState<string>();
  const asked = useDebounced(ticket.trim());
  const { may } = useSession();
  const list = useInfiniteQuery(automationRuns({ rule: ruleId ?? rule, outcome, ticket: ticketNumber ?? (asked === '' ? undefined : asked) }));
  const rules = useQuery({ ...automationRules, enabled: may('automation.manage') });
  const isUnknown = list.isError && asked !== '' && asProblem(list.error).status === 404;
  const runs = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className={styles.log} aria-label={say(ruleId === undefined ? 'log' : 'logOf')}>
      <div className={styles.inline}>
        {ticketNumber === undefined && <Input className={styles.ticketNumber} allowClear aria-label={say('run.ticket')} placeholder={say('run.ticket')} maxLength={64} value={ticket} onChange={(event) => setTicket(event.target.value)} />}
        {ruleId === undefined && rules.data !== undefined && <Select className={styles.medium} allowClear showSearch={{ optionFilterProp: 'label' }} aria-label={say('run.rule')} placeholder={say('run.rule')} value={rule} options={rules.data.map((one) => ({ value: one.id, label: one.name }))} onChange={setRule} />}
        <Select className={styles.medium} allowClear aria-label={say('run.outcome')} placeholder={say('run.all')} value={outcome} options={runOutcomes.map((one) => ({ value: one as string, label: say(`run.${one}`) }))} onChange={setOutcome} />
      </div>
      {list.isPending && <Delayed><RowSkeleton rows={5} height={44} /></Delayed>}
      {isUnknown && <EmptyState title={say('try.unknown', { number: asked })} />}
      {list.isError && list.data === undefined && !isUnknown && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && runs.length === 0 && (asked !== '' || rule !== undefined || outcome !== undefined ? <EmptyState title={say('run.emptyFor')} hint={say('run.emptyForHint')} /> : <EmptyState title={say(ticketNumber === undefined ? 'run.empty' : 'run.emptyTicket')} hint={say(ticketNumber === undefined ? 'run.emptyHint' : 'run.emptyTicketHint')} />)}
      <ul className={styles.runs}>{runs.map((run) => <RunLine key={run.id} run={run} named={ruleId === undefined} ofTicket={ticketNumber !== undefined} />)}</ul>
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
    </section>
  );
}

function RunLine({ run, named, ofTicket }: { run: AutomationRun; named: boolean; ofTicket: boolean }) {
  const { t: say, language } = useAutomationTexts();
  const { may } = useSession();
  const [open, setOpen] = useState(false);
  return (
    <li className={styles.run}>
      <div className={styles.runHead}>
        <Badge tone={tones[run.outcome]}>{say(`run.${run.outcome}`)}</Badge>
        {named && <span className={styles.runRule}>{run.rule.name}</span>}
        {!ofTicket && run.ticket !== null && <Link to="/tickets/$number" params={{ number: run.ticket.number }} className={styles.runTicket}>{run.ticket.number} {run.ticket.subject}</Link>}
        <span className={styles.muted}>{run.factKind === null ? say('run.byClock') : factName(run.factKind, language)} · <RelativeTime value={run.at} /></span>
        <Button type="link" size="small" className={styles.runWhy} aria-expanded={open} aria-label={`${say('run.why')} ${ofTicket ? run.rule.name : run.ticket?.number ?? ''}`} onClick={() => setOpen(!open)}>{say('run.why')}</Button>
      </div>
      {run.reason !== null && <p className={styles.runReason}>{say(`reason.${run.reason}`)}</p>}
      {run.failure !== null && <p className={styles.runReason} data-failed>{run.failure.message}{run.outcome === 'parked' && may('automation.manage') && <RetryButton id={run.id} />}</p>}
      {open && <RunDetail run={run} />}
    </li>
  );
}

function RunDetail({ run }: { run: AutomationRun }) {
  const { t: say } = useAutomationTexts();
  const definition = useMemo(() => loggedRule(run), [run]);
  const vocabulary = useRuleVocabulary(definition);
  return (
    <div className={styles.runDetail}>
      {run.conditions !== null && <ExplainedView explained={run.conditions} vocabulary={vocabulary} />}
      {run.effects.length > 0 && <EffectList effects={run.effects} />}
      {run.chain.length > 0 && <p className={styles.muted}>{say('run.chain')}: {run.chain.map((one) => one.name ?? '…').join(' → ')}</p>}
    </div>
  );
}

function RetryButton({ id }: { id: string }) {
  const { t: say } = useAutomationTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api.post(`/automation-runs/${id}/retry`),
    onSuccess: () => void message.success(say('run.retrying')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['automation-runs'] }),
  });
  return <Button type="link" size="small" loading={retry.isPending} onClick={() => retry.mutate()}>{say('run.retry')}</Button>;
}
