import { Input, Modal } from 'antd';
import { useState } from 'react';
import type { BrokenRule } from '../../../../contract/day-plan.ts';
import { roomCount } from '../../parts/room-left.tsx';
import { lengthOf, textLimits } from '../../parts/text-room.ts';
import { Icon } from '../../parts/icon.tsx';
import { useBoardTexts } from './texts.ts';
import styles from './reason-dialog.module.css';

/** Asks why a hard rule is to be broken (违规原因); without a reason nothing is kept. */
export function ReasonDialog({ broken, numbers, onAnswer, nameOf }: { broken: readonly Omit<BrokenRule, 'hard' | 'isNew'>[]; /** Of tickets, by the id of the visit or the ticket. */ numbers: ReadonlyMap<string, string>; onAnswer: (reason: string | null) => void; nameOf: (technicianId: string) => string }) {
  const { t } = useBoardTexts();
  const [reason, setReason] = useState('');
  const written = reason.trim();
  const sound = written !== '' && lengthOf(written) <= textLimits.reason;
  return (
    <Modal open title={t('reason.title')} okText={t('reason.do')} okButtonProps={{ disabled: !sound, danger: true }} onOk={() => onAnswer(written)} onCancel={() => onAnswer(null)} width={520}>
      <ul className={styles.rules}>
        {broken.map(({ code, title, detail, technicianId, visitId, ticketId }) => (
          <li key={`${code} ${technicianId} ${visitId ?? ticketId}`}>
            <Icon name="cancel" size={16} />
            <span><strong>{title}</strong>{detail === null ? '' : ` · ${detail}`}<span className={styles.whose}>{[nameOf(technicianId), numbers.get(visitId ?? ticketId ?? '')].filter(Boolean).join(' · ')}</span></span>
          </li>
        ))}
      </ul>
      <label className={styles.label} htmlFor="breach-reason">{t('reason.why')}</label>
      <Input.TextArea
        id="breach-reason" autoFocus value={reason} count={roomCount(textLimits.reason)} autoSize={{ minRows: 2, maxRows: 6 }} onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && sound) onAnswer(written);
        }}
      />
      <p className={styles.hint}>{t('reason.hint')}</p>
    </Modal>
  );
}
