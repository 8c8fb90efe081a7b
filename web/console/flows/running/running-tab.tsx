import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Checkbox, Modal, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { FlowInstance, FlowLanding } from '../../../../contract/flow.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { postOnce } from '../../../ui/post-once.ts';
import { Ago, EmptyState, ProblemAlert } from '../../../ui/react/index.ts';
import { Badge } from '../../parts/badge.tsx';
import { flow, flowVersions } from '../flow-queries.ts';
import { useFlowTexts } from '../flow-texts.ts';
import { useFlowWords } from '../flow-words.ts';
import styles from './running.module.css';

type Migration = { items: FlowLanding[]; moved: number; refused: number };

/** Tickets under way (运行中): how many on which version, what is held, and moving them on, with a preview of where each lands. */
export function RunningTab({ flowId }: { flowId: string }) {
  const { t: say } = useFlowTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const record = useQuery(flow(flowId));
  const versions = useQuery(flowVersions(flowId));
  const [onlyHeld, setOnlyHeld] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [moving, setMoving] = useState<readonly string[] | null>(null);
  const list = useInfiniteQuery({
    queryKey: ['flow-instances', flowId, onlyHeld],
    queryFn: async ({ pageParam, signal }) => (await api.get<{ items: FlowInstance[]; nextCursor: string | null }>('/flow-instances', { query: { flow: flowId, limit: 100, cursor: pageParam, ...(onlyHeld ? { held: true } : {}) }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 5_000,
  });
  const retry = useMutation({
    mutationFn: (id: string) => postOnce(`/flow-instances/${id}/retry`, {}),
    onSuccess: () => void message.success(say('running.retried')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['flow-instances', flowId] }),
  });
  const published = record.data?.published ?? null;
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const movable = items.filter(({ number }) => number !== published);
  if (list.isError && list.data === undefined) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />;

  return (
    <div className={styles.page}>
      <section className={styles.counts} aria-label={say('running.perVersion')}>
        {(versions.data ?? []).filter((version) => version.running > 0 || version.current).map((version) => (
          <div key={version.number} className={styles.count}>
            <span>{say('versions.number', { version: version.number })} {version.current && <Badge tone="success">{say('versions.current')}</Badge>}</span>
            <strong>{version.running >= 1_000 ? '1000+' : version.running}</strong>
          </div>
        ))}
        {(record.data?.parked ?? 0) > 0 && <div className={styles.count} data-held><span>{say('running.held')}</span><strong>{record.data?.parked}</strong></div>}
      </section>
      <div className={styles.bar}>
        <Checkbox checked={onlyHeld} onChange={(event) => setOnlyHeld(event.target.checked)}>{say('running.onlyHeld')}</Checkbox>
        <span className={styles.grow} />
        <span className={styles.hint}>{chosen.size > 0 ? say('running.chosen', { count: chosen.size }) : ''}</span>
        <Button disabled={published === null || (movable.length === 0 && !list.hasNextPage)} onClick={() => setMoving(chosen.size > 0 ? [...chosen] : [])}>{chosen.size > 0 ? say('running.moveChosen') : say('running.moveAll')}</Button>
      </div>
      {list.data !== undefined && items.length === 0 ? <EmptyState title={say('running.none')} hint={say('running.noneHint')} /> : (
        <table className={`${styles.table} ${styles.list}`}>
          <thead>
            <tr><th className={styles.choose} aria-label={say('running.choose')} /><th>{say('running.ticket')}</th><th>{say('running.version')}</th><th>{say('running.state')}</th><th>{say('running.since')}</th><th aria-label={say('running.actions')} /></tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                <td><Checkbox aria-label={say('running.chooseOne', { number: item.ticket.number })} disabled={item.number === published} checked={chosen.has(item.id)} onChange={(event) => setChosen((before) => { const next = new Set(before); if (event.target.checked) next.add(item.id); else next.delete(item.id); return next; })} /></td>
                <td><Link to="/tickets/$number" params={{ number: item.ticket.number }}>{item.ticket.number}</Link> <span className={styles.subject}>{item.ticket.subject}</span></td>
                <td className={styles.whole}>{say('versions.number', { version: item.number })}</td>
                <td>
                  {item.stands.filter(({ held }) => !held).map((one) => <span key={`${one.node} ${one.since}`} className={styles.stand}>{one.name || say('run.running')}</span>)}
                  {item.held.map((one) => <span key={one.activation} className={styles.held}><strong>{one.name}</strong> {one.hold.message}</span>)}
                  {item.stands.length + item.held.length === 0 && <Badge tone="accent">{say('run.running')}</Badge>}
                </td>
                <td><Ago value={item.startedAt} /></td>
                <td>{item.held.length > 0 && <Button size="small" loading={retry.isPending && retry.variables === item.id} onClick={() => retry.mutate(item.id)}>{say('run.retry')}</Button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{say('running.more')}</Button>}
      {moving !== null && <MoveDialog flowId={flowId} instances={moving} onClose={() => setMoving(null)} onMoved={() => { setChosen(new Set()); setMoving(null); }} />}
    </div>
  );
}

/** Where each would land (迁移预览), where a step that is gone continues, then the move itself. */
function MoveDialog({ flowId, instances, onClose, onMoved }: { flowId: string; instances: readonly string[]; onClose: () => void; onMoved: () => void }) {
  const { t: say } = useFlowTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const record = useQuery(flow(flowId));
  const definition = record.data?.definition ?? null;
  const words = useFlowWords(definition);
  const [map, setMap] = useState<Readonly<Record<string, string>>>({});
  const body = useMemo(() => ({ ...(instances.length === 0 ? {} : { instances: [...instances] }), ...(Object.keys(map).length === 0 ? {} : { map: { ...map } }) }), [instances, map]);
  const preview = useQuery({ queryKey: ['flow-migration', flowId, body], queryFn: async () => (await api.post<Migration>(`/flows/${flowId}/migration/preview`, body)).data, gcTime: 0, staleTime: 0, placeholderData: (before) => before });
  const move = useMutation({
    mutationFn: () => postOnce<Migration>(`/flows/${flowId}/migration`, body),
    onSuccess: ({ moved, refused }) => {
      void message.success(refused > 0 ? say('running.movedSome', { moved, refused }) : say('running.moved', { count: moved }));
      for (const key of ['flow-instances', 'flow-versions', 'flows']) void queryClient.invalidateQueries({ queryKey: [key] });
      onMoved();
    },
  });
  const items = preview.data?.items ?? [];
  const movable = items.filter(({ moves }) => moves).length;
  // Steps that are gone, each asked for once.
  const gone = [...new Map(items.flatMap(({ stands }) => stands.filter(({ lands, node }) => lands === null || Object.hasOwn(map, node)).map((stand) => [stand.node, stand.name] as const)))];
  const targets = (definition?.nodes ?? []).filter(({ kind }) => kind !== 'start').map((node) => ({ value: node.id, label: words.name(node) || words.kind(node) }));
  return (
    <Modal open width={760} title={say('running.moveTitle')} onCancel={onClose} okText={say('running.moveNow', { count: movable })} okButtonProps={{ disabled: movable === 0 || preview.isFetching }} confirmLoading={move.isPending} onOk={() => move.mutate()}>
      {preview.isError && <ProblemAlert error={preview.error} onRetry={() => void preview.refetch()} />}
      {move.isError && <ProblemAlert error={move.error} />}
      {gone.length > 0 && (
        <section className={styles.map} aria-label={say('running.map')}>
          <h3>{say('running.map')}</h3>
          {gone.map(([node, name]) => (
            <label key={node}><span>{name}</span><Select allowClear size="small" placeholder={say('running.mapTo')} value={map[node]} options={targets} onChange={(to: string | undefined) => setMap((before) => Object.fromEntries([...Object.entries(before).filter(([key]) => key !== node), ...(to === undefined ? [] : [[node, to]])]) as Record<string, string>)} /></label>
          ))}
        </section>
      )}
      <div className={styles.landings}>
        <table className={styles.table}>
          <thead><tr><th>{say('running.ticket')}</th><th>{say('running.from')}</th><th>{say('running.lands')}</th></tr></thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.instance} data-refused={!item.moves || undefined}>
                <td>{item.ticket.number} <span className={styles.subject}>{item.ticket.subject}</span></td>
                <td className={styles.whole}>{say('versions.number', { version: item.from })}</td>
                <td>
                  {item.stands.map((stand) => <span key={stand.activation} className={styles.landing}>{stand.name} → {stand.landsName ?? '—'}</span>)}
                  {item.problems.map((problem) => <span key={`${problem.code} ${problem.message}`} className={styles.problem}>{problem.message}</span>)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {preview.data !== undefined && items.length === 0 && <p className={styles.hint}>{say('running.nothingToMove')}</p>}
      </div>
    </Modal>
  );
}
