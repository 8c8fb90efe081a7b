import { lazy, Suspense, type ReactNode } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import type { TimelineEntry } from '../../../contract/ticket.ts';
import { Ago, Avatar } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { LongText } from '../parts/long-text.tsx';
import { Stars } from '../parts/stars.tsx';
import { Attachments } from './attachments.tsx';
import { RuleFact } from '../ticket-flow/rule-fact.tsx';
import { FactDetail } from './fact-detail.tsx';
import styles from './timeline-item.module.css';

const CallEntry = lazy(async () => ({ default: (await import('../calls/call-entry.tsx')).CallEntry }));
const DeliveryLines = lazy(async () => ({ default: (await import('./delivery-lines.tsx')).DeliveryLines }));

// What stands for a picture or a recording in words is needless beside it.
const onlyNamesFile = /^\[[^\]\n]{1,20}\]$/;

const icons: Record<string, IconName> = {
  'ticket.changed': 'edit', 'ticket.assigned': 'assign', 'ticket.transferred': 'transfer', 'ticket.accepted': 'check', 'ticket.declined': 'cancel',
  'ticket.waiting_started': 'pause', 'ticket.waiting_ended': 'play', 'ticket.resolved': 'checkCircle', 'ticket.confirmed': 'checkCircle', 'ticket.reopened': 'reopen',
  'ticket.closed': 'lock', 'ticket.cancelled': 'trash', 'ticket.rated': 'star', 'visit.scheduled': 'clock', 'visit.travel_started': 'car', 'visit.near': 'place', 'visit.checked_in': 'place',
  'visit.work_logged': 'tool', 'visit.completed': 'checkCircle', 'visit.cancelled': 'cancel', 'visit.obstacle_reported': 'info', 'ticket.returned': 'reopen', 'file.attached': 'paperclip', 'ticket.merged': 'transfer', 'merge.received': 'transfer', 'merge.undone': 'reopen', 'ticket.unmerged': 'reopen', 'ticket.split': 'copy', 'link.added': 'link', 'link.removed': 'link', 'macro.applied': 'play', 'watcher.added': 'eye', 'watcher.removed': 'eye', 'checklist.item_done': 'check', 'ticket.delegated': 'people', 'side_conversation.opened': 'mail', 'side_conversation.replied': 'mail', 'personal_data.revealed': 'eye', 'news.told': 'mail', 'news.left_out': 'mail', 'news.chosen': 'mail',
  'call.linked': 'phone', 'call.unlinked': 'phone', 'call.forgotten': 'clock', 'hotline.dispatched': 'phone', 'hotline.urged': 'clock', 'hotline.extension_decided': 'clock', 'hotline.revisited': 'star', 'hotline.reported': 'reply', 'hotline.report_failed': 'info',
  'appointment.promised': 'calendar', 'appointment.withdrawn': 'calendar', 'visit.members_changed': 'people', 'offer.opened': 'people', 'offer.widened': 'people', 'offer.passed_on': 'transfer', 'offer.declined': 'cancel', 'offer.taken': 'check', 'offer.withdrawn': 'reopen', 'offer.lapsed': 'clock',
  'flow.started': 'play', 'flow.ended': 'checkCircle', 'flow.held': 'info', 'flow.notified': 'mail', 'flow.parts_requested': 'tool', 'task.opened': 'people', 'task.claimed': 'people', 'task.completed': 'check', 'task.returned': 'reopen', 'task.withdrawn': 'reopen', 'task.handed_over': 'transfer', 'task.reassigned': 'transfer', 'task.overdue': 'clock', 'task.cancelled': 'cancel', 'approval.voted': 'check', 'approval.decided': 'checkCircle', 'approval.signer_added': 'people',
};

/** One entry of the timeline: a message, a piece of work, or a fact on one line. */
export function TimelineItem({ entry, number, shownFiles }: { entry: TimelineEntry; number: string; shownFiles: readonly FileSummary[] }) {
  if (entry.comment !== null) return <Message entry={entry} comment={entry.comment} number={number} />;
  if (entry.kind === 'ticket.created') return <Asked entry={entry} />;
  if (entry.kind === 'visit.work_logged' || entry.kind === 'visit.completed') return <Work entry={entry} />;
  if (entry.kind === 'file.attached' && entry.files.length > 0 && entry.files.every((file) => shownFiles.some((one) => one.id === file.id))) return null;
  return <Fact entry={entry} number={number} />;
}

function Message({ entry, comment, number }: { entry: TimelineEntry; comment: NonNullable<TimelineEntry['comment']>; number: string }) {
  const { t } = useTexts();
  const told = comment.author.kind === 'system';
  const name = comment.author.name ?? (told ? t('timeline.system') : t('timeline.customer'));
  const kind = comment.visibility === 'internal' ? 'note' : comment.direction;
  return (
    <li className={styles.message} data-kind={kind}>
      <Avatar name={name} size={28} />
      <div className={styles.bubble}>
        <div className={styles.head}>
          <strong>{name}</strong>
          <span className={styles.label}>
            {kind === 'note' && <Icon name="lock" size={12} />}
            {kind === 'note' ? t('timeline.note') : kind === 'inbound' ? t('timeline.fromCustomer') : told ? t('timeline.told') : t('timeline.toCustomer')}
          </span>
          <HandedOn entry={entry} />
          <From number={entry.ticketNumber ?? comment.origin?.number ?? null} />
          <Ago className={styles.time} value={entry.at} />
        </div>
        {!(comment.files.length > 0 && onlyNamesFile.test(comment.body)) && <LongText text={comment.body} />}
        <Attachments files={comment.files} />
        {comment.deliveries.length > 0 && <Suspense><DeliveryLines ticketId={comment.ticketId} number={number} deliveries={comment.deliveries} /></Suspense>}
      </div>
    </li>
  );
}

/** What was asked on a ticket that was merged into this one. */
function Asked({ entry }: { entry: TimelineEntry }) {
  const { t } = useTexts();
  const { subject = '', description = '' } = entry.data as { subject?: string; description?: string };
  const name = entry.actor.name ?? t('timeline.customer');
  return (
    <li className={styles.message} data-kind="inbound">
      <Avatar name={name} size={28} />
      <div className={styles.bubble}>
        <div className={styles.head}>
          <strong>{name}</strong>
          <span className={styles.label}>{t('timeline.asked')}</span>
          <From number={entry.ticketNumber} />
          <Ago className={styles.time} value={entry.at} />
        </div>
        <LongText text={description.trim() === '' || description.startsWith(subject) ? description.trim() || subject : `${subject}\n${description}`} />
        <Attachments files={entry.files} />
      </div>
    </li>
  );
}

/** Of which other ticket something is, where tickets were merged. */
function From({ number }: { number: string | null }) {
  const { t } = useTexts();
  return number === null ? null : <span className={styles.from}>{t('merge.fromTicket', { number })}</span>;
}

function Work({ entry }: { entry: TimelineEntry }) {
  const { t } = useTexts();
  const { workSummary, signedBy, technicianName } = entry.data as { workSummary?: string; signedBy?: string | null; technicianName?: string };
  const name = entry.actor.name ?? technicianName ?? '';
  const conflicts = Array.isArray(entry.data['conflicts']) ? entry.data['conflicts'].length : 0;
  return (
    <li className={styles.message} data-kind="work">
      <Avatar name={name} size={28} />
      <div className={styles.bubble}>
        <div className={styles.head}>
          <strong>{name}</strong>
          <span className={styles.label}>
            <Icon name={icons[entry.kind] ?? 'tool'} size={12} />
            {entry.title}
          </span>
          <Ago className={styles.time} value={entry.at} />
        </div>
        {workSummary !== undefined && <LongText text={workSummary} />}
        <Attachments files={entry.files} />
        {signedBy != null && <p className={styles.signed}>{t('timeline.signedBy', { name: signedBy })}</p>}
        {conflicts > 0 && <p className={styles.signed}>{t('timeline.conflicts', { count: conflicts })}</p>}
      </div>
    </li>
  );
}

/** Whose link a customer's step came by. */
function HandedOn({ entry }: { entry: TimelineEntry }) {
  const { t } = useTexts();
  const { handedOn } = entry.data as { handedOn?: { name: string } };
  return handedOn === undefined ? null : <span className={styles.from}>{t('timeline.handedOn', { name: handedOn.name })}</span>;
}

function Fact({ entry, number }: { entry: TimelineEntry; number: string }) {
  const { t } = useTexts();
  const rated = entry.kind === 'ticket.rated' ? Number(entry.data.rating) : null;
  const actor: ReactNode = entry.actor.kind === 'system' ? (entry.actor.name !== null ? t('timeline.flow', { name: entry.actor.name }) : t('timeline.system')) : entry.actor.kind === 'rule' ? t('timeline.rule', { name: entry.actor.name ?? '' }) : (entry.actor.name ?? (entry.actor.kind === 'customer' ? t('timeline.customer') : ''));
  return (
    <li className={styles.fact}>
      <span className={styles.icon}>
        <Icon name={icons[entry.kind] ?? 'activity'} size={14} />
      </span>
      <div className={styles.words}>
        <p>
          <span className={styles.actor}>{actor}</span> {entry.title}
          {rated !== null && <Stars rating={rated} />}
          <HandedOn entry={entry} />
          <From number={entry.ticketNumber} />
          <Ago className={styles.time} value={entry.at} />
        </p>
        <FactDetail entry={entry} />
        {entry.kind === 'call.linked' && typeof entry.data.callId === 'string' && <Suspense fallback={null}><CallEntry id={entry.data.callId} /></Suspense>}
        {entry.actor.kind === 'rule' && <RuleFact entry={entry} number={number} />}
        <Attachments files={entry.files} />
      </div>
    </li>
  );
}
