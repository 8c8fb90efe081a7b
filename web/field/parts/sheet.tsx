import { CloseOutline } from 'antd-mobile-icons';
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useTexts } from '../i18n.ts';

/** A question that comes up from below, where the thumb is (底部弹层). Escape, the cross and the shade close it. */
export function Sheet({ title, open, onClose, children }: { title: string; open: boolean; onClose: () => void; children: ReactNode }) {
  return open ? createPortal(<OpenSheet title={title} onClose={onClose}>{children}</OpenSheet>, document.body) : null;
}

function OpenSheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTexts();
  const titleId = useId();
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const opener = document.activeElement;
    box.current?.focus();
    // The page behind stays where it is.
    document.documentElement.classList.add('sheet-open');
    return () => {
      document.documentElement.classList.remove('sheet-open');
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);

  // The page behind is covered, so the focus goes round inside.
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key === 'Escape') onClose();
    if (event.key !== 'Tab' || box.current === null) return;
    const reachable = [...box.current.querySelectorAll<HTMLElement>('button:not(:disabled), a[href], input, textarea')];
    const [first, last] = [reachable[0], reachable[reachable.length - 1]];
    const focused = document.activeElement;
    const leaving = event.shiftKey ? focused === first || focused === box.current : focused === last;
    if (!leaving) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }

  return (
    <div className="sheet-layer">
      <div className="sheet-shade" onClick={onClose} />
      <div className="sheet" role="dialog" aria-modal="true" aria-labelledby={titleId} tabIndex={-1} ref={box} onKeyDown={onKeyDown}>
        <div className="sheet-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="icon-button" aria-label={t('common.close')} onClick={onClose}>
            <CloseOutline aria-hidden="true" />
          </button>
        </div>
        {children}
      </div>
    </div>
  );
}
