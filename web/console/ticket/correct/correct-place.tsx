import { Input } from 'antd';
import { useState } from 'react';
import type { Ticket, UpdateTicket } from '../../../../contract/ticket.ts';
import { useTexts } from '../../i18n.ts';
import { AssetSelect } from '../../new-ticket/asset-select.tsx';
import { FieldItem } from '../../parts/field-item.tsx';
import { CorrectFrame, useCorrection } from './correct-frame.tsx';
import styles from './correct-frame.module.css';

/** Where it is and about which asset (修改地点与设备). */
export function CorrectPlace({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t } = useTexts();
  const before = ticket.location?.address ?? '';
  const [address, setAddress] = useState(before);
  const [asset, setAsset] = useState(ticket.asset ?? undefined);
  const correction = useCorrection(ticket, onClose);
  const known = ticket.location?.lat != null;
  const moved = address.trim() !== before.trim();

  function save(): void {
    const changes: UpdateTicket = {};
    // Another address is another place: where the old one lay on the map says nothing of it.
    if (moved) changes.location = address.trim() === '' ? null : { address: address.trim() };
    if ((asset?.id ?? null) !== (ticket.asset?.id ?? null)) changes.assetId = asset?.id ?? null;
    correction.save(changes);
  }

  return (
    <CorrectFrame title={t('correct.place')} correction={correction} onSave={save} onClose={onClose}>
      <FieldItem id="ticket-address" label={t('ticket.place')} extra={moved && known ? t('correct.coordinatesGo') : undefined}>
        <Input id="ticket-address" autoFocus maxLength={300} value={address} placeholder={t('newTicket.addressExample')} onChange={(event) => setAddress(event.target.value)} />
      </FieldItem>
      <AssetSelect value={asset} onChange={setAsset} />
      {ticket.visits.some(({ status }) => status !== 'cancelled' && status !== 'declined' && status !== 'completed') && <p className={styles.note}>{t('correct.visitSees')}</p>}
    </CorrectFrame>
  );
}
