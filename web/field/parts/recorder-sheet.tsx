import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../i18n.ts';
import { beginRecording, longestSeconds, recordingName, type Recording, type RecordingKind } from '../recording.ts';
import { Sheet } from './sheet.tsx';

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** Records a word or a film (录音、录像): begins at once, ends by a tap or when it is long enough. */
export function RecorderSheet({ kind, type, onDone, onClose }: { kind: RecordingKind; type: string; onDone: (blob: Blob, name: string) => void; onClose: () => void }) {
  const { t } = useTexts();
  const recording = useRef<Recording | null>(null);
  const screen = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<'asking' | 'recording' | 'denied' | 'ending'>('asking');
  const [seconds, setSeconds] = useState(0);
  const finishing = useRef(false);

  useEffect(() => {
    let left = false;
    void beginRecording(kind, type).then((begun) => {
      if (left) return begun.cancel();
      recording.current = begun;
      if (screen.current !== null) screen.current.srcObject = begun.stream;
      setState('recording');
    }, () => {
      if (!left) setState('denied');
    });
    return () => {
      left = true;
      if (!finishing.current) recording.current?.cancel();
    };
  }, [kind, type]);

  const ending = useRef(async () => {});
  async function finish(): Promise<void> {
    if (finishing.current || recording.current === null) return;
    finishing.current = true;
    setState('ending');
    const blob = await recording.current.finish();
    if (blob !== null) onDone(blob, recordingName(kind, type, new Date()));
    onClose();
  }

  ending.current = finish;

  useEffect(() => {
    if (state !== 'recording') return;
    const begun = performance.now();
    const timer = setInterval(() => {
      const passed = Math.floor((performance.now() - begun) / 1_000);
      setSeconds(passed);
      if (passed >= longestSeconds[kind]) void ending.current();
    }, 250);
    return () => clearInterval(timer);
  }, [state, kind]);

  return (
    <Sheet title={t(`record.${kind}`)} open onClose={onClose}>
      <div className="recorder" aria-live="polite">
        {kind === 'video' && state !== 'denied' && (
          <video ref={screen} className="recorder-screen" muted autoPlay playsInline />
        )}
        {state === 'denied' ? (
          <>
            <p className="check-in-main">{t('record.denied')}</p>
            <p className="check-in-hint">{t('record.deniedHint')}</p>
          </>
        ) : (
          <p className="recorder-time" data-on={state === 'recording' || undefined}>
            <span className="recorder-dot" aria-hidden="true" />
            {state === 'asking' ? t('record.asking') : `${clock(seconds)} / ${clock(longestSeconds[kind])}`}
          </p>
        )}
      </div>
      {state === 'denied' ? (
        <button type="button" className="secondary-button wide" onClick={onClose}>{t('common.close')}</button>
      ) : (
        <button type="button" className="primary-button" disabled={state !== 'recording'} onClick={() => void finish()}>{t('record.finish')}</button>
      )}
    </Sheet>
  );
}
