import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { FlowDraft } from '../../../../contract/flow.ts';
import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { postOnce } from '../../../ui/post-once.ts';
import { Ago, EmptyState, ProblemAlert } from '../../../ui/react/index.ts';
import { Badge } from '../../parts/badge.tsx';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import type { NodeMark } from '../canvas/flow-node.tsx';
import { placed } from '../designer/edit-flow.ts';
import { flowVersion, flowVersions } from '../flow-queries.ts';
import { useFlowTexts } from '../flow-texts.ts';
import { useFlowWords, type FlowWords } from '../flow-words.ts';
import { compareFlows, type FlowDifferences } from './compare-flows.ts';
import styles from './versions.module.css';

type Props = { flowId: string; draft: FlowDefinition; hasDraft: boolean; onRestored: (draft: FlowDraft) => void };

/** The versions of a flow (版本): side by side, with what differs in colour, and rolled back to. */
export function VersionsTab({ flowId, draft, hasDraft, onRestored }: Props) {
  const { t: say } = useFlowTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const list = useQuery(flowVersions(flowId));
  const versions = list.data ?? [];
  const [pair, setPair] = useState<{ left: string; right: string } | null>(null);
  const newest = versions[0]?.number;
  const left = pair?.left ?? String(hasDraft ? (newest ?? '') : (versions[1]?.number ?? newest ?? ''));
  const right = pair?.right ?? (hasDraft ? 'draft' : String(newest ?? ''));
  const before = useDefinition(flowId, left, draft);
  const after = useDefinition(flowId, right, draft);
  const differences = useMemo(() => (before === null || after === null ? null : compareFlows(before, after)), [before, after]);
  const restore = useMutation({
    mutationFn: async (number: number) => {
      await postOnce(`/flows/${flowId}/versions/${number}/restore`, {});
      return (await api.get<FlowDraft>(`/flows/${flowId}/draft`)).data;
    },
    onSuccess: (fresh) => {
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
      void queryClient.invalidateQueries({ queryKey: ['flow-versions', flowId] });
      void message.success(say('publish.done', { version: fresh.published ?? 0 }));
      onRestored(fresh);
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  if (list.isError) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />;
  if (list.data !== undefined && versions.length === 0) return <EmptyState title={say('versions.none')} hint={say('versions.noneHint')} />;
  const names = [...(hasDraft ? [{ value: 'draft', label: say('versions.draft') }] : []), ...versions.map(({ number }) => ({ value: String(number), label: say('versions.number', { version: number }) }))];

  return (
    <div className={styles.versions}>
      <aside className={styles.list} aria-label={say('tab.versions')}>
        <ol>
          {versions.map((version) => (
            <li key={version.number}>
              <p><strong>{say('versions.number', { version: version.number })}</strong> {version.current && <Badge tone="success">{say('versions.current')}</Badge>}</p>
              <p className={styles.hint}><Ago value={version.publishedAt} />{version.publishedBy?.name != null && <> · {version.publishedBy.name}</>}</p>
              <p className={styles.hint}>{say('versions.size', { count: version.nodeCount })} · {say('versions.running', { count: version.running })}{version.restored !== null && <> · {say('versions.restored', { version: version.restored })}</>}</p>
              {version.note !== null && <p className={styles.note}>{version.note}</p>}
              <span className={styles.actions}>
                <Button size="small" type="text" onClick={() => setPair({ left: String(version.number), right: right === String(version.number) ? (hasDraft ? 'draft' : String(newest)) : right })}>{say('versions.compare')}</Button>
                {!version.current && (
                  <Popconfirm title={say('versions.restoreAsk', { version: version.number })} okText={say('versions.restore')} onConfirm={() => restore.mutate(version.number)}>
                    <Button size="small" loading={restore.isPending && restore.variables === version.number}>{say('versions.restore')}</Button>
                  </Popconfirm>
                )}
              </span>
            </li>
          ))}
        </ol>
      </aside>
      <div className={styles.pair}>
        {([['left', left, before], ['right', right, after]] as const).map(([side, name, definition]) => (
          <section key={side} className={styles.half} aria-label={say(`versions.${side}`)}>
            <header>
              <Select size="small" aria-label={say(`versions.${side}`)} value={name} options={names} onChange={(value: string) => setPair({ left, right, [side]: value })} />
              {side === 'right' && differences !== null && <Legend differences={differences} />}
            </header>
            <div className={styles.canvas}>
              {definition !== null && <FlowCanvas definition={definition} label={say(`versions.${side}`)} marks={marksFor(differences, side)} edgeChanges={edgesFor(differences, side)} fitKey={`${side} ${name} ${differences !== null}`} minimap={false} />}
            </div>
          </section>
        ))}
      </div>
      {differences !== null && before !== null && after !== null && <DifferenceList before={before} after={after} differences={differences} />}
    </div>
  );
}

function useDefinition(flowId: string, name: string, draft: FlowDefinition): FlowDefinition | null {
  const number = Number(name);
  const version = useQuery({ ...flowVersion(flowId, number), enabled: Number.isInteger(number) && number > 0 });
  const given = name === 'draft' ? draft : version.data?.definition;
  return useMemo(() => (given === undefined ? null : placed(given)), [given]);
}

/** On the left stands what goes, on the right what comes; what changed is marked on both. */
function marksFor(differences: FlowDifferences | null, side: 'left' | 'right'): ReadonlyMap<string, NodeMark> {
  return new Map([...(differences?.nodes ?? [])].flatMap(([id, { change }]) => (change === 'changed' || change === (side === 'left' ? 'removed' : 'added') ? [[id, { change }] as const] : [])));
}
function edgesFor(differences: FlowDifferences | null, side: 'left' | 'right'): ReadonlyMap<string, 'added' | 'removed' | 'changed'> {
  return new Map([...(differences?.edges ?? [])].flatMap(([id, { change }]) => (change === 'changed' || change === (side === 'left' ? 'removed' : 'added') ? [[id, change] as const] : [])));
}

function Legend({ differences }: { differences: FlowDifferences }) {
  const { t: say } = useFlowTexts();
  const count = (change: string): number => [...differences.nodes.values(), ...differences.edges.values()].filter((one) => one.change === change).length;
  if (differences.nodes.size + differences.edges.size === 0) return <span className={styles.hint}>{say('versions.same')}</span>;
  return (
    <span className={styles.legend}>
      {(['added', 'removed', 'changed'] as const).filter((change) => count(change) > 0).map((change) => <span key={change} data-change={change}>{say(`change.${change}`)} {count(change)}</span>)}
    </span>
  );
}

function DifferenceList({ before, after, differences }: { before: FlowDefinition; after: FlowDefinition; differences: FlowDifferences }) {
  const { t: say } = useFlowTexts();
  const [earlier, later] = [useFlowWords(before), useFlowWords(after)];
  if (differences.nodes.size + differences.edges.size === 0) return null;
  const nodeName = (id: string): string => {
    const node = after.nodes.find((one) => one.id === id);
    if (node !== undefined) return later.name(node) || later.kind(node);
    const gone = before.nodes.find((one) => one.id === id);
    return gone === undefined ? id : earlier.name(gone) || earlier.kind(gone);
  };
  const property = (name: string): string => (knownProperties.has(name) ? say(`property.${name as 'name'}`) : name);
  const told = (name: string, [was, is]: readonly [string, string]): string => (was === is || (was === '' && is === '') ? property(name) : say('change.fromTo', { property: property(name), from: was || '—', to: is || '—' }));
  const ofNode = (id: string, name: string): string => {
    const [was, is] = [before.nodes.find((one) => one.id === id), after.nodes.find((one) => one.id === id)];
    if (was === undefined || is === undefined) return property(name);
    if (name === 'name') return told(name, [earlier.name(was), later.name(is)]);
    if (name === 'performers') return told(name, ['performers' in was ? earlier.performers(was.performers) : '', 'performers' in is ? later.performers(is.performers) : '']);
    if (name === 'status') return told(name, ['status' in was && was.status !== undefined ? earlier.status(was.status) : '', 'status' in is && is.status !== undefined ? later.status(is.status) : '']);
    if (name === 'limit') return told(name, ['limit' in was && was.limit !== undefined ? earlier.span(was.limit.span) : '', 'limit' in is && is.limit !== undefined ? later.span(is.limit.span) : '']);
    return property(name);
  };
  const ofEdge = (id: string, name: string): string => {
    const [was, is] = [before.edges.find((one) => one.id === id), after.edges.find((one) => one.id === id)];
    if (was === undefined || is === undefined) return property(name);
    if (name === 'to') return told(name, [nameIn(before, earlier, was.to), nameIn(after, later, is.to)]);
    return name === 'condition' || name === 'name' || name === 'outcome' ? told(name, [earlier.edge(was), later.edge(is)]) : property(name);
  };
  return (
    <section className={styles.differences} aria-label={say('versions.differences')}>
      <ul>
        {[...differences.nodes].map(([id, { change, properties }]) => (
          <li key={id}><Badge tone={tones[change]}>{say(`change.${change}`)}</Badge> <strong>{nodeName(id)}</strong> {properties.length > 0 && <span className={styles.hint}>{properties.map((name) => ofNode(id, name)).join(say('change.join'))}</span>}</li>
        ))}
        {[...differences.edges].map(([id, { change, properties }]) => {
          const edge = after.edges.find((one) => one.id === id) ?? before.edges.find((one) => one.id === id);
          return edge === undefined ? null : <li key={id}><Badge tone={tones[change]}>{say(`change.${change}`)}</Badge> {nodeName(edge.from)} → {nodeName(edge.to)} {properties.length > 0 && <span className={styles.hint}>{properties.map((name) => ofEdge(id, name)).join(say('change.join'))}</span>}</li>;
        })}
      </ul>
    </section>
  );
}

/** What a step is called in one of the two. */
function nameIn(definition: FlowDefinition, words: FlowWords, id: string): string {
  const node = definition.nodes.find((one) => one.id === id);
  return node === undefined ? id : words.name(node) || words.kind(node);
}

const tones = { added: 'success', removed: 'danger', changed: 'warning' } as const;
const knownProperties = new Set(['name', 'description', 'status', 'performers', 'mode', 'quorum', 'fields', 'outcomes', 'limit', 'timers', 'multi', 'action', 'for', 'flow', 'condition', 'outcome', 'isDefault', 'from', 'to', 'instructions', 'kind', 'mayReturn', 'mayAddSigner', 'mayHandOver', 'whenRejected', 'whenFailed']);
