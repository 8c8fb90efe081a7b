import { Button } from 'antd';
import type { ComponentType } from 'react';
import { isObject } from '../../../rules/conditions/json.ts';
import { formLimits, type TableField } from '../../../rules/forms/form.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { AnswerText } from './answer-text.tsx';
import type { ControlProps } from './control-props.ts';
import styles from './form-view.module.css';

type Row = Record<string, unknown>;
const isFilled = (row: Row): boolean => Object.values(row).some((cell) => cell !== null && cell !== undefined && cell !== '' && !(isObject(cell) && cell['text'] === ''));

/** Rows of a table (明细表): a cell for each column; Enter in the last row begins another. */
export function TableControl({ Cell, field, id, path, value, invalid, describedBy, errors, rows: reckoned, onChange, onLeave }: ControlProps<TableField> & { Cell: ComponentType<ControlProps> }) {
  const { t, language } = useTexts();
  const rows: Row[] = Array.isArray(value) ? value.filter(isObject) : [];
  const shown = rows.length === 0 ? [{}] : rows;
  const most = field.maxRows ?? formLimits.rows;
  // The rule leaves blank rows out; its rows are in the order of those that are not.
  const known = Array.isArray(reckoned) ? reckoned.filter(isObject) : [];
  let at = 0;
  const rulesRows = shown.map((row) => (isFilled(row) ? known[at++] : undefined));
  const set = (index: number, key: string, cell: unknown): void => onChange(shown.map((row, one) => (one === index ? { ...row, [key]: cell } : row)));
  const add = (): void => {
    onChange([...shown, {}]);
    setTimeout(() => document.getElementById(`${id}-${shown.length}-${field.columns.find((column) => column.kind !== 'formula')?.key}`)?.focus());
  };
  return (
    <div className={`${styles.tableFrame} ${styles.tableBox}`} id={id} tabIndex={-1} role="group" aria-describedby={describedBy} data-invalid={invalid || undefined}>
      <table className={styles.table}>
        <thead>
          <tr>
            {field.columns.map((column) => (
              <th key={column.key} scope="col">
                {wordsIn(column.label, language)}
                {column.required === true && <span className={styles.star} aria-hidden="true">*</span>}
              </th>
            ))}
            <th className={styles.rowEnd}><span className="visually-hidden">{t('form.removeRow')}</span></th>
          </tr>
        </thead>
        <tbody
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && event.target instanceof HTMLInputElement && event.target.closest('tr') === event.currentTarget.lastElementChild && shown.length < most && !event.target.closest('.ant-select, .ant-picker')) {
              event.preventDefault();
              add();
            }
          }}
        >
          {shown.map((row, index) => (
            <tr key={index}>
              {field.columns.map((column) => {
                const cellPath = `${path}/${index}/${column.key}`;
                const error = errors[cellPath];
                const cellId = `${id}-${index}-${column.key}`;
                return (
                  <td key={column.key} data-column={wordsIn(column.label, language)}>
                    {column.kind === 'formula' ? (
                      <span className={styles.reckoned}>{rulesRows[index]?.[column.key] == null ? '—' : <AnswerText field={column} value={rulesRows[index]?.[column.key]} />}</span>
                    ) : (
                      <Cell field={column} id={cellId} path={cellPath} label={`${wordsIn(column.label, language)} ${index + 1}`} value={row[column.key] ?? ('default' in column && Object.keys(row).length === 0 ? column.default : undefined)} required={column.required === true} invalid={error !== undefined} describedBy={error === undefined ? undefined : `${cellId}-error`} errors={errors} onChange={(cell) => set(index, column.key, cell)} onLeave={onLeave} />
                    )}
                    {error !== undefined && <p className={styles.error} id={`${cellId}-error`}>{error}</p>}
                  </td>
                );
              })}
              <td className={styles.rowEnd}>
                <Button type="text" size="small" icon={<Icon name="trash" size={14} />} aria-label={`${t('form.removeRow')} ${index + 1}`} disabled={rows.length === 0} onClick={() => onChange(shown.filter((_, one) => one !== index))} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button type="text" size="small" icon={<Icon name="plus" size={14} />} disabled={shown.length >= most} onClick={add}>{t('form.addRow')}</Button>
    </div>
  );
}
