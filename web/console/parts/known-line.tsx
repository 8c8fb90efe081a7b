import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';
import styles from './known-line.module.css';

/** One known thing: a small sign for what it is, and what it says. */
export function KnownLine({ icon, name, children }: { icon: IconName; name: string; children: ReactNode }) {
  return (
    <div className={styles.line}>
      <span className={styles.icon} title={name}>
        <Icon name={icon} size={14} />
        <span className="visually-hidden">{name}</span>
      </span>
      <div className={styles.words}>{children}</div>
    </div>
  );
}
