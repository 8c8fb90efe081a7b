import { Button, Select } from 'antd';
import type { FlowDefinition, FlowEdge, FlowNode } from '../../../../rules/workflow/definition.ts';
import { Icon } from '../../parts/icon.tsx';
import { changeEdge, connect, mayConnect, moveEdge, reconnect, remove } from '../designer/edit-flow.ts';
import { isGateway } from '../designer/node-kinds.ts';
import { useFlowTexts } from '../flow-texts.ts';
import type { FlowWords } from '../flow-words.ts';
import { ConditionField } from './condition-field.tsx';
import { Field, Group, Part, Toggle, WordsField } from './controls.tsx';
import { OutcomeSelect } from './timing-properties.tsx';
import styles from './properties.module.css';

type Change = (next: (before: FlowDefinition) => FlowDefinition, about?: string | null) => void;
type Shared = { definition: FlowDefinition; words: FlowWords; onChange: Change; onSelect: (ids: ReadonlySet<string>) => void };

/** Where it goes on from here (去向): every arrow can be drawn, led elsewhere, put in order and taken away without a mouse. */
export function Ways({ node, definition, words, onChange, onSelect }: Shared & { node: FlowNode }) {
  const { t: say } = useFlowTexts();
  if (node.kind === 'end' || node.kind === 'terminate') return null;
  const sources = [node.id, ...('timers' in node ? (node.timers ?? []) : []).map(({ id }) => id)];
  return (
    <Part title={say(isGateway(node.kind) ? 'part.branches' : 'part.next')}>
      {sources.map((source) => {
        const timer = 'timers' in node ? node.timers?.find(({ id }) => id === source) : undefined;
        const edges = definition.edges.filter(({ from }) => from === source);
        const targets = definition.nodes.filter((one) => mayConnect(definition, source, one.id)).map((one) => ({ value: one.id, label: words.name(one) || words.kind(one) }));
        return (
          <Group key={source} label={timer === undefined ? say('ways.label') : words.timer(timer)}>
            {edges.map((edge, index) => (
              <Way key={edge.id} edge={edge} definition={definition} words={words} first={index === 0} last={index === edges.length - 1} ordered={node.kind === 'exclusive' || node.kind === 'inclusive'} onChange={onChange} onSelect={onSelect} />
            ))}
            <Select size="small" className={styles.wide} aria-label={say('ways.add')} placeholder={say('ways.add')} showSearch={{ optionFilterProp: 'label' }} value={null as string | null} options={targets} notFoundContent={say('ways.nowhere')} onChange={(to) => { if (to !== null) onChange((before) => connect(before, source, to)); }} />
          </Group>
        );
      })}
    </Part>
  );
}

function Way({ edge, definition, words, first, last, ordered, onChange, onSelect }: Shared & { edge: FlowEdge; first: boolean; last: boolean; ordered: boolean }) {
  const { t: say } = useFlowTexts();
  const target = definition.nodes.find(({ id }) => id === edge.to);
  const said = words.edge(edge);
  const to = target === undefined ? edge.to : words.name(target) || words.kind(target);
  return (
    <div className={styles.way}>
      <button type="button" className={styles.wayMain} onClick={() => onSelect(new Set([edge.id]))}>
        <Icon name="transfer" size={14} />
        <span>{said !== '' && <em>{said}</em>}<strong>{to}</strong></span>
      </button>
      {ordered && <Button type="text" size="small" disabled={first} icon={<Icon name="chevronUp" size={14} />} aria-label={say('ways.up', { to })} onClick={() => onChange((before) => moveEdge(before, edge.id, -1))} />}
      {ordered && <Button type="text" size="small" disabled={last} icon={<Icon name="chevronDown" size={14} />} aria-label={say('ways.down', { to })} onClick={() => onChange((before) => moveEdge(before, edge.id, 1))} />}
      <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('ways.remove', { to })} onClick={() => onChange((before) => remove(before, new Set([edge.id])))} />
    </div>
  );
}

/** What is said of an arrow (连线): when it is taken, and how it is called. */
export function EdgeProperties({ edge, definition, words, onChange, onSelect, onRemove }: Shared & { edge: FlowEdge; onRemove: () => void }) {
  const { t: say } = useFlowTexts();
  const source = definition.nodes.find(({ id }) => id === edge.from);
  const target = definition.nodes.find(({ id }) => id === edge.to);
  const patch = (given: Readonly<Record<string, unknown>>, about?: string): void => onChange((before) => changeEdge(before, edge.id, given), about === undefined ? null : `${edge.id} ${about}`);
  const outcomes = source !== undefined && (source.kind === 'approval' || ('outcomes' in source && (source.outcomes?.length ?? 0) > 0) || (source.kind === 'action' && source.whenFailed === 'continue'));
  const decides = source !== undefined && source.kind !== 'parallel';
  return (
    <>
      <p className={styles.fromTo}>
        {source !== undefined && <button type="button" onClick={() => onSelect(new Set([source.id]))}>{words.name(source) || words.kind(source)}</button>}
        <Icon name="chevronRight" size={14} />
        {target !== undefined && <button type="button" onClick={() => onSelect(new Set([target.id]))}>{words.name(target) || words.kind(target)}</button>}
      </p>
      {outcomes && <Part title={say('part.outcome')}><Field label={say('edge.outcome')} hint={say('edge.outcomeHint')}><OutcomeSelect node={source} value={edge.outcome} onChange={(outcome) => patch({ outcome })} /></Field></Part>}
      {decides && (
        <Part title={say('part.condition')}>
          {edge.isDefault === true && edge.condition === undefined ? <span className={styles.hint}>{say('edge.defaultHint')}</span> : <ConditionField key={edge.id} definition={definition} label={say('part.condition')} value={edge.condition} onChange={(condition) => patch({ condition })} />}
          <Toggle label={say('edge.isDefault')} checked={edge.isDefault === true} onChange={(on) => patch(on ? { isDefault: true, condition: undefined } : { isDefault: undefined })} />
        </Part>
      )}
      <Part title={say('part.name')}>
        <WordsField label={say('edge.name')} labelEn={say('edge.nameEn')} value={edge.name} onChange={(name) => patch({ name }, 'name')} />
        <Field label={say('edge.to')}>
          <Select size="small" showSearch={{ optionFilterProp: 'label' }} value={edge.to} options={definition.nodes.filter((one) => one.id === edge.to || mayConnect(definition, edge.from, one.id)).map((one) => ({ value: one.id, label: words.name(one) || words.kind(one) }))} onChange={(to: string) => onChange((before) => reconnect(before, edge.id, edge.from, to))} />
        </Field>
      </Part>
      <Button danger size="small" icon={<Icon name="trash" size={14} />} onClick={onRemove}>{say('edge.remove')}</Button>
    </>
  );
}
