import { largestFile } from '../../contract/file.ts';

/** What can be recorded on the spot (录制): a word or a film. */
export type RecordingKind = 'audio' | 'video';

/** The longest recordings, in seconds; kept so that a film stays well below what a file may have. */
export const longestSeconds: Record<RecordingKind, number> = { audio: 600, video: 180 };
export { largestFile };

const kinds: Record<RecordingKind, readonly string[]> = {
  // What every phone plays first.
  audio: ['audio/mp4', 'audio/webm;codecs=opus', 'audio/webm', 'audio/ogg;codecs=opus'],
  video: ['video/mp4;codecs=avc1.42E01E,mp4a.40.2', 'video/mp4', 'video/webm;codecs=vp9,opus', 'video/webm;codecs=vp8,opus', 'video/webm'],
};

/** The form in which this browser records; null where it cannot, and a file has to be chosen instead. */
export function recordingType(kind: RecordingKind): string | null {
  if (typeof MediaRecorder !== 'function' || navigator.mediaDevices?.getUserMedia === undefined || !isSecureContext) return null;
  return kinds[kind].find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** The name a recording gets: by its moment, and the kind of file that it is. */
export function recordingName(kind: RecordingKind, type: string, at: Date): string {
  const extension = type.startsWith('audio/mp4') ? 'm4a' : type.startsWith('audio/webm') ? 'weba' : type.startsWith('audio/ogg') ? 'ogg' : type.startsWith('video/mp4') ? 'mp4' : 'webm';
  const stamp = at.toISOString().slice(0, 19).replace(/[-:T]/g, '');
  return `${kind === 'audio' ? 'voice' : 'video'}-${stamp}.${extension}`;
}

/** A recording under way. */
export interface Recording {
  stream: MediaStream;
  /** Ends it, and gives what was recorded; null when nothing was. */
  finish: () => Promise<Blob | null>;
  /** Ends it and forgets it. */
  cancel: () => void;
}

/**
 * Begins to record (开始录制).
 *
 * @throws DOMException when camera or microphone are not to be had
 */
export async function beginRecording(kind: RecordingKind, type: string): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true },
    ...(kind === 'video' ? { video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } } } : {}),
  });
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 48_000, ...(kind === 'video' ? { videoBitsPerSecond: 1_200_000 } : {}) });
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => {
    if (data.size > 0) pieces.push(data);
  };
  const close = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  recorder.start(1_000);
  return {
    stream,
    finish: () => new Promise((resolve) => {
      const done = (): void => {
        close();
        resolve(pieces.length === 0 ? null : new Blob(pieces, { type: type.split(';', 1)[0] ?? type }));
      };
      if (recorder.state === 'inactive') return done();
      recorder.onstop = done;
      recorder.stop();
    }),
    cancel: () => {
      recorder.ondataavailable = null;
      if (recorder.state !== 'inactive') recorder.stop();
      close();
    },
  };
}
