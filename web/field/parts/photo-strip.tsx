import { FileOutline, PictureOutline } from 'antd-mobile-icons';
import { useState } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import { database } from '../data/database.ts';
import { useLive } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { useBlobUrl } from './blob-url.ts';
import { PictureViewer } from './picture-viewer.tsx';

const isPicture = (file: FileSummary): boolean => file.mediaType.startsWith('image/');

/** Photos and files of a ticket; the small pictures show without a network too. */
export function PhotoStrip({ files }: { files: FileSummary[] }) {
  const { t } = useTexts();
  const [shown, setShown] = useState<number | null>(null);
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  return (
    <div className="photo-grid">
      {pictures.map((file, index) => (
        <button
          key={file.id}
          type="button"
          className="photo-tile photo-view"
          aria-label={t('photos.view', { number: index + 1 })}
          onClick={() => setShown(index)}
        >
          <SmallPicture file={file} />
        </button>
      ))}
      {others.map((file) => (
        <a key={file.id} className="photo-tile photo-file" href={file.url} download>
          <FileOutline aria-hidden="true" />
          <span>{file.name}</span>
        </a>
      ))}
      {shown !== null && <PictureViewer urls={pictures.map(({ url }) => url)} first={shown} onClose={() => setShown(null)} />}
    </div>
  );
}

function SmallPicture({ file }: { file: FileSummary }) {
  const kept = useLive(() => database().pictures.get(file.id), [file.id]);
  const local = useBlobUrl(kept?.blob);
  const url = local ?? (navigator.onLine ? (file.thumbnailUrl ?? file.url) : undefined);
  return url === undefined ? <PictureOutline className="photo-blank" aria-hidden="true" /> : <img src={url} alt="" />;
}
