import { CloseOutline } from 'antd-mobile-icons';
import { createPortal } from 'react-dom';
import { useTexts } from '../i18n.ts';
import { useCloseRequest } from './close-request.ts';
import { useFocusRound } from './focus-round.ts';

/** A film or a word that was recorded, across the whole screen (播放录制). */
export function MediaViewer(props: Shown) {
  return createPortal(<OpenViewer {...props} />, document.body);
}

interface Shown {
  url: string;
  kind: 'audio' | 'video';
  name: string;
  /** When and where it was recorded, a line each: nothing can be written into it, so it stands over it. */
  stamp: readonly string[];
  onClose: () => void;
}

function OpenViewer({ url, kind, name, stamp, onClose }: Shown) {
  const { t } = useTexts();
  const { box, onKeyDown } = useFocusRound<HTMLDivElement>();
  useCloseRequest(onClose);
  return (
    <div className="viewer viewer-media" role="dialog" aria-modal="true" aria-label={name} tabIndex={-1} ref={box} onKeyDown={onKeyDown}>
      {kind === 'video' ? (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- what is filmed on the spot carries none
        <video src={url} controls autoPlay playsInline aria-label={name} />
      ) : (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- what is said on the spot carries none
        <audio src={url} controls autoPlay aria-label={name} />
      )}
      {stamp.length > 0 && <p className="viewer-stamp">{stamp.map((line) => <span key={line}>{line}</span>)}</p>}
      <button type="button" className="viewer-close" aria-label={t('common.close')} onClick={onClose}>
        <CloseOutline aria-hidden="true" />
      </button>
    </div>
  );
}
