import { App } from 'antd';
import { useState } from 'react';
import type { Ticket } from '../../../../contract/ticket.ts';
import { useTexts } from '../../i18n.ts';
import { numberOf, requesterToSend, type RequesterDraft } from '../../new-ticket/requester-draft.ts';
import { RequesterFields } from '../../new-ticket/requester-fields.tsx';
import { saveNumber } from '../../new-ticket/save-number.ts';
import { fieldWords, phoneWords } from '../../parts/field-words.ts';
import { CorrectFrame, useCorrection } from './correct-frame.tsx';
import styles from './correct-frame.module.css';

/** Who asked (修改报修人): another customer, another number, or nobody known. */
export function CorrectRequester({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t } = useTexts();
  const { message } = App.useApp();
  const { requester } = ticket;
  const [start] = useState<RequesterDraft>(() => ({
    name: requester.name ?? '', phone: requester.phone ?? '',
    ...(requester.customerId === null ? {} : { customer: { id: requester.customerId, name: requester.name ?? '', phone: requester.phone } }),
  }));
  const [draft, setDraft] = useState(start);
  const [errors, setErrors] = useState<{ name?: string; phone?: string }>({});
  const correction = useCorrection(ticket, onClose, {
    onRefused: ({ errors: refused }) => setErrors({ name: refused.filter(({ path }) => path === '/requester/name').map(fieldWords)[0], phone: refused.filter(({ path }) => path === '/requester/phone').map(fieldWords)[0] }),
    onSaved: () => void saveNumber(draft, start.phone).then((reason) => {
      if (reason !== null) void message.warning(t('newTicket.numberNotKept', { reason }), 8);
    }),
  });

  function save(): void {
    const number = numberOf(draft, start.phone);
    const phone = number === undefined ? undefined : phoneWords(number);
    setErrors(phone === undefined ? {} : { phone });
    if (phone !== undefined) return;
    if (JSON.stringify(draft) === JSON.stringify(start)) onClose();
    else correction.save({ requester: named(draft, start.phone) ?? null });
  }

  return (
    <CorrectFrame title={t('correct.requester')} correction={correction} placed={['requester/phone', 'requester/name']} onSave={save} onClose={onClose}>
      <RequesterFields
        value={draft}
        errors={errors}
        shownPhone={start.phone}
        onChange={(next) => {
          setErrors({});
          setDraft(next);
        }}
        onAddress={() => undefined}
      />
      {requester.customerId !== null && draft.customer?.id === requester.customerId && <p className={styles.note}>{t('correct.profileNote')}</p>}
    </CorrectFrame>
  );
}

/** With the name, which a colleague who changed the same at that moment is shown. */
function named(draft: RequesterDraft, shown: string): ReturnType<typeof requesterToSend> {
  const who = requesterToSend(draft, shown);
  return who === undefined || draft.name.trim() === '' ? who : { ...who, name: draft.name.trim() };
}
