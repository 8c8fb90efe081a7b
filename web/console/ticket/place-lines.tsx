import gcoord from 'gcoord';
import type { Location } from '../../../contract/common.ts';
import { useTexts } from '../i18n.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { KnownLine } from '../parts/known-line.tsx';
import styles from './place-lines.module.css';

/** Where it is (地点): the address, and the way into a map app, whose map is shifted against GPS by law (GCJ-02). */
export function PlaceLines({ location }: { location: Location }) {
  const { t } = useTexts();
  const { address, lat, lng } = location;
  const known = lat != null && lng != null;
  const shifted = known ? gcoord.transform([lng, lat], gcoord.WGS84, gcoord.GCJ02) : null;
  const map = shifted === null ? null : `https://uri.amap.com/marker?position=${shifted.map((one) => one.toFixed(6)).join(',')}&name=${encodeURIComponent(address ?? '')}&src=bihuan`;
  return (
    <KnownLine icon="place" name={t('ticket.place')}>
      {address ?? (known ? `${lat.toFixed(5)}, ${lng.toFixed(5)}` : t('ticket.noAddress'))}
      {known && (
        <span className={styles.map}>
          {map !== null && (
            <a href={map} target="_blank" rel="noreferrer">
              {t('ticket.openMap')}
            </a>
          )}
          <CopyButton text={`${lat},${lng}`} label={t('ticket.copyCoordinates', { coordinates: `${lat.toFixed(5)}, ${lng.toFixed(5)}` })} />
        </span>
      )}
    </KnownLine>
  );
}
