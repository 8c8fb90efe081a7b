const two = (number: number): string => String(number).padStart(2, '0');

/** A moment as it is written into pictures and over films: by the clock of whoever reads it. */
export const stampMoment = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;

/** A place as it is written there; metres. */
export const stampPlace = ({ lat, lng, accuracy }: { lat: number; lng: number; accuracy: number | null }): string => `${lat.toFixed(5)}, ${lng.toFixed(5)}${accuracy === null ? '' : `  ±${Math.round(accuracy)} m`}`;

/** When and where a film or a word was recorded (录制时间与地点), a line each; nothing where nobody wrote it down. */
export function recordedLines(recorded: { at: string; lat: number | null; lng: number | null; accuracy: number | null } | null): string[] {
  if (recorded === null) return [];
  const { at, lat, lng, accuracy } = recorded;
  return [stampMoment(new Date(at)), ...(lat === null || lng === null ? [] : [stampPlace({ lat, lng, accuracy })])];
}
