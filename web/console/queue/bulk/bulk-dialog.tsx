import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Modal, Progress } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { BulkRun, BulkSelection, TicketLine } from '../../../../contract/view.ts';
import type { Filter } from '../../../../rules/conditions/filter.ts';
import { asProblem, newIdempotencyKey } from '../../../ui/api.ts';
import { ProblemAlert } from '../../../ui/react/index.ts';
import { lineKeys } from '../../data/lines.ts';
import { useTexts } from '../../i18n.ts';
import type { BulkChoice } from './bulk-choices.ts';
import { BulkForm } from './bulk-form.tsx';
import { actionOf, noInput, type BulkInput } from './bulk-input.ts';
import { bulkRun, cancelBulk, previewBulk, startBulk } from './bulk-run.ts';
import { RefusedOfRun, ResultList } from './bulk-results.tsx';
import styles from './bulk.module.css';

type Props = {
  choice: BulkChoice;
  /** The one ticket it is about, when it is one under the keyboard. */
  line?: TicketLine;
  ids: readonly string[];
  /** All that a list holds, in place of ids. */
  all?: { view?: string; filter?: Filter };
  onClose: () => void;
  /** Told when it is over, with the tickets it was not done to. */
  onDone: (refused: string[]) => void;
};

/** Does one thing to many tickets (批量操作对话框): what → what it would come to → done, ticket by ticket. */
export function BulkDialog({ choice, line, ids, all, onClose, onDone }: Props) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [input, setInput] = useState<BulkInput>(line === undefined ? noInput : { ...noInput, priority: line.priority });
  const [tried, setTried] = useState(false);
  // The same as long as the same is asked for: what the network broke off is gone on with.
  const attempt = useRef<{ of: string; id: string }>(undefined);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const single = all === undefined && ids.length === 1;
  const action = actionOf(choice.kind, input);
  const chosen: BulkSelection = all === undefined ? { ids: [...ids] } : { ...(all.view === undefined ? {} : { view: all.view }), ...(all.filter === undefined ? {} : { filter: all.filter }) };

  const preview = useMutation({
    mutationFn: () => {
      stop.current = new AbortController();
      return previewBulk(chosen, action as NonNullable<typeof action>, stop.current.signal);
    },
  });
  const start = useMutation({
    mutationFn: (selection: BulkSelection) => {
      const of = JSON.stringify([selection, action]);
      if (attempt.current?.of !== of) attempt.current = { of, id: newIdempotencyKey() };
      return startBulk(attempt.current.id, selection, action as NonNullable<typeof action>);
    },
    onSuccess: (run) => {
      if (run.state !== 'running') finished(run);
    },
  });
  const background = start.data?.state === 'running' ? (start.data.id ?? undefined) : undefined;
  const followed = useQuery({ ...bulkRun(background ?? ''), enabled: background !== undefined });
  const cancel = useMutation({ mutationFn: () => cancelBulk(background ?? ''), onSuccess: (run) => queryClient.setQueryData(bulkRun(background ?? '').queryKey, run) });
  const run = background === undefined ? start.data : (followed.data ?? start.data);
  const ended = run !== undefined && run.state !== 'running';

  function finished(over: BulkRun): void {
    void queryClient.invalidateQueries({ queryKey: ['view-counts'] });
    const refused = over.results.filter((result) => result.outcome === 'refused' || result.outcome === 'failed');
    onDone(refused.map((result) => result.ticketId));
    if (single && refused.length === 0) {
      void message.success(t('ticket.done', { action: t(choice.text) }));
      onClose();
    }
  }
  const tellEnd = useRef<() => void>(undefined);
  useEffect(() => {
    tellEnd.current = () => {
      void queryClient.invalidateQueries({ queryKey: ['view-counts'] });
      void queryClient.resetQueries({ queryKey: lineKeys.lists });
      onDone([]);
    };
  });
  const backgroundEnded = background !== undefined && followed.data !== undefined && followed.data.state !== 'running';
  useEffect(() => {
    if (backgroundEnded) tellEnd.current?.();
  }, [backgroundEnded]);

  function next(): void {
    setTried(true);
    if (action === null || preview.isPending || start.isPending) return;
    if (single) start.mutate(chosen);
    else if (preview.data === undefined) preview.mutate();
    else if (preview.data.counts.done + preview.data.counts.pending > 0) start.mutate(all === undefined ? chosen : { ...chosen, expectedCount: preview.data.total });
  }
  function back(): void {
    stop.current?.abort();
    preview.reset();
    start.reset();
  }
  const title = line !== undefined ? t('bulk.titleOne', { action: t(choice.text), subject: line.subject }) : all !== undefined ? t('bulk.titleAll', { action: t(choice.text) }) : t('bulk.titleMany', { action: t(choice.text), count: ids.length });
  const step = run !== undefined ? 'result' : preview.isPending || preview.data !== undefined ? 'preview' : 'form';
  const possible = preview.data === undefined ? 0 : preview.data.counts.done + preview.data.counts.pending;
  const stale = start.isError && asProblem(start.error).code === 'selection_changed';

  // Wherever the focus is: what was typed into is gone once the next step is shown.
  const forward = useRef<() => void>(undefined);
  useEffect(() => {
    forward.current = step === 'result' ? onClose : next;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      forward.current?.();
    }
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
  const primary = useRef<HTMLButtonElement>(null);
  const ready = preview.data !== undefined;
  useEffect(() => {
    if (step !== 'form') primary.current?.focus();
  }, [step, ready, ended]);

  const footer =
    step === 'result' ? (
      <>
        {run?.state === 'running' && <Button danger loading={cancel.isPending} onClick={() => cancel.mutate()}>{t('bulk.stop')}</Button>}
        <Button ref={primary} type="primary" onClick={onClose}>{ended ? t('bulk.finish') : t('common.close')}</Button>
      </>
    ) : (
      <>
        {step === 'form' ? <Button onClick={onClose}>{t('common.cancel')}</Button> : <Button onClick={back}>{t('bulk.back')}</Button>}
        {step === 'form' ? (
          <Button type="primary" danger={choice.danger} loading={start.isPending} onClick={next}>{single ? t('bulk.runOne') : t('bulk.preview')}</Button>
        ) : stale ? (
          <Button type="primary" onClick={() => { start.reset(); preview.mutate(); }}>{t('bulk.preview')}</Button>
        ) : (
          <Button key="run" ref={primary} type="primary" danger={choice.danger} loading={preview.isPending || start.isPending} disabled={possible === 0} onClick={next}>{possible === 0 && !preview.isPending ? t('bulk.nothingToDo') : t('bulk.run', { count: possible })}</Button>
        )}
      </>
    );
  return (
    <Modal open width={single ? 520 : 680} title={title} footer={footer} onCancel={onClose} mask={{ closable: step !== 'form' || input.text === '' }}>
      <Form layout="vertical" requiredMark={false} component="div">
        {[preview.error, start.error, cancel.error].filter((error) => error !== null && !(error instanceof DOMException)).map((error, index) => (
          <div key={index} className={styles.problem}>{stale && error === start.error ? <p className={styles.stale} role="alert">{t('bulk.changedMeanwhile')}</p> : <ProblemAlert error={error} />}</div>
        ))}
        {step === 'form' && (
          <>
            <BulkForm kind={choice.kind} value={input} onChange={setInput} tried={tried} />
            <p className={styles.keys}>{t(single ? 'bulk.keysOne' : 'bulk.keys')}</p>
          </>
        )}
        {step === 'preview' && preview.isPending && <p className={styles.pending} role="status">{t('bulk.previewing')}</p>}
        {step === 'preview' && preview.data !== undefined && <Summary run={preview.data} />}
        {step === 'result' && run !== undefined && <Outcome run={run} />}
      </Form>
    </Modal>
  );
}

/** What a run would come to. */
function Summary({ run }: { run: BulkRun }) {
  const { t } = useTexts();
  const { done, refused, failed, unchanged, pending } = run.counts;
  return (
    <div>
      <div className={styles.counts} role="status">
        <span data-tone="good">{t('bulk.willDo', { count: done })}</span>
        {refused + failed > 0 && <span data-tone="bad">{t('bulk.willNot', { count: refused + failed })}</span>}
        {unchanged > 0 && <span>{t('bulk.alreadySo', { count: unchanged })}</span>}
        {pending > 0 && <span>{t('bulk.notTried', { count: pending })}</span>}
      </div>
      <ResultList results={run.results} preview />
    </div>
  );
}

/** How far a run has come, and what came of it. */
function Outcome({ run }: { run: BulkRun }) {
  const { t } = useTexts();
  const { done, refused, failed, unchanged, pending } = run.counts;
  const over = run.total - pending;
  return (
    <div>
      {run.state === 'running' ? (
        <div className={styles.running} role="status">
          <p>{t('bulk.running', { done: over, total: run.total })}</p>
          <Progress percent={run.total === 0 ? 100 : Math.floor((over / run.total) * 100)} showInfo={false} status="active" aria-label={t('bulk.label')} />
          <p className={styles.keys}>{t('bulk.runningHint')}</p>
        </div>
      ) : (
        <>
          {run.state === 'cancelled' && <p className={styles.stale}>{t('bulk.stopped')}</p>}
          <div className={styles.counts} role="status">
            <span data-tone="good">{t('bulk.done', { count: done })}</span>
            {refused > 0 && <span data-tone="bad">{t('bulk.refused', { count: refused })}</span>}
            {failed > 0 && <span data-tone="bad">{t('bulk.failed', { count: failed })}</span>}
            {unchanged > 0 && <span>{t('bulk.alreadySo', { count: unchanged })}</span>}
            {pending > 0 && <span>{t('bulk.left', { count: pending })}</span>}
          </div>
        </>
      )}
      {run.results.length > 0 ? <ResultList results={run.results} /> : run.state !== 'running' && run.id !== null && <RefusedOfRun run={{ ...run, id: run.id }} />}
    </div>
  );
}
