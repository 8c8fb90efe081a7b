import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button } from 'antd';
import type { TicketLink } from '../../../contract/collaboration.ts';
import type { LinkedTicket, Ticket } from '../../../contract/ticket.ts';
import { linkKinds, linkRules } from '../../../rules/ticket/links.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert, StatusTag } from '../../ui/react/index.ts';
import { ticketLinks } from '../data/desk.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { useRenewTogether } from './renew-together.ts';
import styles from './together.module.css';

/** Tickets that belong to this one (相关工单): by kind of link, children with how far they are, what was merged in. */
export function RelatedPart({ ticket, onLink }: { ticket: Ticket; onLink: () => void }) {
  const { t, language } = useTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const renew = useRenewTogether(ticket);
  const links = useQuery(ticketLinks(ticket.id));
  const remove = useMutation({
    mutationFn: (link: TicketLink) => api.delete(`/tickets/${ticket.id}/links/${link.kind}/${link.ticket.number}`),
    onSuccess: (_answer, link) => {
      renew(link.ticket.number);
      void message.success(t('related.removed'));
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  const editable = may('ticket.update') && ticket.mergedInto === null;
  const found = links.data ?? [];
  const { children } = ticket;
  return (
    <>
      {children !== null && children.total > 0 && (
        <div className={styles.progress}>
          <span>{t('related.children', { done: children.resolved + children.cancelled, total: children.total })}</span>
          <progress max={children.total} value={children.resolved + children.cancelled} aria-label={t('related.children', { done: children.resolved + children.cancelled, total: children.total })} />
        </div>
      )}
      {linkKinds.map((kind) => {
        const ofKind = found.filter((link) => link.kind === kind);
        return ofKind.length === 0 ? null : (
          <div key={kind} className={styles.group}>
            <span className={styles.kind}>{linkRules[kind][language === 'en' ? 'en' : 'zh']}</span>
            {ofKind.map((link) => (
              <div key={link.ticket.number} className={styles.line}>
                <TicketWords ticket={link.ticket} />
                {editable && link.via === null && (
                  <Button size="small" type="text" className={styles.remove} icon={<Icon name="close" size={12} />} loading={remove.isPending && remove.variables === link} aria-label={t('related.remove', { number: link.ticket.number })} onClick={() => remove.mutate(link)} />
                )}
              </div>
            ))}
          </div>
        );
      })}
      {ticket.mergedFrom.length > 0 && (
        <div className={styles.group}>
          <span className={styles.kind}>{t('merge.from')}</span>
          {ticket.mergedFrom.map((one) => <div key={one.number} className={styles.line}><TicketWords ticket={one} /></div>)}
        </div>
      )}
      {links.isError && <ProblemAlert error={links.error} onRetry={() => void links.refetch()} />}
      {editable ? (
        <Button size="small" type="text" className={styles.add} icon={<Icon name="plus" size={14} />} onClick={onLink}>{t('related.add')}</Button>
      ) : links.isSuccess && found.length === 0 && <p className={styles.hint}>{t('related.none')}</p>}
    </>
  );
}

/** Another ticket on one line; only its number where the reader may see no more. */
function TicketWords({ ticket }: { ticket: LinkedTicket }) {
  const { t } = useTexts();
  if (ticket.id === null) return <span className={styles.words}>{ticket.number} · {t('related.hidden')}</span>;
  return (
    <Link className={styles.words} to="/tickets/$number" params={{ number: ticket.number }} title={`${ticket.number} ${ticket.subject ?? ''}`}>
      <span className={styles.subject}>{ticket.subject ?? ticket.number}</span>
      {ticket.status !== null && <StatusTag status={ticket.status} />}
    </Link>
  );
}
