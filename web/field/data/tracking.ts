import type { PositionsTaken } from '../../../contract/field.ts';
import { fieldLimits } from '../../../contract/field.ts';
import { farCheckInMetres, trackSeconds, whyNotFollowed, type Followed } from '../../../rules/places/track.ts';
import { api, asProblem } from '../../ui/api.ts';
import type { Visit } from '../../../contract/visit.ts';
import { coordinatesOf } from '../places.ts';
import { rememberFix } from '../position.ts';
import { currentBoard, onBoard } from './live.ts';
import { isOpenToServer } from './session.ts';

/**
 * Whether positions are being shared, and for which visit (位置共享). `off`: nobody is on the way anywhere; `too_long`, `left`: not any more, although the visit was not
 * ended.
 */
export type Tracking = { kind: 'off' } | { kind: 'on' | 'denied' | 'searching' | 'too_long' | 'left'; visitId: string };

let state: Tracking = { kind: 'off' };
const listeners = new Set<() => void>();

export const trackingState = (): Tracking => state;
export function onTracking(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function become(next: Tracking): void {
  if (next.kind === state.kind && (next.kind === 'off' || (state.kind !== 'off' && next.visitId === state.visitId))) return;
  state = next;
  for (const listener of listeners) listener();
}

/** A visit as the rule looks at it. Where somebody checked in elsewhere, or nobody knows how far away, the server alone knows whether they left. */
function followedOf(visit: Visit): Followed {
  const there = visit.checkInDistance !== null && visit.checkInDistance <= farCheckInMetres;
  const moment = (at: string | null): number | null => (at === null ? null : Date.parse(at));
  return { status: visit.status, travelStartedAt: moment(visit.travelStartedAt), checkedInAt: moment(visit.checkedInAt), place: there ? coordinatesOf(visit.location) : null };
}

interface Point { lat: number; lng: number; accuracy: number; at: string }

/**
 * Shares where this phone is while its owner is on the way to a visit or on it (上门定位), and at no other time: from "set out" to "done", or until they left or it
 * went on for longer than work does, should they forget to say that it is done. Without a network the last points wait in memory; what is older than those is of no
 * use to anybody.
 *
 * @returns the function that ends it
 */
export function startTracking(): () => void {
  let watch: number | null = null;
  let following: string | null = null;
  let points: Point[] = [];
  let sending = false;
  let seconds = 10;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What the server said last of why it keeps nothing: it knows where somebody checked in. */
  let told: 'too_long' | 'left' | null = null;

  const whyStopped = (visitId: string, point: Point | null): 'too_long' | 'left' | null => {
    const job = currentBoard()?.current.find(({ visit }) => visit.id === visitId);
    return job === undefined ? null : whyNotFollowed(followedOf(job.visit), point, Date.now());
  };
  const begin = (visitId: string): void => {
    following = visitId;
    points = [];
    told = null;
    if (!('geolocation' in navigator) || !isSecureContext) return become({ kind: 'denied', visitId });
    become({ kind: 'searching', visitId });
    watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        // By the clock that the steps go by; a fix is five seconds old at most.
        const point = { lat: coords.latitude, lng: coords.longitude, accuracy: Math.min(coords.accuracy, 100_000), at: new Date().toISOString() };
        rememberFix(point);
        const stopped = whyStopped(visitId, point);
        if (stopped !== null) {
          points = [];
          return become({ kind: stopped, visitId });
        }
        become({ kind: told ?? 'on', visitId });
        const last = points.at(-1);
        if (last !== undefined && Date.parse(point.at) - Date.parse(last.at) < trackSeconds * 1_000) return;
        points = [...points, point].slice(-fieldLimits.points);
      },
      (error) => {
        if (error.code === error.PERMISSION_DENIED) become({ kind: 'denied', visitId });
      },
      { enableHighAccuracy: true, maximumAge: 5_000 },
    );
    schedule(2);
  };
  const end = (): void => {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
    following = null;
    points = [];
    clearTimeout(timer);
    become({ kind: 'off' });
  };
  const schedule = (after: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void send(), after * 1_000);
  };
  async function send(): Promise<void> {
    if (following === null || sending) return;
    const visitId = following;
    if (whyStopped(visitId, null) === 'too_long') {
      // Nothing that happens on this visit brings it back: the receiver rests.
      if (watch !== null) navigator.geolocation.clearWatch(watch);
      watch = null;
      points = [];
      return become({ kind: 'too_long', visitId });
    }
    const batch = points;
    sending = true;
    try {
      if (batch.length > 0 && navigator.onLine && isOpenToServer()) {
        const { data } = await api.post<PositionsTaken>('/positions', { visitId, sentAt: new Date().toISOString(), points: batch }, { timeout: 15_000 });
        seconds = data.nextInSeconds;
        points = points.filter((point) => !batch.includes(point));
        if (following === visitId) {
          told = data.stopped;
          if (told !== null) become({ kind: told, visitId });
        }
      }
    } catch (error) {
      // The step that begins the visit may still wait on this phone; what the server does not want now is not kept for it.
      if (asProblem(error).status >= 400 && following === visitId) points = [];
    } finally {
      sending = false;
      if (following !== null) schedule(seconds);
    }
  }
  const look = (): void => {
    const running = (currentBoard()?.current ?? []).filter(({ visit, refused }) => refused === null && visit.actions.length > 0);
    // Whoever has set out for the next is on the way there, whatever was left unfinished; of several the last.
    const begun = (status: 'travelling' | 'on_site') => running.filter(({ visit }) => visit.status === status).sort((a, b) => (b.visit.travelStartedAt ?? b.visit.checkedInAt ?? '').localeCompare(a.visit.travelStartedAt ?? a.visit.checkedInAt ?? ''))[0];
    const going = (begun('travelling') ?? begun('on_site'))?.visit.id ?? null;
    // Checked in at last, after a way on which nobody was followed any more.
    const again = going !== null && state.kind === 'too_long' && whyStopped(going, null) === null;
    if (going === following && !again) return;
    if (following !== null) end();
    if (going !== null) begin(going);
  };
  const unsubscribe = onBoard(look);
  look();
  return () => {
    unsubscribe();
    end();
  };
}
