/* oxlint-disable unicorn/no-thenable -- “then” is what a time limit leads to; nobody awaits it */
import { useQuery } from '@tanstack/react-query';
import { Button, Input, InputNumber, Segmented, Select } from 'antd';
import { flowLimits, isHuman, outcomesOf, type ActivityNode, type BoundaryTimer, type Due, type FlowDefinition, type FlowNode, type MultiInstance, type StatusSetting, type TimeLimit } from '../../../../rules/workflow/definition.ts';
import { ticketStatuses, waitingReasons, type WaitingFor } from '../../../../rules/ticket/lifecycle.ts';
import { words } from '../../../ui/words.ts';
import { Icon } from '../../parts/icon.tsx';
import { ticketStatusRecords } from '../../parts/filter-vocabulary.ts';
import { localName } from '../../parts/names.ts';
import { freshId, timersOf } from '../designer/edit-flow.ts';
import { useFlowTexts } from '../flow-texts.ts';
import { ConditionField } from './condition-field.tsx';
import { Field, Group, Part, SpanField, Toggle, WordsField } from './controls.tsx';
import type { Patch } from './people-properties.tsx';
import { PerformersEditor } from './performers-editor.tsx';
import { RuleText } from './rule-field.tsx';
import styles from './properties.module.css';

/** The status the ticket gets when the step begins (进入时的工单状态). */
export function StatusField({ status, onChange }: { status: StatusSetting | undefined; onChange: (status: StatusSetting | undefined) => void }) {
  const { t: say, language } = useFlowTexts();
  const own = useQuery(ticketStatusRecords);
  const isClass = (name: string): boolean => (ticketStatuses as readonly string[]).includes(name);
  const classOf = (name: string): string | undefined => (isClass(name) ? name : own.data?.find(({ id }) => id === name)?.class);
  const kind = status === undefined ? undefined : classOf(status.status);
  return (
    <>
      <Field label={say('status.label')}>
        <Select
          size="small" allowClear placeholder={say('status.keep')} value={status?.status}
          options={[
            { label: say('status.classes'), options: ticketStatuses.filter((one) => one !== 'new').map((value) => ({ value: value as string, label: words(`status.${value}`) })) },
            ...((own.data ?? []).length === 0 ? [] : [{ label: say('status.own'), options: (own.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) })) }]),
          ]}
          onChange={(next: string | undefined) => onChange(next === undefined ? undefined : { status: next, ...(classOf(next) === 'waiting' ? { waitingFor: status?.waitingFor ?? 'customer' } : {}) })}
        />
      </Field>
      {status !== undefined && kind === 'waiting' && (
        <Field label={say('status.waitingFor')}>
          <Select size="small" value={status.waitingFor ?? 'customer'} options={waitingReasons.map((value) => ({ value, label: say(`waiting.${value}`) }))} onChange={(waitingFor: WaitingFor) => onChange({ ...status, waitingFor })} />
        </Field>
      )}
      {status !== undefined && kind === 'resolved' && <WordsField label={say('status.resolution')} labelEn={say('status.resolutionEn')} long most={1_000} value={status.resolution} onChange={(resolution) => onChange(strip({ ...status, resolution }))} />}
      {status !== undefined && kind === 'cancelled' && <WordsField label={say('status.reason')} labelEn={say('status.reasonEn')} long most={1_000} value={status.reason} onChange={(reason) => onChange(strip({ ...status, reason }))} />}
    </>
  );
}

function strip<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value;
}

/** How long a step may take, and what happens then (时限). */
export function LimitEditor({ node, definition, limit, onChange }: { node: FlowNode; definition: FlowDefinition; limit: TimeLimit | undefined; onChange: (limit: TimeLimit | undefined) => void }) {
  const { t: say } = useFlowTexts();
  if (limit === undefined) return <Toggle label={say('limit.label')} checked={false} onChange={() => onChange({ span: { amount: 24, unit: 'hours' }, then: { do: 'notify', to: [{ kind: 'expression', expression: 'ticket_team_lead' }] } })} />;
  const { then } = limit;
  const outcomes = outcomesOf(node);
  return (
    <>
      <Toggle label={say('limit.label')} checked onChange={() => onChange(undefined)} />
      <SpanField label={say('limit.span')} value={limit.span} onChange={(span) => onChange({ ...limit, span })} />
      <Group label={say('limit.then')}>
        <Segmented
          block size="small" aria-label={say('limit.then')} value={then.do} options={(['notify', 'reassign', 'complete'] as const).map((value) => ({ value, label: say(`limit.${value}`) }))}
          onChange={(next) => onChange({ ...limit, then: next === 'complete' ? { do: 'complete', ...(outcomes[0] === undefined ? {} : { outcome: outcomes[0] }) } : { do: next, to: 'to' in then ? then.to : [{ kind: 'expression', expression: 'ticket_team_lead' }] } })}
        />
      </Group>
      {'to' in then && <PerformersEditor label={say(then.do === 'notify' ? 'limit.whom' : 'limit.toWhom')} performers={then.to} definition={definition} node={node.id} onChange={(to) => onChange({ ...limit, then: { ...then, to } })} />}
      {then.do === 'complete' && outcomes.length > 0 && (
        <Field label={say('limit.outcome')}>
          <OutcomeSelect node={node} value={then.outcome} onChange={(outcome) => onChange({ ...limit, then: { do: 'complete', ...(outcome === undefined ? {} : { outcome }) } })} />
        </Field>
      )}
    </>
  );
}

/** One of the ways a step may end. */
export function OutcomeSelect({ node, value, onChange }: { node: FlowNode; value: string | undefined; onChange: (outcome: string | undefined) => void }) {
  const { t: say, language } = useFlowTexts();
  const own = 'outcomes' in node ? (node.outcomes ?? []) : [];
  const name = (key: string): string => {
    const outcome = own.find((one) => one.key === key);
    if (outcome !== undefined) return language === 'en' && outcome.name.en ? outcome.name.en : outcome.name.zh;
    return key === 'approved' || key === 'rejected' || key === 'done' || key === 'failed' ? say(`outcome.${key}`) : key;
  };
  const keys = outcomesOf(node);
  return <Select size="small" allowClear aria-label={say('outcomes.one')} placeholder={say('outcomes.any')} value={value} options={[...keys, ...(value === undefined || keys.includes(value) ? [] : [value])].map((key) => ({ value: key, label: name(key) }))} onChange={(next: string | undefined) => onChange(next)} />;
}

/** When something is due: after a time, or at a moment a rule gives. */
export function DueField({ label, due, onChange }: { label: string; due: Due; onChange: (due: Due) => void }) {
  const { t: say } = useFlowTexts();
  return (
    <>
      <Segmented<'after' | 'at'> block size="small" aria-label={label} value={'after' in due ? 'after' : 'at'} options={[{ value: 'after', label: say('due.after') }, { value: 'at', label: say('due.at') }]} onChange={(how) => onChange(how === 'after' ? { after: { amount: 1, unit: 'days' } } : { at: { var: 'fields.' } })} />
      {'after' in due ? <SpanField label={label} value={due.after} onChange={(after) => onChange({ after })} /> : <Group label={say('due.moment')} hint={say('due.momentHint')}><RuleText label={say('due.moment')} value={due.at} onChange={(at) => onChange({ at })} /></Group>}
    </>
  );
}

/** Time limit, boundary timers and repetition of a step (时限与多次执行). */
export function TimingProperties({ node, definition, onPatch }: { node: ActivityNode; definition: FlowDefinition; onPatch: Patch }) {
  const { t: say } = useFlowTexts();
  const timers = timersOf(node);
  const setTimer = (id: string, next: BoundaryTimer | null): void => {
    const left = timers.flatMap((timer) => (timer.id === id ? (next === null ? [] : [next]) : [timer]));
    onPatch({ timers: left.length === 0 ? undefined : left });
  };
  return (
    <Part title={say('part.timing')} open={('limit' in node && node.limit !== undefined) || timers.length > 0}>
      {isHuman(node) && <LimitEditor node={node} definition={definition} limit={node.limit} onChange={(limit) => onPatch({ limit })} />}
      <Group
        label={say('timers.label')} hint={say('timers.hint')}
        action={timers.length < flowLimits.timersPerNode && <Button size="small" type="text" icon={<Icon name="plus" size={14} />} onClick={() => onPatch({ timers: [...timers, { id: freshId(definition, 'timer'), due: { after: { amount: 1, unit: 'days' } }, interrupting: true }] })}>{say('timers.add')}</Button>}
      >
        {timers.map((timer) => (
          <div key={timer.id} className={styles.box}>
            <Input size="small" aria-label={say('timers.name')} placeholder={say('timers.name')} maxLength={flowLimits.name} value={timer.name?.zh ?? ''} onChange={(event) => setTimer(timer.id, strip({ ...timer, name: event.target.value === '' ? undefined : { ...timer.name, zh: event.target.value } }))} />
            <DueField label={say('timers.after')} due={timer.due} onChange={(due) => setTimer(timer.id, { ...timer, due })} />
            <Segmented<boolean> block size="small" aria-label={say('timers.kind')} value={timer.interrupting} options={[{ value: true, label: say('timers.interrupting') }, { value: false, label: say('timers.beside') }]} onChange={(interrupting) => setTimer(timer.id, strip({ ...timer, interrupting, times: undefined }))} />
            {!timer.interrupting && <Field label={say('timers.times')}><InputNumber size="small" min={1} max={100} precision={0} value={timer.times ?? 1} onChange={(times) => setTimer(timer.id, strip({ ...timer, times: times === null || times === 1 ? undefined : times }))} /></Field>}
            <div className={styles.adds}><Button size="small" danger type="text" icon={<Icon name="trash" size={14} />} onClick={() => setTimer(timer.id, null)}>{say('timers.remove')}</Button></div>
          </div>
        ))}
      </Group>
      <MultiEditor multi={node.multi} definition={definition} onChange={(multi) => onPatch({ multi })} />
    </Part>
  );
}

function MultiEditor({ multi, definition, onChange }: { multi: MultiInstance | undefined; definition: FlowDefinition; onChange: (multi: MultiInstance | undefined) => void }) {
  const { t: say } = useFlowTexts();
  if (multi === undefined) return <Toggle label={say('multi.label')} checked={false} onChange={() => onChange({ mode: 'parallel', over: { count: 2 } })} />;
  const counted = 'count' in multi.over;
  return (
    <div className={styles.box}>
      <Toggle label={say('multi.label')} checked onChange={() => onChange(undefined)} />
      <Segmented<MultiInstance['mode']> block size="small" aria-label={say('multi.mode')} value={multi.mode} options={[{ value: 'parallel', label: say('multi.parallel') }, { value: 'sequential', label: say('multi.sequential') }]} onChange={(mode) => onChange({ ...multi, mode })} />
      <Segmented<boolean> block size="small" aria-label={say('multi.over')} value={counted} options={[{ value: true, label: say('multi.count') }, { value: false, label: say('multi.items') }]} onChange={(next) => onChange({ ...multi, over: next ? { count: 2 } : { items: { var: 'fields.' } } })} />
      {'count' in multi.over && typeof multi.over.count === 'number'
        ? <Field label={say('multi.howOften')}><InputNumber size="small" min={1} max={flowLimits.instances} precision={0} value={multi.over.count} onChange={(count) => onChange({ ...multi, over: { count: count ?? 1 } })} /></Field>
        : <Group label={say(counted ? 'multi.howOften' : 'multi.list')}><RuleText label={say('multi.list')} value={'count' in multi.over ? multi.over.count : multi.over.items} onChange={(rule) => onChange({ ...multi, over: counted ? { count: rule } : { items: rule } })} /></Group>}
      <Group label={say('multi.until')}><ConditionField definition={definition} label={say('multi.until')} value={multi.until} onChange={(until) => onChange(strip({ ...multi, until }))} /></Group>
    </div>
  );
}
