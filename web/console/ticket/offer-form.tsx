import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import type { Ticket } from '../../../contract/ticket.ts';
import { dispatchModes, type DispatchMode, type OfferMode } from '../../../rules/routing/offers.ts';
import { dispatchModesOf } from '../data/offers.ts';
import { useOfferTexts } from '../dispatch/offer-texts.ts';
import { useSession } from '../session/session.tsx';
import styles from './assign-dialog.module.css';

/** To a person, or offered to many or one after another (派单方式). */
export function HowToAssign({ value, onChange }: { value: DispatchMode; onChange: (mode: DispatchMode) => void }) {
  const { t: say } = useOfferTexts();
  return <div className={styles.how}><Segmented aria-label={say('how.label')} value={value} onChange={onChange} options={dispatchModes.map((mode) => ({ value: mode, label: say(`how.${mode}`) }))} /></div>;
}

/** What happens in a mode, with the limits of the ticket's team. */
export function OfferWords({ ticket, mode }: { ticket: Ticket; mode: OfferMode }) {
  const { t: say } = useOfferTexts();
  const { may } = useSession();
  const settings = useQuery({ ...dispatchModesOf(ticket.team?.id ?? ''), enabled: ticket.team !== null && may('organization.read') }).data?.settings;
  const [first] = settings?.rings ?? [];
  const bounds = first === undefined ? '' : [
    ...(first.people === null ? [] : [`${first.people} ${say('modes.people')}`]), ...(first.kilometres === null ? [] : [`${first.kilometres} ${say('modes.kilometres')}`]), ...(first.minutes === null ? [] : [`${first.minutes} ${say('modes.minutes')}`]),
  ].join(' · ');
  return (
    <div className={styles.what}>
      <p>{say(`what.${mode}`)}</p>
      {settings !== undefined && <p>{mode === 'grab' ? first === undefined ? say('what.atOnce', { count: settings.widenMinutes }) : say('what.rings', { first: bounds, count: settings.widenMinutes }) : say('what.limit', { count: settings.acceptMinutes, most: settings.mostCandidates })}</p>}
      <p className={styles.keys}>{say('what.hard')}</p>
    </div>
  );
}
