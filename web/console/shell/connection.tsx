import { useEffect, useState } from 'react';
import { useTexts } from '../i18n.ts';
import { useFeedStatus } from '../live/feed-status.ts';
import { Icon } from '../parts/icon.tsx';
import { useOutgoingNotice } from './outgoing-notice.tsx';
import styles from './connection.module.css';

const patience = 4000;

/** The state of the feed (连接状态) as a dot with a name. */
export function ConnectionDot() {
  const { t } = useTexts();
  const status = useFeedStatus();
  const text = { live: t('feed.live'), connecting: t('feed.connecting'), offline: t('feed.offline'), signedOut: t('feed.offline') }[status];
  return (
    <span className={styles.dot} data-status={status} title={text} role="status">
      <span className="visually-hidden">{text}</span>
    </span>
  );
}

/** Says so across the page when changes have not arrived by themselves for a while, or what one wrote could not go out. */
export function ConnectionNotice() {
  const { t } = useTexts();
  const offline = useFeedStatus() === 'offline';
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!offline) {
      setLasting(false);
      return;
    }
    const timer = setTimeout(() => setLasting(true), patience);
    return () => clearTimeout(timer);
  }, [offline]);
  const unsent = useOutgoingNotice();
  if (!lasting && unsent === null) return null;
  return (
    <div className={styles.notice} data-refused={unsent?.refused || undefined} role="status">
      {lasting && <span>{t('feed.offline')}</span>}
      {unsent !== null && <span>{unsent.words}</span>}
      {unsent?.putAside != null && (
        <button type="button" className={styles.aside} aria-label={t('outgoing.putAside')} title={t('outgoing.putAside')} onClick={unsent.putAside}>
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}
