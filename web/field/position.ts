/** Where the phone is (定位); `accuracy` in metres. */
export interface Fix {
  lat: number;
  lng: number;
  accuracy: number;
}

/** Why there is none: forbidden by the person or the browser, not found, or not in time. */
export type NoFix = 'denied' | 'unavailable' | 'timeout';

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
        resolve({ lat: coords.latitude, lng: coords.longitude, accuracy: coords.accuracy });
      },
      (error) => {
        clearTimeout(timer);
        resolve(error.code === error.PERMISSION_DENIED ? 'denied' : error.code === error.TIMEOUT ? 'timeout' : 'unavailable');
      },
      { enableHighAccuracy: true, timeout: patience, maximumAge: 30_000 },
    );
  });
}
