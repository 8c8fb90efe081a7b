import { Segmented } from 'antd';
import { useEffect } from 'react';
import { describeFilter } from '../../../rules/conditions/describe-filter.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { FilterBuilder } from '../../ui/filter/filter-builder.tsx';
import { filterProblems } from '../../ui/filter/problems.ts';
import { useTexts } from '../i18n.ts';
import { useFilterVocabulary } from '../parts/filter-vocabulary.ts';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';
import own from './macro-steps.module.css';

const nothing: Filter = { all: [] };

/** On which tickets a macro is offered (宏适用条件): on all, or on those that fit a filter. */
export function MacroCondition({ value = null, onChange = () => {}, tried = false, onProblems }: { value?: Filter | null; onChange?: (condition: Filter | null) => void; tried?: boolean; onProblems: (count: number) => void }) {
  const { t: say } = useSettingsTexts();
  const vocabulary = useFilterVocabulary(value ?? undefined);
  const problems = value === null ? 0 : filterProblems(value, vocabulary.properties).length;
  useEffect(() => onProblems(problems), [problems, onProblems]);
  return (
    <div className={own.condition}>
      <Segmented
        aria-label={say('macros.condition')} value={value === null ? 'all' : 'some'} options={[{ value: 'all', label: say('macros.onAll') }, { value: 'some', label: say('macros.onSome') }]}
        onChange={(choice) => onChange(choice === 'all' ? null : nothing)}
      />
      {value !== null && problems === 0 && <ConditionLine condition={value} />}
      {value !== null && <FilterBuilder value={value} onChange={onChange} vocabulary={vocabulary} strict={tried} />}
    </div>
  );
}

/** A condition in words. */
export function ConditionLine({ condition }: { condition: Filter }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const vocabulary = useFilterVocabulary(condition);
  return <p className={styles.muted}>{say('macros.when', { words: describeFilter(condition, { property: vocabulary.label, value: vocabulary.name }, language === 'en' ? 'en' : 'zh') })}</p>;
}
