import { useQuery } from '@tanstack/react-query';
import { Modal } from 'antd';
import type { ChecklistTemplate } from '../../../contract/collaboration.ts';
import type { TicketTemplate } from '../../../contract/form.ts';
import { wordsIn } from '../../ui/form/answers.ts';
import { PriorityMark } from '../../ui/react/index.ts';
import { whole } from '../data/records.ts';
import { AnswerText } from '../form/answer-text.tsx';
import { ticketType } from '../form/form-queries.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { localName } from '../parts/names.ts';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './templates-section.module.css';

const checklists = whole<ChecklistTemplate>('checklist-templates');

/** How a ticket made with a template begins (模板预览). */
export function TemplatePreview({ template, onClose, onUse }: { template: TicketTemplate; onClose: () => void; onUse: (() => void) | null }) {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const type = useQuery(ticketType(template.type.id));
  const known = useQuery({ ...checklists, enabled: template.checklists.length > 0 });
  const items = [...template.checklists.flatMap(({ id, name }) => known.data?.find((one) => one.id === id)?.items ?? [name]), ...template.checklist];
  const answered = (type.data?.form.fields ?? []).filter(({ key }) => template.fields[key] != null);
  const lines: [string, React.ReactNode][] = [
    [t('newTicket.type'), type.data === undefined ? template.type.name : localName(type.data, language)],
    ...(template.category === null ? [] : [[t('filter.category'), template.category.path.join(' / ')] as [string, React.ReactNode]]),
    [t('filter.priority'), template.priority === null ? t('newTicket.automatic') : <PriorityMark key="priority" priority={template.priority} withLabel />],
    ...(template.team === null ? [] : [[t('filter.team'), template.team.name] as [string, React.ReactNode]]),
    ...(template.tags.length === 0 ? [] : [[t('ticket.tags'), template.tags.map((tag) => <Badge key={tag}>{tag}</Badge>)] as [string, React.ReactNode]]),
    ...answered.map((field): [string, React.ReactNode] => [wordsIn(field.label, language), <AnswerText key={field.key} field={field} value={template.fields[field.key]} />]),
  ];
  return (
    <Modal open title={localName(template, language)} onCancel={onClose} cancelText={t('common.close')} okText={t('nav.newTicket')} onOk={onUse ?? undefined} okButtonProps={{ style: onUse === null ? { display: 'none' } : undefined }}>
      <p className={styles.hint}>{say('templates.previewHint')}</p>
      <div className={styles.sheet}>
        <h3>{template.subject ?? <span className={styles.quiet}>{say('templates.subjectAsked')}</span>}</h3>
        {template.description !== null && <p className="prose">{template.description}</p>}
        <dl className={styles.lines}>
          {lines.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
        </dl>
        {items.length > 0 && (
          <>
            <h4>{t('checklist.title')}</h4>
            <ul className={styles.items}>{items.map((item, index) => <li key={index}>{item}</li>)}</ul>
          </>
        )}
      </div>
    </Modal>
  );
}
