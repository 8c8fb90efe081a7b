import { useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Input, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { useMemo, useState } from 'react';
import type { Json, Rule } from '../../../../rules/conditions/json.ts';
import type { Column, Form } from '../../../../rules/forms/form.ts';
import { categories, teams } from '../../data/records.ts';
import { useTexts } from '../../i18n.ts';
import { Icon } from '../../parts/icon.tsx';
import { channelTexts, localName } from '../../parts/names.ts';
import { useSettingsTexts } from '../settings-texts.ts';
import { comparisonsOf, variablesOf, type Variable } from './condition-variables.ts';
import { fromRule, toRule, type Comparison, type Line, type SimpleCondition } from './simple-condition.ts';
import styles from './designer.module.css';

/** What the conditions of a form may look at, in the reader's words. */
export function useVariables(form: Form, columns: readonly Column[] = []): Variable[] {
  const { t } = useTexts();
  const { t: say, language } = useSettingsTexts();
  const categoryList = useQuery(categories);
  const teamList = useQuery(teams);
  return useMemo(() => variablesOf(form, columns, language, say, (key) => say(`variable.${key}`), {
    categories: (categoryList.data ?? []).map((category) => ({ value: category.id, label: category.path.join(' / ') })),
    teams: (teamList.data ?? []).map((team) => ({ value: team.id, label: localName(team, language) })),
    actors: (['staff', 'customer', 'api_key'] as const).map((kind) => ({ value: kind, label: say(`actor.${kind}`) })),
    channels: Object.entries(channelTexts).map(([channel, text]) => ({ value: channel, label: t(text) })),
  }), [form, columns, language, say, t, categoryList.data, teamList.data]);
}

/** Builds a condition (条件编辑): line by line, or as JsonLogic where lines do not reach. */
export function ConditionEditor({ rule, form, columns = [], onChange }: { rule: Rule; form: Form; columns?: readonly Column[]; onChange: (rule: Rule) => void }) {
  const { t: say } = useSettingsTexts();
  const variables = useVariables(form, columns);
  const simple = fromRule(rule);
  const [asJson, setAsJson] = useState(false);
  if (asJson || simple === null) {
    return (
      <div className={styles.condition}>
        {simple === null && <p className={styles.hint}>{say('condition.jsonHint')}</p>}
        <JsonEditor value={rule} onChange={onChange} />
        {simple !== null && <Button type="link" size="small" onClick={() => setAsJson(false)}>{say('condition.simple')}</Button>}
      </div>
    );
  }
  const set = (next: SimpleCondition): void => onChange(toRule(next));
  const setLine = (index: number, line: Line): void => set({ ...simple, lines: simple.lines.map((one, at) => (at === index ? line : one)) });
  return (
    <div className={styles.condition}>
      {simple.lines.length > 1 && (
        <Select size="small" value={simple.join} aria-label={say('condition.all')} options={(['all', 'any'] as const).map((join) => ({ value: join, label: say(`condition.${join}`) }))} onChange={(join) => set({ ...simple, join })} />
      )}
      {simple.lines.map((line, index) => (
        <ConditionLine
          key={index}
          line={line}
          variables={variables}
          onChange={(next) => setLine(index, next)}
          onRemove={simple.lines.length > 1 ? () => set({ ...simple, lines: simple.lines.filter((_, at) => at !== index) }) : null}
        />
      ))}
      <div className={styles.conditionFoot}>
        <Button type="text" size="small" icon={<Icon name="plus" size={14} />} onClick={() => set({ ...simple, lines: [...simple.lines, startLine(variables)] })}>{say('condition.add')}</Button>
        <Button type="link" size="small" onClick={() => setAsJson(true)}>{say('condition.json')}</Button>
      </div>
    </div>
  );
}

/** A line to begin with: whether the first variable is filled in. */
export function startLine(variables: readonly Variable[]): Line {
  return { variable: variables[0]?.path ?? 'ticket.status', comparison: 'not_empty', value: null };
}

const firstValue = (variable: Variable | undefined, comparison: Comparison): Json => {
  if (comparison === 'empty' || comparison === 'not_empty') return null;
  const one: Json = variable?.value === 'number' ? 0 : variable?.value === 'boolean' ? true : variable?.value === 'date' ? dayjs().format('YYYY-MM-DD') : (variable?.choices?.[0]?.value ?? '');
  return comparison === 'in' || comparison === 'not_in' ? [one] : one;
};

function ConditionLine({ line, variables, onChange, onRemove }: { line: Line; variables: readonly Variable[]; onChange: (line: Line) => void; onRemove: (() => void) | null }) {
  const { t: say } = useSettingsTexts();
  const variable = variables.find((one) => one.path === line.variable);
  const allowed = comparisonsOf(variable);
  const shownComparisons = allowed.includes(line.comparison) ? allowed : [...allowed, line.comparison];
  const groups = (['fields', 'ticket', 'actor'] as const).map((group) => ({ label: say(`condition.${group}`), options: variables.filter((one) => one.group === group).map((one) => ({ value: one.path, label: one.label })) })).filter((group) => group.options.length > 0);
  return (
    <div className={styles.conditionLine}>
      <Select
        size="small"
        className={styles.conditionVariable}
        aria-label={say('condition.variable')}
        status={variable === undefined ? 'error' : undefined}
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={260}
        value={line.variable}
        options={variable === undefined ? [{ label: say('condition.fields'), options: [{ value: line.variable, label: say('condition.gone', { variable: line.variable }) }] }, ...groups] : groups}
        onChange={(path) => {
          const next = variables.find((one) => one.path === path);
          const comparison = comparisonsOf(next)[0]!;
          onChange({ variable: path, comparison, value: firstValue(next, comparison) });
        }}
      />
      <Select
        size="small"
        className={styles.conditionComparison}
        aria-label={say('condition.comparison')}
        popupMatchSelectWidth={160}
        value={line.comparison}
        options={shownComparisons.map((comparison) => ({ value: comparison, label: say(`comparison.${comparison}`) }))}
        onChange={(comparison: Comparison) => {
          const list = comparison === 'in' || comparison === 'not_in';
          const keeps = !['empty', 'not_empty'].includes(line.comparison) && !['empty', 'not_empty'].includes(comparison);
          const kept: Json = list ? (Array.isArray(line.value) ? line.value : [line.value]) : Array.isArray(line.value) ? ((line.value as readonly Json[])[0] ?? '') : line.value;
          onChange({ ...line, comparison, value: keeps ? kept : firstValue(variable, comparison) });
        }}
      />
      {line.comparison !== 'empty' && line.comparison !== 'not_empty' && <ValueControl line={line} variable={variable} onChange={(value) => onChange({ ...line, value })} />}
      {onRemove !== null && <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('condition.remove')} onClick={onRemove} />}
    </div>
  );
}

function ValueControl({ line, variable, onChange }: { line: Line; variable: Variable | undefined; onChange: (value: Json) => void }) {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const shared = { size: 'small' as const, className: styles.conditionValue, 'aria-label': say('condition.value') };
  if (variable?.choices !== undefined) {
    const several = Array.isArray(line.value);
    return <Select {...shared} mode={several ? 'multiple' : undefined} showSearch={{ optionFilterProp: 'label' }} popupMatchSelectWidth={240} value={line.value as string | string[]} options={variable.choices} onChange={(value: string | string[]) => onChange(value)} />;
  }
  if (variable?.value === 'boolean') return <Select {...shared} value={line.value === true} options={[{ value: true, label: t('form.yes') }, { value: false, label: t('form.no') }]} onChange={(value: boolean) => onChange(value)} />;
  if (variable?.value === 'number') return <InputNumber {...shared} value={typeof line.value === 'number' ? line.value : null} onChange={(value) => onChange(value ?? 0)} />;
  if (variable?.value === 'date') return <DatePicker {...shared} allowClear={false} value={typeof line.value === 'string' ? dayjs(line.value) : null} onChange={(day) => onChange(day?.format('YYYY-MM-DD') ?? null)} />;
  return <Input {...shared} value={typeof line.value === 'string' ? line.value : JSON.stringify(line.value)} maxLength={500} onChange={(event) => onChange(event.target.value)} />;
}

/** A rule as JSON; it is taken over once it is one. */
export function JsonEditor({ value, onChange }: { value: Rule; onChange: (rule: Rule) => void }) {
  const { t: say } = useSettingsTexts();
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  return (
    <>
      <Input.TextArea
        className={styles.code}
        aria-label="JsonLogic"
        status={wrong ? 'error' : undefined}
        autoSize={{ minRows: 3, maxRows: 14 }}
        spellCheck={false}
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
      {wrong && <p className={styles.error} role="alert">{say('condition.jsonWrong')}</p>}
    </>
  );
}
