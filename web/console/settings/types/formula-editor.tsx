import { Button, Dropdown, Input } from 'antd';
import { useRef, useState } from 'react';
import { describeFormulaFailure } from '../../../../contract/form-problems.ts';
import { referencedVariables } from '../../../../rules/conditions/check-rule.ts';
import type { Rule } from '../../../../rules/conditions/json.ts';
import type { Column, Form, FormulaField } from '../../../../rules/forms/form.ts';
import { reckon } from '../../../../rules/forms/formula.ts';
import { inWords } from '../../../../rules/forms/in-words.ts';
import { useTexts } from '../../i18n.ts';
import { Icon } from '../../parts/icon.tsx';
import { useSettingsTexts } from '../settings-texts.ts';
import { JsonEditor, useVariables } from './condition-editor.tsx';
import { parseExpression, printExpression } from './expression.ts';
import styles from './designer.module.css';

/** What is typed to try a formula out: a number where it is one, else a text; nothing for an empty answer. */
function tried(text: string): unknown {
  if (text.trim() === '') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

function placed(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const data: Record<string, unknown> = { fields: {}, row: {}, ticket: {}, actor: { kind: 'staff' } };
  for (const [path, text] of Object.entries(values)) {
    const steps = path.split('.');
    let place = data;
    for (const step of steps.slice(0, -1)) place = (place[step] ??= {}) as Record<string, unknown>;
    place[steps.at(-1)!] = tried(text);
  }
  return data;
}

/** Writes a formula (公式编辑) as people do, shows where it is wrong, and lets one try it out. */
export function FormulaEditor({ field, form, columns = [], onChange }: { field: FormulaField; form: Form; columns?: readonly Column[]; onChange: (rule: Rule) => void }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const variables = useVariables(form, columns).filter((variable) => variable.group === 'fields' && variable.path !== `fields.${field.key}` && variable.path !== `row.${field.key}` && variable.value !== 'presence');
  const [typed, setTyped] = useState<string | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});
  const area = useRef<HTMLTextAreaElement>(null);
  const printed = printExpression(field.formula);
  if (printed === null && typed === null) {
    return (
      <div className={styles.condition}>
        <p className={styles.hint}>{say('condition.jsonHint')}</p>
        <JsonEditor value={field.formula} onChange={onChange} />
      </div>
    );
  }
  const text = typed ?? printed ?? '';
  const parsed = parseExpression(text);
  const problem = parsed.problem === undefined ? null : parsed.problem === 'end' ? say('formula.end') : parsed.problem === 'unknown_function' ? say('formula.unknownFunction', { found: parsed.found }) : say('formula.unexpected', { found: parsed.found });

  function take(next: string): void {
    setTyped(next);
    const read = parseExpression(next);
    if (read.problem === undefined) onChange(read.rule);
  }
  function insert(path: string): void {
    const name = path.startsWith('fields.') ? path.slice('fields.'.length) : path;
    const element = area.current;
    const at = element?.selectionStart ?? text.length;
    const before = text.slice(0, at);
    take(`${before}${before === '' || /[\s(]$/.test(before) ? '' : ' '}${name}${text.slice(element?.selectionEnd ?? at)}`);
    setTimeout(() => element?.focus());
  }

  const used = referencedVariables(field.formula);
  const result = reckon(field, { ...placed(values), now: new Date().toISOString(), today: new Date().toISOString().slice(0, 10) } as Parameters<typeof reckon>[1]);
  return (
    <div className={styles.condition}>
      <Input.TextArea
        ref={(one) => {
          area.current = one?.resizableTextArea?.textArea ?? null;
        }}
        className={styles.code}
        aria-label={say('formula.title')}
        status={problem === null ? undefined : 'error'}
        autoSize={{ minRows: 2, maxRows: 8 }}
        spellCheck={false}
        value={text}
        onChange={(event) => take(event.target.value)}
        onBlur={() => {
          if (problem === null) setTyped(null);
        }}
      />
      {problem !== null && <p className={styles.error} role="alert">{problem}</p>}
      <p className={styles.hint}>{say('formula.hint')}</p>
      <Dropdown trigger={['click']} menu={{ items: variables.map((variable) => ({ key: variable.path, label: <span>{variable.label} <span className={styles.mono}>{variable.path.replace(/^fields\./, '')}</span></span> })), onClick: ({ key }) => insert(key) }}>
        <Button size="small" icon={<Icon name="plus" size={14} />}>{say('formula.insert')}</Button>
      </Dropdown>
      {used.length > 0 && (
        <fieldset className={styles.tryOut}>
          <legend>{say('formula.try')}</legend>
          {used.map((path) => (
            <label key={path}>
              <span>{variables.find((variable) => variable.path === path)?.label ?? path}</span>
              <Input size="small" value={values[path] ?? ''} placeholder={path === 'today' ? '2026-01-31' : '0'} onChange={(event) => setValues({ ...values, [path]: event.target.value })} />
            </label>
          ))}
          <p className={styles.result} role="status">
            {say('formula.equals')} <strong>{result.failure === undefined ? inWords(field, result.value, language === 'en' ? 'en' : 'zh') : describeFormulaFailure(result.failure)[language === 'en' ? 'en' : 'zh']}</strong>
          </p>
        </fieldset>
      )}
    </div>
  );
}
