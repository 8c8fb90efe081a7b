import { visitStatusNames, type VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import { useTexts } from '../i18n.ts';

/** A visit's status (上门状态) in the colours the ticket statuses have. */
export function VisitStatusTag({ status }: { status: VisitStatus }) {
  const { language } = useTexts();
  return <span className={`visit-status visit-status-${status}`}>{visitStatusNames[status][language === 'en' ? 'en' : 'zh']}</span>;
}

/** Says that a step taken here has not reached the server. */
export function PendingMark() {
  const { t } = useTexts();
  return <span className="pending-mark">{t('sync.pending')}</span>;
}
