import { Button, Dropdown, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import type { MacroStep } from '../../../contract/desk.ts';
import { priorities, ticketActions } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { actionTexts, waitForTexts } from '../parts/names.ts';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';
import own from './macro-steps.module.css';

const kinds = ['reply', 'note', 'priority', 'tag', 'untag', 'act', 'checklist'] as const;
type StepKind = (typeof kinds)[number];

// Steps that need somebody or a team are taken by hand.
const actions = ticketActions.filter((action) => ['accept', 'wait', 'resume', 'resolve', 'close', 'reopen', 'cancel'].includes(action));

function begun(kind: StepKind): MacroStep {
  switch (kind) {
    case 'reply': case 'note': return { kind, body: '' };
    case 'priority': return { kind: 'set', priority: 'high' };
    case 'tag': case 'untag': return { kind, tags: [] };
    case 'act': return { kind: 'act', action: 'resolve' };
    case 'checklist': return { kind: 'checklist', items: [] };
  }
}

/** The steps of a macro in their order (宏步骤). */
export function MacroSteps({ value = [], onChange = () => {} }: { value?: MacroStep[]; onChange?: (steps: MacroStep[]) => void }) {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const set = (index: number, step: MacroStep): void => onChange(value.map((one, at) => (at === index ? step : one)));
  const move = (index: number, by: -1 | 1): void => {
    const next = [...value];
    [next[index], next[index + by]] = [next[index + by]!, next[index]!];
    onChange(next);
  };

  function control(step: MacroStep, index: number): ReactNode {
    switch (step.kind) {
      case 'reply': case 'note':
        return <Input.TextArea aria-label={say(`macros.step.${step.kind}`)} autoSize={{ minRows: 2, maxRows: 10 }} value={step.body ?? ''} onChange={(event) => set(index, { ...step, body: event.target.value })} />;
      case 'set':
        return step.priority !== undefined && Object.keys(step).length === 2
          ? <Select aria-label={say('macros.step.priority')} value={step.priority} options={priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))} onChange={(priority) => set(index, { ...step, priority })} />
          : <p className={styles.muted}>{say('macros.stepOther')}</p>;
      case 'tag': case 'untag':
        return <Select mode="tags" open={false} suffixIcon={null} aria-label={say(`macros.step.${step.kind}`)} value={step.tags ?? []} onChange={(tags: string[]) => set(index, { ...step, tags })} />;
      case 'act':
        return (
          <>
            <Select aria-label={say('macros.step.act')} value={step.action} options={[...new Set<NonNullable<MacroStep['action']>>([...actions, ...(step.action === undefined ? [] : [step.action])])].map((action) => ({ value: action, label: action in actionTexts ? t(actionTexts[action as keyof typeof actionTexts]) : action }))} onChange={(action) => set(index, { kind: 'act', action, ...(action === 'wait' ? { for: 'customer' as const } : {}) })} />
            {step.action === 'wait' && <Select aria-label={say('status.waitingFor')} value={step.for} options={Object.entries(waitForTexts).map(([reason, text]) => ({ value: reason as NonNullable<typeof step.for>, label: t(text) }))} onChange={(reason) => set(index, { ...step, for: reason })} />}
            {step.action === 'resolve' && <Input.TextArea aria-label={say('macros.resolution')} placeholder={say('macros.resolution')} autoSize={{ minRows: 2 }} value={step.resolution ?? ''} onChange={(event) => set(index, { ...step, resolution: event.target.value || undefined })} />}
            {['wait', 'reopen', 'cancel'].includes(step.action ?? '') && <Input aria-label={say('macros.reason')} placeholder={say('macros.reason')} value={step.reason ?? ''} onChange={(event) => set(index, { ...step, reason: event.target.value || undefined })} />}
          </>
        );
      case 'checklist':
        return step.template !== undefined
          ? <p className={styles.muted}>{say('macros.stepOther')}</p>
          : <Input.TextArea aria-label={say('macros.step.checklist')} placeholder={say('macros.itemsHint')} autoSize={{ minRows: 2, maxRows: 10 }} value={(step.items ?? []).join('\n')} onChange={(event) => set(index, { ...step, items: event.target.value.split('\n') })} onBlur={() => set(index, { ...step, items: (step.items ?? []).map((item) => item.trim()).filter((item) => item !== '') })} />;
    }
  }

  return (
    <div className={own.steps}>
      {value.map((step, index) => (
        <div key={index} className={own.step}>
          <div className={own.head}>
            <strong>{index + 1}. {say(step.kind === 'set' ? 'macros.step.priority' : `macros.step.${step.kind}`)}</strong>
            <Button type="text" size="small" disabled={index === 0} icon={<Icon name="chevronUp" size={14} />} aria-label={`${say('types.up')} ${index + 1}`} onClick={() => move(index, -1)} />
            <Button type="text" size="small" disabled={index === value.length - 1} icon={<Icon name="chevronDown" size={14} />} aria-label={`${say('types.down')} ${index + 1}`} onClick={() => move(index, 1)} />
            <Button type="text" size="small" icon={<Icon name="trash" size={14} />} aria-label={`${say('designer.remove')} ${index + 1}`} onClick={() => onChange(value.filter((_, at) => at !== index))} />
          </div>
          {control(step, index)}
        </div>
      ))}
      <Dropdown trigger={['click']} menu={{ items: kinds.map((kind) => ({ key: kind, label: say(`macros.step.${kind}`) })), onClick: ({ key }) => onChange([...value, begun(key as StepKind)]) }}>
        <Button size="small" icon={<Icon name="plus" size={14} />} disabled={value.length >= 20}>{say('macros.addStep')}</Button>
      </Dropdown>
    </div>
  );
}
