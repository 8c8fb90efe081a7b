const lastTold = 'bihuan.notified';

/** Whether no other tab has called to this notification yet; from now on none will. */
export function isFirstToTell(id: string): boolean {
  try {
    if (localStorage.getItem(lastTold) === id) return false;
    localStorage.setItem(lastTold, id);
  } catch {
    // Every tab then calls for itself.
  }
  return true;
}

/** Whether the system may call (桌面通知权限). */
export const permissionNow = (): NotificationPermission | 'unsupported' => (typeof Notification === 'function' ? Notification.permission : 'unsupported');

let audio: AudioContext | null = null;

/** A short quiet tone (提示音); silent where the browser does not allow it before the page was touched. */
export function chime(): void {
  try {
    audio ??= new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 880;
    volume.gain.setValueAtTime(0.06, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.35);
  } catch {
    // A browser without sound tells by its badge.
  }
}
