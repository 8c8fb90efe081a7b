import type { ReactNode } from 'react';
import styles from './badge.module.css';

/** A word about a thing (小标签), coloured only where the colour means something. */
export function Badge({ tone = 'neutral', children }: { tone?: 'neutral' | 'accent' | 'success' | 'warning' | 'danger'; children: ReactNode }) {
  return <span className={`${styles.badge} ${styles[tone]}`}>{children}</span>;
}
