/** Where the phone is (定位); `accuracy` in metres. */
export interface Fix {
  lat: number;
  lng: number;
  accuracy: number;
}

/** Why there is none: forbidden by the person or the browser, not found, or not in time. */
export type NoFix = 'denied' | 'unavailable' | 'timeout';

let last: { fix: Fix; at: number } | null = null;
const freshMilliseconds = 5 * 60_000;

/** Remembers where the phone was just now, for whoever needs to know without asking. */
export function rememberFix(fix: Fix): void {
  last = { fix, at: Date.now() };
}

/** Where the phone was within the last five minutes (最近定位); null when that is not known. Nobody is asked for anything. */
export const recentFix = (): Fix | null => (last !== null && Date.now() - last.at < freshMilliseconds ? last.fix : null);

const patience = 12_000;

/** Asks the phone where it is. Never throws: the technician can go on without. */
export function findPosition(): Promise<Fix | NoFix> {
  // Browsers give positions to secure pages only; elsewhere the call may be missing or stay silent.
  if (!('geolocation' in navigator) || !isSecureContext) return Promise.resolve('unavailable');
  return new Promise((resolve) => {
    // Some web views neither answer nor time out while a permission question is open.
    const timer = setTimeout(() => resolve('timeout'), patience + 3000);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        clearTimeout(timer);
        const fix = { lat: coords.latitude, lng: coords.longitude, accuracy: coords.accuracy };
        rememberFix(fix);
        resolve(fix);
      },
      (error) => {
        clearTimeout(timer);
        resolve(error.code === error.PERMISSION_DENIED ? 'denied' : error.code === error.TIMEOUT ? 'timeout' : 'unavailable');
      },
      { enableHighAccuracy: true, timeout: patience, maximumAge: 30_000 },
    );
  });
}
