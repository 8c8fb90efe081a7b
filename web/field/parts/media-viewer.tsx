import { CloseOutline } from 'antd-mobile-icons';
import { createPortal } from 'react-dom';
import { useTexts } from '../i18n.ts';
import { useCloseRequest } from './close-request.ts';
import { useFocusRound } from './focus-round.ts';

/** A film or a word that was recorded, across the whole screen (播放录制). */
export function MediaViewer({ url, kind, name, onClose }: { url: string; kind: 'audio' | 'video'; name: string; onClose: () => void }) {
  return createPortal(<OpenViewer url={url} kind={kind} name={name} onClose={onClose} />, document.body);
}

function OpenViewer({ url, kind, name, onClose }: { url: string; kind: 'audio' | 'video'; name: string; onClose: () => void }) {
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
      <button type="button" className="viewer-close" aria-label={t('common.close')} onClick={onClose}>
        <CloseOutline aria-hidden="true" />
      </button>
    </div>
  );
}
