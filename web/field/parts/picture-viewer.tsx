import { CloseOutline } from 'antd-mobile-icons';
import { useLayoutEffect, useState, type KeyboardEvent } from 'react';
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

  const strip = (): HTMLElement | null => box.current?.querySelector<HTMLElement>('.viewer-strip') ?? null;
  useLayoutEffect(() => {
    const element = strip();
    if (element !== null) element.scrollLeft = first * element.clientWidth;
  }, []);

  function turn(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const element = strip();
    if (step !== 0 && element !== null) element.scrollTo({ left: (shown + step) * element.clientWidth });
    onKeyDown(event);
  }

  return (
    <div className="viewer" role="dialog" aria-modal="true" aria-label={t('photos.view', { number: shown + 1 })} tabIndex={-1} ref={box} onKeyDown={turn}>
      <div className="viewer-strip" onScroll={(event) => setShown(Math.round(event.currentTarget.scrollLeft / event.currentTarget.clientWidth))} onClick={onClose}>
        {urls.map((url, index) => (
          <img key={url} src={url} alt={t('job.photo', { number: index + 1 })} />
        ))}
      </div>
      {urls.length > 1 && <span className="viewer-count">{`${shown + 1} / ${urls.length}`}</span>}
      <button type="button" className="viewer-close" aria-label={t('common.close')} onClick={onClose}>
        <CloseOutline aria-hidden="true" />
      </button>
    </div>
  );
}
