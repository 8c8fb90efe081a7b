import styles from './row-skeleton.module.css';

/** Rows that stand for those still on their way. */
export function RowSkeleton({ rows, height }: { rows: number; height: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.row} style={{ height }}>
          <span className={styles.bar} style={{ width: `${28 + ((row * 37) % 44)}%` }} />
          <span className={styles.bar} style={{ width: '12%' }} />
        </div>
      ))}
    </div>
  );
}
