import { useState } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import { useTexts } from '../i18n.ts';
import { formatBytes } from '../parts/bytes.ts';
import { Icon } from '../parts/icon.tsx';
import { Lightbox } from '../parts/lightbox.tsx';
import styles from './attachments.module.css';

/** What a browser shows as it stands in the viewer. */
const isVideo = (file: Pick<FileSummary, 'mediaType'>): boolean => /^video\/(mp4|webm)$/.test(file.mediaType);
/** What is heard is played where it stands. */
const isSound = (file: Pick<FileSummary, 'mediaType'>): boolean => /^audio\/(mp4|webm|mpeg|ogg|wav|aac|flac)$/.test(file.mediaType);
const isPaper = (file: Pick<FileSummary, 'mediaType'>): boolean => file.mediaType === 'application/pdf';
const isPicture = (file: Pick<FileSummary, 'mediaType'>): boolean => /^image\/(jpeg|png|gif|webp|avif)$/.test(file.mediaType);

/** Files as they hang on something said or done (附件): pictures small, others by name. */
export function Attachments({ files, small = false }: { files: readonly FileSummary[]; small?: boolean }) {
  const { t } = useTexts();
  const [viewed, setViewed] = useState<number | null>(null);
  if (files.length === 0) return null;
  const pictures = files.filter((file) => isPicture(file) || isVideo(file));
  const sounds = files.filter(isSound);
  const others = files.filter((file) => !isPicture(file) && !isVideo(file) && !isSound(file));
  const viewable = [...pictures, ...others.filter(isPaper)];
  return (
    <div className={styles.attachments} data-small={small || undefined}>
      {pictures.map((file, index) => (
        <button key={file.id} type="button" className={styles.picture} onClick={() => setViewed(index)} aria-label={t(isVideo(file) ? 'viewer.video' : 'file.open', { name: file.name })} title={file.name}>
          {isVideo(file) && file.thumbnailUrl === null ? <Icon name="play" size={28} /> : <img src={file.thumbnailUrl ?? file.url} alt="" loading="lazy" width={88} height={88} />}
        </button>
      ))}
      {sounds.map((file) => (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people say on the spot carries none
        <audio key={file.id} className={styles.sound} controls preload="none" src={file.url} aria-label={t('viewer.sound', { name: file.name })} />
      ))}
      {others.map((file) => (
        <a
          key={file.id}
          className={styles.file}
          href={file.url}
          download={file.name}
          aria-label={isPaper(file) ? t('viewer.pdf', { name: file.name }) : undefined}
          onClick={(event) => {
            if (!isPaper(file) || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            setViewed(viewable.indexOf(file));
          }}
        >
          <Icon name="file" />
          <span className={styles.name}>{file.name}</span>
          <span className={styles.size}>{formatBytes(file.size)}</span>
        </a>
      ))}
      {viewed !== null && <Lightbox pictures={viewable} start={viewed} onClose={() => setViewed(null)} />}
    </div>
  );
}
