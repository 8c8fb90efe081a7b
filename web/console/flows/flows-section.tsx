import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Dropdown, Form, Input, Select, Switch } from 'antd';
import { useRef, useState } from 'react';
import type { Flow, FlowSummary } from '../../../contract/flow.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import { Rows, Section } from '../settings/section.tsx';
import sectionStyles from '../settings/section.module.css';
import { archivedFlows, flows } from './flow-queries.ts';
import { useFlowTexts } from './flow-texts.ts';
import styles from './flow-page.module.css';
import { LlmSettingDrawer } from './llm-setting.tsx';

/** The largest BPMN file that is sent, in characters; the server refuses larger ones. */
const largestFile = 900_000;
type Imported = { flow: Flow; notices: { id: string | null; message: string }[] };

/** The flows (流程): what happens to tickets step by step, drawn, published, exchanged as BPMN. */
export function FlowsSection() {
  const { t } = useTexts();
  const { t: say, language } = useFlowTexts();
  const { may } = useSession();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const writable = may('settings.write');
  const [archived, setArchived] = useState(false);
  const [asking, setAsking] = useState(false);
  const [editing, setEditing] = useState<FlowSummary | 'new' | null>(null);
  const list = useQuery(archived ? archivedFlows : flows);
  const file = useRef<HTMLInputElement>(null);
  const change = useMutation({
    mutationFn: ({ flow, patch }: { flow: FlowSummary; patch: object }) => api.patch(`/flows/${flow.id}`, patch, { ifMatch: `"${flow.version}"` }),
    onSuccess: () => void message.success(t('common.saved')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => void queryClient.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith('flows') }),
  });
  const importing = useMutation({
    mutationFn: (xml: string) => postOnce<Imported>('/flows/import-bpmn', { xml }),
    onSuccess: ({ flow, notices }) => {
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
      if (notices.length > 0) modal.info({ title: say('bpmn.notices'), width: 560, content: <ul>{notices.map((notice) => <li key={`${notice.id} ${notice.message}`}>{notice.message}</li>)}</ul> });
      void navigate({ to: '/settings/flows/$flowId/{-$part}', params: { flowId: flow.id, part: undefined } });
    },
    onError: (error) => {
      const problem = asProblem(error);
      const told = [...new Set(problem.errors.map(({ message: line }) => line))];
      modal.error({ title: say('bpmn.refused'), width: 560, content: told.length === 0 ? problem.title : <ul>{told.map((line) => <li key={line}>{line}</li>)}</ul> });
    },
  });
  async function read(chosen: File | undefined): Promise<void> {
    if (chosen === undefined) return;
    if (chosen.size > largestFile) void message.error(say('bpmn.tooLarge', { limit: largestFile / 1_000 }));
    else importing.mutate(await chosen.text());
  }

  return (
    <Section
      title={say('list.title')} hint={say('list.hint')}
      action={
        <span className={styles.actions}>
          <label className={sectionStyles.end}><Switch size="small" checked={archived} onChange={setArchived} /> <span className={sectionStyles.muted}>{say('list.archived')}</span></label>
          {writable && (
            <>
              <input ref={file} type="file" accept=".bpmn,.xml,application/xml,text/xml" hidden aria-label={say('bpmn.import')} onChange={(event) => { void read(event.target.files?.[0]); event.target.value = ''; }} />
              <Button onClick={() => setAsking(true)}>{say('llm.title')}</Button>
              <Button loading={importing.isPending} onClick={() => file.current?.click()}>{say('bpmn.import')}</Button>
              <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{say('list.new')}</Button>
            </>
          )}
        </span>
      }
    >
      <Rows query={list} empty={say('list.none')}>
        {(items) => (
          <div className={sectionStyles.card}>
            {items.map((flow) => (
              <div key={flow.id} className={sectionStyles.row}>
                <span className={sectionStyles.main}>
                  <Link className={sectionStyles.name} to="/settings/flows/$flowId/{-$part}" params={{ flowId: flow.id, part: undefined }}>{localName(flow, language)}</Link>{' '}
                  <span className={sectionStyles.muted}>{flow.published === null ? say('list.unpublished') : say('versions.number', { version: flow.published })} · {say('list.running', { count: flow.running })}{flow.types.length > 0 && <> · {flow.types.map((type) => localName(type, language)).join(say('list.join'))}</>}</span>
                  {flow.description !== null && <span className={sectionStyles.muted} style={{ display: 'block' }}>{flow.description}</span>}
                </span>
                <span className={sectionStyles.end}>
                  {flow.parked > 0 && <Badge tone="danger">{say('list.held', { count: flow.parked })}</Badge>}
                  {flow.hasDraft && flow.published !== null && <Badge tone="warning">{say('list.draft')}</Badge>}
                  {!flow.active && <Badge>{say('list.archivedBadge')}</Badge>}
                  {writable && (
                    <Dropdown
                      trigger={['click']}
                      menu={{
                        items: [{ key: 'edit', label: say('list.edit') }, { key: 'bpmn', label: say('bpmn.export') }, flow.active ? { key: 'archive', label: say('list.archive'), danger: true } : { key: 'restore', label: say('list.restore') }],
                        onClick: ({ key }) => {
                          if (key === 'edit') setEditing(flow);
                          else if (key === 'bpmn') void downloadBpmn(flow.id, flow.name).catch((error: unknown) => message.error(asProblem(error).title));
                          else change.mutate({ flow, patch: { active: key === 'restore' } });
                        },
                      }}
                    >
                      <Button type="text" size="small" icon={<Icon name="more" />} aria-label={`${t('common.more')} ${localName(flow, language)}`} />
                    </Dropdown>
                  )}
                </span>
              </div>
            ))}
          </div>
        )}
      </Rows>
      {asking && <LlmSettingDrawer onClose={() => setAsking(false)} />}
      {editing !== null && (
        <CreateForm<{ name: string; nameEn?: string; description?: string; copyFrom?: string }, Flow>
          title={editing === 'new' ? say('list.new') : say('list.edit')}
          path={editing === 'new' ? '/flows' : `/flows/${editing.id}`}
          version={editing === 'new' ? undefined : editing.version}
          outdates={['flows', 'flows?archived=true']}
          initialValues={editing === 'new' ? {} : { name: editing.name, nameEn: editing.nameEn ?? '', description: editing.description ?? '' }}
          toBody={({ name, nameEn, description, copyFrom }) => ({
            name: name.trim(),
            ...(editing === 'new'
              ? { ...(nameEn?.trim() ? { nameEn: nameEn.trim() } : {}), ...(description?.trim() ? { description: description.trim() } : {}), ...(copyFrom === undefined ? {} : { copyFrom }) }
              : { nameEn: nameEn?.trim() || null, description: description?.trim() || null }),
          })}
          fields={['name', 'nameEn', 'description', 'copyFrom']}
          onClose={() => setEditing(null)}
          onDone={(flow) => { if (editing === 'new') void navigate({ to: '/settings/flows/$flowId/{-$part}', params: { flowId: flow.id, part: undefined } }); }}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} placeholder={say('list.nameExample')} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <Form.Item name="description" label={say('list.description')}><Input.TextArea maxLength={1_000} autoSize={{ minRows: 2, maxRows: 6 }} /></Form.Item>
          {editing === 'new' && (list.data?.length ?? 0) > 0 && <Form.Item name="copyFrom" label={say('list.copyFrom')}><Select allowClear options={(list.data ?? []).map((flow) => ({ value: flow.id, label: localName(flow, language) }))} /></Form.Item>}
        </CreateForm>
      )}
    </Section>
  );
}

/** Saves a flow as a BPMN file (导出 BPMN). */
export async function downloadBpmn(flowId: string, name: string): Promise<void> {
  const { data } = await api.get<{ name: string; xml: string }>(`/flows/${flowId}/bpmn`);
  const address = URL.createObjectURL(new Blob([data.xml], { type: 'application/xml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name.replaceAll(/[\\/:*?"<>|]/g, '_')}.bpmn`;
  link.click();
  URL.revokeObjectURL(address);
}
