import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useDebounced } from '../parts/debounced.ts';
import { useRecordFinds } from './record-finds.ts';
import { useRecordLinks } from './record-links.ts';
import styles from './found-records.module.css';

const most = 3;

/** What is found beside the tickets (客户、单位、设备、员工), each kind with its number and the way to all of them. */
export function FoundRecords({ words }: { words: string }) {
  const { t } = useTexts();
  const groups = useRecordFinds(useDebounced(words, 180), most).filter(({ items }) => items.length > 0);
  const { open, all } = useRecordLinks();
  if (groups.length === 0) return null;
  return (
    <div className={styles.groups}>
      {groups.map(({ kind, text, icon, items, more }) => (
        <section key={kind} className={styles.group} aria-label={t(text)}>
          <h2 className={styles.title}>
            <Icon name={icon} size={14} />
            {t(text)}
            <span className={styles.count}>{more ? `${most}+` : items.length}</span>
            {more && <button type="button" className={styles.all} onClick={() => all(kind, words)}>{t('search.all')}<span className="visually-hidden"> {t(text)}</span></button>}
          </h2>
          <ul>
            {items.map((one) => (
              <li key={one.id}>
                <button type="button" className={styles.record} onClick={() => open(kind, one.id)}>
                  <span dir="auto">{one.name}</span>
                  {one.detail !== '' && <small dir="auto">{one.detail}</small>}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
