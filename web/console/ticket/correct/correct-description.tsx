import { Input } from 'antd';
import { useState } from 'react';
import type { Ticket } from '../../../../contract/ticket.ts';
import { useTexts } from '../../i18n.ts';
import { FieldItem } from '../../parts/field-item.tsx';
import { roomCount } from '../../parts/room-left.tsx';
import { lengthOf, textLimits } from '../../parts/text-room.ts';
import { CorrectFrame, useCorrection } from './correct-frame.tsx';

/** The words of the request (修改描述). */
export function CorrectDescription({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t } = useTexts();
  const [text, setText] = useState(ticket.description);
  const correction = useCorrection(ticket, onClose);
  const fits = lengthOf(text) <= textLimits.description;
  return (
    <CorrectFrame title={t('correct.description')} correction={correction} disabled={!fits} onClose={onClose} onSave={() => fits && correction.save(text.trim() === ticket.description ? {} : { description: text.trim() })}>
      <FieldItem id="correct-description" label={t('ticket.description')}>
        <Input.TextArea id="correct-description" autoFocus autoSize={{ minRows: 6, maxRows: 18 }} value={text} count={roomCount(textLimits.description)} onChange={(event) => setText(event.target.value)} />
      </FieldItem>
    </CorrectFrame>
  );
}
