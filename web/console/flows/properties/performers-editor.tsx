import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { performerExpressionNames, performerExpressions, isHuman, flowLimits, type FlowDefinition, type Performer, type PerformerExpression } from '../../../../rules/workflow/definition.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import { teams } from '../../data/records.ts';
import { Icon } from '../../parts/icon.tsx';
import { useTicketFields } from '../../parts/filter-vocabulary.ts';
import { localName } from '../../parts/names.ts';
import { StaffSelect } from '../../parts/staff-select.tsx';
import { useFlowTexts } from '../flow-texts.ts';
import { Group, Toggle } from './controls.tsx';
import { RuleText } from './rule-field.tsx';
import styles from './properties.module.css';

type Props = { label: string; hint?: string; performers: readonly Performer[]; definition: FlowDefinition; /** The node whose people these are: it can't refer to itself. */ node: string; forApproval?: boolean; inInstances?: boolean; onChange: (performers: Performer[]) => void };

/** Who acts (处理人): people, teams, or whoever a rule in plain words finds. */
export function PerformersEditor({ label, hint, performers, onChange, ...about }: Props) {
  const { t: say } = useFlowTexts();
  const set = (index: number, next: Performer | null): void => onChange(performers.flatMap((one, at) => (at === index ? (next === null ? [] : [next]) : [one])));
  return (
    <Group label={label} hint={hint}>
      {performers.map((performer, index) => (
        <PerformerLine key={index} {...about} performer={performer} onChange={(next) => set(index, next)} />
      ))}
      {performers.length === 0 && <span className={styles.hint}>{say('performer.none')}</span>}
      {performers.length < flowLimits.performers && (
        <div className={styles.adds}>
          <Button size="small" icon={<Icon name="plus" size={14} />} onClick={() => onChange([...performers, { kind: 'expression', expression: 'ticket_assignee' }])}>{say('performer.addRule')}</Button>
          <Button size="small" icon={<Icon name="plus" size={14} />} onClick={() => onChange([...performers, { kind: 'team', id: '' }])}>{say('performer.addTeam')}</Button>
          <Button size="small" icon={<Icon name="plus" size={14} />} onClick={() => onChange([...performers, { kind: 'person', id: '' }])}>{say('performer.addPerson')}</Button>
        </div>
      )}
    </Group>
  );
}

function PerformerLine({ performer, definition, node, forApproval = false, inInstances = false, onChange }: Pick<Props, 'definition' | 'node' | 'forApproval' | 'inInstances'> & { performer: Performer; onChange: (performer: Performer | null) => void }) {
  const { t: say, language } = useFlowTexts();
  const teamList = useQuery(teams);
  const fields = useTicketFields();
  const steps = definition.nodes.filter((one) => isHuman(one) && one.id !== node).map((one) => ({ value: one.id, label: wordsIn(one.name, language) || one.id }));
  const expressions = performerExpressions.filter((one) => one !== 'item' || inInstances).map((value) => ({ value: value as string, label: wordsIn(performerExpressionNames[value], language) }));
  function chooseExpression(value: string): void {
    if (value === 'rule') onChange({ kind: 'rule', rule: { var: 'ticket.assignee' } });
    else onChange({ kind: 'expression', expression: value as PerformerExpression, ...(value === 'performer_of' || value === 'manager_of_performer' ? { node: steps[0]?.value ?? '' } : value === 'field' ? { field: [...fields.values()].find(({ kind }) => kind === 'person')?.key ?? '' } : {}) });
  }
  return (
    <div className={styles.line}>
      <div className={styles.lineMain}>
        {performer.kind === 'person' && <StaffSelect className={styles.wide} value={performer.id === '' ? undefined : performer.id} placeholder={say('performer.choosePerson')} onChange={(id) => onChange({ kind: 'person', id: id ?? '' })} />}
        {performer.kind === 'team' && (
          <>
            <Select size="small" className={styles.wide} aria-label={say('performer.chooseTeam')} placeholder={say('performer.chooseTeam')} showSearch={{ optionFilterProp: 'label' }} value={performer.id === '' ? undefined : performer.id} options={(teamList.data ?? []).map((team) => ({ value: team.id, label: localName(team, language) }))} onChange={(id: string) => onChange({ ...performer, id })} />
            {forApproval && <Toggle label={say('performer.everyMember')} checked={performer.each === true} onChange={(each) => onChange({ kind: 'team', id: performer.id, ...(each ? { each } : {}) })} />}
          </>
        )}
        {(performer.kind === 'expression' || performer.kind === 'rule') && (
          <Select size="small" className={styles.wide} aria-label={say('performer.byRule')} popupMatchSelectWidth={240} value={performer.kind === 'rule' ? 'rule' : performer.expression} options={[...expressions, { value: 'rule', label: say('performer.rule') }]} onChange={chooseExpression} />
        )}
        {performer.kind === 'expression' && (performer.expression === 'performer_of' || performer.expression === 'manager_of_performer') && (
          <Select size="small" className={styles.wide} aria-label={say('performer.step')} placeholder={say('performer.step')} value={performer.node === '' ? undefined : performer.node} options={steps} onChange={(of: string) => onChange({ ...performer, node: of })} />
        )}
        {performer.kind === 'expression' && performer.expression === 'field' && (
          <Select size="small" className={styles.wide} aria-label={say('performer.whichField')} placeholder={say('performer.whichField')} value={performer.field === '' ? undefined : performer.field} options={[...fields.values()].filter(({ kind }) => kind === 'person').map((field) => ({ value: field.key, label: wordsIn(field.label, language) }))} onChange={(field: string) => onChange({ ...performer, field })} />
        )}
        {performer.kind === 'rule' && <RuleText label="JsonLogic" value={performer.rule} onChange={(rule) => onChange({ kind: 'rule', rule })} />}
      </div>
      <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('performer.remove')} onClick={() => onChange(null)} />
    </div>
  );
}
