import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import type { Offer } from '../../../contract/offer.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Avatar } from '../../ui/react/index.ts';
import { useTimeLeft } from '../../ui/react/time-left.ts';
import { ticketOffers } from '../data/offers.ts';
import { useOfferTexts } from '../dispatch/offer-texts.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { useSession } from '../session/session.tsx';
import styles from './offer-part.module.css';

const shown = 12;

/** How a ticket is offered now, or that nobody took it (派单进行中): whom it is open to, what they said, and what comes next. */
export function OfferPart({ ticket, onOffer }: { ticket: Ticket; onOffer: () => void }) {
  const { data } = useQuery(ticketOffers(ticket.id, ticket.version));
  const [latest] = data?.items ?? [];
  if (latest === undefined || ticket.assignee !== null) return null;
  if (latest.state === 'open') return <Running key={latest.id} offer={latest} />;
  return latest.state === 'lapsed' && data?.mayOffer === true ? <Lapsed offer={latest} onOffer={onOffer} /> : null;
}

function Running({ offer }: { offer: Offer }) {
  const { t: say } = useOfferTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => postOnce(`/offers/${offer.id}/actions/withdraw`, {}),
    onSuccess: () => void message.success(say('part.withdrawn')),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['offers'] }),
  });
  return (
    <section className={styles.part} aria-label={say('part.title')}>
      <div className={styles.head}>
        <span className={styles.title}>{say('part.title')}</span>
        <Badge tone="accent">{offer.title}</Badge>
        {offer.automatic && <Badge>{say('part.automatic')}</Badge>}
        {may('ticket.assign') && <Button className={styles.withdraw} size="small" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>{say('part.withdraw')}</Button>}
      </div>
      <div className={styles.head}>
        {offer.mode === 'grab' && <span>{offer.ring >= offer.rings ? say('part.team') : say('part.ring', { ring: offer.ring + 1, count: offer.rings + 1 })}</span>}
        {offer.nextAt !== null && <Left at={offer.nextAt} next={offer.next ?? 'lapse'} />}
      </div>
      <People offer={offer} />
      {offer.note !== null && <p className={styles.muted}>{offer.note}</p>}
    </section>
  );
}

function Lapsed({ offer, onOffer }: { offer: Offer; onOffer: () => void }) {
  const { t: say } = useOfferTexts();
  return (
    <section className={styles.part} aria-label={say('part.lapsed')}>
      <div className={styles.head}>
        <Badge tone="warning">{say('part.lapsed')}</Badge>
        <span>{offer.title}</span>
        <Button className={styles.withdraw} size="small" onClick={onOffer}>{say('part.again')}</Button>
      </div>
      <People offer={offer} />
    </section>
  );
}

function Left({ at, next }: { at: string; next: 'widen' | 'next' | 'lapse' }) {
  const { t: say } = useOfferTexts();
  const { seconds, text } = useTimeLeft(at);
  return <span className={styles.left} data-soon={seconds < 30 || undefined} role="timer">{say(`part.left.${next}`, { time: text })}</span>;
}

/** Those who may still answer first, then those who have. */
function People({ offer }: { offer: Offer }) {
  const { t: say } = useOfferTexts();
  const { t } = useTexts();
  const people = [...offer.candidates].sort((one, other) => Number(other.state === 'offered') - Number(one.state === 'offered'));
  return (
    <ul className={styles.people}>
      {people.slice(0, shown).map((one) => (
        <li key={one.staff.id} className={styles.person} data-state={one.state}>
          <Avatar name={one.staff.name} size={20} />
          <span>{one.staff.name}</span>
          {one.travelMinutes !== null && <span className={styles.muted}>{one.travelMinutes === 0 ? t('propose.near') : t('propose.travel', { count: one.travelMinutes })}</span>}
          <span className={styles.state}>{say(`part.state.${one.state}`)}</span>
          {one.reason !== null && <span className={styles.reason}>{one.reason}</span>}
        </li>
      ))}
      {offer.candidateCount > shown && <li className={styles.muted}>{say('part.more', { count: offer.candidateCount - Math.min(shown, people.length) })}</li>}
    </ul>
  );
}
