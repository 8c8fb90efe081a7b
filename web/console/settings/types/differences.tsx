import type { FormDifference } from '../../../../rules/forms/compare-forms.ts';
import type { FormDifference as Answer } from '../../../../contract/form.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import { useTexts } from '../../i18n.ts';
import { Badge } from '../../parts/badge.tsx';
import { useSettingsTexts } from '../settings-texts.ts';
import styles from './designer.module.css';

const tones = { added: 'success', removed: 'danger', changed: 'accent', moved: 'neutral' } as const;
const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 240 ? `${text.slice(0, 240)}…` : text;
};

/** What differs between two versions of a form (版本对比): each field with what was said of it, and is. */
export function Differences({ fields, sections }: { fields: readonly FormDifference[] | Answer['fields']; sections: readonly FormDifference[] | Answer['sections'] }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const all = [...sections, ...fields];
  if (all.length === 0) return <p className={styles.nothing}>{say('versions.same')}</p>;
  return (
    <ul className={styles.differences}>
      {all.map((difference, index) => (
        <li key={`${difference.key} ${index}`}>
          <p className={styles.difference}>
            <Badge tone={tones[difference.change]}>{say(`change.${difference.change}`)}</Badge>
            <strong>{wordsIn(difference.label, language)}</strong>
            <span className={styles.mono}>{difference.key}</span>
          </p>
          {difference.change === 'changed' && (
            <dl>
              {difference.properties.map(({ property, before, after }) => (
                <div key={property}>
                  <dt className={styles.mono}>{property}</dt>
                  <dd>
                    {before !== null && <del>{short(before)}</del>} {after !== null && <ins>{short(after)}</ins>}
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </li>
      ))}
    </ul>
  );
}
