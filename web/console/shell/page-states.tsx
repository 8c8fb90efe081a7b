import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import styles from './page-states.module.css';

/** Nothing stands at this address. */
export function NotFound() {
  const { t } = useTexts();
  return <EmptyState title={t('page.notFound')} hint={t('page.notFoundHint')} action={<Link to="/bench">{t('page.toBench')}</Link>} />;
}

/** A page that the reader's permissions do not open. */
export function Forbidden() {
  const { t } = useTexts();
  return <EmptyState title={t('page.forbidden')} hint={t('page.forbiddenHint')} action={<Link to="/bench">{t('page.toBench')}</Link>} />;
}

/** A page whose program could not be fetched or failed. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <div className={styles.failed}>
      {/* A part that could not be fetched stays missing until the page is read anew: browsers remember that it was not there. */}
      <ProblemAlert error={error} onRetry={error instanceof TypeError && /import|module/iu.test(error.message) ? () => location.reload() : reset} />
    </div>
  );
}

/** A page whose program is still on its way. */
export function PagePending() {
  return <div className={styles.pending} role="progressbar" aria-busy="true" />;
}
