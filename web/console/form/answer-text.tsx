import { describeFormulaFailure } from '../../../contract/form-problems.ts';
import type { Column, FieldDefinition, FormulaFailure, Place } from '../../../rules/forms/form.ts';
import { isObject } from '../../../rules/conditions/json.ts';
import { faceWords, wordsIn } from '../../ui/form/answers.ts';
import { RelativeTime } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useNames } from './answer-names.ts';
import { FileAnswer } from './file-answer.tsx';
import styles from './form-view.module.css';

const plain = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value as number | boolean));

/** An answer as it is read (答案); of a formula that failed, why. */
export function AnswerText({ field, value, failure }: { field: FieldDefinition | Column; value: unknown; failure?: FormulaFailure }) {
  const { t, language } = useTexts();
  const names = useNames();
  if (failure !== undefined) return <span className={styles.failure} data-wrong={failure === 'missing' ? undefined : true}>{describeFormulaFailure(failure)[language === 'en' ? 'en' : 'zh']}</span>;
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return <span className={styles.empty}>{t('form.empty')}</span>;
  switch (field.kind) {
    case 'date_time':
      return typeof value === 'string' ? <RelativeTime value={value} /> : null;
    case 'file': case 'signature':
      return <FileAnswer ids={Array.isArray(value) ? value.map(String) : [plain(value)]} drawn={field.kind === 'signature'} />;
    case 'choice': case 'choices': {
      const keys = Array.isArray(value) ? value.map(String) : [plain(value)];
      return (
        <span className={styles.options}>
          {keys.map((key) => {
            const option = field.options.find((one) => one.key === key);
            return (
              <span key={key} className={styles.option}>
                {option?.color !== undefined && <span className={styles.dot} style={{ background: option.color }} />}
                {option === undefined ? key : wordsIn(option.label, language)}
              </span>
            );
          })}
        </span>
      );
    }
    case 'place': {
      const { address, lat, lng } = value as Place;
      return <span>{[address, lat == null ? null : `${lat}, ${lng}`].filter((part) => part != null && part !== '').join(' · ')}</span>;
    }
    case 'table':
      return (
        <div className={`${styles.tableFrame} ${styles.tableBox}`}>
          <table className={`${styles.table} ${styles.read}`}>
            <thead>
              <tr>{field.columns.map((column) => <th key={column.key} scope="col">{wordsIn(column.label, language)}</th>)}</tr>
            </thead>
            <tbody>
              {(value as unknown[]).filter(isObject).map((row, index) => (
                <tr key={index}>{field.columns.map((column) => <td key={column.key} data-column={wordsIn(column.label, language)}><AnswerText field={column} value={row[column.key]} /></td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case 'long_text':
      return <span className="prose">{plain(value)}</span>;
    case 'text':
      return field.format === 'url' && /^https?:\/\//i.test(plain(value)) ? <a href={plain(value)} target="_blank" rel="noreferrer">{plain(value)}</a> : <span className={styles.words}>{plain(value)}</span>;
    default:
      return <span className={styles.words}>{faceWords(field, value, language, (id) => names[id] ?? (field.kind === 'person' || field.kind === 'customer' || field.kind === 'asset' ? t('form.unknownReference') : undefined))}</span>;
  }
}
