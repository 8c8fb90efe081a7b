import { useEffect, useRef, useState, type FormEvent } from 'react';
import { asProblem } from '../../ui/api.ts';
import { findAsset, keptAsset } from '../data/assets.ts';
import { useTexts } from '../i18n.ts';
import { ScreenHead } from '../parts/screen-head.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { TextField } from '../parts/text-field.tsx';
import { openCodeReader, type CodeReader } from '../read-code.ts';
import { goTo } from '../router.ts';

/** Scans the label on an asset (扫码查设备): by the camera, out of a photo, or by typing what stands below the code. */
export function ScanScreen() {
  const { t } = useTexts();
  const [reader, setReader] = useState<CodeReader | null | undefined>(undefined);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => void openCodeReader().then(setReader), []);

  async function open(code: string): Promise<void> {
    if (busy || code.trim() === '') return;
    setBusy(true);
    setProblem(null);
    try {
      const asset = await findAsset(code.trim());
      if (asset === null) setProblem(t('scan.unknown'));
      else goTo({ screen: 'asset', code: asset.code }, { replace: true });
    } catch (error) {
      const { status, title } = asProblem(error);
      // Without a network what was looked at before is still here.
      const kept = status === 0 ? await keptAsset(code.trim()) : null;
      if (kept !== null) return goTo({ screen: 'asset', code: kept.asset.code }, { replace: true });
      setProblem(status === 0 ? t('scan.offline') : title);
    } finally {
      setBusy(false);
    }
  }

  async function fromPhoto(file: File | undefined): Promise<void> {
    if (file === undefined || reader == null) return;
    const found = await reader.inPhoto(file).catch(() => null);
    if (found === null) setProblem(t('scan.noCode'));
    else await open(found);
  }

  return (
    <>
      <ScreenHead title={t('scan.title')} back={{ screen: 'today' }} />
      <main className="screen">
        <SyncLine />
        {reader != null && <Camera reader={reader} onFound={(code) => void open(code)} />}
        {reader != null && (
          <label className="secondary-button wide">
            <input type="file" accept="image/*" className="visually-hidden" onChange={(event) => void fromPhoto(event.target.files?.[0])} />
            {t('scan.fromPhoto')}
          </label>
        )}
        <form
          className="card scan-form"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            void open(typed);
          }}
        >
          <TextField label={t('scan.code')} hint={reader === null ? t('scan.codeOnly') : t('scan.codeHint')} name="code" value={typed} onChange={setTyped} maxLength={300} error={problem ?? undefined} autoComplete="off" />
          <button type="submit" className="primary-button" disabled={busy || typed.trim() === ''}>{t('scan.open')}</button>
        </form>
      </main>
    </>
  );
}

function Camera({ reader, onFound }: { reader: CodeReader; onFound: (code: string) => void }) {
  const { t } = useTexts();
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(onFound);
  latest.current = onFound;
  const [denied, setDenied] = useState(false);

  useEffect(() => {
    let left = false;
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = '';
    const look = async (): Promise<void> => {
      const element = video.current;
      if (left || element === null) return;
      const found = await reader.inFrame(element).catch(() => null);
      if (found !== null && found !== last) {
        last = found;
        navigator.vibrate?.(40);
        latest.current(found);
      }
      if (!left) timer = setTimeout(() => void look(), 250);
    };
    void (async () => {
      try {
        if (navigator.mediaDevices?.getUserMedia === undefined) throw new Error('no camera');
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
        if (left || video.current === null) return stream.getTracks().forEach((track) => track.stop());
        video.current.srcObject = stream;
        await look();
      } catch {
        if (!left) setDenied(true);
      }
    })();
    return () => {
      left = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [reader]);

  if (denied) return <p className="card card-note">{t('scan.denied')}</p>;
  return (
    <div className="scan-camera">
      <video ref={video} muted autoPlay playsInline aria-label={t('scan.camera')} />
      <span className="scan-frame" aria-hidden="true" />
      <p>{t('scan.aim')}</p>
    </div>
  );
}
