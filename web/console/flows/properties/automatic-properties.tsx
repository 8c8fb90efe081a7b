import { useQuery } from '@tanstack/react-query';
import { AutoComplete, Button, Input, InputNumber, Segmented, Select } from 'antd';
import { awaitableFacts } from '../../../../contract/awaitable-facts.ts';
import { factKinds } from '../../../../contract/facts.ts';
import type { Rule } from '../../../../rules/conditions/json.ts';
import { flowLimits, isSealedHeader, type ActionNode, type FlowAction, type FlowDefinition, type SubflowNode, type WaitNode } from '../../../../rules/workflow/definition.ts';
import { priorities } from '../../../../rules/ticket/lifecycle.ts';
import type { FieldDefinition } from '../../../../rules/forms/form.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import { words } from '../../../ui/words.ts';
import { empty, settable, ValueControl } from '../../automation/own-field-values.tsx';
import { teams, ticketTypes } from '../../data/records.ts';
import { Icon } from '../../parts/icon.tsx';
import { useTicketFields } from '../../parts/filter-vocabulary.ts';
import { localName } from '../../parts/names.ts';
import { StaffSelect } from '../../parts/staff-select.tsx';
import { flows } from '../flow-queries.ts';
import { useFlowTexts } from '../flow-texts.ts';
import { ConditionField } from './condition-field.tsx';
import { Field, Group, Part, Toggle, WordsField } from './controls.tsx';
import type { Patch } from './people-properties.tsx';
import { PerformersEditor } from './performers-editor.tsx';
import { ValueField } from './rule-field.tsx';
import { DueField } from './timing-properties.tsx';
import styles from './properties.module.css';

/** What is waited for (等待): a time, or something that happens to the ticket. */
export function WaitProperties({ node, definition, onPatch }: { node: WaitNode; definition: FlowDefinition; onPatch: Patch }) {
  const { t: say, language } = useFlowTexts();
  const { for: awaited } = node;
  const kinds = awaitableFacts.map((kind) => ({ value: kind as string, label: factKinds[kind][language === 'en' ? 'en' : 'zh'] }));
  return (
    <Part title={say('part.wait')}>
      <Segmented<'timer' | 'fact'> block size="small" aria-label={say('part.wait')} value={awaited.kind} options={[{ value: 'timer', label: say('wait.timer') }, { value: 'fact', label: say('wait.fact') }]} onChange={(kind) => onPatch({ for: kind === 'timer' ? { kind, due: { after: { amount: 1, unit: 'days' } } } : { kind, fact: 'comment.added' } })} />
      {awaited.kind === 'timer' ? <DueField label={say('wait.howLong')} due={awaited.due} onChange={(due) => onPatch({ for: { ...awaited, due } })} /> : (
        <>
          <Field label={say('wait.which')}>
            <Select size="small" showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={280} value={awaited.fact} options={kinds.some(({ value }) => value === awaited.fact) ? kinds : [{ value: awaited.fact, label: awaited.fact }, ...kinds]} onChange={(fact: string) => onPatch({ for: { ...awaited, fact } })} />
          </Field>
          <Segmented<'ticket' | 'children'> block size="small" aria-label={say('wait.of')} value={awaited.of ?? 'ticket'} options={[{ value: 'ticket', label: say('wait.ofTicket') }, { value: 'children', label: say('wait.ofChildren') }]} onChange={(of) => onPatch({ for: { ...awaited, of: of === 'ticket' ? undefined : of } })} />
          <Group label={say('wait.condition')}><ConditionField definition={definition} label={say('wait.condition')} value={awaited.condition} onChange={(condition) => onPatch({ for: { ...awaited, condition } })} /></Group>
        </>
      )}
    </Part>
  );
}

/** Which flow is carried out as this step. */
export function SubflowProperties({ node, flowId, onPatch }: { node: SubflowNode; flowId: string; onPatch: Patch }) {
  const { t: say, language } = useFlowTexts();
  const list = useQuery(flows);
  return (
    <Part title={say('part.subflow')}>
      <Field label={say('subflow.which')} hint={say('subflow.hint')}>
        <Select size="small" showSearch={{ optionFilterProp: 'label' }} placeholder={say('subflow.choose')} value={node.flow === '' ? undefined : node.flow} options={(list.data ?? []).filter(({ id }) => id !== flowId).map((one) => ({ value: one.id, label: localName(one, language), disabled: one.published === null }))} onChange={(flow: string) => onPatch({ flow })} />
      </Field>
    </Part>
  );
}

/** What the program does by itself, and what if it cannot (自动动作). */
export function ActionProperties({ node, definition, stale, onPatch }: { node: ActionNode; definition: FlowDefinition; /** The headers that were written for another address. */ stale: readonly number[]; onPatch: Patch }) {
  const { t: say } = useFlowTexts();
  return (
    <Part title={say('part.action')}>
      <ActionEditor action={node.action} node={node} definition={definition} stale={stale} onChange={(action, about) => onPatch({ action }, about)} />
      <Toggle label={say('action.continue')} checked={node.whenFailed === 'continue'} onChange={(on) => onPatch({ whenFailed: on ? 'continue' : undefined })} />
      <span className={styles.hint}>{say(node.whenFailed === 'continue' ? 'action.continueHint' : 'action.parkHint')}</span>
    </Part>
  );
}

function ActionEditor({ action, node, definition, stale, onChange }: { action: FlowAction; node: ActionNode; definition: FlowDefinition; stale: readonly number[]; onChange: (action: FlowAction, about?: string) => void }) {
  const { t: say, language } = useFlowTexts();
  const typeList = useQuery(ticketTypes);
  const teamList = useQuery(teams);
  const text = (label: string, value: string, take: (value: string) => void, most: number, long = false) => (
    <Field label={label}>{long ? <Input.TextArea size="small" autoSize={{ minRows: 3, maxRows: 12 }} maxLength={most} value={value} onChange={(event) => take(event.target.value)} /> : <Input size="small" maxLength={most} value={value} onChange={(event) => take(event.target.value)} />}</Field>
  );
  const variables = (definition.variables ?? []).map(({ key, name }) => ({ value: key, label: `${wordsIn(name, language)} (${key})` }));
  const hint = <span className={styles.hint}>{say('action.placeholders')}</span>;
  switch (action.do) {
    case 'notify':
      return (
        <>
          <PerformersEditor label={say('action.whom')} performers={action.to} definition={definition} node={node.id} onChange={(to) => onChange({ ...action, to })} />
          <WordsField label={say('action.text')} labelEn={say('action.textEn')} long required most={flowLimits.words} value={action.text} onChange={(next) => onChange({ ...action, text: next ?? { zh: '' } }, 'text')} />
          {hint}
        </>
      );
    case 'set_fields': return <SetFields action={action} definition={definition} onChange={onChange} />;
    case 'http_call':
      return (
        <>
          <Field label={say('action.method')}><Select size="small" value={action.method} options={(['POST', 'GET', 'PUT', 'PATCH', 'DELETE'] as const).map((value) => ({ value, label: value }))} onChange={(method: typeof action.method) => onChange({ ...action, method })} /></Field>
          {text(say('action.url'), action.url, (url) => onChange({ ...action, url }, 'url'), flowLimits.url)}
          <Group label={say('action.headers')} hint={(action.headers ?? []).length === 0 ? undefined : say('action.headersHint')} action={<Button size="small" type="text" icon={<Icon name="plus" size={14} />} onClick={() => onChange({ ...action, headers: [...(action.headers ?? []), { name: '', value: '' }] })}>{say('action.add')}</Button>}>
            {(action.headers ?? []).map((header, index) => (
              <div key={index} className={styles.pair}>
                <Input size="small" aria-label={say('action.headerName')} placeholder={say('action.headerName')} maxLength={100} value={header.name} onChange={(event) => onChange({ ...action, headers: action.headers!.map((one, at) => (at === index ? { ...one, name: event.target.value } : one)) }, 'headers')} />
                {isSealedHeader(header.value)
                  ? <Button size="small" className={styles.sealed} danger={stale.includes(index)} title={say('action.headerAgain')} icon={<Icon name="lock" size={13} />} onClick={() => onChange({ ...action, headers: action.headers!.map((one, at) => (at === index ? { ...one, value: '' } : one)) })}>{say(stale.includes(index) ? 'action.headerAgain' : 'action.headerKept')}</Button>
                  : <Input size="small" aria-label={say('action.headerValue')} placeholder={say('action.headerValue')} maxLength={2_000} value={header.value} onChange={(event) => onChange({ ...action, headers: action.headers!.map((one, at) => (at === index ? { ...one, value: event.target.value } : one)) }, 'headers')} />}
                <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('action.remove')} onClick={() => onChange({ ...action, headers: action.headers!.filter((_one, at) => at !== index) })} />
              </div>
            ))}
          </Group>
          <Entries label={say('action.body')} hint={say('action.bodyHint')} entries={action.body ?? {}} onChange={(body) => onChange({ ...action, body: Object.keys(body).length === 0 ? undefined : body })} />
          <Entries label={say('action.into')} hint={say('action.intoHint')} entries={action.into ?? {}} names={variables} onChange={(into) => onChange({ ...action, into: Object.keys(into).length === 0 ? undefined : (Object.fromEntries(Object.entries(into).map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)]))) })} />
          <Field label={say('action.attempts')}><InputNumber size="small" min={1} max={10} precision={0} value={action.attempts ?? null} placeholder="3" onChange={(attempts) => onChange({ ...action, attempts: attempts ?? undefined })} /></Field>
        </>
      );
    case 'create_child':
      return (
        <>
          <Field label={say('action.type')}><Select size="small" allowClear placeholder={say('action.typeDefault')} value={action.type} options={(typeList.data ?? []).map((one) => ({ value: one.key, label: localName(one, language) }))} onChange={(type: string | undefined) => onChange({ ...action, type })} /></Field>
          {text(say('action.subject'), action.subject, (subject) => onChange({ ...action, subject }, 'subject'), 200)}
          {text(say('action.description'), action.description ?? '', (description) => onChange({ ...action, description: description === '' ? undefined : description }, 'description'), 5_000, true)}
          <Field label={say('action.team')}><Select size="small" allowClear placeholder={say('action.teamDefault')} value={action.team} options={(teamList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))} onChange={(team: string | undefined) => onChange({ ...action, team })} /></Field>
          <Field label={say('action.childInto')}><AutoComplete size="small" allowClear value={action.into ?? ''} options={variables} onChange={(into: string) => onChange({ ...action, into: into === '' || into === undefined ? undefined : into }, 'into')} /></Field>
          {hint}
        </>
      );
    case 'request_parts':
      return (
        <>
          <Group label={say('action.parts')} action={action.lines.length < flowLimits.lines && <Button size="small" type="text" icon={<Icon name="plus" size={14} />} onClick={() => onChange({ ...action, lines: [...action.lines, { part: '', quantity: 1 }] })}>{say('action.add')}</Button>}>
            {action.lines.map((line, index) => (
              <div key={index} className={styles.pair}>
                <Input size="small" aria-label={say('action.part')} placeholder={say('action.part')} maxLength={200} value={line.part} onChange={(event) => onChange({ ...action, lines: action.lines.map((one, at) => (at === index ? { ...one, part: event.target.value } : one)) }, 'lines')} />
                <ValueField label={say('action.quantity')} value={line.quantity} onChange={(quantity) => onChange({ ...action, lines: action.lines.map((one, at) => (at === index ? { ...one, quantity } : one)) }, 'lines')} />
                <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('action.remove')} onClick={() => onChange({ ...action, lines: action.lines.filter((_one, at) => at !== index) })} />
              </div>
            ))}
          </Group>
          {text(say('action.note'), action.note ?? '', (note) => onChange({ ...action, note: note === '' ? undefined : note }, 'note'), 1_000, true)}
        </>
      );
    case 'ask_llm':
      return (
        <>
          {text(say('action.prompt'), action.prompt, (prompt) => onChange({ ...action, prompt }, 'prompt'), flowLimits.prompt, true)}
          {hint}
          <Entries label={say('action.answers')} hint={say('action.answersHint')} entries={action.answers ?? {}} names={variables} onChange={(answers) => onChange({ ...action, answers: Object.keys(answers).length === 0 ? undefined : (Object.fromEntries(Object.entries(answers).map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)]))) })} />
          <Field label={say('action.answerInto')}><AutoComplete size="small" value={action.into} options={variables} onChange={(into: string) => onChange({ ...action, into: into ?? '' }, 'into')} /></Field>
        </>
      );
  }
}

function SetFields({ action, definition, onChange }: { action: Extract<FlowAction, { do: 'set_fields' }>; definition: FlowDefinition; onChange: (action: FlowAction) => void }) {
  const { t: say, language } = useFlowTexts();
  const known = useTicketFields();
  const teamList = useQuery(teams);
  const { ticket = {} } = action;
  const setTicket = (name: 'priority' | 'team' | 'assignee' | 'addTags', value: unknown): void => {
    const next = Object.fromEntries(Object.entries({ ...ticket, [name]: value }).filter(([, one]) => one !== undefined));
    onChange({ ...action, ticket: Object.keys(next).length === 0 ? undefined : next });
  };
  const plain = (rule: Rule | undefined): string | undefined => (typeof rule === 'string' ? rule : undefined);
  return (
    <>
      <Entries label={say('set.fields')} entries={action.fields ?? {}} names={[...known.values()].filter(({ kind }) => kind !== 'formula').map((field) => ({ value: field.key, label: wordsIn(field.label, language) }))} fields={known} onChange={(fields) => onChange({ ...action, fields: Object.keys(fields).length === 0 ? undefined : fields })} />
      <Entries label={say('set.vars')} entries={action.vars ?? {}} names={(definition.variables ?? []).map(({ key, name }) => ({ value: key, label: wordsIn(name, language) || key }))} onChange={(vars) => onChange({ ...action, vars: Object.keys(vars).length === 0 ? undefined : vars })} />
      <Field label={say('set.priority')}><Select size="small" allowClear placeholder={say('set.keep')} value={plain(ticket.priority)} options={priorities.map((value) => ({ value: value as string, label: words(`priority.${value}`) }))} onChange={(value: string | undefined) => setTicket('priority', value)} /></Field>
      <Field label={say('set.team')}><Select size="small" allowClear placeholder={say('set.keep')} value={plain(ticket.team)} options={(teamList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))} onChange={(value: string | undefined) => setTicket('team', value)} /></Field>
      <Group label={say('set.assignee')}><StaffSelect className={styles.wide} placeholder={say('set.keep')} value={plain(ticket.assignee)} onChange={(value) => setTicket('assignee', value)} /></Group>
      <Field label={say('set.tags')}><Select size="small" mode="tags" maxCount={20} value={ticket.addTags ?? []} onChange={(tags: string[]) => setTicket('addTags', tags.length === 0 ? undefined : tags.map((tag) => tag.slice(0, 40)))} /></Field>
    </>
  );
}

/** Kinds of fields whose answer is a plain value; of the others the rule itself is written. */
const isTyped = (field: FieldDefinition | undefined): field is FieldDefinition => field !== undefined && field.kind !== 'money' && settable.includes(field.kind);

/** A value for a field of the form, by its kind: chosen where it is chosen there, or reckoned by an expression. */
function FieldValue({ field, value, onChange }: { field: FieldDefinition | undefined; value: Rule; onChange: (value: Rule) => void }) {
  const { t: say, language } = useFlowTexts();
  const isRule = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isRule || !isTyped(field)) return <ValueField label={say('rule.value')} value={value} onChange={onChange} />;
  return (
    <span className={styles.typed}>
      <ValueControl field={field} label={say('rule.value')} value={value === '' ? null : value} language={language} onChange={(next) => onChange(next as Rule)} />
      <button type="button" className={styles.inline} onClick={() => onChange({ var: 'fields.' })} aria-label={say('rule.formula')} title={say('rule.formula')}>ƒ</button>
    </span>
  );
}

/** Names with values, one a line: fields to set, properties of a body. */
function Entries({ label, hint, entries, names, fields, onChange }: { label: string; hint?: string; entries: Readonly<Record<string, Rule>>; names?: readonly { value: string; label: string }[]; /** Where the names are those of fields: how each is answered. */ fields?: ReadonlyMap<string, FieldDefinition>; onChange: (entries: Record<string, Rule>) => void }) {
  const { t: say } = useFlowTexts();
  const lines = Object.entries(entries);
  const write = (next: [string, Rule][]): void => onChange(Object.fromEntries(next));
  const free = names === undefined ? `value${lines.length + 1}` : names.find(({ value }) => !Object.hasOwn(entries, value))?.value;
  const first = (name: string): Rule => (isTyped(fields?.get(name)) ? (empty(fields!.get(name)!) as Rule) : '');
  return (
    <Group label={label} hint={names?.length === 0 && lines.length === 0 ? say('entries.none') : hint} action={lines.length < flowLimits.body && free !== undefined && <Button size="small" type="text" icon={<Icon name="plus" size={14} />} onClick={() => write([...lines, [free, first(free)]])}>{say('action.add')}</Button>}>
      {lines.map(([name, value], index) => (
        <div key={index} className={styles.pair}>
          {names !== undefined
            ? <Select size="small" aria-label={label} showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={220} value={name} options={[...names.filter((one) => one.value === name || !Object.hasOwn(entries, one.value))]} onChange={(next: string) => write(lines.map((line, at) => (at === index ? [next, fields?.get(next)?.kind === fields?.get(name)?.kind && fields?.get(next)?.kind === 'text' ? value : first(next)] : line)))} />
            : <Input size="small" aria-label={say('action.name')} maxLength={63} value={name} onChange={(event) => { if (!Object.hasOwn(entries, event.target.value)) write(lines.map((line, at) => (at === index ? [event.target.value, value] : line))); }} />}
          <FieldValue field={fields?.get(name)} value={value} onChange={(next) => write(lines.map((line, at) => (at === index ? [name, next] : line)))} />
          <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('action.remove')} onClick={() => write(lines.filter((_line, at) => at !== index))} />
        </div>
      ))}
    </Group>
  );
}
