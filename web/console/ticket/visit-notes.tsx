import type { VisitSummary } from '../../../contract/visit.ts';
import { answerRules, ownAnswerRules } from '../../../rules/ticket/field-sync.ts';
import { useTexts } from '../i18n.ts';
import styles from './visit-notes.module.css';

/** What the next visit needs (再次上门所需), what was used up (耗用配件), and where technician and office both changed a field, with both versions (字段冲突). */
export function VisitNotes({ visit }: { visit: VisitSummary }) {
  const { t, language } = useTexts();
  const said = (words: { zh: string; en: string } | null): string => (words === null ? '' : words[language === 'en' ? 'en' : 'zh']) || t('common.none');
  return (
    <>
      {visit.needs.length > 0 && (
        <div className={styles.notes}>
          <p>{t('visit.needs')}</p>
          <ul>{visit.needs.map((line) => <li key={line}>{line}</li>)}</ul>
        </div>
      )}
      {visit.parts.length > 0 && (
        <div className={styles.notes}>
          <p>{t('visit.parts')}</p>
          <ul>{visit.parts.map((line) => <li key={line}>{line}</li>)}</ul>
        </div>
      )}
      {visit.conflicts.length > 0 && (
        <div className={styles.notes}>
          <p>{t('visit.conflicts')}</p>
          <dl>
            {visit.conflicts.map((conflict) => (
              <div key={`${conflict.field} ${conflict.at}`}>
                <dt>{said(conflict.label)}</dt>
                {(['technician', 'office'] as const).map((side) => (
                  <dd key={side} data-kept={conflict.kept === side || undefined}>
                    <span>{t(side === 'technician' ? 'visit.conflictTechnician' : conflict.own ? 'visit.conflictOther' : 'visit.conflictOffice')}{side === 'office' && conflict.by !== null ? ` (${conflict.by})` : ''}</span>
                    {said(conflict[side])}
                    {conflict.kept === side && <em>{t('visit.conflictKept')}</em>}
                  </dd>
                ))}
                <dd className={styles.rule}>{(conflict.own ? ownAnswerRules : answerRules)[conflict.rule][language === 'en' ? 'en' : 'zh']}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </>
  );
}
