import { Checkbox, Modal } from 'antd';
import { useState } from 'react';
import type { MergeCandidates } from '../../../contract/collaboration.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { Ago, StatusTag } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { DialogTitle } from '../parts/dialog-title.tsx';
import { likeTexts } from './like-texts.ts';
import styles from './gather-dialog.module.css';

type Other = NonNullable<MergeCandidates['crowd']>['tickets'][number];

/** Whom one is about to gather, each with its place (归并确认): those that may be of another place are not ticked. */
export function GatherDialog({ ticket, tickets, leads, pending, onGather, onClose }: { ticket: Ticket; tickets: readonly Other[]; leads: boolean; pending: boolean; onGather: (ids: string[]) => void; onClose: () => void }) {
  const { t } = likeTexts.useTexts();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(tickets.flatMap((one) => (one.sure && one.id !== null ? one.id : []))));
  // Below another already: it stays there, and only the others are put below theirs.
  const alone = leads || ticket.parent !== null;
  const count = tickets.filter((one) => one.id !== null && chosen.has(one.id)).length;
  const toggle = (id: string, on: boolean) => setChosen((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)));
  return (
    <Modal
      open width={640} title={<DialogTitle deed={t('crowd.title')} subject={ticket.subject} />} okText={t('crowd.do', { count: count + (alone ? 0 : 1) })} okButtonProps={{ loading: pending, disabled: count === 0 }}
      onOk={() => onGather(tickets.flatMap((one) => (one.id !== null && chosen.has(one.id) ? one.id : [])))} onCancel={onClose} destroyOnHidden style={{ top: 48 }} styles={{ body: { maxHeight: 'calc(100vh - 220px)', overflowY: 'auto' } }}
    >
      <p className={styles.hint}>{t('crowd.choose')}</p>
      <ul className={styles.list}>
        {!alone && <li className={styles.one}><Checkbox checked disabled aria-label={ticket.subject} /><Words subject={ticket.subject} number={ticket.number} address={ticket.location?.address ?? null} createdAt={ticket.createdAt} note={t('crowd.this')} /></li>}
        {tickets.map((one) => one.id !== null && (
          <li key={one.id}>
            <label className={styles.one}>
              <Checkbox checked={chosen.has(one.id)} onChange={({ target }) => toggle(one.id!, target.checked)} />
              <Words subject={one.subject ?? ''} number={one.number} address={one.address} createdAt={one.createdAt} note={one.sure ? null : t('crowd.perhaps')} />
              {one.status !== null && <StatusTag status={one.status} />}
            </label>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function Words({ subject, number, address, createdAt, note }: { subject: string; number: string; address: string | null; createdAt: string; note: string | null }) {
  const { t } = likeTexts.useTexts();
  return (
    <span className={styles.words}>
      <span className={styles.place}>{address?.trim() || <span className={styles.none}>{t('crowd.noPlace')}</span>}{note !== null && <> <Badge>{note}</Badge></>}</span>
      <span className={styles.why}><span>{subject}</span><span className={styles.number}>{number}</span><Ago value={createdAt} /></span>
    </span>
  );
}
