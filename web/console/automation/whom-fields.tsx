import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { automationLimits, personExpressions, teamExpressions, type Whom } from '../../../rules/automation/definition.ts';
import { teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { StaffSelect } from '../parts/staff-select.tsx';
import { useAutomationTexts } from './texts.ts';
import styles from './automation.module.css';

const kindOf = (whom: Whom): string => ('expression' in whom ? whom.expression : 'person' in whom ? 'person' : 'team');

/** Somebody, a team, or whoever it turns out to be (对象). */
export function WhomField({ value, onChange }: { value: Whom; onChange: (whom: Whom) => void }) {
  const { t: say } = useAutomationTexts();
  const { language } = useTexts();
  const teamList = useQuery(teams);
  return (
    <span className={styles.whom}>
      <Select
        aria-label={say('who.kind')} className={styles.medium} popupMatchSelectWidth={false} value={kindOf(value)}
        options={['team', 'person', ...teamExpressions, ...personExpressions].map((kind) => ({ value: kind, label: say(`who.${kind as 'team'}`) }))}
        onChange={(kind: string) => onChange(kind === 'person' ? { person: '' } : kind === 'team' ? { team: '' } : { expression: kind as 'assignee' })}
      />
      {'person' in value && <StaffSelect className={styles.medium} placeholder={say('who.choosePerson')} value={value.person === '' ? undefined : value.person} onChange={(person) => onChange({ person: person ?? '' })} />}
      {'team' in value && <Select className={styles.medium} aria-label={say('who.chooseTeam')} placeholder={say('who.chooseTeam')} showSearch={{ optionFilterProp: 'label' }} value={value.team === '' ? undefined : value.team} options={(teamList.data ?? []).filter((team) => team.active).map((team) => ({ value: team.id, label: localName(team, language) }))} onChange={(team: string) => onChange({ team })} />}
    </span>
  );
}

/** Several of them. */
export function WhomList({ value, onChange }: { value: readonly Whom[]; onChange: (whom: Whom[]) => void }) {
  const { t: say } = useAutomationTexts();
  return (
    <div className={styles.stack}>
      {value.map((whom, index) => (
        <span key={index} className={styles.inline}>
          <WhomField value={whom} onChange={(next) => onChange(value.map((one, at) => (at === index ? next : one)))} />
          <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('who.remove', { number: index + 1 })} onClick={() => onChange(value.filter((_, at) => at !== index))} />
        </span>
      ))}
      {value.length < automationLimits.recipients && <Button size="small" type="text" className={styles.add} icon={<Icon name="plus" size={14} />} onClick={() => onChange([...value, { expression: 'team_lead' }])}>{say('who.add')}</Button>}
    </div>
  );
}
