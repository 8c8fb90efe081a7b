import type { Upload } from '../data/uploads.ts';
import { useTexts } from '../i18n.ts';
import { formatBytes } from './bytes.ts';
import { Icon } from './icon.tsx';
import styles from './upload-list.module.css';

/** The files somebody is about to send, with how far each has come. */
export function UploadList({ uploads, refusal, onRemove, onRetry }: { uploads: readonly Upload[]; refusal: string | null; onRemove: (key: string) => void; onRetry: (key: string) => void }) {
  const { t } = useTexts();
  if (uploads.length === 0 && refusal === null) return null;
  return (
    <div className={styles.uploads}>
      {refusal !== null && <p className={styles.problem} role="alert">{refusal}</p>}
      <ul className={styles.list}>
        {uploads.map((upload) => {
          const picture = upload.picture ?? upload.file?.thumbnailUrl ?? undefined;
          return (
            <li key={upload.key} className={styles.upload} data-failed={upload.problem !== undefined || undefined}>
              {picture === undefined ? <Icon name="file" /> : <img className={styles.picture} src={picture} alt="" width={28} height={28} />}
              <span className={styles.words}>
                <span className={styles.name} title={upload.name}>{upload.name}</span>
                {upload.problem === undefined ? (
                  <span className={styles.size}>{formatBytes(upload.size)}{upload.file === undefined && ` · ${Math.round(upload.share * 100)}%`}</span>
                ) : (
                  <span className={styles.problem} role="alert">{t('upload.failed', { reason: upload.problem })}</span>
                )}
              </span>
              {upload.problem !== undefined && upload.retryable === true && (
                <button type="button" className={styles.retry} onClick={() => onRetry(upload.key)}>
                  <Icon name="reopen" size={12} /> {t('upload.retry')}
                </button>
              )}
              <button type="button" className={styles.remove} aria-label={t('upload.remove', { name: upload.name })} onClick={() => onRemove(upload.key)}>
                <Icon name="close" size={14} />
              </button>
              {upload.file === undefined && upload.problem === undefined && (
                <progress
                  className={styles.progress}
                  value={upload.share}
                  max={1}
                  aria-label={t('upload.progress', { name: upload.name, share: Math.round(upload.share * 100) })}
                />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
