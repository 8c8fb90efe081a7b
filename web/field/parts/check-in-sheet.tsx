import { SpinLoading } from 'antd-mobile';
import { CheckCircleFill, ExclamationCircleFill } from 'antd-mobile-icons';
import { useEffect, useRef, useState } from 'react';
import { distanceInMetres } from '../../../rules/places/distance.ts';
import { doubtOfCheckIn, nearMetres } from '../../../rules/places/track.ts';
import { useTexts } from '../i18n.ts';
import type { Job } from '../jobs.ts';
import { coordinatesOf, formatDistance } from '../places.ts';
import { findPosition, type Fix, type NoFix } from '../position.ts';
import { useSettling } from './settling.ts';
import { Sheet } from './sheet.tsx';
import { take } from './take.ts';
import { TextField } from './text-field.tsx';

/** Metres beyond which the technician is asked to look again. */
const far = nearMetres;

/** Milliseconds of searching after which nobody has to wait for the position. */
const longSearch = 8_000;

/** Checks in (签到) with the phone's position, or without: when there is none, or finding it takes long. */
export function CheckInSheet({ job, open, onClose }: { job: Job; open: boolean; onClose: () => void }) {
  const { t, language } = useTexts();
  const [result, setResult] = useState<Fix | NoFix | 'searching'>('searching');
  const [attempt, setAttempt] = useState(0);
  const [tookLong, setTookLong] = useState(false);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const busy = useRef(false);
  const choice = typeof result === 'object' ? 'with' : result === 'searching' && !tookLong ? 'none' : 'without';
  const settling = useSettling(choice);

  useEffect(() => {
    if (!open) return;
    let over = false;
    setResult('searching');
    setTookLong(false);
    const timer = setTimeout(() => setTookLong(true), longSearch);
    void findPosition().then((found) => {
      if (!over) setResult(found);
    });
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [open, attempt]);

  const place = coordinatesOf(job.visit.location);
  const distance = typeof result === 'object' && place !== null ? distanceInMetres(result, place) : null;
  // As the server reckons it.
  const doubt = typeof result === 'object' ? doubtOfCheckIn({ distance: distance === null ? null : Math.round(distance), accuracy: result.accuracy }) : null;
  const wantsReason = doubt !== null;

  async function checkIn(): Promise<void> {
    if (settling || busy.current) return;
    if (wantsReason && reason.trim() === '') {
      setTried(true);
      document.querySelector<HTMLElement>('[name="checkInReason"]')?.focus();
      return;
    }
    busy.current = true;
    const body =
      typeof result === 'object'
        ? { location: { lat: result.lat, lng: result.lng }, accuracy: Math.min(result.accuracy, 100_000), ...(wantsReason ? { reason: reason.trim() } : {}) }
        : { reason: t(`checkIn.note.${result === 'searching' ? 'unavailable' : result}`) };
    await take(job.visit.id, 'check_in', { body });
    busy.current = false;
    onClose();
  }

  return (
    <Sheet title={t('checkIn.title')} open={open} onClose={onClose}>
      <div className="check-in" aria-live="polite">
        {result === 'searching' && (
          <>
            <SpinLoading color="primary" style={{ '--size': '40px' }} />
            <p className="check-in-main">{t('checkIn.searching')}</p>
            <p className="check-in-hint">{t('checkIn.searchingHint')}</p>
          </>
        )}
        {typeof result === 'object' && (
          <>
            {distance !== null && distance > far ? (
              <ExclamationCircleFill className="check-in-icon check-in-warning" aria-hidden="true" />
            ) : (
              <CheckCircleFill className="check-in-icon check-in-good" aria-hidden="true" />
            )}
            <p className="check-in-main">
              {distance === null ? t('checkIn.found') : t('checkIn.distance', { distance: formatDistance(distance, language) })}
            </p>
            <p className="check-in-hint">
              {t('checkIn.accuracy', { accuracy: formatDistance(result.accuracy, language) })}
              {place === null && <><br />{t('checkIn.noPlace')}</>}
              {doubt === 'unplaced' ? <><br />{t('checkIn.coarse')}</> : distance !== null && distance > far && <><br />{t('checkIn.far')}</>}
            </p>
          </>
        )}
        {typeof result === 'string' && result !== 'searching' && (
          <>
            <ExclamationCircleFill className="check-in-icon check-in-warning" aria-hidden="true" />
            <p className="check-in-main">{t(`checkIn.${result}`)}</p>
            <p className="check-in-hint">{t(`checkIn.${result}Hint`)}</p>
          </>
        )}
      </div>
      {wantsReason && (
        <TextField label={t(doubt === 'unplaced' ? 'checkIn.coarseReason' : 'checkIn.reason')} hint={t('checkIn.reasonHint')} name="checkInReason" rows={2} value={reason} onChange={setReason} error={tried && reason.trim() === '' ? t('checkIn.reasonMissing') : undefined} maxLength={1000} />
      )}
      {typeof result === 'object' ? (
        <button type="button" className="primary-button" data-settling={settling || undefined} onClick={() => void checkIn()}>
          {t('checkIn.confirm')}
        </button>
      ) : (
        choice === 'without' && <div className="button-row" data-settling={settling || undefined}>
          <button type="button" className="secondary-button" disabled={result === 'searching'} onClick={() => setAttempt(attempt + 1)}>
            {t('checkIn.again')}
          </button>
          <button type="button" className={result === 'searching' ? 'secondary-button' : 'primary-button'} onClick={() => void checkIn()}>
            {t('checkIn.without')}
          </button>
        </div>
      )}
    </Sheet>
  );
}
