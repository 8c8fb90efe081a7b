import { useState } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import { useTexts } from '../i18n.ts';
import { formatBytes } from '../parts/bytes.ts';
import { Icon } from '../parts/icon.tsx';
import { Lightbox } from '../parts/lightbox.tsx';
import styles from './attachments.module.css';

const isPicture = (file: Pick<FileSummary, 'mediaType'>): boolean => /^image\/(jpeg|png|gif|webp|avif)$/.test(file.mediaType);

/** Files as they hang on something said or done (附件): pictures small, others by name. */
export function Attachments({ files, small = false }: { files: readonly FileSummary[]; small?: boolean }) {
  const { t } = useTexts();
  const [viewed, setViewed] = useState<number | null>(null);
  if (files.length === 0) return null;
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  return (
    <div className={styles.attachments} data-small={small || undefined}>
      {pictures.map((file, index) => (
        <button key={file.id} type="button" className={styles.picture} onClick={() => setViewed(index)} aria-label={t('file.open', { name: file.name })} title={file.name}>
          <img src={file.thumbnailUrl ?? file.url} alt="" loading="lazy" width={88} height={88} />
        </button>
      ))}
      {others.map((file) => (
        <a key={file.id} className={styles.file} href={file.url} download={file.name}>
          <Icon name="file" />
          <span className={styles.name}>{file.name}</span>
          <span className={styles.size}>{formatBytes(file.size)}</span>
        </a>
      ))}
      {viewed !== null && <Lightbox pictures={pictures} start={viewed} onClose={() => setViewed(null)} />}
    </div>
  );
}
