import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { App, Button, Dropdown, Input, Modal, Popconfirm, Segmented, Tooltip } from 'antd';
import { useMemo, useState } from 'react';
import type { Flow, FlowDraft } from '../../../contract/flow.ts';
import { checkFlow } from '../../../rules/workflow/check.ts';
import { findingSentence } from '../../../rules/workflow/finding.ts';
import { api, asProblem } from '../../ui/api.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { PagePending } from '../shell/page-states.tsx';
import { FlowCanvas } from './canvas/flow-canvas.tsx';
import { Designer } from './designer/designer.tsx';
import { placed } from './designer/edit-flow.ts';
import { useFlowDraft } from './designer/use-flow-draft.ts';
import { flow, flowDraft, flowVersion } from './flow-queries.ts';
import { useFlowTexts, type FlowSay } from './flow-texts.ts';
import { downloadBpmn } from './flows-section.tsx';
import { RunningTab } from './running/running-tab.tsx';
import { TestRun } from './run/test-run.tsx';
import { compareFlows } from './versions/compare-flows.ts';
import { VersionsTab } from './versions/versions-tab.tsx';
import { useSurroundings } from './surroundings.ts';
import styles from './flow-page.module.css';

const parts = ['design', 'run', 'versions', 'running'] as const;
type Part = (typeof parts)[number];

/** One flow (流程): drawn, tried, its versions, and the tickets that run on it. */
export function FlowPage() {
  const { flowId } = useParams({ from: '/settings/flows/$flowId/{-$part}' });
  const { may } = useSession();
  const { t: say } = useFlowTexts();
  useTitle(say('list.title'));
  const record = useQuery(flow(flowId));
  const draft = useQuery({ ...flowDraft(flowId), enabled: may('settings.write'), refetchOnMount: 'always' });
  if (!may('settings.write')) {
    if (record.error !== null) return <div className={styles.failed}><ProblemAlert error={record.error} onRetry={() => void record.refetch()} /></div>;
    return record.data === undefined ? <PagePending /> : <Shown record={record.data} />;
  }
  const error = record.error ?? draft.error;
  if (error !== null && (record.data === undefined || draft.data === undefined)) return <div className={styles.failed}><ProblemAlert error={error} onRetry={() => { void record.refetch(); void draft.refetch(); }} /></div>;
  if (record.data === undefined || draft.data === undefined || (draft.isFetching && !draft.isFetchedAfterMount)) return <PagePending />;
  return <Opened key={flowId} record={record.data} initial={draft.data} />;
}

/** The published flow, to be looked at by whoever does not draw it (查看流程). */
function Shown({ record }: { record: Flow }) {
  const { t } = useTexts();
  const { t: say, language } = useFlowTexts();
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <Link to="/settings/{-$section}" params={{ section: 'flows' }} className={styles.back} aria-label={t('common.back')}><Icon name="arrowLeft" /></Link>
        <div className={styles.title}>
          <h1>{localName(record, language)}</h1>
          <p className={styles.hint}>{record.published === null ? say('list.unpublished') : say('versions.number', { version: record.published })}{record.withheld && ` · ${say('shown.withheld')}`}</p>
        </div>
      </header>
      {record.definition === null ? <EmptyState title={say('list.unpublished')} /> : <div className={styles.shown}><FlowCanvas definition={placed(record.definition)} label={say('canvas.label')} fitKey={record.id} /></div>}
    </div>
  );
}

function Opened({ record, initial }: { record: Flow; initial: FlowDraft }) {
  const { part: given } = useParams({ from: '/settings/flows/$flowId/{-$part}' });
  const part: Part = parts.find((one) => one === given) ?? 'design';
  const { t } = useTexts();
  const { t: say, language } = useFlowTexts();
  const { me } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const draft = useFlowDraft(record.id, initial);
  const [publishing, setPublishing] = useState(false);
  const around = useSurroundings(record);
  const { definition, server } = draft;

  // What the shared rule finds, at once; what only the server knows, as of the last time it was kept.
  const findings = useMemo(() => {
    const own = checkFlow(definition, around).map((finding) => ({ level: finding.level, node: finding.node, edge: finding.edge ?? null, at: finding.at ?? null, code: finding.code as string, message: missingPart(finding, say) ?? findingSentence(finding, language) }));
    const serverOnly = new Set(['unknown_person', 'circular_subflow', 'unknown_fact', 'header_again', 'llm_off']);
    return [...own, ...server.findings.filter((finding) => serverOnly.has(finding.code) && !own.some((one) => one.node === finding.node && one.code === finding.code))];
  }, [definition, around, language, say, server.findings]);
  const errors = findings.filter(({ level }) => level === 'error').length;

  const discard = useMutation({
    mutationFn: async () => {
      await api.delete(`/flows/${record.id}/draft`);
      return (await api.get<FlowDraft>(`/flows/${record.id}/draft`)).data;
    },
    onSuccess: (fresh) => {
      draft.take(fresh, true);
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  const go = (next: Part): void => void navigate({ to: '/settings/flows/$flowId/{-$part}', params: { flowId: record.id, part: next === 'design' ? undefined : next } });
  const settled = draft.state === 'saved';

  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <Link to="/settings/{-$section}" params={{ section: 'flows' }} className={styles.back} aria-label={t('common.back')}><Icon name="arrowLeft" /></Link>
        <div className={styles.title}>
          <h1>{localName(record, language)}</h1>
          <p className={styles.hint} role="status">
            {server.published === null ? say('list.unpublished') : server.changed ? say('state.changed', { version: server.published }) : say('state.same', { version: server.published })}
            {' · '}
            {draft.state === 'failed' ? <button type="button" className={styles.retry} onClick={draft.retry}>{say(draft.isCutOff ? 'state.cutOff' : 'state.failed')}</button> : draft.state === 'conflict' ? say('state.unsaved') : settled ? say('state.saved') : say('state.saving')}
          </p>
        </div>
        <Segmented<Part> className={styles.tabs} aria-label={say('tab.label')} value={part} options={parts.map((one) => ({ value: one, label: one === 'running' && record.running > 0 ? <span>{say('tab.running')} <Badge>{record.running >= 1_000 ? '1000+' : record.running}</Badge></span> : say(`tab.${one}`) }))} onChange={go} />
        <div className={styles.end}>
          <Dropdown
            trigger={['click']}
            menu={{
              items: [{ key: 'simulate', label: say('simulate') }, { key: 'bpmn', label: say('bpmn.export') }],
              onClick: ({ key }) => {
                if (key === 'simulate') void navigate({ to: '/settings/sla/simulation', search: { flow: record.id } });
                else void downloadBpmn(record.id, record.name).catch((error: unknown) => message.error(asProblem(error).title));
              },
            }}
          >
            <Button type="text" icon={<Icon name="more" />} aria-label={t('common.more')} />
          </Dropdown>
          {server.changed && server.published !== null && (
            <Popconfirm title={say('state.discardAsk')} okText={say('state.discard')} okButtonProps={{ danger: true }} onConfirm={() => discard.mutate()}>
              <Button>{say('state.discard')}</Button>
            </Popconfirm>
          )}
          <Tooltip title={errors > 0 ? say('publish.blocked', { count: errors }) : undefined}>
            <Button type="primary" disabled={!server.changed || errors > 0 || !settled} onClick={() => setPublishing(true)}>{say('publish.publish')}</Button>
          </Tooltip>
        </div>
      </header>
      {draft.state === 'conflict' && (
        <div className={styles.conflict} role="alert">
          <span>{draft.theirs?.changedBy?.id === me.id ? say('state.conflictOwn') : say('state.conflict', { name: draft.theirs?.changedBy?.name ?? say('state.somebody') })}</span>
          <Button size="small" onClick={draft.takeTheirs}>{say('state.takeTheirs')}</Button>
          <Button size="small" danger onClick={draft.keepMine}>{say('state.keepMine')}</Button>
        </div>
      )}
      {part === 'design' && <Designer flowId={record.id} draft={draft} findings={findings} />}
      {part === 'run' && <TestRun flowId={record.id} definition={definition} broken={findings.some(({ level, code }) => level === 'error' && ['shape', 'no_start', 'unknown_node', 'duplicate_id', 'several_starts'].includes(code))} />}
      {part === 'versions' && <VersionsTab flowId={record.id} draft={definition} hasDraft={server.changed} onRestored={(fresh) => draft.take(fresh, true)} />}
      {part === 'running' && <RunningTab flowId={record.id} />}
      {publishing && <PublishDialog record={record} draft={draft} onClose={() => setPublishing(false)} />}
    </div>
  );
}

/** A part that was put there and not filled in yet is called what it is; null for all other findings. */
function missingPart({ code, at }: { code: string; at?: string }, say: FlowSay): string | null {
  if (code !== 'shape' || at === undefined) return null;
  if (/\/(performers|to)\/\d+\/id$/.test(at)) return say('check.chooseWho');
  if (at === '/flow') return say('check.chooseFlow');
  if (/\/(lines|headers)(\/|$)/.test(at)) return say('check.fillIn');
  return /\/(key|into|url|subject|node|field)$/.test(at) ? say('check.fillIn') : null;
}

/** What is about to change, and why (发布流程): then the draft becomes the next version; what runs stays on its own. */
function PublishDialog({ record, draft, onClose }: { record: Flow; draft: ReturnType<typeof useFlowDraft>; onClose: () => void }) {
  const { t: say } = useFlowTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [note, setNote] = useState('');
  const published = useQuery({ ...flowVersion(record.id, draft.server.published ?? 0), enabled: draft.server.published !== null });
  const differences = published.data === undefined ? null : compareFlows(published.data.definition, draft.definition);
  const count = (change: string): number => [...(differences?.nodes.values() ?? []), ...(differences?.edges.values() ?? [])].filter((one) => one.change === change).length;
  const publish = useMutation({
    mutationFn: async () => {
      const { version } = await draft.save();
      await api.post(`/flows/${record.id}/publish`, note.trim() === '' ? {} : { note: note.trim() }, { ifMatch: `"${version}"` });
      return (await api.get<FlowDraft>(`/flows/${record.id}/draft`)).data;
    },
    onSuccess: (fresh) => {
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
      void queryClient.invalidateQueries({ queryKey: ['flow-versions', record.id] });
      void message.success(say('publish.done', { version: fresh.published ?? 1 }));
      draft.take(fresh, false);
      onClose();
    },
  });
  return (
    <Modal open width={520} title={say('publish.title')} onCancel={onClose} okText={say('publish.publish')} confirmLoading={publish.isPending} onOk={() => publish.mutate()}>
      {publish.isError && <ProblemAlert error={publish.error} />}
      <label className={styles.note}>
        <span>{say('publish.note')}</span>
        <Input.TextArea autoFocus autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} placeholder={say('publish.noteExample')} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <p className={styles.changes}>
        {differences === null ? say('publish.first') : (['added', 'removed', 'changed'] as const).map((change) => <Badge key={change} tone={change === 'added' ? 'success' : change === 'removed' ? 'danger' : 'warning'}>{say(`change.${change}`)} {count(change)}</Badge>)}
      </p>
      {record.running > 0 && <p className={styles.hint}>{say('publish.running', { count: record.running })}</p>}
    </Modal>
  );
}
