import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { App, Button, Progress } from 'antd';
import { useMemo } from 'react';
import type { Import, ImportIssue, ImportKind } from '../../../contract/import.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { formatBytes } from '../parts/bytes.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useTitle } from '../parts/title.ts';
import { VirtualList } from '../parts/virtual-list.tsx';
import { useWide } from '../parts/wide.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden } from '../shell/page-states.tsx';
import { importOf, isUnfinished, issuesOf, keepPrepared, preparedOf } from './data.ts';
import { ImportStatus } from './import-status.tsx';
import { ImportSteps } from './import-steps.tsx';
import { useImportTexts } from './texts.ts';
import styles from './imports.module.css';

const listOf: Partial<Record<ImportKind, '/customers' | '/accounts' | '/assets' | '/people' | '/queue'>> = { customers: '/customers', accounts: '/accounts', assets: '/assets', staff: '/people', tickets: '/queue', hotline_cases: '/queue' };

/** One import (导入任务): how far it is, what came of it, and every row with a fault. */
export function ImportPage() {
  const { t: say } = useImportTexts();
  const { may } = useSession();
  const navigate = useNavigate();
  const { id } = useParams({ from: '/imports/$id' });
  const { data, error, isPending, refetch } = useQuery({ ...importOf(id), enabled: may('import.run') });
  useTitle(data === undefined ? say('list.title') : data.file.name);
  if (!may('import.run')) return <Forbidden />;
  if (data !== undefined) return <Job key={id} job={data} />;
  if (isPending) return <Delayed><RowSkeleton rows={6} height={44} /></Delayed>;
  const missing = asProblem(error).status === 404 || asProblem(error).status === 400;
  return missing ? <EmptyState title={say('job.notFound')} action={<Button onClick={() => void navigate({ to: '/imports' })}>{say('job.toList')}</Button>} /> : <div className={styles.body}><ProblemAlert error={error} onRetry={() => void refetch()} /></div>;
}

function Job({ job }: { job: Import }) {
  const { t: say } = useImportTexts();
  const { me } = useSession();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { counts, dryRun } = job;
  const running = isUnfinished(job);
  const good = counts.created + counts.updated;
  const prepared = preparedOf(job.id);
  const list = listOf[job.kind];

  const cancel = useMutation({
    mutationFn: () => api.post<Import>(`/imports/${job.id}/cancel`, {}),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['imports'] }),
  });
  const begin = useMutation({
    mutationFn: async () => {
      if (prepared === null) throw new Error('the file is not at hand');
      const made = await postOnce<Import>('/imports', { ...prepared, dryRun: false });
      keepPrepared(made.id, prepared);
      return made;
    },
    onSuccess: (made) => {
      void queryClient.invalidateQueries({ queryKey: ['imports'] });
      void navigate({ to: '/imports/$id', params: { id: made.id } });
    },
  });
  /** The file is kept for a day after it was sent; later it is chosen again. */
  const goOn = (): void => (prepared === null ? void navigate({ to: '/imports/new', search: { kind: job.kind } }) : begin.mutate());

  const said = job.status === 'failed' ? say('job.failedWhy', { reason: job.error?.message ?? '' })
    : job.status === 'cancelled' ? say('job.cancelled')
    : running ? say('job.leave')
    : dryRun ? (counts.failed === 0 ? say('job.checkedAll', { good: (counts.rows ?? 0).toLocaleString() }) : say('job.checked', { good: ((counts.rows ?? 0) - counts.failed).toLocaleString(), bad: counts.failed.toLocaleString() }))
    : counts.failed > 0 ? say('job.doneBad', { count: counts.failed }) : say('job.done');
  const tiles: [string, number | null, string?][] = [
    [say('job.rows'), counts.rows], [dryRun ? say('job.wouldCreate') : say('job.created'), counts.created, 'success'], [dryRun ? say('job.wouldUpdate') : say('job.updated'), counts.updated], [say('job.present'), counts.present], [say('job.failed'), counts.failed, counts.failed > 0 ? 'danger' : undefined],
  ];

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Button type="text" icon={<Icon name="arrowLeft" />} aria-label={say('job.toList')} onClick={() => void navigate({ to: '/imports' })} />
        <h1>{say('job.title', { kind: say(`kind.${job.kind}`) })}</h1>
        <ImportSteps at={dryRun ? 2 : 3} />
      </header>
      <div className={`${styles.body} ${styles.job}`}>
        <div className={styles.jobHead}>
          <p className={styles.file}>
            <Icon name="file" />
            <bdi>{job.file.name}</bdi>
            <span className={styles.muted}>{formatBytes(job.file.size)}</span>
            <ImportStatus job={job} />
          </p>
          <p className={styles.muted}><bdi>{job.createdBy.name}</bdi> · <Ago value={job.createdAt} /></p>
        </div>
        {running && (
          <Progress
            percent={counts.rows === null || counts.rows === 0 ? 0 : Math.floor((counts.processed / counts.rows) * 100)}
            status="active"
            aria-label={say(`status.${job.status}`)}
            format={() => (counts.rows === null ? say(`status.${job.status}`) : say('job.progress', { done: counts.processed.toLocaleString(), all: counts.rows.toLocaleString() }))}
            className={styles.progress}
          />
        )}
        <p className={styles.said} role="status" data-tone={job.status === 'failed' ? 'danger' : undefined}>{said}</p>
        <dl className={styles.tiles}>
          {tiles.map(([name, count, tone]) => (
            <div key={name} data-tone={tone}><dt>{name}</dt><dd>{count === null ? '–' : count.toLocaleString()}</dd></div>
          ))}
        </dl>
        {begin.isError && <ProblemAlert error={begin.error} />}
        <div className={styles.deeds}>
          {running && <Button danger loading={cancel.isPending} onClick={() => modal.confirm({ title: say('job.cancelAsk'), content: say('job.cancelHint'), okText: say('job.cancel'), okButtonProps: { danger: true }, onOk: () => cancel.mutateAsync().catch(() => undefined) })}>{say('job.cancel')}</Button>}
          {dryRun && job.status === 'completed' && good + counts.present > 0 && (
            <Button type="primary" loading={begin.isPending} onClick={goOn}>{counts.failed > 0 ? say('job.startGood', { count: good + counts.present }) : say('job.start', { count: good + counts.present })}</Button>
          )}
          {dryRun && !running && prepared !== null && <Button onClick={() => void navigate({ to: '/imports/new', search: { kind: job.kind, from: job.id } })}>{say('job.back')}</Button>}
          {!dryRun && (job.status === 'cancelled' || job.status === 'failed') && <Button type="primary" loading={begin.isPending} onClick={goOn}>{say('job.again')}</Button>}
          {!dryRun && job.status === 'completed' && list !== undefined && <Button type="primary" onClick={() => void navigate({ to: list })}>{say('job.open', { kind: say(`kind.${job.kind}`) })}</Button>}
          {job.resultUrl !== null && <Button icon={<Icon name="download" />} href={job.resultUrl} download>{say('job.download')}</Button>}
          {counts.failed > 0 && job.createdBy.id !== me.id && <span className={styles.muted}>{say('job.downloadOthers')}</span>}
          {job.resultUrl !== null && <span className={styles.muted}>{say('job.downloadHint')}</span>}
        </div>
        {!running && counts.failed === 0 && job.status === 'completed' && <p className={styles.fine}><Icon name="checkCircle" /> {say('job.noIssues')}</p>}
        {counts.failed > 0 && <Issues job={job} />}
      </div>
    </div>
  );
}

type Line = ImportIssue & { id: string };
const keyOf = (line: Line): string => line.id;

/** The rows with a fault, however many, page after page as one reads on. */
function Issues({ job }: { job: Import }) {
  const { t } = useTexts();
  const { t: say } = useImportTexts();
  const wide = useWide(768);
  // While it runs the list grows at its end: what is shown stays, and the rest is read once it is over.
  const list = useInfiniteQuery({ ...issuesOf(job.id), queryKey: ['import-issues', job.id, isUnfinished(job)] });
  const lines = useMemo(() => (list.data?.pages.flatMap((page) => page.items) ?? []).map((issue): Line => ({ ...issue, id: String(issue.row) })), [list.data]);
  return (
    <section className={styles.issues} aria-label={say('job.issues')}>
      <h2>{say('job.issues')} <span className={styles.muted}>{job.counts.failed.toLocaleString()}</span></h2>
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {lines.length > 0 && (
        <div className={styles.issueList}>
          <div className={`${styles.issue} ${styles.issueHead}`} aria-hidden="true"><span>{say('job.row')}</span><span className={styles.column}>{say('job.column')}</span><span>{say('job.reason')}</span></div>
          <VirtualList
            items={lines}
            rowHeight={wide ? 44 : 68}
            keyOf={keyOf}
            label={say('job.issues')}
            onEndReached={() => {
              if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
            }}
            renderRow={(line) => (
              <div className={styles.issue}>
                <span className={styles.number}>{line.row.toLocaleString()}</span>
                <span className={styles.column} dir="auto" title={line.column ?? undefined}>{line.column}</span>
                <span className={styles.reason} dir="auto" title={line.message}>{line.message}</span>
              </div>
            )}
            footer={list.isFetchingNextPage ? <p className={styles.muted}>{t('common.loading')}…</p> : null}
          />
        </div>
      )}
    </section>
  );
}
