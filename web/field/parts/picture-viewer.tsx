import { CloseOutline } from 'antd-mobile-icons';
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { createPortal } from 'react-dom';
import { useTexts } from '../i18n.ts';
import { useCloseRequest } from './close-request.ts';
import { useFocusRound } from './focus-round.ts';

/** Pictures across the whole screen, one beside the other (看大图): swiped by a finger, or turned by the arrow keys. */
export function PictureViewer({ urls, first, onClose }: { urls: string[]; first: number; onClose: () => void }) {
  return createPortal(<OpenViewer urls={urls} first={first} onClose={onClose} />, document.body);
}

function OpenViewer({ urls, first, onClose }: { urls: string[]; first: number; onClose: () => void }) {
  const { t } = useTexts();
  const [shown, setShown] = useState(first);
  const { box, onKeyDown } = useFocusRound<HTMLDivElement>();
  useCloseRequest(onClose);

  const strip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (strip.current !== null) strip.current.scrollLeft = first * strip.current.clientWidth;
  }, [first]);

  function turn(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0) strip.current?.scrollTo({ left: (shown + step) * strip.current.clientWidth });
    onKeyDown(event);
  }

  return (
    <div className="viewer" role="dialog" aria-modal="true" aria-label={t('photos.view', { number: shown + 1 })} tabIndex={-1} ref={box} onKeyDown={turn}>
      <div className="viewer-strip" ref={strip} onScroll={(event) => setShown(Math.round(event.currentTarget.scrollLeft / event.currentTarget.clientWidth))}>
        {urls.map((url, index) => (
          <button key={url} type="button" className="viewer-picture" tabIndex={-1} onClick={onClose}>
            <img src={url} alt={t('job.photo', { number: index + 1 })} />
          </button>
        ))}
      </div>
      {urls.length > 1 && <span className="viewer-count">{`${shown + 1} / ${urls.length}`}</span>}
      <button type="button" className="viewer-close" aria-label={t('common.close')} onClick={onClose}>
        <CloseOutline aria-hidden="true" />
      </button>
    </div>
  );
}
