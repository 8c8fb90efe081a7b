import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { Button } from 'antd';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { FieldDefinition } from '../../../rules/forms/form.ts';
import { mostColumns, standardColumns } from '../data/columns.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { columnName } from './columns.tsx';
import styles from './columns-chooser.module.css';

type Props = { value: readonly string[]; onChange: (columns: string[]) => void; fields: ReadonlyMap<string, FieldDefinition> };

/** Which columns a list shows, and in what order (列设置): by dragging, or by keys. */
export function ColumnsChooser({ value, onChange, fields }: Props) {
  const { t, language } = useTexts();
  const list = useRef<HTMLUListElement>(null);
  const name = (column: string): string => columnName(column, fields, language);
  const others = [...standardColumns, ...[...fields.values()].filter((field) => field.kind !== 'table' && field.kind !== 'signature').map((field) => `fields.${field.key}`)].filter((column) => !value.includes(column));

  function move(column: string, to: number): void {
    if (to < 0 || to >= value.length) return;
    const next = value.filter((one) => one !== column);
    next.splice(to, 0, column);
    onChange(next);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-column="${CSS.escape(column)}"]`)?.focus());
  }
  return (
    <div className={styles.chooser}>
      <h3 className={styles.title}>{t('columns.shown')}</h3>
      <ul ref={list} className={styles.shown} aria-label={t('columns.shown')}>
        {value.map((column, index) => (
          <ShownColumn
            key={column} column={column} name={name(column)} index={index} last={index === value.length - 1}
            onMove={move}
            onRemove={value.length > 1 ? () => onChange(value.filter((one) => one !== column)) : undefined}
          />
        ))}
      </ul>
      <p className={styles.hint}>{t('columns.keys')}</p>
      {others.length > 0 && <h3 className={styles.title}>{t('columns.more')}</h3>}
      <div className={styles.others}>
        {others.map((column) => (
          <button key={column} type="button" className={styles.other} aria-label={t('columns.add', { column: name(column) })} disabled={value.length >= mostColumns} onClick={() => onChange([...value, column])}>
            <Icon name="plus" size={12} />
            {name(column)}
          </button>
        ))}
      </div>
    </div>
  );
}

function ShownColumn({ column, name, index, last, onMove, onRemove }: { column: string; name: string; index: number; last: boolean; onMove: (column: string, to: number) => void; onRemove?: () => void }) {
  const { t } = useTexts();
  const row = useRef<HTMLLIElement>(null);
  const [over, setOver] = useState(false);
  const drop = useRef(onMove);
  useEffect(() => {
    drop.current = onMove;
  });
  useEffect(() => {
    const element = row.current;
    if (element === null) return undefined;
    return combine(
      draggable({ element, getInitialData: () => ({ column }) }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => typeof source.data['column'] === 'string' && source.data['column'] !== column,
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          drop.current(source.data['column'] as string, index);
        },
      }),
    );
  }, [column, index]);

  function onKeyDown(event: KeyboardEvent): void {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    onMove(column, index + (event.key === 'ArrowUp' ? -1 : 1));
  }
  return (
    <li ref={row} tabIndex={0} data-column={column} data-over={over || undefined} className={styles.column} onKeyDown={onKeyDown}>
      <span className={styles.grip} aria-hidden="true">⠿</span>
      <span className={styles.name}>{name}</span>
      <Button type="text" size="small" icon={<Icon name="chevronUp" size={14} />} disabled={index === 0} aria-label={t('columns.up', { column: name })} onClick={() => onMove(column, index - 1)} />
      <Button type="text" size="small" icon={<Icon name="chevronDown" size={14} />} disabled={last} aria-label={t('columns.down', { column: name })} onClick={() => onMove(column, index + 1)} />
      <Button type="text" size="small" icon={<Icon name="close" size={14} />} disabled={onRemove === undefined} aria-label={t('columns.remove', { column: name })} onClick={onRemove} />
    </li>
  );
}
