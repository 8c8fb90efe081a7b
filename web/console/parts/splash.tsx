import type { ReactNode } from 'react';
import { Logo } from '../../ui/react/index.ts';
import styles from './splash.module.css';

/** The empty page with the mark, while nothing else is known yet. */
export function Splash({ children }: { children?: ReactNode }) {
  return (
    <div className={styles.splash}>
      <Logo size={40} />
      {children}
    </div>
  );
}
