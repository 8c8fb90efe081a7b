import { useQuery } from '@tanstack/react-query';
import { ticketTypes } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
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
                  {type.isDefault && <Badge tone="accent">{t('settings.default')}</Badge>}
                </span>
              </div>
            ))}
          </div>
        )}
      </Rows>
    </Section>
  );
}
