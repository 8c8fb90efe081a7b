import { Button, Dropdown } from 'antd';
import { useId, useRef } from 'react';
import type { MacroStep } from '../../../contract/desk.ts';
import { Icon } from '../parts/icon.tsx';
import { ReorderHandle, useReorder } from '../parts/reorder.tsx';
import { moved } from '../parts/reorder-places.ts';
import { useSettingsTexts } from './settings-texts.ts';
import { StepControl } from './step-control.tsx';
import { begun, isComplete, kindOf, stepKinds, type StepKind } from './step-kinds.ts';
import own from './macro-steps.module.css';

const most = 20;

/** The steps of a macro in their order (宏步骤): dragged, or moved with the arrow keys. */
export function MacroSteps({ value = [], onChange = () => {}, tried = false }: { value?: MacroStep[]; onChange?: (steps: MacroStep[]) => void; tried?: boolean }) {
  const { t: say } = useSettingsTexts();
  const list = useId();
  // Steps have no names of their own; while they are edited, each keeps one, so that a control stays with its step.
  const names = useRef<number[]>([]);
  const next = useRef(0);
  while (names.current.length < value.length) names.current.push(next.current++);
  names.current.length = value.length;
  function move(from: number, to: number): void {
    names.current = moved(names.current, from, to);
    onChange(moved(value, from, to));
  }
  return (
    <div className={own.steps}>
      {value.map((step, index) => (
        <StepRow
          key={names.current[index]} list={list} step={step} index={index} count={value.length} wrong={tried && !isComplete(step)} onMove={move}
          onChange={(changed) => onChange(value.map((one, at) => (at === index ? changed : one)))}
          onRemove={() => {
            names.current = names.current.filter((_, at) => at !== index);
            onChange(value.filter((_, at) => at !== index));
          }}
        />
      ))}
      <Dropdown trigger={['click']} menu={{ className: own.variables, items: stepKinds.map((kind) => ({ key: kind, label: say(`macros.step.${kind}`) })), onClick: ({ key }) => onChange([...value, begun(key as StepKind)]) }}>
        <Button size="small" icon={<Icon name="plus" size={14} />} disabled={value.length >= most} aria-haspopup="menu">{say('macros.addStep')}</Button>
      </Dropdown>
    </div>
  );
}

type RowProps = { list: string; step: MacroStep; index: number; count: number; wrong: boolean; onMove: (from: number, to: number) => void; onChange: (step: MacroStep) => void; onRemove: () => void };

function StepRow({ list, step, index, count, wrong, onMove, onChange, onRemove }: RowProps) {
  const { t: say } = useSettingsTexts();
  const { row, handle, edge, dragging } = useReorder<HTMLDivElement>(list, index, onMove);
  const name = say(`macros.step.${kindOf(step)}`);
  return (
    <div ref={row} className={own.step} data-edge={edge ?? undefined} data-dragging={dragging || undefined} data-wrong={wrong || undefined} role="group" aria-label={`${index + 1}. ${name}`}>
      <div className={own.head}>
        <ReorderHandle handle={handle} index={index} count={count} name={name} onMove={onMove} />
        <strong>{index + 1}. {name}</strong>
        <Button type="text" size="small" icon={<Icon name="trash" size={14} />} aria-label={`${say('designer.remove')} ${index + 1}`} onClick={onRemove} />
      </div>
      <StepControl step={step} onChange={onChange} />
    </div>
  );
}
