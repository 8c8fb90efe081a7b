import { useEffect, useRef, useState } from 'react';
import type { FileSummary } from '../../../contract/file.ts';
import { recordedLines } from '../../ui/recorded.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from './icon.tsx';
import styles from './lightbox.module.css';

/** Pictures, videos and PDFs in full size, one after the other (附件预览). */
export function Lightbox({ pictures, start, onClose }: { pictures: readonly FileSummary[]; start: number; onClose: () => void }) {
  const { t } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  const [at, setAt] = useState(start);
  const picture = pictures[at];

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  if (picture === undefined) return null;
  const go = (by: number): void => setAt((now) => (now + by + pictures.length) % pictures.length);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={t('file.viewer')}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) dialog.current?.close();
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') go(-1);
        if (event.key === 'ArrowRight') go(1);
      }}
    >
      {picture.mediaType.startsWith('video/') ? (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- what customers film carries none
        <video key={picture.id} className={styles.picture} src={picture.url} controls autoPlay aria-label={picture.name} />
      ) : picture.mediaType === 'application/pdf' ? (
        <iframe key={picture.id} className={styles.paper} src={picture.url} title={picture.name} />
      ) : (
        <img className={styles.picture} src={picture.url} alt={picture.name} />
      )}
      <div className={styles.bar}>
        <span className={styles.name}>{picture.name}{picture.recorded !== null && ` · ${recordedLines(picture.recorded).join(' · ')}`}</span>
        {pictures.length > 1 && (
          <>
            <button type="button" className={styles.button} aria-label={t('file.previous')} onClick={() => go(-1)}>
              <Icon name="chevronLeft" />
            </button>
            <span>{at + 1} / {pictures.length}</span>
            <button type="button" className={styles.button} aria-label={t('file.next')} onClick={() => go(1)}>
              <Icon name="chevronRight" />
            </button>
          </>
        )}
        <a className={styles.button} href={picture.url} download={picture.name} aria-label={t('file.download')}>
          <Icon name="download" />
        </a>
        <button type="button" className={styles.button} aria-label={t('common.close')} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </div>
    </dialog>
  );
}
