import { Toast } from 'antd-mobile';
import { AudioOutline, CameraOutline, CheckOutline, CloseOutline, ExclamationCircleFill, PictureOutline, PlayOutline, UploadOutline, VideoOutline } from 'antd-mobile-icons';
import { useId, useState, useSyncExternalStore, type ChangeEvent } from 'react';
import { recordedLines } from '../../ui/recorded.ts';
import { database, type LocalFile, type Recorded } from '../data/database.ts';
import { addMedia, addPhoto, removePhoto } from '../data/drafts.ts';
import { useJob, useLive, useSession } from '../data/live.ts';
import { onUploadProgress, upload, uploadProgress } from '../data/outbox.ts';
import { useTexts } from '../i18n.ts';
import { recentFix } from '../position.ts';
import { largestFile, recordingType, type RecordingKind } from '../recording.ts';
import { stampLines } from '../stamp.ts';
import { useBlobUrl } from './blob-url.ts';
import { MediaViewer } from './media-viewer.tsx';
import { PictureViewer } from './picture-viewer.tsx';
import { RecorderSheet } from './recorder-sheet.tsx';

const most = 9;
/** Milliseconds after which a picture from the album was not taken here and now. */
const fresh = 5 * 60_000;

/** Takes photos, films and words for a form (现场照片、录像、录音): by camera and microphone or from the album, each with the state of its upload. */
export function PhotoField({ visitId, label, photoIds, onChange }: { visitId: string; label: string; photoIds: string[]; onChange: (change: (ids: string[]) => string[]) => void }) {
  const { t } = useTexts();
  const labelId = useId();
  const session = useSession();
  const job = useJob(visitId);
  const [preparing, setPreparing] = useState(0);
  const [recording, setRecording] = useState<RecordingKind | null>(null);
  const files = useLive(async () => (await database().files.bulkGet(photoIds)).filter((file) => file !== undefined), [photoIds.join()]);

  /** What is written into a photo; one that lay in the album says when it was taken, and not where the phone is now. */
  function stampOf(file: File, byCamera: boolean): string[] {
    const recorded = recordedOf(file, byCamera);
    return recorded === null || job == null ? [] : stampLines(job.visit, new Date(recorded.at), recorded.fix);
  }

  /** When and where it was taken, as far as that is known; null where the organization wants none of it. */
  function recordedOf(file: { lastModified: number }, byCamera: boolean): Recorded | null {
    if (session.kind !== 'open' || session.staff.organization.photoWatermark === false) return null;
    const taken = byCamera || file.lastModified === 0 ? Date.now() : file.lastModified;
    return { at: new Date(taken).toISOString(), fix: Date.now() - taken < fresh ? recentFix() : null };
  }

  async function take(work: () => Promise<string>, unreadable: string): Promise<void> {
    setPreparing((count) => count + 1);
    try {
      const id = await work();
      onChange((ids) => [...ids, id]);
    } catch {
      Toast.show({ content: unreadable });
    } finally {
      setPreparing((count) => count - 1);
    }
  }

  async function onPick(event: ChangeEvent<HTMLInputElement>, byCamera: boolean): Promise<void> {
    const picked = [...(event.target.files ?? [])].slice(0, most - photoIds.length);
    // The same photo may be picked again after it was removed.
    event.target.value = '';
    for (const file of picked) {
      const kind = kindOf(file.type);
      if (kind === 'picture') await take(() => addPhoto(visitId, file, stampOf(file, byCamera)), t('photos.unreadable'));
      else await keep(file, file.name, kind, recordedOf(file, byCamera));
    }
  }

  async function keep(blob: Blob, name: string, kind: RecordingKind, recorded: Recorded | null): Promise<void> {
    if (blob.size > largestFile) {
      Toast.show({ content: t('record.tooLarge', { limit: `${Math.round(largestFile / 1_048_576)} MB` }), duration: 5000 });
      return;
    }
    await take(() => addMedia(visitId, blob, name, kind, recorded), t('record.notKept'));
  }

  function remove(id: string): void {
    onChange((ids) => ids.filter((one) => one !== id));
    void removePhoto(id);
  }

  return (
    <section className="field" aria-labelledby={labelId}>
      <div className="field-label-line">
        <h2 id={labelId} className="field-label">{label}</h2>
        <span className="field-count">{t('photos.count', { count: photoIds.length, most })}</span>
      </div>
      <div className="photo-grid">
        {(files ?? []).map((file, index) => (
          <PhotoTile key={file.id} file={file} number={index + 1} onRemove={() => remove(file.id)} />
        ))}
        {preparing > 0 && <div className="photo-tile photo-preparing" role="status"><span>{t('photos.preparing')}</span></div>}
        {photoIds.length + preparing < most && (
          <>
            <label className="photo-add">
              <input type="file" accept="image/*" capture="environment" className="visually-hidden" onChange={(event) => void onPick(event, true)} />
              <CameraOutline aria-hidden="true" />
              {t('photos.add')}
            </label>
            <RecordTile kind="video" onPick={(event) => void onPick(event, true)} onRecord={() => setRecording('video')} />
            <RecordTile kind="audio" onPick={(event) => void onPick(event, true)} onRecord={() => setRecording('audio')} />
            <label className="photo-add">
              <input type="file" accept="image/*,video/*" multiple className="visually-hidden" onChange={(event) => void onPick(event, false)} />
              <PictureOutline aria-hidden="true" />
              {t('photos.album')}
            </label>
          </>
        )}
      </div>
      {recording !== null && <RecorderSheet kind={recording} type={recordingType(recording)!} onClose={() => setRecording(null)} onDone={(blob, name) => void keep(blob, name, recording, recordedOf({ lastModified: 0 }, true))} />}
    </section>
  );
}

const kindOf = (mediaType: string): 'picture' | RecordingKind => (mediaType.startsWith('video/') ? 'video' : mediaType.startsWith('audio/') ? 'audio' : 'picture');

/** Records here where the browser can; else the phone's own camera or recorder is asked. */
function RecordTile({ kind, onPick, onRecord }: { kind: RecordingKind; onPick: (event: ChangeEvent<HTMLInputElement>) => void; onRecord: () => void }) {
  const { t } = useTexts();
  const Icon = kind === 'video' ? VideoOutline : AudioOutline;
  if (recordingType(kind) !== null) {
    return (
      <button type="button" className="photo-add" onClick={onRecord}>
        <Icon aria-hidden="true" />
        {t(`record.${kind}`)}
      </button>
    );
  }
  return (
    <label className="photo-add">
      <input type="file" accept={`${kind}/*`} capture="environment" className="visually-hidden" onChange={onPick} />
      <Icon aria-hidden="true" />
      {t(`record.${kind}`)}
    </label>
  );
}

function PhotoTile({ file, number, onRemove }: { file: LocalFile; number: number; onRemove: () => void }) {
  const { t } = useTexts();
  const url = useBlobUrl(file.blob);
  const [shown, setShown] = useState(false);
  const share = useSyncExternalStore(onUploadProgress, () => uploadProgress(file.id));
  const kind = kindOf(file.blob.type);
  return (
    <div className="photo-tile">
      <button type="button" className="photo-view" aria-label={t(kind === 'picture' ? 'photos.view' : `record.play.${kind}`, { number })} onClick={() => setShown(true)}>
        {url !== undefined && kind === 'picture' && <img src={url} alt="" />}
        {url !== undefined && kind === 'video' && <video src={`${url}#t=0.1`} muted playsInline preload="metadata" tabIndex={-1} aria-hidden="true" />}
        {kind !== 'picture' && <span className="photo-play">{kind === 'video' ? <PlayOutline aria-hidden="true" /> : <AudioOutline aria-hidden="true" />}</span>}
      </button>
      {shown && url !== undefined && (kind === 'picture' ? <PictureViewer urls={[url]} first={0} onClose={() => setShown(false)} /> : <MediaViewer url={url} kind={kind} name={t(`record.play.${kind}`, { number })} stamp={file.recorded == null ? [] : recordedLines({ at: file.recorded.at, lat: file.recorded.fix?.lat ?? null, lng: file.recorded.fix?.lng ?? null, accuracy: file.recorded.fix?.accuracy ?? null })} onClose={() => setShown(false)} />)}
      <button type="button" className="photo-remove" aria-label={t('photos.remove', { number })} onClick={onRemove}>
        <CloseOutline aria-hidden="true" />
      </button>
      {share !== undefined ? (
        <span className="photo-state">
          <progress max={1} value={share} aria-label={t('photos.uploading', { share: Math.round(share * 100) })} />
          <span aria-hidden="true">{Math.round(share * 100)}%</span>
        </span>
      ) : file.fileId !== null ? (
        <span className="photo-state photo-good"><CheckOutline aria-hidden="true" />{t('photos.uploaded')}</span>
      ) : file.problem !== null ? (
        <button type="button" className="photo-state photo-bad" onClick={() => void upload(file.id).catch(() => {})} title={file.problem.title}>
          <ExclamationCircleFill aria-hidden="true" />{t('common.retry')}
        </button>
      ) : (
        <span className="photo-state"><UploadOutline aria-hidden="true" />{t('photos.waiting')}</span>
      )}
    </div>
  );
}
