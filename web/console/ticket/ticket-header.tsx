import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Tooltip } from 'antd';
import type { Ticket } from '../../../contract/ticket.ts';
import type { TicketAction } from '../../../rules/ticket/lifecycle.ts';
import { Ago } from '../../ui/react/index.ts';
import { ticketTypes } from '../data/records.ts';
import { mayReadRuns } from '../automation/may-read-runs.ts';
import { useTexts } from '../i18n.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { actionTexts, channelTexts, localName } from '../parts/names.ts';
import type { placeInReadingList } from '../parts/reading-list.ts';
import type { Presence } from '../../../contract/desk.ts';
import { useSession } from '../session/session.tsx';
import { PresenceLine } from './presence.tsx';
import { PriorityControl } from './priority-control.tsx';
import { StatusControl, type StatusChoice } from './status-control.tsx';
import { SubjectEditor } from './subject-editor.tsx';
import { actionIcons, actionKeys } from './ticket-deeds.ts';
import type { Together } from './together-dialogs.tsx';
import styles from './ticket-header.module.css';

/** The step that most likely comes next: nobody has it → assign; it is offered to me → accept; in work → resolve. */
function likelySteps(ticket: Ticket): TicketAction[] {
  const order: TicketAction[] = ['accept', ...(ticket.assignee === null ? (['assign', 'resolve'] as const) : (['resume', 'resolve', 'assign'] as const)), 'confirm', 'reopen', 'decline'];
  return order.filter((action) => ticket.actions.includes(action)).slice(0, 2);
}

type Props = {
  ticket: Ticket;
  people: readonly Presence['people'][number][];
  onTogether: (kind: Together) => void;
  onAct: (action: TicketAction) => void;
  /** Takes it oneself, where that is open. */
  onTakeIt: (() => void) | null;
  onStatus: (choice: StatusChoice) => void;
  acting: boolean;
  onClose?: () => void;
  onBack?: () => void;
  place?: ReturnType<typeof placeInReadingList>;
  onGo?: (number: string | null) => void;
};

/** The head of a ticket: what it is, how it stands, and the steps open to the reader. */
export function TicketHeader({ ticket, people, onAct, onTakeIt, onStatus, onTogether, acting, onClose, onBack, place, onGo }: Props) {
  const { t, language } = useTexts();
  const type = useQuery(ticketTypes).data?.find((one) => one.id === ticket.type.id);
  const session = useSession();
  const { may } = session;
  const likely = likelySteps(ticket);
  const others = ticket.actions.filter((action) => !likely.includes(action));
  const more: { kind: Together; icon: IconName; text: 'merge.title' | 'related.add' | 'split.title' | 'rules.ofTicket' }[] = [...(ticket.mergedInto !== null ? [] : [
    ...(may('ticket.update') ? [{ kind: 'merge' as const, icon: 'transfer' as const, text: 'merge.title' as const }, { kind: 'link' as const, icon: 'link' as const, text: 'related.add' as const }] : []),
    ...(may('ticket.create') ? [{ kind: 'split' as const, icon: 'copy' as const, text: 'split.title' as const }] : []),
  ]), ...(mayReadRuns(session) ? [{ kind: 'rules' as const, icon: 'activity' as const, text: 'rules.ofTicket' as const }] : [])];
  return (
    <header className={styles.header}>
      <div className={styles.line}>
        {onBack !== undefined && (
          <Button type="text" size="small" icon={<Icon name="arrowLeft" />} onClick={onBack} aria-label={t('common.back')} />
        )}
        <span className={styles.number}>{ticket.number}</span>
        <CopyButton text={ticket.number} label={t('ticket.copyNumber')} />
        <span className={styles.meta}>
          {type === undefined ? ticket.type.name : localName(type, language)} · {t(channelTexts[ticket.channel])} · <Ago value={ticket.createdAt} />
          {ticket.imported !== null && <span className={styles.imported}>{ticket.imported.number === null ? t('ticket.imported') : t('ticket.importedFrom', { number: ticket.imported.number })}</span>}
          {ticket.reopenedCount > 0 && <span className={styles.reopened}>{t('ticket.reopenedTimes', { count: ticket.reopenedCount })}</span>}
        </span>
        <PresenceLine people={people} />
        <span className={styles.end}>
          {place != null && onGo !== undefined && (
            <>
              <span className={styles.place}>{place.at} / {place.of}</span>
              <Tooltip title={`${t('keys.previous')}  K`}>
                <Button type="text" size="small" icon={<Icon name="chevronUp" />} disabled={place.previous === null} onClick={() => onGo(place.previous)} aria-label={t('keys.previous')} />
              </Tooltip>
              <Tooltip title={`${t('keys.next')}  J`}>
                <Button type="text" size="small" icon={<Icon name="chevronDown" />} disabled={place.next === null} onClick={() => onGo(place.next)} aria-label={t('keys.next')} />
              </Tooltip>
            </>
          )}
          {onClose !== undefined && (
            <>
              <Tooltip title={t('ticket.openPage')}>
                <Button type="text" size="small" href={`/tickets/${ticket.number}`} target="_blank" icon={<Icon name="external" />} aria-label={t('ticket.openPage')} />
              </Tooltip>
              <Tooltip title={`${t('keys.closePane')}  Esc`}>
                <Button type="text" size="small" icon={<Icon name="close" />} onClick={onClose} aria-label={t('keys.closePane')} />
              </Tooltip>
            </>
          )}
        </span>
      </div>
      <SubjectEditor ticket={ticket} />
      <div className={styles.state}>
        <StatusControl ticket={ticket} disabled={acting} onChoose={onStatus} />
        <PriorityControl ticket={ticket} />
        <span className={styles.actions}>
          {likely.map((action, index) => (
            <Tooltip key={action} title={actionKeys[action]}>
              <Button type={index === 0 ? 'primary' : 'default'} icon={<Icon name={actionIcons[action]} />} disabled={acting} onClick={() => onAct(action)}>
                {t(actionTexts[action])}
              </Button>
            </Tooltip>
          ))}
          {others.length + more.length + Number(onTakeIt !== null) > 0 && (
            <Dropdown
              trigger={['click']}
              placement="bottomRight"
              menu={{
                items: [...(onTakeIt === null ? [] : [{ key: 'take', icon: <Icon name="customers" />, label: t('assign.take'), extra: 'I', onClick: onTakeIt }]), ...others.map((action) => ({
                  key: action,
                  icon: <Icon name={actionIcons[action]} />,
                  label: t(actionTexts[action]),
                  danger: action === 'cancel',
                  onClick: () => onAct(action),
                })), ...((others.length > 0 || onTakeIt !== null) && more.length > 0 ? [{ type: 'divider' as const }] : []), ...more.map(({ kind, icon, text }) => ({ key: kind, icon: <Icon name={icon} />, label: t(text), onClick: () => onTogether(kind) }))],
              }}
            >
              <Button icon={<Icon name="more" />} disabled={acting} aria-label={t('common.more')} aria-haspopup="menu" />
            </Dropdown>
          )}
        </span>
      </div>
    </header>
  );
}
