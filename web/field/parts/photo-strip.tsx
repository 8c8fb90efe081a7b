import { AudioOutline, FileOutline, PictureOutline, PlayOutline } from 'antd-mobile-icons';
import { useState } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import { recordedLines } from '../../ui/recorded.ts';
import { database } from '../data/database.ts';
import { useLive } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { useBlobUrl } from './blob-url.ts';
import { MediaViewer } from './media-viewer.tsx';
import { PictureViewer } from './picture-viewer.tsx';

const isPicture = (file: FileSummary): boolean => file.mediaType.startsWith('image/');
const recordingOf = (file: FileSummary): 'audio' | 'video' | null => (file.mediaType.startsWith('video/') ? 'video' : file.mediaType.startsWith('audio/') ? 'audio' : null);

/** Photos, films, words and files of a ticket; the small pictures show without a network too. */
export function PhotoStrip({ files }: { files: FileSummary[] }) {
  const { t } = useTexts();
  const [shown, setShown] = useState<number | null>(null);
  const [played, setPlayed] = useState<FileSummary | null>(null);
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
      {others.map((file, index) => {
        const kind = recordingOf(file);
        return kind === null ? (
          <a key={file.id} className="photo-tile photo-file" href={file.url} download>
            <FileOutline aria-hidden="true" />
            <span>{file.name}</span>
          </a>
        ) : (
          <button key={file.id} type="button" className="photo-tile photo-file" aria-label={t(`record.play.${kind}`, { number: index + 1 })} onClick={() => setPlayed(file)}>
            {kind === 'video' ? <PlayOutline aria-hidden="true" /> : <AudioOutline aria-hidden="true" />}
            <span>{file.name}</span>
          </button>
        );
      })}
      {shown !== null && <PictureViewer urls={pictures.map(({ url }) => url)} first={shown} onClose={() => setShown(null)} />}
      {played !== null && <MediaViewer url={played.url} kind={recordingOf(played) ?? 'video'} name={played.name} stamp={recordedLines(played.recorded)} onClose={() => setPlayed(null)} />}
    </div>
  );
}

function SmallPicture({ file }: { file: FileSummary }) {
  const kept = useLive(() => database().pictures.get(file.id), [file.id]);
  const local = useBlobUrl(kept?.blob);
  const url = local ?? (navigator.onLine ? (file.thumbnailUrl ?? file.url) : undefined);
  return url === undefined ? <PictureOutline className="photo-blank" aria-hidden="true" /> : <img src={url} alt="" />;
}
