import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useNames } from './answer-names.ts';
import styles from './form-view.module.css';

/** Files a field holds (附件字段): each under its name, in a tab of its own; a signature as what it looks like. */
export function FileAnswer({ ids, drawn = false }: { ids: readonly string[]; drawn?: boolean }) {
  const { t } = useTexts();
  const names = useNames();
  if (drawn) return <a href={`/api/v1/files/${ids[0]}`} target="_blank" rel="noreferrer"><img className={styles.signature} src={`/api/v1/files/${ids[0]}/thumbnail`} alt={t('form.signature')} /></a>;
  return (
    <ul className={styles.files}>
      {ids.map((id, index) => (
        <li key={id}>
          <a href={`/api/v1/files/${id}`} target="_blank" rel="noreferrer"><Icon name="paperclip" size={14} /> {names[id] ?? t('form.file', { number: index + 1 })}</a>
        </li>
      ))}
    </ul>
  );
}
