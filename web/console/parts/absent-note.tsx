import type { Staff } from '../../../contract/organization.ts';
import { formatDate, formatExact, formatTime } from '../../ui/time.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from './icon.tsx';
import styles from './absent-note.module.css';

/** That somebody is away, until when, and who stands in (请假提示); nothing while they are there. */
export function AbsentNote({ absent }: { absent: Staff['absent'] }) {
  const { t } = useTexts();
  if (absent === null) return null;
  return (
    <span className={styles.note} title={formatExact(absent.to)}>
      <Icon name="clock" size={12} />
      {t('absent.until', { time: `${formatDate(absent.to)} ${formatTime(absent.to)}` })}
      {t('common.listSeparator')}
      {absent.cover === null ? t('absence.noCover') : t('absent.cover', { name: absent.cover.name })}
    </span>
  );
}
