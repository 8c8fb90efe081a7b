import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Ticket } from '../../../contract/ticket.ts';
import type { DispatchMode } from '../../../rules/routing/offers.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { ticketOffers } from '../data/offers.ts';
import { technicianProposals } from '../data/proposals.ts';
import { staffMember } from '../data/records.ts';
import { useOfferTexts } from '../dispatch/offer-texts.ts';
import { useTexts } from '../i18n.ts';
import { DialogTitle } from '../parts/dialog-title.tsx';
import { roomCount } from '../parts/room-left.tsx';
import { lengthOf, textLimits } from '../parts/text-room.ts';
import { useSession } from '../session/session.tsx';
import { HowToAssign, OfferWords } from './offer-form.tsx';
import { ScoreSheet } from './proposal-list.tsx';
import { StaffPicker, type Candidate } from './staff-picker.tsx';
import { useTakeAction } from './ticket-changes.ts';
import { WindowPicker } from './window-picker.tsx';
import type { VisitWindow } from './visit-windows.ts';
import styles from './assign-dialog.module.css';

/** Gives a ticket to a person (派单), with a time for the visit where one was agreed. Search, arrows, Enter. */
export function AssignDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useOfferTexts();
  const { me } = useSession();
  const [chosen, setChosen] = useState<Candidate | null>(null);
  const [window, setWindow] = useState<VisitWindow | null>(null);
  const [note, setNote] = useState('');
  const takeAction = useTakeAction(ticket);
  const queryClient = useQueryClient();
  const toCover = useMutation({ mutationFn: (id: string) => queryClient.fetchQuery(staffMember(id)), onSuccess: (person) => setChosen(person) });
  // Who had it when the dialog was opened; whoever has it by now is shown before it is taken from them.
  const [expected] = useState(ticket.assignee?.id ?? null);
  const meanwhile = takeAction.isError && ['assigned_meanwhile', 'taken_back_meanwhile'].includes(asProblem(takeAction.error).code);
  const outOfOrder = window !== null && window.end <= window.start;

  // Reckoned anew with another window.
  const proposals = useQuery({ ...technicianProposals(ticket.id, outOfOrder ? null : window), enabled: chosen?.proposal !== undefined && !outOfOrder });
  const proposal = chosen?.proposal === undefined ? undefined : proposals.data?.items.find(({ technician }) => technician.id === chosen.id);
  // Offered only while nobody has it and it is not offered already.
  const mayOffer = useQuery(ticketOffers(ticket.id, ticket.version)).data?.mayOffer === true;
  const [how, setHow] = useState<DispatchMode>('direct');
  const offering = mayOffer && how !== 'direct';
  const offer = useMutation({
    mutationFn: () => postOnce(`/tickets/${ticket.id}/offers`, { mode: how, ...(window === null ? {} : { windowStart: window.start.toISOString(), windowEnd: window.end.toISOString() }), ...(note.trim() === '' ? {} : { note: note.trim() }) }),
    onSuccess: onClose,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['offers'] }),
  });
  const tooLong = lengthOf(note.trim()) > textLimits.reason;
  function assign(person: Candidate | null): void {
    if (person === null || tooLong || outOfOrder || takeAction.isPending) return;
    const visit = window === null ? undefined : { windowStart: window.start.toISOString(), windowEnd: window.end.toISOString() };
    takeAction.mutate(
      { action: 'assign', asked: true, body: { assignee: person.id, expectedAssignee: meanwhile ? (ticket.assignee?.id ?? null) : expected, ...(visit === undefined ? {} : { visit }), ...(note.trim() === '' ? {} : { note: note.trim() }) } },
      { onSuccess: onClose },
    );
  }

  function confirm(): void {
    if (!offering) assign(chosen);
    else if (!tooLong && !outOfOrder && !offer.isPending) offer.mutate();
  }

  return (
    <Modal
      open
      width={720}
      title={<DialogTitle deed={t('assign.title')} subject={ticket.subject} />}
      okText={offering ? say(how === 'grab' ? 'open.grab' : 'open.other') : chosen === null ? t('assign.choose') : t(meanwhile ? 'assign.allTheSame' : 'assign.to', { name: chosen.name })}
      okButtonProps={{ disabled: (chosen === null && !offering) || outOfOrder || tooLong, loading: takeAction.isPending || offer.isPending }}
      onOk={confirm}
      onCancel={onClose}
    >
      {mayOffer && <HowToAssign value={how} onChange={setHow} />}
      <div className={styles.columns}>
        {offering ? <div><OfferWords ticket={ticket} mode={how} /></div> : <div>
          <StaffPicker ticket={ticket} window={outOfOrder ? null : window} chosen={chosen} onChoose={setChosen} onConfirm={assign} />
          {ticket.assignee?.id !== me.id && <Button type="link" size="small" loading={toCover.isPending && toCover.variables === me.id} onClick={() => toCover.mutate(me.id)}>{t('assign.toMe')}</Button>}
        </div>}
        <div className={styles.more}>
          {!offering && chosen?.absent != null && (
            <p className={styles.absent} role="status">
              {t('absent.assignWarning', { name: chosen.name, cover: chosen.absent.cover === null ? t('absent.nobodyActs') : t('absent.coverActs', { name: chosen.absent.cover.name }) })}
              {chosen.absent.cover !== null && <Button type="link" size="small" loading={toCover.isPending} onClick={() => toCover.mutate(chosen.absent?.cover?.id ?? '')}>{t('absent.assignCover', { name: chosen.absent.cover.name })}</Button>}
            </p>
          )}
          {!offering && proposal !== undefined && <ScoreSheet proposal={proposal} />}
          <WindowPicker value={window} onChange={setWindow} />
          {outOfOrder && <p className={styles.problem} role="alert">{t('assign.windowOrder')}</p>}
          <label className={styles.label} htmlFor="assign-note">{t('assign.note')}</label>
          <Input.TextArea
            id="assign-note"
            value={note}
            count={roomCount(textLimits.reason)}
            autoSize={{ minRows: 3, maxRows: 6 }}
            onChange={(event) => setNote(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) confirm();
            }}
          />
          {!offering && <p className={styles.keys}>{t('assign.keys')}</p>}
        </div>
      </div>
      {offering ? offer.isError && <ProblemAlert error={offer.error} /> : takeAction.isError && <ProblemAlert error={takeAction.error} />}
    </Modal>
  );
}
