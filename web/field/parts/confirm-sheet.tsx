import { useTexts } from '../i18n.ts';
import { Sheet } from './sheet.tsx';

/** Asks before something is done that cannot be undone (二次确认). */
export function ConfirmSheet({ title, hint, action, open, onConfirm, onClose }: { title: string; hint: string; action: string; open: boolean; onConfirm: () => void; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Sheet title={title} open={open} onClose={onClose}>
      <p className="sheet-hint">{hint}</p>
      <div className="button-row">
        <button type="button" className="secondary-button" onClick={onClose}>
          {t('common.cancel')}
        </button>
        <button
          type="button"
          className="primary-button danger"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          {action}
        </button>
      </div>
    </Sheet>
  );
}
