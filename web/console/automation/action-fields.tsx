import { useQuery } from '@tanstack/react-query';
import { Input, Segmented, Select } from 'antd';
import type { ReactNode } from 'react';
import type { Macro } from '../../../contract/desk.ts';
import type { Action } from '../../../rules/automation/definition.ts';
import { priorities, ticketStatuses, waitingReasons, type Priority } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import { teams, ticketTypes, whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { CategorySelect } from '../parts/category-select.tsx';
import { ticketStatusRecords } from '../parts/filter-vocabulary.ts';
import { localName, waitForTexts } from '../parts/names.ts';
import { OwnFieldValues } from './own-field-values.tsx';
import { useAutomationTexts } from './texts.ts';
import { WhomField, WhomList } from './whom-fields.tsx';
import styles from './automation.module.css';
import { readHeaderLines, sealedSign, writeHeaderLines } from './header-lines.ts';
import { isSealedHeader } from '../../../rules/workflow/definition.ts';

const macros = whole<Macro>('macros');
const flows = { ...whole<{ id: string; name: string; nameEn: string | null; published: number | null; active: boolean }>('flows'), retry: false };

type Props<Kind extends Action['kind']> = { action: Extract<Action, { kind: Kind }>; onChange: (action: Action) => void };

/** What an action takes, by its kind (动作设置). */
export function ActionFields({ action, onChange }: { action: Action; onChange: (action: Action) => void }): ReactNode {
  const { t: say } = useAutomationTexts();
  switch (action.kind) {
    case 'set': return <SetFields action={action} onChange={onChange} />;
    case 'status': return <StatusFields action={action} onChange={onChange} />;
    case 'tag': case 'untag': return <Select mode="tags" open={false} suffixIcon={null} aria-label={say('field.tags')} placeholder={say('field.tags')} value={[...action.tags]} onChange={(tags: string[]) => onChange({ ...action, tags })} />;
    case 'assign': return (
      <>
        <WhomField value={action.to} onChange={(to) => onChange({ ...action, to })} />
        <Input aria-label={say('field.note')} placeholder={say('field.note')} maxLength={1_000} value={action.note ?? ''} onChange={(event) => onChange(optional(action, 'note', event.target.value))} />
      </>
    );
    case 'comment': return (
      <>
        <Segmented aria-label={say('field.visibility')} value={action.visibility} options={(['internal', 'public'] as const).map((visibility) => ({ value: visibility, label: say(`visibility.${visibility}`) }))} onChange={(visibility) => onChange({ ...action, visibility })} />
        <TextField label={say('field.text')} value={action.body} onChange={(body) => onChange({ ...action, body })} />
      </>
    );
    case 'notify': return (
      <>
        <WhomList value={action.whom} onChange={(whom) => onChange({ ...action, whom })} />
        <TextField label={say('field.text')} value={action.text} onChange={(text) => onChange({ ...action, text })} />
      </>
    );
    case 'watch': return <WhomList value={action.whom} onChange={(whom) => onChange({ ...action, whom })} />;
    case 'checklist': return (
      <Input.TextArea
        aria-label={say('field.items')} placeholder={say('field.items')} autoSize={{ minRows: 2, maxRows: 10 }} value={(action.items ?? []).join('\n')}
        onChange={(event) => onChange({ kind: 'checklist', items: event.target.value === '' ? [] : event.target.value.split('\n') })}
        onBlur={() => onChange({ kind: 'checklist', items: (action.items ?? []).map((item) => item.trim()).filter((item) => item !== '') })}
      />
    );
    case 'macro': return <MacroField action={action} onChange={onChange} />;
    case 'flow': return <FlowField action={action} onChange={onChange} />;
    case 'create': return <CreateFields action={action} onChange={onChange} />;
    case 'call': return <CallFields action={action} onChange={onChange} />;
  }
}

/** The action with one property set, or without it where nothing was given. */
function optional<Kind extends Action['kind']>(action: Extract<Action, { kind: Kind }>, property: string, value: unknown): Action {
  const { [property]: _before, ...rest } = action as unknown as Record<string, unknown>;
  return (value === undefined || value === '' ? rest : { ...rest, [property]: value }) as unknown as Action;
}

function TextField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { t: say } = useAutomationTexts();
  return (
    <>
      <Input.TextArea aria-label={label} placeholder={label} autoSize={{ minRows: 2, maxRows: 10 }} maxLength={20_000} value={value} onChange={(event) => onChange(event.target.value)} />
      <span className={styles.muted}>{say('field.variables', { first: '{{ticket.number}}', second: '{{customer.name|您}}' })}</span>
    </>
  );
}

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return <div className={styles.labelled}><span aria-hidden>{label}</span>{children}</div>;
}

const priorityOptions = () => priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }));

function SetFields({ action, onChange }: Props<'set'>) {
  const { t: say } = useAutomationTexts();
  return (
    <div className={styles.fields}>
      <Labelled label={say('field.priority')}><Select<Priority> aria-label={say('field.priority')} allowClear placeholder={say('field.keep')} value={action.priority} options={priorityOptions()} onChange={(priority) => onChange(optional(action, 'priority', priority))} /></Labelled>
      <Labelled label={say('field.category')}><CategorySelect allowClear placeholder={say('field.keep')} wholePath value={action.category ?? undefined} onChange={(category) => onChange(optional(action, 'category', category))} /></Labelled>
      <Labelled label={say('own.title')}><OwnFieldValues values={action.fields ?? {}} onChange={(fields) => onChange(optional(action, 'fields', Object.keys(fields).length === 0 ? undefined : fields))} /></Labelled>
    </div>
  );
}

function StatusFields({ action, onChange }: Props<'status'>) {
  const { t: say } = useAutomationTexts();
  const { t, language } = useTexts();
  const own = useQuery(ticketStatusRecords);
  const kind = ticketStatuses.find((status) => status === action.status) ?? own.data?.find((status) => status.id === action.status)?.class;
  return (
    <>
      <Select
        aria-label={say('field.status')} value={action.status} popupMatchSelectWidth={false}
        options={[...ticketStatuses.filter((status) => status !== 'new').map((status) => ({ value: status as string, label: words(`status.${status}`) })), ...(own.data ?? []).filter((status) => status.active).map((status) => ({ value: status.id, label: `${localName(status, language)} (${words(`status.${status.class}`)})` }))]}
        onChange={(status: string) => onChange({ kind: 'status', status, ...(status === 'waiting' ? { for: 'customer' } : {}) })}
      />
      {action.status === 'waiting' && <Select aria-label={say('field.waitFor')} value={action.for} options={waitingReasons.map((reason) => ({ value: reason as string, label: t(waitForTexts[reason]) }))} onChange={(reason: string) => onChange({ ...action, for: reason })} />}
      {kind === 'resolved' && <TextField label={say('field.resolution')} value={action.resolution ?? ''} onChange={(text) => onChange(optional(action, 'resolution', text))} />}
      {(kind === 'cancelled' || kind === 'open' || kind === 'waiting') && <Input aria-label={say('field.reason')} placeholder={say('field.reason')} maxLength={1_000} value={action.reason ?? ''} onChange={(event) => onChange(optional(action, 'reason', event.target.value))} />}
    </>
  );
}

function MacroField({ action, onChange }: Props<'macro'>) {
  const { t: say } = useAutomationTexts();
  const list = useQuery(macros);
  return <Select aria-label={say('field.macro')} placeholder={say('field.macro')} showSearch={{ optionFilterProp: 'label' }} value={action.macro === '' ? undefined : action.macro} options={(list.data ?? []).filter((macro) => macro.kind === 'shared').map((macro) => ({ value: macro.id, label: macro.name }))} onChange={(macro: string) => onChange({ kind: 'macro', macro })} />;
}

function FlowField({ action, onChange }: Props<'flow'>) {
  const { t: say } = useAutomationTexts();
  const { language } = useTexts();
  const list = useQuery(flows);
  const offered = (list.data ?? []).filter((flow) => flow.active && flow.published !== null);
  return <Select aria-label={say('field.flow')} placeholder={say('field.flow')} notFoundContent={say('field.noFlow')} showSearch={{ optionFilterProp: 'label' }} value={action.flow === '' ? undefined : action.flow} options={offered.map((flow) => ({ value: flow.id, label: localName(flow, language) }))} onChange={(flow: string) => onChange({ kind: 'flow', flow })} />;
}

function CreateFields({ action, onChange }: Props<'create'>) {
  const { t: say } = useAutomationTexts();
  const { language } = useTexts();
  const types = useQuery(ticketTypes);
  const teamList = useQuery(teams);
  return (
    <>
      <Input aria-label={say('field.subject')} placeholder={say('field.subject')} maxLength={200} value={action.subject} onChange={(event) => onChange({ ...action, subject: event.target.value })} />
      <TextField label={say('field.description')} value={action.description ?? ''} onChange={(text) => onChange(optional(action, 'description', text))} />
      <div className={styles.fields}>
        <Labelled label={say('field.relation')}><Select aria-label={say('field.relation')} value={action.relation} options={(['child', 'related', 'none'] as const).map((relation) => ({ value: relation, label: say(`relation.${relation}`) }))} onChange={(relation: 'child' | 'related' | 'none') => onChange({ ...action, relation })} /></Labelled>
        <Labelled label={say('field.type')}><Select aria-label={say('field.type')} allowClear placeholder={say('field.defaultType')} value={action.type} options={(types.data ?? []).filter((type) => type.active).map((type) => ({ value: type.id, label: localName(type, language) }))} onChange={(type: string | undefined) => onChange(optional(action, 'type', type))} /></Labelled>
        <Labelled label={say('field.priority')}><Select<Priority> aria-label={say('field.priority')} allowClear placeholder="—" value={action.priority} options={priorityOptions()} onChange={(priority) => onChange(optional(action, 'priority', priority))} /></Labelled>
        <Labelled label={say('field.category')}><CategorySelect allowClear placeholder="—" value={action.category} onChange={(category) => onChange(optional(action, 'category', category))} /></Labelled>
        <Labelled label={say('field.team')}><Select aria-label={say('field.team')} allowClear placeholder={say('field.byCategory')} showSearch={{ optionFilterProp: 'label' }} value={action.team} options={(teamList.data ?? []).map((team) => ({ value: team.id, label: localName(team, language) }))} onChange={(team: string | undefined) => onChange(optional(action, 'team', team))} /></Labelled>
        <Labelled label={say('field.tags')}><Select mode="tags" open={false} suffixIcon={null} aria-label={say('field.tags')} placeholder="—" value={[...action.tags ?? []]} onChange={(tags: string[]) => onChange(optional(action, 'tags', tags.length === 0 ? undefined : tags))} /></Labelled>
      </div>
    </>
  );
}



function CallFields({ action, onChange }: Props<'call'>) {
  const { t: say } = useAutomationTexts();
  return (
    <>
      <span className={styles.inline}>
        <Select aria-label={say('field.method')} className={styles.short} value={action.method} options={(['POST', 'PUT', 'GET'] as const).map((method) => ({ value: method, label: method }))} onChange={(method: 'POST' | 'PUT' | 'GET') => onChange(method === 'GET' ? optional({ ...action, method }, 'body', undefined) : { ...action, method })} />
        <Input className={styles.grow} aria-label={say('field.url')} placeholder="https://…" maxLength={2_000} value={action.url} onChange={(event) => onChange({ ...action, url: event.target.value.trim() })} />
      </span>
      <Input.TextArea
        aria-label={say('field.headers')} placeholder={say('field.headers')} autoSize={{ minRows: 1, maxRows: 6 }} defaultValue={writeHeaderLines(action.headers ?? {})}
        onBlur={(event) => {
          const headers = readHeaderLines(event.target.value, action.headers ?? {});
          onChange(optional(action, 'headers', Object.keys(headers).length === 0 ? undefined : headers));
        }}
      />
      {Object.values(action.headers ?? {}).some(isSealedHeader) && <span className={styles.muted}>{say('field.headersSealed', { sealed: sealedSign })}</span>}
      {action.method !== 'GET' && <Input.TextArea aria-label={say('field.body')} placeholder={say('field.body')} autoSize={{ minRows: 2, maxRows: 10 }} maxLength={20_000} value={action.body ?? ''} onChange={(event) => onChange(optional(action, 'body', event.target.value))} />}
    </>
  );
}
