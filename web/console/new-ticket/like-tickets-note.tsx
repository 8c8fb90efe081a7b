import { useQuery } from '@tanstack/react-query';
import { Ago, StatusTag } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { useDebounced } from '../parts/debounced.ts';
import { useSession } from '../session/session.tsx';
import { likeTickets } from '../ticket/like-data.ts';
import { likeTexts } from '../ticket/like-texts.ts';
import styles from './new-ticket-drawer.module.css';

const shown = 3;
const enough = 4;

/** That what is being written may be a ticket already (新建查重), or what many people are on about. They open beside it. */
export function LikeTicketsNote({ subject, customer, phone, asset, category, address }: { subject: string; customer: string | undefined; phone: string | undefined; asset: string | undefined; category: string | undefined; address: string }) {
  const { t } = likeTexts.useTexts();
  const { may } = useSession();
  const typed = useDebounced([subject.trim().slice(0, 200), address.trim().slice(0, 300), phone?.trim().slice(0, 30) ?? ''].join('\n'), 500);
  const [words = '', place = '', number = ''] = typed.split('\n');
  const tells = [...words].length >= enough || asset !== undefined;
  const { data } = useQuery({
    ...likeTickets({ ...(words === '' ? {} : { subject: words }), ...(place === '' ? {} : { address: place }), ...(number === '' ? {} : { phone: number }), ...(customer === undefined ? {} : { customer }), ...(asset === undefined ? {} : { asset }), ...(category === undefined ? {} : { category }) }),
    placeholderData: (before) => before, enabled: tells && may('ticket.read') && may('ticket.update'),
  });
  const found = (data?.items ?? []).filter((item) => item.offered).slice(0, shown);
  const crowd = data?.crowd;
  if (!tells || (found.length === 0 && !crowd)) return null;
  return (
    <div className={styles.open} role="status">
      {found.length > 0 && <p>{t('sameNew')}</p>}
      {found.length > 0 && (
        <ul>
          {found.map(({ ticket, reasons, createdAt }) => (
            <li key={ticket.number}>
              <a href={`/tickets/${ticket.number}`} target="_blank" rel="noreferrer"><span>{ticket.subject}</span></a>
              {reasons.slice(0, 2).map(({ code, title }) => <Badge key={code}>{title}</Badge>)}
              {ticket.status !== null && <StatusTag status={ticket.status} />}
              <Ago value={createdAt} />
            </li>
          ))}
        </ul>
      )}
      {crowd && (
        <p>
          {t(`crowd.${crowd.reason}`, { count: crowd.people })}
          {crowd.parent !== null && <> · <a href={`/tickets/${crowd.parent.number}`} target="_blank" rel="noreferrer">{crowd.parent.number}</a></>}
        </p>
      )}
    </div>
  );
}
