import { Button, Segmented, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { operatorsFor } from '../../../rules/conditions/check-filter.ts';
import type { Filter, FilterOperator } from '../../../rules/conditions/filter.ts';
import { useLanguage } from '../react/preferences.ts';
import { groupModes, newNodeId, partPath, replaceNode, toFilter, toModel, type FilterNode, type GroupNode, type TestNode } from './filter-model.ts';
import { filterWords, modeName, operatorName } from './filter-words.ts';
import { filterProblems } from './problems.ts';
import { ValueEditor } from './value-editor.tsx';
import { carriedValue, usualTest } from './value-shape.ts';
import type { FilterVocabulary } from './vocabulary.ts';
import styles from './filter.module.css';

type Props = {
  value: Filter;
  /** Told at every change, also while a test is still incomplete: ask filterProblems before using it. */
  onChange: (filter: Filter) => void;
  vocabulary: FilterVocabulary;
  /** Problems the server told, beside the tests they concern. */
  told?: readonly { path: string; message: string }[];
  /** Whether what is still empty is already called a problem. */
  strict?: boolean;
};

/** Edits a filter (条件编辑器): groups of conditions; all of it by keyboard. */
export function FilterBuilder({ value, onChange, vocabulary, told = [], strict = false }: Props) {
  useLanguage();
  const [model, setModel] = useState(() => toModel(value));
  const [written, setWritten] = useState(value);
  const [fresh, setFresh] = useState<number | null>(null);
  if (written !== value) {
    setWritten(value);
    setModel(toModel(value));
  }

  function change(next: GroupNode): void {
    const filter = toFilter(next);
    setModel(next);
    setWritten(filter);
    onChange(filter);
  }

  const problems = [...filterProblems(value, vocabulary.properties).filter(({ message }) => strict || message !== filterWords('builder.incomplete')), ...told];
  return (
    <div className={styles.builder} role="group" aria-label={filterWords('builder.label')}>
      <Group
        group={model} at="" depth={1} root vocabulary={vocabulary} problems={problems} fresh={fresh}
        onReplace={(id, next) => change(replaceNode(model, id, next))}
        onAdded={setFresh}
      />
    </div>
  );
}

type Common = { vocabulary: FilterVocabulary; problems: readonly { path: string; message: string }[]; fresh: number | null; onReplace: (id: number, next: FilterNode | null) => void; onAdded: (id: number) => void };

/** Deeper ones would be refused. */
const deepest = 4;

function Group({ group, at, depth, root = false, ...common }: { group: GroupNode; at: string; depth: number; root?: boolean } & Common) {
  const { onReplace, onAdded, problems } = common;
  const add = useRef<HTMLButtonElement>(null);

  function append(part: FilterNode): void {
    onReplace(group.id, { ...group, parts: [...group.parts, part] });
    onAdded(part.id);
  }
  const own = problems.filter(({ path }) => path === at && at !== '');
  return (
    <div className={styles.group} data-root={root || undefined} role="group" aria-label={root ? undefined : filterWords('builder.group')}>
      {(group.parts.length > 1 || !root || group.mode !== 'all') && (
        <div className={styles.head}>
          <Segmented size="small" aria-label={filterWords('builder.mode')} value={group.mode} options={groupModes.map((mode) => ({ value: mode, label: modeName(mode) }))} onChange={(mode) => onReplace(group.id, { ...group, mode })} />
          {!root && <Button type="text" size="small" className={styles.remove} aria-label={filterWords('builder.removeGroup')} title={filterWords('builder.removeGroup')} icon={<Cross />} onClick={() => onReplace(group.id, null)} />}
        </div>
      )}
      {own.map(({ message }) => <p key={message} className={styles.problem} role="alert">{message}</p>)}
      {group.parts.length === 0 && root && <p className={styles.nothing}>{filterWords('builder.everything')}</p>}
      {group.parts.map((part, index) => {
        const path = partPath(at, group.mode, index);
        if ('parts' in part) return <Group key={part.id} group={part} at={path} depth={depth + 1} {...common} />;
        return (
          <Test
            key={part.id} test={part} at={path} {...common}
            onReplace={(id, next) => {
              onReplace(id, next);
              // Whoever took one away goes on from here.
              if (next === null) add.current?.focus();
            }}
          />
        );
      })}
      <div className={styles.adds}>
        <Button ref={add} type="text" size="small" icon={<Plus />} onClick={() => append({ id: newNodeId(), property: '', operator: 'is' })}>
          {filterWords('builder.addTest')}
        </Button>
        {depth < deepest && (
          <Button type="text" size="small" icon={<Plus />} onClick={() => append({ id: newNodeId(), mode: group.mode === 'any' ? 'all' : 'any', parts: [{ id: newNodeId(), property: '', operator: 'is' }] })}>
            {filterWords('builder.addGroup')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Test({ test, at, vocabulary, problems, fresh, onReplace }: { test: TestNode; at: string } & Common) {
  const row = useRef<HTMLDivElement>(null);
  const definition = Object.hasOwn(vocabulary.properties, test.property) ? vocabulary.properties[test.property] : undefined;
  const name = test.property === '' ? filterWords('builder.property') : (vocabulary.label(test.property) ?? test.property);
  const own = test.property === '' ? [] : problems.filter(({ path }) => path === at);

  useEffect(() => {
    if (fresh === test.id) row.current?.querySelector('input')?.focus();
  }, [fresh, test.id]);

  function chooseProperty(property: string): void {
    const next = vocabulary.properties[property];
    if (next !== undefined) onReplace(test.id, { id: test.id, property, ...usualTest(next) });
  }
  function chooseOperator(operator: FilterOperator): void {
    if (definition === undefined) return;
    const { value: _before, ...rest } = test;
    const value = carriedValue(test.value, test.operator, operator, definition);
    onReplace(test.id, { ...rest, operator, ...(value === undefined ? {} : { value }) });
  }
  const sections = vocabulary.sections.map(({ label, properties }) => ({ label, options: properties.map((one) => ({ value: one.property, label: one.label })) }));
  return (
    <div className={styles.test} ref={row}>
      <div className={styles.parts}>
        <Select
          className={styles.property}
          aria-label={filterWords('builder.property')}
          placeholder={filterWords('builder.chooseProperty')}
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={220}
          status={own.length > 0 && definition === undefined ? 'error' : undefined}
          value={test.property === '' ? undefined : test.property}
          options={definition === undefined && test.property !== '' ? [{ value: test.property, label: name }, ...sections] : sections}
          onChange={chooseProperty}
        />
        {definition !== undefined && (
          <>
            <Select
              className={styles.operator}
              aria-label={filterWords('builder.operator')}
              popupMatchSelectWidth={false}
              value={test.operator}
              options={operatorsFor(definition).map((operator) => ({ value: operator, label: operatorName(operator, definition.kind) }))}
              onChange={chooseOperator}
            />
            <ValueEditor
              test={test} definition={definition} vocabulary={vocabulary} invalid={own.length > 0}
              onChange={(value) => {
                const { value: _before, ...rest } = test;
                onReplace(test.id, { ...rest, ...(value === undefined ? {} : { value }) });
              }}
            />
          </>
        )}
        <Button type="text" size="small" className={styles.remove} aria-label={filterWords('builder.removeTest', { property: name })} icon={<Cross />} onClick={() => onReplace(test.id, null)} />
      </div>
      {own.map(({ message }) => <p key={message} className={styles.problem} role="alert">{message}</p>)}
    </div>
  );
}

const drawn = { viewBox: '0 0 16 16', width: 14, height: 14, fill: 'none', stroke: 'currentColor', strokeWidth: 1.35, strokeLinecap: 'round', 'aria-hidden': true } as const;
const Cross = () => <svg {...drawn}><path d="M4 4l8 8M12 4l-8 8" /></svg>;
const Plus = () => <svg {...drawn}><path d="M8 3v10M3 8h10" /></svg>;
