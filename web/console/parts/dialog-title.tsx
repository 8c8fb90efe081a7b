import styles from './dialog-title.module.css';

/** What a dialog does, and to which ticket; a long subject gives way to the button that closes it. */
export function DialogTitle({ deed, subject }: { deed: string; subject: string }) {
  return (
    <span className={styles.title}>
      {deed} · {subject}
    </span>
  );
}
