import { App, Button, ConfigProvider, Input, Select } from 'antd';
import { useQuery, useQueryClient, useMutation } from '@tanstack/react-query';
import type { FlowFinding } from '../../../../contract/flow.ts';
import type { Words } from '../../../../rules/forms/form.ts';
import { flowLimits, isActivity, isHuman, keyPattern, type FlowDefinition, type FlowNode, type FlowVariable } from '../../../../rules/workflow/definition.ts';
import { api, asProblem } from '../../../ui/api.ts';
import { ticketTypes } from '../../data/records.ts';
import { Icon } from '../../parts/icon.tsx';
import { localName } from '../../parts/names.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { changeNode } from '../designer/edit-flow.ts';
import { itemNames, itemOf, toneOf } from '../designer/node-kinds.ts';
import { flow } from '../flow-queries.ts';
import { useFlowTexts } from '../flow-texts.ts';
import type { FlowWords } from '../flow-words.ts';
import { ActionProperties, SubflowProperties, WaitProperties } from './automatic-properties.tsx';
import { Field, Group, Part, WordsField } from './controls.tsx';
import { PeopleProperties } from './people-properties.tsx';
import { StatusField, TimingProperties } from './timing-properties.tsx';
import { EdgeProperties, Ways } from './ways.tsx';
import styles from './properties.module.css';

type Props = {
  flowId: string; definition: FlowDefinition; selected: ReadonlySet<string>; findings: readonly FlowFinding[]; words: FlowWords;
  onChange: (next: (before: FlowDefinition) => FlowDefinition, about?: string | null) => void; onSelect: (ids: ReadonlySet<string>) => void; onRemove: () => void;
};

/** All there is to say of what is selected (属性面板); of the whole flow when nothing is. */
export function Properties(props: Props) {
  const { definition, selected, onRemove } = props;
  const { t: say } = useFlowTexts();
  const nodes = definition.nodes.filter(({ id }) => selected.has(id));
  const edges = definition.edges.filter(({ id }) => selected.has(id));
  const [node, edge] = [nodes[0], edges[0]];
  if (nodes.length + edges.length > 1) {
    return (
      <div className={styles.properties}>
        <h2 className={styles.title}>{say('properties.several', { count: nodes.length + edges.length })}</h2>
        <p className={styles.hint}>{say('properties.severalHint')}</p>
        <Button danger size="small" icon={<Icon name="trash" size={14} />} onClick={onRemove}>{say('tools.remove')}</Button>
      </div>
    );
  }
  return (
    <ConfigProvider componentSize="small">
      <div className={styles.properties}>
        {node !== undefined ? <NodeProperties key={node.id} node={node} {...props} /> : edge !== undefined ? (
          <>
            <h2 className={styles.title}><span className={styles.grow}>{say('properties.edge')}</span><Leave onSelect={props.onSelect} /></h2>
            <Findings findings={props.findings.filter((finding) => finding.edge === edge.id)} />
            <EdgeProperties key={edge.id} edge={edge} {...props} />
          </>
        ) : <FlowProperties {...props} />}
      </div>
    </ConfigProvider>
  );
}

/** Back to what concerns the whole flow. */
function Leave({ onSelect }: Pick<Props, 'onSelect'>) {
  const { t: say } = useFlowTexts();
  return <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('properties.flow')} title={say('properties.flow')} onClick={() => onSelect(new Set())} />;
}

function Findings({ findings }: { findings: readonly FlowFinding[] }) {
  if (findings.length === 0) return null;
  return <ul className={styles.findings}>{findings.map((finding) => <li key={`${finding.code} ${finding.at} ${finding.message}`} data-level={finding.level}>{finding.message}</li>)}</ul>;
}

function NodeProperties({ node, flowId, definition, findings, words, onChange, onSelect, onRemove }: Props & { node: FlowNode }) {
  const { t: say } = useFlowTexts();
  const patch = (given: Readonly<Record<string, unknown>>, about?: string): void => onChange((before) => changeNode(before, node.id, given), about === undefined ? null : `${node.id} ${about}`);
  return (
    <>
      <h2 className={styles.title} data-tone={toneOf(node.kind)}><span className={styles.titleIcon}><NodeIcon item={itemOf(node)} size={16} /></span><span className={styles.grow}>{words.kind(node)}</span><Leave onSelect={onSelect} /></h2>
      <Findings findings={findings.filter((finding) => finding.node === node.id)} />
      <Part title={say('part.basic')}>
        <WordsField label={say('node.name')} labelEn={say('node.nameEn')} required value={node.name} onChange={(name) => patch({ name: ownName(node, name ?? { zh: '' }) }, 'name')} />
        <Field label={say('node.description')}><Input.TextArea size="small" autoSize={{ minRows: 1, maxRows: 6 }} maxLength={flowLimits.words} value={node.description?.zh ?? ''} onChange={(event) => patch({ description: event.target.value === '' ? undefined : { ...node.description, zh: event.target.value } }, 'description')} /></Field>
      </Part>
      {isHuman(node) && <PeopleProperties node={node} definition={definition} onPatch={patch} />}
      {node.kind === 'wait' && <WaitProperties node={node} definition={definition} onPatch={patch} />}
      {node.kind === 'action' && <ActionProperties node={node} definition={definition} stale={findings.filter((finding) => finding.node === node.id && finding.code === 'header_again').map(({ at }) => Number(at?.split('/').at(-1)))} onPatch={patch} />}
      {node.kind === 'subflow' && <SubflowProperties node={node} flowId={flowId} onPatch={patch} />}
      <Ways node={node} definition={definition} words={words} onChange={onChange} onSelect={onSelect} />
      {(isActivity(node) || node.kind === 'start' || node.kind === 'end' || node.kind === 'terminate') && <Part title={say('part.status')} open={node.status !== undefined || node.kind === 'end'}><StatusField status={node.status} onChange={(status) => patch({ status })} /></Part>}
      {isActivity(node) && <TimingProperties node={node} definition={definition} onPatch={patch} />}
      <Button danger size="small" icon={<Icon name="trash" size={14} />} onClick={onRemove}>{say('node.remove')}</Button>
    </>
  );
}

/** The usual English name of its kind goes with the first name of its own: it would call it something else. */
function ownName(node: FlowNode, name: Words): Words {
  const usual = itemNames[itemOf(node)].en;
  return name.zh !== node.name.zh && name.en === usual && node.name.en === usual ? { zh: name.zh } : name;
}

function FlowProperties({ flowId, definition, onChange }: Props) {
  const { t: say, language } = useFlowTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const record = useQuery(flow(flowId));
  const typeList = useQuery(ticketTypes);
  const setTypes = useMutation({
    mutationFn: async (types: string[]) => api.patch(`/flows/${flowId}`, { types }, { ifMatch: `"${record.data?.version}"` }),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['flows'] }),
  });
  const variables = definition.variables ?? [];
  const setVariables = (next: FlowVariable[], about: string | null = null): void => onChange((before) => (next.length === 0 ? { nodes: before.nodes, edges: before.edges } : { ...before, variables: next }), about);
  const kinds = (['text', 'number', 'boolean', 'any'] as const).map((value) => ({ value, label: say(`variable.${value}`) }));
  return (
    <>
      <h2 className={styles.title}>{say('properties.flow')}</h2>
      <p className={styles.hint}>{say('properties.nothing')}</p>
      <Part title={say('part.types')}>
        <Field label={say('flow.types')} hint={say('flow.typesHint')}>
          <Select size="small" mode="multiple" loading={setTypes.isPending} disabled={record.data === undefined} value={record.data?.types.map(({ id }) => id) ?? []} options={(typeList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))} onChange={(types: string[]) => setTypes.mutate(types)} />
        </Field>
      </Part>
      <Part title={say('part.variables')} open={variables.length > 0}>
        <Group label={say('variable.label')} hint={say('variable.hint')} action={variables.length < flowLimits.variables && <Button size="small" type="text" icon={<Icon name="plus" size={14} />} onClick={() => setVariables([...variables, { key: freshKey(variables), name: { zh: say('variable.fresh') }, kind: 'text' }])}>{say('action.add')}</Button>}>
          {variables.map((variable, index) => (
            <div key={index} className={styles.variable}>
              <Input size="small" aria-label={say('variable.name')} maxLength={flowLimits.name} value={variable.name.zh} onChange={(event) => setVariables(variables.map((one, at) => (at === index ? { ...one, name: { ...one.name, zh: event.target.value } } : one)), `variable ${index}`)} />
              <Input size="small" className={styles.code} status={keyPattern.test(variable.key) ? undefined : 'error'} aria-label={say('variable.key')} maxLength={63} value={variable.key} onChange={(event) => setVariables(variables.map((one, at) => (at === index ? { ...one, key: event.target.value } : one)), `variable ${index}`)} />
              <Select size="small" aria-label={say('variable.kind')} value={variable.kind} options={kinds} onChange={(kind: FlowVariable['kind']) => setVariables(variables.map((one, at) => (at === index ? { ...one, kind } : one)))} />
              <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('action.remove')} onClick={() => setVariables(variables.filter((_one, at) => at !== index))} />
            </div>
          ))}
        </Group>
      </Part>
      <Part title={say('part.keys')} open={false}>
        <dl className={styles.keys}>
          {(['add', 'next', 'connect', 'name', 'back', 'move', 'copy', 'several', 'undo', 'remove', 'pan'] as const).map((key) => <div key={key}><dt>{say(`key.${key}`)}</dt><dd>{say(`keys.${key}`)}</dd></div>)}
        </dl>
      </Part>
    </>
  );
}

function freshKey(variables: readonly FlowVariable[]): string {
  for (let number = variables.length + 1; ; number += 1) if (!variables.some(({ key }) => key === `value${number}`)) return `value${number}`;
}
