import { CloseOutline } from 'antd-mobile-icons';
import { useId, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useTexts } from '../i18n.ts';
import { useCloseRequest } from './close-request.ts';
import { useFocusRound } from './focus-round.ts';
import { useSettling } from './settling.ts';

/** A question that comes up from below, where the thumb is (底部弹层). Back, Escape, the cross and the shade close it. */
export function Sheet({ title, open, onClose, children }: { title: string; open: boolean; onClose: () => void; children: ReactNode }) {
  return open ? createPortal(<OpenSheet title={title} onClose={onClose}>{children}</OpenSheet>, document.body) : null;
}

function OpenSheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTexts();
  const titleId = useId();
  const { box, onKeyDown } = useFocusRound<HTMLDivElement>();
  useCloseRequest(onClose);
  const settling = useSettling(titleId);
  return (
    <div className="sheet-layer" data-settling={settling || undefined}>
      <button type="button" className="sheet-shade" tabIndex={-1} aria-label={t('common.close')} onClick={onClose} />
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
