import { Toast } from 'antd-mobile';
import { CameraOutline, CheckOutline, CloseOutline, ExclamationCircleFill, PictureOutline, UploadOutline } from 'antd-mobile-icons';
import { useId, useState, useSyncExternalStore, type ChangeEvent } from 'react';
import { database, type LocalFile } from '../data/database.ts';
import { addPhoto, removePhoto } from '../data/drafts.ts';
import { useLive } from '../data/live.ts';
import { onUploadProgress, upload, uploadProgress } from '../data/outbox.ts';
import { useTexts } from '../i18n.ts';
import { useBlobUrl } from './blob-url.ts';
import { PictureViewer } from './picture-viewer.tsx';

const most = 9;

/** Takes photos for a form (现场照片): by camera or from the album, each with the state of its upload. */
export function PhotoField({ visitId, label, photoIds, onChange }: { visitId: string; label: string; photoIds: string[]; onChange: (change: (ids: string[]) => string[]) => void }) {
  const { t } = useTexts();
  const labelId = useId();
  const [preparing, setPreparing] = useState(0);
  const files = useLive(async () => (await database().files.bulkGet(photoIds)).filter((file) => file !== undefined), [photoIds.join()]);

  async function onPick(event: ChangeEvent<HTMLInputElement>): Promise<void> {
    const picked = [...(event.target.files ?? [])].slice(0, most - photoIds.length);
    // The same photo may be picked again after it was removed.
    event.target.value = '';
    for (const file of picked) {
      setPreparing((count) => count + 1);
      try {
        const id = await addPhoto(visitId, file);
        onChange((ids) => [...ids, id]);
      } catch {
        Toast.show({ content: t('photos.unreadable') });
      } finally {
        setPreparing((count) => count - 1);
      }
    }
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
              <input type="file" accept="image/*" capture="environment" className="visually-hidden" onChange={(event) => void onPick(event)} />
              <CameraOutline aria-hidden="true" />
              {t('photos.add')}
            </label>
            <label className="photo-add">
              <input type="file" accept="image/*" multiple className="visually-hidden" onChange={(event) => void onPick(event)} />
              <PictureOutline aria-hidden="true" />
              {t('photos.album')}
            </label>
          </>
        )}
      </div>
    </section>
  );
}

function PhotoTile({ file, number, onRemove }: { file: LocalFile; number: number; onRemove: () => void }) {
  const { t } = useTexts();
  const url = useBlobUrl(file.blob);
  const [shown, setShown] = useState(false);
  const share = useSyncExternalStore(onUploadProgress, () => uploadProgress(file.id));
  return (
    <div className="photo-tile">
      <button type="button" className="photo-view" aria-label={t('photos.view', { number })} onClick={() => setShown(true)}>
        {url !== undefined && <img src={url} alt="" />}
      </button>
      {shown && url !== undefined && <PictureViewer urls={[url]} first={0} onClose={() => setShown(false)} />}
      <button type="button" className="photo-remove" aria-label={t('photos.remove', { number })} onClick={onRemove}>
        <CloseOutline aria-hidden="true" />
      </button>
      {share !== undefined ? (
        <span className="photo-state">
          <progress max={1} value={share} aria-label={t('photos.uploading', { share: Math.round(share * 100) })} />
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
