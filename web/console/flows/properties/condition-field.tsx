import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { Filter } from '../../../../rules/conditions/filter.ts';
import type { Rule } from '../../../../rules/conditions/json.ts';
import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { FilterBuilder } from '../../../ui/filter/filter-builder.tsx';
import { useConditionVocabulary } from '../conditions/condition-vocabulary.ts';
import { filterFromRule, ruleFromFilter } from '../conditions/rule-filter.ts';
import { Icon } from '../../parts/icon.tsx';
import { useFlowTexts } from '../flow-texts.ts';
import { RuleText } from './rule-field.tsx';
import styles from './properties.module.css';

type Props = { definition: FlowDefinition; label: string; value: Rule | undefined; onChange: (rule: Rule | undefined) => void };

/** A condition (条件): built by choosing, or written as JsonLogic where it says more. Without any it always holds. */
export function ConditionField({ definition, label, value, onChange }: Props) {
  const { t: say } = useFlowTexts();
  const vocabulary = useConditionVocabulary(definition);
  const read = value === undefined ? ({ all: [] } satisfies Filter) : filterFromRule(value, vocabulary.properties);
  const [asText, setAsText] = useState(false);
  // What is still incomplete has no rule yet; it stays in hand while it is being built.
  const [building, setBuilding] = useState<{ filter: Filter; rule: Rule | undefined } | null>(null);
  const same = building !== null && JSON.stringify(building.rule) === JSON.stringify(value);
  const filter = same ? building.filter : read;
  const shown = asText || filter === null;
  const isEmpty = filter !== null && 'all' in filter && filter.all.length === 0;
  const place = useRef<HTMLDivElement>(null);
  const [begun, setBegun] = useState(false);
  useEffect(() => {
    if (!begun) return;
    setBegun(false);
    place.current?.querySelector('input')?.focus();
  }, [begun]);

  function begin(): void {
    setBuilding({ filter: { all: [{ property: '', operator: 'is' }] } as Filter, rule: value });
    setBegun(true);
  }

  function take(next: Filter): void {
    const rule = ruleFromFilter(next, vocabulary.properties);
    const kept = rule === null ? value : rule === true ? undefined : rule;
    setBuilding({ filter: next, rule: kept });
    if (JSON.stringify(kept) !== JSON.stringify(value)) onChange(kept);
  }

  return (
    <div ref={place} className={styles.condition} role="group" aria-label={label}>
      {!shown && isEmpty && (
        <>
          <span className={styles.hint}>{say('condition.none')}</span>
          <div className={styles.adds}><Button size="small" icon={<Icon name="plus" size={14} />} onClick={begin}>{say('condition.add')}</Button></div>
        </>
      )}
      {shown && <RuleText label="JsonLogic" value={value ?? true} onChange={(rule) => onChange(rule === true ? undefined : rule)} />}
      {!shown && !isEmpty && <FilterBuilder value={filter} onChange={take} vocabulary={vocabulary} />}
      <div className={styles.conditionFoot}>
        {filter === null ? <span className={styles.hint}>{say('condition.tooMuch')}</span> : <Button type="link" size="small" onClick={() => setAsText(!asText)}>{say(asText ? 'condition.build' : 'condition.write')}</Button>}
        {value !== undefined && <Button type="link" size="small" onClick={() => { setBuilding(null); onChange(undefined); }}>{say('condition.clear')}</Button>}
      </div>
    </div>
  );
}
