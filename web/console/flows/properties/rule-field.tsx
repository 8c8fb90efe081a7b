import { Button, Input } from 'antd';
import { useState } from 'react';
import type { Rule } from '../../../../rules/conditions/json.ts';
import { useFlowTexts } from '../flow-texts.ts';
import { typedValue } from './typed-value.ts';
import styles from './properties.module.css';

/** A rule as JSON (JsonLogic); it is taken over once it is one. */
export function RuleText({ label, value, onChange }: { label: string; value: Rule; onChange: (rule: Rule) => void }) {
  const { t: say } = useFlowTexts();
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  return (
    <>
      <Input.TextArea
        className={styles.code} aria-label={label} status={wrong ? 'error' : undefined} autoSize={{ minRows: 2, maxRows: 12 }} spellCheck={false} maxLength={20_000}
        value={typed ?? JSON.stringify(value, null, 2)}
        onChange={(event) => {
          setTyped(event.target.value);
          try {
            const read = JSON.parse(event.target.value) as Rule;
            setWrong(false);
            onChange(read);
          } catch {
            setWrong(true);
          }
        }}
        onBlur={() => {
          if (!wrong) setTyped(null);
        }}
      />
      {wrong && <span className={styles.error} role="alert">{say('rule.wrong')}</span>}
    </>
  );
}

/** A value: plain text or a number as one types it, or a rule that reckons it. */
export function ValueField({ label, value, onChange }: { label: string; value: Rule; onChange: (rule: Rule) => void }) {
  const { t: say } = useFlowTexts();
  // As long as it is being typed it stays as it is: 1.0 may become 1.05.
  const [typed, setTyped] = useState<string | null>(null);
  const isRule = typeof value === 'object' && value !== null;
  if (isRule) {
    return (
      <div className={styles.valueRule}>
        <RuleText label={label} value={value} onChange={onChange} />
        <Button type="link" size="small" onClick={() => onChange('')}>{say('rule.plain')}</Button>
      </div>
    );
  }
  return (
    <Input
      size="small" aria-label={label} maxLength={2_000} value={typed ?? (value === null ? '' : String(value))} placeholder={say('rule.value')}
      suffix={<button type="button" className={styles.inline} onClick={() => onChange({ var: 'fields.' })} aria-label={say('rule.formula')} title={say('rule.formula')}>ƒ</button>}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(typedValue(event.target.value));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
