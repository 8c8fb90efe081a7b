import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { HotlineCase, HotlineCases, HotlineReport } from '../../../contract/hotline.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import type { CaseAction } from '../../../rules/hotline/case.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, ProblemAlert, RemainingTime } from '../../ui/react/index.ts';
import { formatExact } from '../../ui/time.ts';
import { Badge } from '../parts/badge.tsx';
import { Stars } from '../parts/stars.tsx';
import { HotlineDialog } from './hotline-dialog.tsx';
import { useHotlineTexts } from './texts.ts';
import styles from './hotline.module.css';

const tones = { dispatched: 'warning', accepted: 'accent', returned: 'neutral', finished: 'success' } as const;
const primary: readonly CaseAction[] = ['accept', 'finish'];

/** The cases of a hotline that a ticket is about (热线派单), with what is done with them. */
export function HotlinePart({ ticket }: { ticket: Ticket }) {
  const { t: say } = useHotlineTexts();
  const { data, error, refetch } = useQuery({ queryKey: ['hotline', ticket.id, ticket.version], queryFn: async ({ signal }) => (await api.get<Static<typeof HotlineCases>>(`/tickets/${ticket.id}/hotline-cases`, { signal })).data.items, placeholderData: (before) => before,
    // What is on its way is there in a moment, and no fact says so.
    refetchInterval: ({ state }) => (state.data?.some((one) => one.reports.some((report) => report.state === 'waiting')) === true ? 3_000 : false) });
  if (data === undefined) return error === null ? null : <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) return null;
  return (
    <section className={styles.part} aria-label={say('case')}>
      <h2 className={styles.title}>{say('case')}</h2>
      {data.map((one) => <Case key={one.id} found={one} words={ticket.resolution ?? ''} />)}
    </section>
  );
}

function Case({ found, words }: { found: HotlineCase; words: string }) {
  const { t: say, language } = useHotlineTexts();
  const [doing, setDoing] = useState<CaseAction | null>(null);
  const runs = found.state === 'dispatched' || found.state === 'accepted';
  const late = runs && found.deadlineAt !== null && new Date(found.deadlineAt).getTime() < Date.now();
  return (
    <div className={styles.case}>
      <p className={styles.line}><b className={styles.number}>{found.caseNumber}</b><Badge tone={tones[found.state]}>{say(`state.${found.state}`)}</Badge>{found.urged > 0 && <Badge tone="danger">{say('case.urged', { count: found.urged })}</Badge>}</p>
      {found.deadlineAt !== null && (
        <p className={styles.line} data-late={late || undefined}>
          <span className={styles.muted}>{say('case.deadline')}</span> <time dateTime={found.deadlineAt}>{formatExact(found.deadlineAt, language)}</time>{runs && (late ? <b>{say('case.overdue')}</b> : <RemainingTime deadline={found.deadlineAt} />)}
        </p>
      )}
      {found.extension !== null && <p className={styles.muted}>{say(`extension.${found.extension}`)}</p>}
      {found.code !== null && <p className={styles.muted}>{say('case.code')} {found.code} {found.codeName}</p>}
      {found.satisfaction !== null && <p className={styles.line}><span className={styles.muted}>{say('case.satisfaction')}</span><Stars rating={found.satisfaction} />{found.satisfactionWords}</p>}
      {found.actions.length > 0 && <div className={styles.actions}>{found.actions.map((action) => <Button key={action} size="small" {...(primary.includes(action) ? { type: 'primary' as const } : {})} onClick={() => setDoing(action)}>{say(`action.${action}`)}</Button>)}</div>}
      {found.reports.length > 0 && <ul className={styles.reports} aria-label={say('reports')}>{found.reports.map((report, index) => <Report key={report.id} report={report} behind={report.state === 'waiting' && found.reports.slice(index + 1).some((earlier) => earlier.state === 'waiting' || earlier.state === 'failed')} />)}</ul>}
      {doing !== null && <HotlineDialog found={found} action={doing} words={words} onClose={() => setDoing(null)} />}
    </div>
  );
}

function Report({ report, behind }: { report: HotlineReport; behind: boolean }) {
  const { t: say } = useHotlineTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const again = useMutation({
    mutationFn: async (how: 'retry' | 'skip') => void await api.post(`/hotline-reports/${report.id}/${how}`, {}),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['hotline'] }),
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <li data-state={report.state}>
      <span>{say(`report.${report.kind}`)} <Ago value={report.createdAt} /></span>
      <span className={styles.told}>{report.state === 'failed' ? say('reported.failed', { why: report.failure ?? '' }) : say(behind ? 'reported.behind' : `reported.${report.state}`)}</span>
      {report.state === 'waiting' && report.failure !== null && <span className={styles.told}>{report.failure}</span>}
      {report.state === 'failed' && (['retry', 'skip'] as const).map((how) => (
        <Button key={how} size="small" type="link" title={how === 'skip' ? say('report.skipHint') : undefined} disabled={again.isPending} loading={again.isPending && again.variables === how} onClick={() => again.mutate(how)}>{say(`report.${how}`)}</Button>
      ))}
    </li>
  );
}
