import { EnvironmentOutline, PhoneFill } from 'antd-mobile-icons';
import { useState } from 'react';
import type { Visit } from '../../../contract/visit.ts';
import { useTexts } from '../i18n.ts';
import { coordinatesOf, mapLinks, phonePlatform } from '../places.ts';
import { Sheet } from './sheet.tsx';

/** Calls the customer. */
export function CallButton({ visit }: { visit: Visit }) {
  const { t } = useTexts();
  const { requesterPhone, requesterName } = visit.ticket;
  const name = requesterName ?? t('job.unnamed');
  // A masked number cannot be called.
  if (requesterPhone === null || requesterPhone.includes('*')) {
    return (
      <span className="tile-button tile-disabled">
        <PhoneFill aria-hidden="true" />
        {requesterPhone ?? t('job.noPhone')}
      </span>
    );
  }
  return (
    <a className="tile-button" href={`tel:${requesterPhone.replace(/[^+\d]/g, '')}`} aria-label={t('job.callName', { name })}>
      <PhoneFill aria-hidden="true" />
      {t('job.call')}
    </a>
  );
}

/** Leads to the place, in the map app of one's choice. */
export function NavigateButton({ visit }: { visit: Visit }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const address = visit.location?.address ?? null;
  const links = mapLinks({ coordinates: coordinatesOf(visit.location), address, name: address ?? visit.ticket.number }, phonePlatform());
  if (links.length === 0) {
    return (
      <span className="tile-button tile-disabled">
        <EnvironmentOutline aria-hidden="true" />
        {t('job.noPlace')}
      </span>
    );
  }
  return (
    <>
      <button type="button" className="tile-button" onClick={() => setOpen(true)} aria-label={t('job.navigateTo', { place: address ?? visit.ticket.number })}>
        <EnvironmentOutline aria-hidden="true" />
        {t('job.navigate')}
      </button>
      <Sheet title={t('map.title')} open={open} onClose={() => setOpen(false)}>
        <ul className="sheet-list">
          {links.map(({ app, url }) => (
            <li key={app}>
              <a className="sheet-link" href={url} target={url.startsWith('geo:') ? undefined : '_blank'} rel="noreferrer" onClick={() => setOpen(false)}>
                {t(`map.${app}`)}
              </a>
            </li>
          ))}
        </ul>
      </Sheet>
    </>
  );
}
