import { useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { ticketTypes } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { localName } from '../parts/names.ts';
import { Rows, Section } from './section.tsx';
import styles from './section.module.css';

/** Ticket types (工单类型): what kinds of requests there are and what each asks for. */
export function TypesSection() {
  const { t, language } = useTexts();
  const list = useQuery(ticketTypes);
  return (
    <Section title={t('settings.types')} hint={t('settings.typesHint')}>
      <Rows query={list}>
        {(items) => (
          <div className={styles.card}>
            {items.map((type) => (
              <div key={type.id} className={styles.row}>
                <span className={styles.main}>
                  <span className={styles.name}>{localName(type, language)}</span> <span className={styles.muted}>{type.key}</span>
                </span>
                <span className={styles.end}>
                  <span className={styles.muted}>{t('settings.fieldCount', { count: Object.keys(type.fields).length })}</span>
                  {type.isDefault && <Tag color="blue">{t('settings.default')}</Tag>}
                </span>
              </div>
            ))}
          </div>
        )}
      </Rows>
    </Section>
  );
}
