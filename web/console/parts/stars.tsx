import { useTexts } from '../i18n.ts';
import { Icon } from './icon.tsx';
import styles from './stars.module.css';

/** A rating of one to five stars (满意度). */
export function Stars({ rating, size = 14 }: { rating: number; size?: number }) {
  const { t } = useTexts();
  return (
    <span className={styles.stars} role="img" aria-label={t('ticket.stars', { count: rating })}>
      {[1, 2, 3, 4, 5].map((star) => (
        <span key={star} data-lit={star <= rating || undefined}>
          <Icon name="star" size={size} filled={star <= rating} />
        </span>
      ))}
    </span>
  );
}
