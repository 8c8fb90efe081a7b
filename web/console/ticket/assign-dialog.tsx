import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Reference } from '../../../contract/common.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import type { HardReason } from '../../../rules/routing/propose.ts';
import type { DispatchMode } from '../../../rules/routing/offers.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { ticketOffers } from '../data/offers.ts';
import { technicianProposals } from '../data/proposals.ts';
import { staffMember } from '../data/records.ts';
import { useOfferTexts } from '../dispatch/offer-texts.ts';
import { usePreferenceTexts } from '../dispatch/preference-texts.ts';
import { useTexts } from '../i18n.ts';
import { DialogTitle } from '../parts/dialog-title.tsx';
import { roomCount } from '../parts/room-left.tsx';
import { lengthOf, textLimits } from '../parts/text-room.ts';
import { useSession } from '../session/session.tsx';
import { CrewSelect } from './crew-select.tsx';
import { HowToAssign, OfferWords } from './offer-form.tsx';
import { ScoreSheet } from './proposal-list.tsx';
import { StaffPicker, type Candidate } from './staff-picker.tsx';
import { useTakeAction } from './ticket-changes.ts';
import { WindowPicker } from './window-picker.tsx';
import type { VisitWindow } from './visit-windows.ts';
import styles from './assign-dialog.module.css';

const needsReason: ReadonlySet<HardReason> = new Set(['not_required', 'banned', 'territory', 'skill']);

/** Gives a ticket to a person (派单), with a time for the visit where one was agreed. Search, arrows, Enter. */
export function AssignDialog({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = useOfferTexts();
  const { t: sayCrew } = usePreferenceTexts();
  const { me } = useSession();
  const [chosen, setChosen] = useState<Candidate | null>(null);
  const [window, setWindow] = useState<VisitWindow | null>(null);
  const [note, setNote] = useState('');
  const [override, setOverride] = useState('');
  // Untouched, they are whom the proposal names.
  const [crew, setCrew] = useState<Reference[] | null>(null);
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
  const reckoned = useQuery(technicianProposals(ticket.id, outOfOrder ? null : window)).data;
  const people = reckoned?.basis.people ?? 1;
  // Somebody can be sent against the rules, with a reason; the server knows of rules that the list is too short to tell.
  const against = chosen === null ? undefined : reckoned?.ruledOut.find(({ technician }) => technician.id === chosen.id);
  const refused = takeAction.isError && asProblem(takeAction.error).code === 'override_needed' && takeAction.variables?.body?.assignee === chosen?.id;
  const reasonNeeded = refused || (against !== undefined && needsReason.has(against.reason));
  const lacksReason = reasonNeeded && override.trim() === '';
  const along = (crew ?? (proposal?.crew ?? []).flatMap(({ technician }) => (technician === null ? [] : [technician]))).filter(({ id }) => id !== chosen?.id);
  // Offered only while nobody has it and it is not offered already.
  const mayOffer = useQuery(ticketOffers(ticket.id, ticket.version)).data?.mayOffer === true;
  const [how, setHow] = useState<DispatchMode>('direct');
  const offering = mayOffer && how !== 'direct';
  const offer = useMutation({
    mutationFn: () => postOnce(`/tickets/${ticket.id}/offers`, { mode: how, ...(window === null ? {} : { windowStart: window.start.toISOString(), windowEnd: window.end.toISOString() }), ...(note.trim() === '' ? {} : { note: note.trim() }), ...(override.trim() === '' ? {} : { override: override.trim() }) }),
    onSuccess: onClose,
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['offers'] }),
  });
  // Another window than the customer was promised.
  const offerRefused = offering && offer.isError && asProblem(offer.error).code === 'override_needed';
  const tooLong = lengthOf(note.trim()) > textLimits.reason;
  function assign(person: Candidate | null): void {
    if (person === null || tooLong || outOfOrder || takeAction.isPending || (person.id === chosen?.id && lacksReason)) return;
    const members = along.filter(({ id }) => id !== person.id).map(({ id }) => id);
    const visit = window === null && members.length === 0 ? undefined : { ...(window === null ? {} : { windowStart: window.start.toISOString(), windowEnd: window.end.toISOString() }), ...(members.length === 0 ? {} : { members }) };
    takeAction.mutate(
      { action: 'assign', asked: true, body: { assignee: person.id, expectedAssignee: meanwhile ? (ticket.assignee?.id ?? null) : expected, ...(visit === undefined ? {} : { visit }), ...(note.trim() === '' ? {} : { note: note.trim() }), ...(person.id === chosen?.id && override.trim() !== '' ? { override: override.trim() } : {}) } },
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
      okButtonProps={{ disabled: (chosen === null && !offering) || outOfOrder || tooLong || (!offering && lacksReason) || (offerRefused && override.trim() === ''), loading: takeAction.isPending || offer.isPending }}
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
          {(offerRefused || (!offering && chosen !== null && (refused || against !== undefined))) && (
            <div>
              <label className={styles.label} htmlFor="assign-override">{sayCrew(reasonNeeded || offerRefused ? 'override.needed' : 'override.may')}</label>
              {!offering && against !== undefined && <p className={styles.problem}>{against.title}{against.detail === null ? '' : ` · ${against.detail}`}</p>}
              <Input.TextArea id="assign-override" value={override} maxLength={1_000} autoSize={{ minRows: 1, maxRows: 4 }} placeholder={sayCrew('override.placeholder')} onChange={(event) => setOverride(event.target.value)} />
            </div>
          )}
          {!offering && chosen !== null && (people > 1 || along.length > 0) && (
            <div>
              <label className={styles.label} htmlFor="assign-crew">{sayCrew('crew.title')}</label>
              <CrewSelect id="assign-crew" value={along} except={chosen.id} onChange={setCrew} />
              <p className={styles.keys}>{sayCrew('crew.need', { count: people })}{along.length < people - 1 ? ` · ${sayCrew('crew.missing', { count: people - 1 - along.length })}` : ''}</p>
            </div>
          )}
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
