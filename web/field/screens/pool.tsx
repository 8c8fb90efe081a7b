import { PullToRefresh, Toast } from 'antd-mobile';
import { ClockCircleOutline, EnvironmentOutline, LocationOutline } from 'antd-mobile-icons';
import { useEffect, useState } from 'react';
import type { PooledOffer } from '../../../contract/offer.ts';
import { distanceInMetres } from '../../../rules/places/distance.ts';
import { EmptyState } from '../../ui/react/empty-state.tsx';
import { useNow } from '../../ui/react/now.ts';
import { PriorityMark } from '../../ui/react/priority-mark.tsx';
import { useTimeLeft } from '../../ui/react/time-left.ts';
import { formatTime } from '../../ui/time.ts';
import { database } from '../data/database.ts';
import { useLive, useSync } from '../data/live.ts';
import { answerOffer, poolNote, type KeptPool } from '../data/pool.ts';
import { refresh } from '../data/sync.ts';
import { useTexts } from '../i18n.ts';
import { DeclineOfferSheet } from '../parts/decline-offer-sheet.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { formatDistance } from '../places.ts';
import { findPosition, type Fix } from '../position.ts';
import { goTo } from '../router.ts';
import { formatWindow } from '../windows.ts';

/** What is offered to whoever is first, or to this person for a while (抢单池). Taking it needs a network: it is decided at that moment. */
export function PoolScreen() {
  const { t, language } = useTexts();
  const pool = useLive(async () => ((await database().notes.get(poolNote))?.value as KeptPool | undefined) ?? null, []);
  const { reachable } = useSync();
  const here = useHere();
  useEffect(() => void refresh(), []);
  const items = pool?.items ?? [];
  return (
    <main>
      <PullToRefresh onRefresh={refresh} pullingText={t('today.pull')} canReleaseText={t('today.release')} refreshingText={t('common.loading')} completeText={t('today.refreshed')}>
        <div className="screen">
          <header className="plain-head">
            <h1 tabIndex={-1}>{t('pool.title')}</h1>
          </header>
          {reachable ? <SyncLine /> : <p className="pool-offline" role="status">{pool == null ? t('pool.offlineNever') : t('pool.offline', { time: formatTime(new Date(pool.at).toISOString(), language) })}</p>}
          {items.map((offer) => <OfferCard key={offer.id} offer={offer} reachable={reachable} here={here} />)}
          {pool !== undefined && items.length === 0 && <EmptyState title={t('pool.empty')} hint={t('pool.emptyHint')} />}
        </div>
      </PullToRefresh>
    </main>
  );
}

/** Where the phone is, where it may be asked already: nobody is asked for their place just to look at a list. */
function useHere(): Fix | null {
  const [here, setHere] = useState<Fix | null>(null);
  useEffect(() => {
    let wanted = true;
    void (async () => {
      const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
      if (permission?.state !== 'granted') return;
      const found = await findPosition();
      if (wanted && typeof found === 'object') setHere(found);
    })();
    return () => {
      wanted = false;
    };
  }, []);
  return here;
}

function OfferCard({ offer, reachable, here }: { offer: PooledOffer; reachable: boolean; here: Fix | null }) {
  const { t, language } = useTexts();
  const now = useNow();
  const { seconds: left, text: leftText } = useTimeLeft(offer.until);
  const [sending, setSending] = useState(false);
  const [declining, setDeclining] = useState(false);
  const window = formatWindow(offer, now, language);
  const grab = offer.mode === 'grab';
  const { place } = offer;
  const away = here !== null && place?.lat != null && place.lng != null ? distanceInMetres(here, { lat: place.lat, lng: place.lng }) : null;
  const way = [
    away !== null ? t('pool.fromHere', { distance: formatDistance(away, language) }) : offer.metres !== null ? t(`pool.from.${offer.startsFrom}`, { distance: formatDistance(offer.metres, language) }) : null,
    offer.travelMinutes === null ? null : t('pool.travel', { count: offer.travelMinutes }),
  ].filter((part) => part !== null).join(' · ');

  async function answer(what: 'accept' | 'decline', reason?: string): Promise<void> {
    if (sending) return;
    setSending(true);
    const attempt = await answerOffer(offer.id, what, reason);
    setSending(false);
    if (attempt.kind === 'offline') return void Toast.show({ content: t('pool.needsNetwork'), duration: 5_000 });
    if (attempt.kind === 'lost') return void Toast.show({ content: attempt.title, duration: 5_000 });
    setDeclining(false);
    if (what === 'decline') return void Toast.show({ content: t('pool.declined') });
    navigator.vibrate?.([40, 60, 120]);
    Toast.show({ content: t('pool.won') });
    await refresh();
    goTo(attempt.visitId === null ? { screen: 'today' } : { screen: 'job', visitId: attempt.visitId });
  }

  return (
    <article className={`next-card offer-card priority-edge-${offer.priority}`} aria-label={offer.subject}>
      <div className="next-card-link">
        <div className="card-line">
          <span className="window-line"><span className={window === null ? 'window-none' : 'window-times'}>{window ?? t('pool.soon')}</span></span>
          <span className="offer-mode">{offer.title}</span>
        </div>
        <h2 className="next-card-title">
          {(offer.priority === 'urgent' || offer.priority === 'high') && <PriorityMark priority={offer.priority} withLabel />}
          {offer.subject}
        </h2>
        <p className="card-fact">
          <EnvironmentOutline aria-hidden="true" />
          {place?.text ?? t(place === null ? 'pool.noPlace' : 'pool.roughPlace')}
          {place !== null && !place.exact && <span className="card-category">{t('pool.roughly')}</span>}
        </p>
        {way !== '' && <p className="card-fact"><LocationOutline aria-hidden="true" />{way}</p>}
        <p className="card-fact">
          <ClockCircleOutline aria-hidden="true" />
          {[t('pool.minutes', { count: offer.minutes }), offer.category?.slice(-2).join(' / ') ?? offer.type, ...offer.skills].join(' · ')}
        </p>
        <p className="offer-left" data-late={left < 30 || undefined}>
          {left === 0 ? t('pool.over') : t(offer.widens ? 'pool.leftWiden' : grab ? 'pool.leftGrab' : 'pool.left', { time: leftText })}
          {offer.others > 0 && <span>{t('pool.others', { count: offer.others })}</span>}
        </p>
      </div>
      <div className="offer-actions">
        <button type="button" className="secondary-button" disabled={!reachable || sending} onClick={() => (grab ? void answer('decline') : setDeclining(true))}>{t('pool.decline')}</button>
        <button type="button" className="primary-button" disabled={!reachable || sending} onClick={() => void answer('accept')}>{t(sending ? 'pool.sending' : grab ? 'pool.grab' : 'pool.accept')}</button>
      </div>
      <DeclineOfferSheet open={declining} sending={sending} onClose={() => setDeclining(false)} onDecline={(reason) => void answer('decline', reason)} />
    </article>
  );
}
