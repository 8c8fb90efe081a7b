import { useState } from 'react';
import { useTexts } from '../i18n.ts';
import { Sheet } from './sheet.tsx';
import { TextField } from './text-field.tsx';

const quick = ['time', 'skill', 'far', 'parts'] as const;

/** Says why somebody does not take what was offered to them alone (不接原因); it goes on to the next at once. */
export function DeclineOfferSheet({ open, sending, onClose, onDecline }: { open: boolean; sending: boolean; onClose: () => void; onDecline: (reason: string) => void }) {
  const { t } = useTexts();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  return (
    <Sheet title={t('pool.declineTitle')} open={open} onClose={onClose}>
      <p className="sheet-hint">{t('pool.declineHint')}</p>
      <div className="chips">
        {quick.map((name) => (
          <button key={name} type="button" className="chip" aria-pressed={reason === t(`decline.quick.${name}`)} onClick={() => setReason(t(`decline.quick.${name}`))}>
            {t(`decline.quick.${name}`)}
          </button>
        ))}
      </div>
      <TextField label={t('decline.reason')} name="offer-reason" rows={2} value={reason} onChange={setReason} error={tried && reason.trim() === '' ? t('pool.reasonMissing') : undefined} maxLength={1000} />
      <button
        type="button"
        className="primary-button danger"
        disabled={sending}
        onClick={() => {
          setTried(true);
          if (reason.trim() !== '') onDecline(reason.trim());
        }}
      >
        {t('pool.declineSubmit')}
      </button>
    </Sheet>
  );
}
