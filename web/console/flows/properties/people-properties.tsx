import { Button, Input, InputNumber, Segmented, Select, Space } from 'antd';
import { flowLimits, keyPattern, type ApprovalNode, type AskedField, type FlowDefinition, type Outcome, type TaskNode } from '../../../../rules/workflow/definition.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import { Icon } from '../../parts/icon.tsx';
import { useTicketFields } from '../../parts/filter-vocabulary.ts';
import { useFlowTexts } from '../flow-texts.ts';
import { Group, Part, Toggle, WordsField } from './controls.tsx';
import { PerformersEditor } from './performers-editor.tsx';
import styles from './properties.module.css';

export type Patch = (patch: Readonly<Record<string, unknown>>, about?: string) => void;

/** What a step by people needs (人工步骤): who, how they decide, what they fill in, and how it may end. */
export function PeopleProperties({ node, definition, onPatch }: { node: TaskNode | ApprovalNode; definition: FlowDefinition; onPatch: Patch }) {
  const { t: say } = useFlowTexts();
  return (
    <>
      <Part title={say('part.who')}>
        <PerformersEditor label={say(node.kind === 'approval' ? 'people.approvers' : 'people.performers')} performers={node.performers} definition={definition} node={node.id} forApproval={node.kind === 'approval'} inInstances={node.multi !== undefined} onChange={(performers) => onPatch({ performers })} />
        {node.kind === 'approval' && <ApprovalMode node={node} onPatch={onPatch} />}
      </Part>
      {node.kind !== 'approval' && (
        <Part title={say('part.outcomes')} open={(node.outcomes?.length ?? 0) > 0}>
          <OutcomesEditor outcomes={node.outcomes ?? []} onChange={(outcomes) => onPatch({ outcomes: outcomes.length === 0 ? undefined : outcomes })} />
        </Part>
      )}
      <Part title={say('part.fields')} open={(node.fields?.length ?? 0) > 0}>
        <FieldsEditor fields={node.fields ?? []} onChange={(fields) => onPatch({ fields: fields.length === 0 ? undefined : fields })} />
        <WordsField label={say('people.instructions')} labelEn={say('people.instructionsEn')} long most={flowLimits.words} value={node.instructions} onChange={(instructions) => onPatch({ instructions }, 'instructions')} />
      </Part>
      <Part title={say('part.rights')} open={false}>
        <Toggle label={say('people.mayReturn')} checked={node.mayReturn !== false} onChange={(on) => onPatch({ mayReturn: on ? undefined : false })} />
        {node.kind === 'approval' && (
          <>
            <Toggle label={say('people.mayAddSigner')} checked={node.mayAddSigner !== false} onChange={(on) => onPatch({ mayAddSigner: on ? undefined : false })} />
            <Toggle label={say('people.mayHandOver')} checked={node.mayHandOver !== false} onChange={(on) => onPatch({ mayHandOver: on ? undefined : false })} />
            <Toggle label={say('people.rejectedEnds')} checked={node.whenRejected === 'terminate'} onChange={(on) => onPatch({ whenRejected: on ? 'terminate' : undefined })} />
          </>
        )}
      </Part>
    </>
  );
}

const modes = ['all', 'any', 'sequence', 'quorum'] as const;

function ApprovalMode({ node, onPatch }: { node: ApprovalNode; onPatch: Patch }) {
  const { t: say } = useFlowTexts();
  const percent = node.quorum !== undefined && 'percent' in node.quorum;
  const amount = node.quorum === undefined ? 2 : 'percent' in node.quorum ? node.quorum.percent : node.quorum.count;
  return (
    <Group label={say('mode.label')} hint={say(`mode.hint_${node.mode}`)}>
      <Segmented block size="small" aria-label={say('mode.label')} value={node.mode} options={modes.map((mode) => ({ value: mode, label: say(`mode.${mode}`) }))} onChange={(mode) => onPatch({ mode, quorum: mode === 'quorum' ? (node.quorum ?? { count: 2 }) : undefined })} />
      {node.mode === 'quorum' && (
        <Space.Compact block>
          <InputNumber size="small" aria-label={say('mode.quorumAmount')} className={styles.amount} min={1} max={100} precision={0} value={amount} onChange={(next) => onPatch({ quorum: percent ? { percent: next ?? 50 } : { count: next ?? 2 } })} />
          <Select size="small" aria-label={say('mode.quorumUnit')} className={styles.grow} value={percent ? 'percent' : 'count'} options={[{ value: 'count', label: say('mode.votes') }, { value: 'percent', label: say('mode.percent') }]} onChange={(unit: string) => onPatch({ quorum: unit === 'percent' ? { percent: 50 } : { count: 2 } })} />
        </Space.Compact>
      )}
    </Group>
  );
}

function OutcomesEditor({ outcomes, onChange }: { outcomes: readonly Outcome[]; onChange: (outcomes: Outcome[]) => void }) {
  const { t: say } = useFlowTexts();
  const set = (index: number, next: Outcome | null): void => onChange(outcomes.flatMap((one, at) => (at === index ? (next === null ? [] : [next]) : [one])));
  const freshKey = (): string => {
    for (let number = outcomes.length + 1; ; number += 1) if (!outcomes.some(({ key }) => key === `outcome${number}`)) return `outcome${number}`;
  };
  return (
    <Group label={say('outcomes.label')} hint={say('outcomes.hint')}>
      {outcomes.map((outcome, index) => (
        <div key={index} className={styles.outcome}>
          <Input size="small" aria-label={say('outcomes.name')} placeholder={say('outcomes.name')} maxLength={flowLimits.name} value={outcome.name.zh} onChange={(event) => set(index, { ...outcome, name: { ...outcome.name, zh: event.target.value } })} />
          <Input size="small" aria-label={say('outcomes.nameEn')} placeholder={say('outcomes.nameEn')} maxLength={flowLimits.name} value={outcome.name.en ?? ''} onChange={(event) => set(index, { ...outcome, name: { zh: outcome.name.zh, ...(event.target.value === '' ? {} : { en: event.target.value }) } })} />
          <Input size="small" className={styles.code} status={keyPattern.test(outcome.key) ? undefined : 'error'} aria-label={say('outcomes.key')} placeholder={say('outcomes.key')} maxLength={63} value={outcome.key} onChange={(event) => set(index, { ...outcome, key: event.target.value })} />
          <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('outcomes.remove', { name: outcome.name.zh })} onClick={() => set(index, null)} />
        </div>
      ))}
      {outcomes.length < flowLimits.outcomes && <div className={styles.adds}><Button size="small" icon={<Icon name="plus" size={14} />} onClick={() => onChange([...outcomes, { key: freshKey(), name: { zh: say('outcomes.fresh', { number: outcomes.length + 1 }) } }])}>{say('outcomes.add')}</Button></div>}
    </Group>
  );
}

function FieldsEditor({ fields, onChange }: { fields: readonly AskedField[]; onChange: (fields: AskedField[]) => void }) {
  const { t: say, language } = useFlowTexts();
  const known = useTicketFields();
  const name = (key: string): string => wordsIn(known.get(key)?.label, language) || key;
  const options = [...known.values()].filter(({ key }) => !fields.some((field) => field.key === key)).map((field) => ({ value: field.key, label: wordsIn(field.label, language) }));
  return (
    <Group label={say('fields.label')} hint={fields.length === 0 ? say('fields.hint') : undefined}>
      {fields.map((field) => (
        <div key={field.key} className={styles.asked}>
          <span>{name(field.key)}</span>
          <Select
            size="small" aria-label={say('fields.how', { field: name(field.key) })} value={field.readOnly === true ? 'readOnly' : field.required === true ? 'required' : 'optional'}
            options={(['required', 'optional', 'readOnly'] as const).map((value) => ({ value, label: say(`fields.${value}`) }))}
            onChange={(how: string) => onChange(fields.map((one) => (one.key === field.key ? { key: one.key, ...(how === 'required' ? { required: true } : how === 'readOnly' ? { readOnly: true } : {}) } : one)))}
          />
          <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('fields.remove', { field: name(field.key) })} onClick={() => onChange(fields.filter((one) => one.key !== field.key))} />
        </div>
      ))}
      <Select size="small" className={styles.wide} aria-label={say('fields.add')} placeholder={say('fields.add')} showSearch={{ optionFilterProp: 'label' }} value={null as string | null} options={options} notFoundContent={say('fields.nothing')} onChange={(key) => { if (key !== null) onChange([...fields, { key, required: true }]); }} />
    </Group>
  );
}
