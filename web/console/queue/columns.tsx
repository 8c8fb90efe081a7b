import type { ReactNode } from 'react';
import type { StandardColumn, TicketLine } from '../../../contract/view.ts';
import type { FieldDefinition } from '../../../rules/forms/form.ts';
import { faceWords, wordsIn } from '../../ui/form/answers.ts';
import type { Language } from '../../ui/preferences.ts';
import { Ago, Avatar, PriorityMark, StatusTag } from '../../ui/react/index.ts';
import { formatDay, formatExact } from '../../ui/time.ts';
import { TierName } from '../customers/tier.tsx';
import { t } from '../i18n.ts';
import { ChecklistMark } from '../parts/checklist-mark.tsx';
import { channelTexts, waitForTexts } from '../parts/names.ts';
import { propertyTexts } from '../parts/property-texts.ts';
import { DueMark } from '../sla/due-mark.tsx';
import styles from './lines.module.css';

/** A column as a list shows it (列): its name, how much room it takes, what stands in it. */
export type ShownColumn = { key: string; name: string; width: string; least: number; cell: (line: TicketLine) => ReactNode };

const text = (words: string | null | undefined): ReactNode => (words == null || words === '' ? null : <span className={styles.text} title={words}>{words}</span>);
const person = (who: { name: string } | null): ReactNode => (who === null ? <span className={styles.nobody} title={t('common.nobody')} /> : <><Avatar name={who.name} size={20} /><span className={styles.text} title={who.name}>{who.name}</span></>);
const time = (moment: string | null): ReactNode => (moment === null ? null : <Ago className={styles.time} value={moment} />);

const cells: Record<StandardColumn, { width: string; least: number; cell: (line: TicketLine) => ReactNode }> = {
  number: { width: '118px', least: 118, cell: (line) => <span className={styles.number}>{line.number}</span> },
  subject: { width: 'minmax(200px, 9fr)', least: 200, cell: (line) => <span className={styles.subject} title={line.subject}><span className={styles.text}>{line.subject}</span><ChecklistMark checklist={line.checklist} /></span> },
  status: { width: '116px', least: 116, cell: (line) => <StatusTag status={line.status} label={line.ownStatus?.name} /> },
  waitingFor: { width: '90px', least: 90, cell: (line) => text(line.waitingFor === null ? null : t(waitForTexts[line.waitingFor])) },
  priority: { width: '72px', least: 72, cell: (line) => <PriorityMark priority={line.priority} withLabel /> },
  type: { width: 'minmax(90px, 2fr)', least: 90, cell: (line) => text(line.type.name) },
  category: { width: 'minmax(110px, 3fr)', least: 110, cell: (line) => <span className={styles.text} title={line.category?.path.join(' / ')}>{line.category?.path.at(-1)}</span> },
  channel: { width: '84px', least: 84, cell: (line) => text(t(channelTexts[line.channel])) },
  department: { width: 'minmax(90px, 2fr)', least: 90, cell: (line) => text(line.department?.name) },
  team: { width: 'minmax(90px, 2fr)', least: 90, cell: (line) => text(line.team?.name) },
  assignee: { width: 'minmax(104px, 2fr)', least: 104, cell: (line) => person(line.assignee) },
  requester: { width: 'minmax(90px, 2fr)', least: 90, cell: (line) => text(line.requester.name) },
  phone: { width: '112px', least: 112, cell: (line) => text(line.requester.phone) },
  tier: { width: '72px', least: 72, cell: (line) => <span className={styles.text}><TierName tier={line.requester.tier} /></span> },
  location: { width: 'minmax(130px, 4fr)', least: 130, cell: (line) => text(line.location?.address) },
  tags: { width: 'minmax(110px, 3fr)', least: 110, cell: (line) => <span className={styles.tags} title={line.tags.join('、')}>{line.tags.map((tag) => <span key={tag} className={styles.tag}>{tag}</span>)}</span> },
  rating: { width: '64px', least: 64, cell: (line) => text(line.rating === null ? null : `★ ${line.rating}`) },
  createdAt: { width: '104px', least: 104, cell: (line) => time(line.createdAt) },
  updatedAt: { width: '104px', least: 104, cell: (line) => time(line.updatedAt) },
  acceptedAt: { width: '104px', least: 104, cell: (line) => time(line.acceptedAt) },
  resolvedAt: { width: '104px', least: 104, cell: (line) => time(line.resolvedAt) },
  closedAt: { width: '104px', least: 104, cell: (line) => time(line.closedAt) },
  dueAt: { width: '104px', least: 104, cell: (line) => <DueMark sla={line.sla} /> },
};

const isStandard = (column: string): column is StandardColumn => Object.hasOwn(cells, column);

/** What a column is called. */
export function columnName(column: string, fields: ReadonlyMap<string, FieldDefinition>, language: Language): string {
  if (isStandard(column)) return t(propertyTexts[column]);
  const field = fields.get(column.slice('fields.'.length));
  return field === undefined ? column : wordsIn(field.label, language);
}

/** The columns of a list, ready to be drawn; a field that is gone keeps its column, empty. */
export function shownColumns(columns: readonly string[], fields: ReadonlyMap<string, FieldDefinition>, language: Language): ShownColumn[] {
  return columns.map((column): ShownColumn => {
    const name = columnName(column, fields, language);
    if (isStandard(column)) return { key: column, name, ...cells[column] };
    const key = column.slice('fields.'.length);
    const field = fields.get(key);
    return { key: column, name, width: 'minmax(110px, 3fr)', least: 110, cell: (line) => (field === undefined ? null : text(valueText(field, line.fields?.[key], line.fieldNames ?? {}, language))) };
  });
}

function valueText(field: FieldDefinition, value: unknown, names: Readonly<Record<string, string>>, language: Language): string {
  if (typeof value === 'string' && field.kind === 'date') return formatDay(value, language);
  if (typeof value === 'string' && field.kind === 'date_time') return formatExact(value, language);
  return faceWords(field, value, language, (id) => names[id]);
}
