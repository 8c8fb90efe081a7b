import { Button, Checkbox, Select } from 'antd';
import { automationLimits, countedBy, type Count, type Definition } from '../../../rules/automation/definition.ts';
import { FilterBuilder } from '../../ui/filter/filter-builder.tsx';
import type { FilterVocabulary } from '../../ui/filter/vocabulary.ts';
import { Icon } from '../parts/icon.tsx';
import { StretchInput } from './small.tsx';
import { useAutomationTexts } from './texts.ts';
import styles from './automation.module.css';

/** What has to hold (条件): counts of tickets alike, and the conditions, by the builder of views. */
export function ConditionsPart({ definition, vocabulary, strict, onChange }: { definition: Definition; vocabulary: FilterVocabulary; strict: boolean; onChange: (patch: Partial<Definition>) => void }) {
  const { t: say } = useAutomationTexts();
  const counts = definition.counts ?? [];
  const setCounts = (next: readonly Count[]): void => onChange({ counts: next.length === 0 ? undefined : next } as Partial<Definition>);
  const set = (index: number, count: Count): void => setCounts(counts.map((one, at) => (at === index ? count : one)));

  function add(): void {
    let number = counts.length + 1;
    while (counts.some((count) => count.key === `count${number}`)) number += 1;
    const key = `count${number}`;
    const test = { property: `count.${key}`, operator: 'at_least' as const, value: 3 };
    const { conditions } = definition;
    // A count that no condition looks at would do nothing.
    onChange({ counts: [...counts, { key, same: 'asset', within: { n: 3, unit: 'day' } }], conditions: 'all' in conditions ? { all: [...conditions.all, test] } : { all: [conditions, test] } });
  }
  return (
    <div className={styles.stack}>
      {counts.length > 0 && (
        <div className={styles.counts} role="group" aria-label={say('counts')}>
          {counts.map((count, index) => (
            <div key={count.key} className={styles.count}>
              <span>{say('counts.same')}</span>
              <Select aria-label={say('counts.same')} className={styles.short} value={count.same} options={countedBy.map((same) => ({ value: same, label: say(`counts.${same}`) }))} onChange={(same: Count['same']) => set(index, { ...count, same })} />
              <span>{say('counts.within')}</span>
              <StretchInput label={say('counts.within')} value={count.within} onChange={(within) => set(index, { ...count, within })} />
              <Checkbox
                checked={count.sameType === true}
                onChange={(event) => {
                  const { sameType: _sameType, ...plain } = count;
                  set(index, event.target.checked ? { ...plain, sameType: true } : plain);
                }}
              >
                {say('counts.sameType')}
              </Checkbox>
              <Button type="text" size="small" className={styles.remove} icon={<Icon name="trash" size={14} />} aria-label={say('counts.remove', { number: index + 1 })} onClick={() => setCounts(counts.filter((_, at) => at !== index))} />
            </div>
          ))}
        </div>
      )}
      <FilterBuilder value={definition.conditions} onChange={(conditions) => onChange({ conditions })} vocabulary={vocabulary} strict={strict} />
      {counts.length < automationLimits.counts && (
        <div className={styles.inline}>
          <Button size="small" type="text" icon={<Icon name="plus" size={14} />} onClick={add}>{say('counts.add')}</Button>
          <span className={styles.muted}>{say('counts.hint')}</span>
        </div>
      )}
    </div>
  );
}
