import type { TicketSummary } from '../../../contract/ticket.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from './icon.tsx';
import styles from './checklist-mark.module.css';

/** How much of a ticket's checklist is done (清单进度), in a list; nothing where it has none. */
export function ChecklistMark({ checklist }: { checklist: TicketSummary['checklist'] }) {
  const { t } = useTexts();
  if (checklist === null || checklist.total === 0) return null;
  return (
    <span className={styles.mark} data-done={checklist.done === checklist.total || undefined} title={t('checklist.mark', checklist)}>
      <Icon name="check" size={11} />
      <span aria-hidden="true">{checklist.done}/{checklist.total}</span>
      <span className="visually-hidden">{t('checklist.mark', checklist)}</span>
    </span>
  );
}
