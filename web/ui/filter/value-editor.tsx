import { DatePicker, Input, InputNumber, Segmented, Select, TimePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useEffect, useRef, useState } from 'react';
import { filterLimits, periods, type FilterValue, type Period, type PropertyDefinition, type Span } from '../../../rules/conditions/filter.ts';
import type { TestNode } from './filter-model.ts';
import { filterWords, periodName, unitName } from './filter-words.ts';
import { shapeOf, unitsOf } from './value-shape.ts';
import type { FilterChoice, FilterVocabulary } from './vocabulary.ts';
import styles from './filter.module.css';

type Props = { test: TestNode; definition: PropertyDefinition; vocabulary: FilterVocabulary; invalid: boolean; onChange: (value: FilterValue | undefined) => void };

/** Edits what a test compares with (条件的值): as the kind of the property and the operator want it. */
export function ValueEditor({ test, definition, vocabulary, invalid, onChange }: Props) {
  const shape = shapeOf(test.operator);
  const { kind } = definition;
  const { value } = test;
  const status = invalid ? 'error' : undefined;
  const said = { 'aria-label': filterWords('builder.value'), 'aria-invalid': invalid || undefined };

  if (shape === 'none') return null;
  if (shape === 'span') {
    const span: Span = typeof value === 'object' && 'unit' in value ? value : { n: 7, unit: 'day' };
    return (
      <span className={styles.pair}>
        <InputNumber {...said} className={styles.count} status={status} min={1} max={filterLimits.span} precision={0} value={span.n} onChange={(n) => onChange({ ...span, n: n ?? 1 })} />
        <Select className={styles.unit} aria-label={unitName(span.unit)} value={span.unit} options={unitsOf(kind).map((unit) => ({ value: unit, label: unitName(unit) }))} onChange={(unit: Span['unit']) => onChange({ ...span, unit })} />
      </span>
    );
  }
  if (shape === 'period') {
    return <Select {...said} className={styles.value} status={status} value={value as Period | undefined} placeholder={filterWords('builder.choose')} options={periods.map((period) => ({ value: period, label: periodName(period) }))} onChange={onChange} />;
  }
  if (shape === 'pair') {
    const [from, to] = Array.isArray(value) ? (value as readonly (string | number)[]) : [];
    const set = (at: 0 | 1) => (next: FilterValue | undefined) => {
      const pair = [from, to] as (string | number | undefined)[];
      pair[at] = next as string | number | undefined;
      onChange(pair.every((one) => one === undefined) ? undefined : (pair as (string | number)[]));
    };
    return (
      <span className={styles.pair}>
        <Single kind={kind} value={from} status={status} said={said} onChange={set(0)} />
        <span className={styles.to}>{filterWords('builder.to')}</span>
        <Single kind={kind} value={to} status={status} said={said} onChange={set(1)} />
      </span>
    );
  }
  if (kind === 'text' || kind === 'date' || kind === 'date_time' || kind === 'time' || kind === 'money' || (kind === 'number' && shape === 'one')) {
    return <Single kind={kind} value={value as string | number | undefined} status={status} said={said} onChange={onChange} />;
  }
  if (kind === 'boolean') {
    return <Segmented<string> {...said} value={value === false ? 'false' : 'true'} options={[{ value: 'true', label: filterWords('yes') }, { value: 'false', label: filterWords('no') }]} onChange={(next) => onChange(next === 'true')} />;
  }
  return <ChoiceEditor property={test.property} several={shape === 'several'} numbers={kind === 'number'} value={value} vocabulary={vocabulary} status={status} said={said} onChange={onChange} />;
}

type SingleProps = { kind: PropertyDefinition['kind']; value: string | number | undefined; status: 'error' | undefined; said: object; onChange: (value: FilterValue | undefined) => void };

/** Hundredths of the main unit: what sums are kept in. */
const minorUnits = 100;

function Single({ kind, value, status, said, onChange }: SingleProps) {
  const placeholder = filterWords('builder.type');
  if (kind === 'number' || kind === 'money') {
    const scale = kind === 'money' ? minorUnits : 1;
    return (
      <InputNumber
        {...said} className={styles.number} status={status} placeholder={placeholder} precision={kind === 'money' ? 2 : undefined}
        value={typeof value === 'number' ? value / scale : null}
        onChange={(next) => onChange(next === null ? undefined : kind === 'money' ? Math.round(next * scale) : next)}
      />
    );
  }
  if (kind === 'date' || kind === 'date_time') {
    return <DatePicker {...said} className={styles.date} status={status} value={typeof value === 'string' ? dayjs(value) : null} onChange={(day: Dayjs | null) => onChange(day?.format('YYYY-MM-DD'))} />;
  }
  if (kind === 'time') {
    return <TimePicker {...said} className={styles.date} status={status} format="HH:mm" value={typeof value === 'string' ? dayjs(value, 'HH:mm') : null} onChange={(time: Dayjs | null) => onChange(time?.format('HH:mm'))} />;
  }
  return <Input {...said} className={styles.value} status={status} placeholder={placeholder} maxLength={filterLimits.text} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} />;
}

type ChoiceProps = { property: string; several: boolean; numbers: boolean; value: FilterValue | undefined; vocabulary: FilterVocabulary; status: 'error' | undefined; said: object; onChange: (value: FilterValue | undefined) => void };

/** One or several values out of a list, out of a search, or as somebody types them. */
function ChoiceEditor({ property, several, numbers, value, vocabulary, status, said, onChange }: ChoiceProps) {
  const listed = vocabulary.options(property);
  const find = vocabulary.find(property);
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const found = useFound(opened ? find : undefined, typed);
  const chosen: string[] = Array.isArray(value) ? (value as readonly (string | number)[]).map(String) : typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  const offered: FilterChoice[] = [...(typed === '' || find === undefined ? (listed ?? []) : []), ...found.choices];
  const known = new Set(offered.map((one) => one.value));
  const options = [...chosen.filter((one) => !known.has(one)).map((one): FilterChoice => ({ value: one, label: vocabulary.name(property, one) ?? one })), ...offered];
  const free = listed === undefined && find === undefined;
  const told = (next: string[]): FilterValue | undefined => {
    const values = numbers ? next.map(Number).filter((one) => Number.isFinite(one)) : next;
    return values.length === 0 ? undefined : several ? values : values.at(-1);
  };
  const common = {
    ...said, className: styles.value, status, options, popupMatchSelectWidth: 240, loading: found.searching,
    placeholder: filterWords(find !== undefined ? 'builder.search' : free ? 'builder.type' : 'builder.choose'),
    notFoundContent: free ? null : found.searching ? undefined : filterWords('builder.nothing'),
    showSearch: find === undefined ? { optionFilterProp: 'label' } : { filterOption: false as const, onSearch: setTyped },
    onOpenChange: (open: boolean) => {
      if (open) setOpened(true);
    },
    optionRender: (option: { label?: React.ReactNode; data: FilterChoice }) => (
      <span className={styles.choice}>
        <span>{option.label}</span>
        {option.data.hint !== undefined && <span className={styles.hint}>{option.data.hint}</span>}
      </span>
    ),
  };
  if (several || free) {
    return <Select {...common} mode={free ? 'tags' : 'multiple'} maxTagCount="responsive" maxCount={several ? filterLimits.values : undefined} value={chosen} onChange={(next: string[]) => onChange(told(next))} />;
  }
  return <Select {...common} value={chosen[0]} onChange={(next: string) => onChange(told([next]))} />;
}

/** What a search finds, once one pauses. */
function useFound(find: ReturnType<FilterVocabulary['find']>, words: string): { choices: readonly FilterChoice[]; searching: boolean } {
  const [state, setState] = useState<{ choices: readonly FilterChoice[]; searching: boolean }>({ choices: [], searching: false });
  const searches = find !== undefined;
  // Made anew with every drawing; what it searches in stays the same.
  const latest = useRef(find);
  useEffect(() => {
    latest.current = find;
  });
  useEffect(() => {
    if (!searches) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      setState((before) => ({ ...before, searching: true }));
      latest.current?.(words.trim(), stop.signal).then(
        (choices) => setState({ choices, searching: false }),
        () => {
          if (!stop.signal.aborted) setState({ choices: [], searching: false });
        },
      );
    }, 160);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [searches, words]);
  return state;
}
