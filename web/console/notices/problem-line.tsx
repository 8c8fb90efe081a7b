import type { NoticeProblem } from '../../../contract/notice.ts';
import { problemTexts, useNoticeTexts } from './texts.ts';
import styles from './notices.module.css';

/** Why a channel did not take a message (失败原因): in the reader's words, with what the other side said behind it. */
export function ProblemLine({ code, said, lead = '', quiet = false }: { code: NoticeProblem | null; said: string | null; lead?: string; quiet?: boolean }) {
  const { t } = useNoticeTexts();
  const words = code === null ? null : t(problemTexts[code]);
  return (
    <div className={`${styles.sentence} ${quiet ? styles.muted : styles.problem}`}>
      {lead}{words}
      {said !== null && (words === null && lead === '' ? said : <details className={styles.said}><summary>{t('problem.details')}</summary><code>{said}</code></details>)}
    </div>
  );
}
