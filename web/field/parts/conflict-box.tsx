import type { Visit } from '../../../contract/visit.ts';
import { answerRules, ownAnswerRules } from '../../../rules/ticket/field-sync.ts';
import { useTexts } from '../i18n.ts';

/** Fields that the office changed while they were answered here, with both versions and why one of them holds (字段冲突). */
export function ConflictBox({ visit }: { visit: Visit }) {
  const { t, language } = useTexts();
  if (visit.conflicts.length === 0) return null;
  const side = language === 'en' ? 'en' : 'zh';
  const said = (words: { zh: string; en: string } | null): string => (words === null || words[side] === '' ? t('conflict.nothing') : words[side]);
  return (
    <section className="card" aria-labelledby="conflicts-title">
      <h2 id="conflicts-title" className="card-title">{t('conflict.title')}</h2>
      <ul className="conflicts">
        {visit.conflicts.map((conflict) => (
          <li key={`${conflict.field} ${conflict.at}`}>
            <strong>{conflict.label[side]}</strong>
            <p className={conflict.kept === 'technician' ? 'conflict-kept' : ''}><span>{t('conflict.technician')}</span>{said(conflict.technician)}</p>
            <p className={conflict.kept === 'office' ? 'conflict-kept' : ''}><span>{conflict.own ? t('conflict.otherDevice') : conflict.by === null ? t('conflict.office') : t('conflict.officeBy', { name: conflict.by })}</span>{said(conflict.office)}</p>
            <p className="card-note">{(conflict.own ? ownAnswerRules : answerRules)[conflict.rule][side]}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
