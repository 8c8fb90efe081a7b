import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Select, Tooltip } from 'antd';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { Ticket } from '../../../contract/ticket.ts';
import type { TicketAction } from '../../../rules/ticket/lifecycle.ts';
import { Ago, Avatar } from '../../ui/react/index.ts';
import { staffMember, ticketTypes } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { AbsentNote } from '../parts/absent-note.tsx';
import { CategorySelect } from '../parts/category-select.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { KnownLine } from '../parts/known-line.tsx';
import { localName } from '../parts/names.ts';
import { Stars } from '../parts/stars.tsx';
import { useSession } from '../session/session.tsx';
import type { Correction } from './correct/correct-dialog.tsx';
import { PlaceLines } from './place-lines.tsx';
import { RequesterLines } from './requester-lines.tsx';
import { useQuickUpdate } from './ticket-changes.ts';
import { VisitProgress } from './visit-progress.tsx';
import styles from './ticket-side.module.css';

const AppointmentPart = lazy(async () => ({ default: (await import('./appointment-part.tsx')).AppointmentPart }));
const RelatedPart = lazy(async () => ({ default: (await import('./related-part.tsx')).RelatedPart }));
const OfferPart = lazy(async () => ({ default: (await import('./offer-part.tsx')).OfferPart }));
const ChecklistPart = lazy(async () => ({ default: (await import('./checklist-part.tsx')).ChecklistPart }));
const PeoplePart = lazy(async () => ({ default: (await import('./people-part.tsx')).PeoplePart }));
const SideConversations = lazy(async () => ({ default: (await import('./side-conversations.tsx')).SideConversations }));
const TicketFlow = lazy(async () => ({ default: (await import('../ticket-flow/ticket-flow.tsx')).TicketFlow }));
const ClocksPart = lazy(async () => ({ default: (await import('../sla/clocks-part.tsx')).ClocksPart }));
const FilledPart = lazy(async () => ({ default: (await import('../filling/filled-part.tsx')).FilledPart }));
const HotlinePart = lazy(async () => ({ default: (await import('../hotline/hotline-part.tsx')).HotlinePart }));
const TicketFields = lazy(async () => ({ default: (await import('./ticket-fields.tsx')).TicketFields }));

/** What is known about a ticket (工单资料): who has it, who asked, where, about what, how the visit goes. */
export function TicketSide({ ticket, onAct, onTakeIt, onCorrect, onLink }: { ticket: Ticket; onAct: (action: TicketAction) => void; onTakeIt: (() => void) | null; onCorrect: (what: Correction) => void; onLink: () => void }) {
  const { t, language } = useTexts();
  const { may } = useSession();
  const update = useQuickUpdate(ticket);
  const editable = may('ticket.update') && ticket.mergedInto === null;
  const correct = (what: Correction) => (editable ? () => onCorrect(what) : undefined);
  // A field that was guessed wrong is put right where it stands, from beside the guess.
  const [asked, setAsked] = useState<{ key: string } | null>(null);
  const types = useQuery(ticketTypes).data;
  const type = types?.find((one) => one.id === ticket.type.id);
  // Whoever comes for a task of theirs finds it first.
  const forTask = location.hash.startsWith('#task-');
  const flow = <Suspense fallback={null}><TicketFlow ticket={ticket} /></Suspense>;
  const visits = ticket.visits.filter((visit) => visit.status !== 'cancelled' && visit.status !== 'declined');

  return (
    <aside className={styles.side} aria-label={t('ticket.details')}>
      {forTask && flow}
      <Part title={t('ticket.owner')}>
        <div className={styles.owner}>
          {ticket.assignee === null ? (
            <>
              <span className={styles.nobody} />
              <span className={styles.muted}>{t('common.nobody')}</span>
            </>
          ) : (
            <>
              <Avatar name={ticket.assignee.name} size={28} />
              <span className={styles.ownerWords}>
                <span>{ticket.assignee.name}</span>
                <Away id={ticket.assignee.id} />
                <span className={styles.muted}>
                  {ticket.acceptedAt === null ? t('ticket.notAccepted') : <>{t('ticket.acceptedAt')} <Ago value={ticket.acceptedAt} /></>}
                </span>
              </span>
            </>
          )}
          {ticket.assignee === null && onTakeIt !== null && (
            <Tooltip title="I"><Button size="small" className={styles.ownerButton} onClick={onTakeIt}>{t('assign.takeShort')}</Button></Tooltip>
          )}
          {ticket.actions.includes('assign') && (
            <Button size="small" className={styles.ownerButton} onClick={() => onAct('assign')}>
              {ticket.assignee === null ? t('action.assign') : t('ticket.reassign')}
            </Button>
          )}
        </div>
        <Suspense fallback={null}><OfferPart ticket={ticket} onOffer={() => onAct('assign')} /></Suspense>
        <KnownLine icon="team" name={t('filter.team')}>
          {ticket.team?.name ?? <span className={styles.muted}>{t('common.noTeam')}</span>}
          {ticket.actions.includes('transfer') && (
            <Button type="link" size="small" onClick={() => onAct('transfer')}>
              {t('action.transfer')}
            </Button>
          )}
        </KnownLine>
      </Part>

      {(ticket.channel === 'hotline' || ticket.mergedFrom.length > 0) && <Suspense fallback={null}><HotlinePart key={ticket.id} ticket={ticket} /></Suspense>}

      {ticket.guesses.length + ticket.completions.length > 0 && (
        <Suspense fallback={null}>
          <FilledPart ticket={ticket} editable={editable} onCorrect={onCorrect} onField={(key) => setAsked({ key })} />
        </Suspense>
      )}

      <Suspense fallback={null}><ClocksPart key={ticket.id} ticket={ticket} /></Suspense>

      {!forTask && flow}

      <Suspense fallback={null}>
        <Part title={t('checklist.title')}><ChecklistPart key={ticket.id} ticket={ticket} /></Part>
      </Suspense>

      {(visits.length > 0 || ((ticket.location !== null || ticket.asset !== null) && may('ticket.update'))) && (
        <Part title={t('visit.title')}>
          <Suspense fallback={null}><AppointmentPart key={ticket.id} ticket={ticket} /></Suspense>
          {visits.map((visit) => (
            <VisitProgress key={visit.id} visit={visit} number={ticket.number} files={ticket.files} />
          ))}
        </Part>
      )}

      <Part title={t('ticket.requester')} edit={t('correct.requester')} onEdit={correct('requester')}>
        <RequesterLines ticket={ticket} />
      </Part>

      {(ticket.location !== null || ticket.asset !== null || editable) && (
        <Part title={t('ticket.place')} edit={t('correct.place')} onEdit={correct('place')}>
          {ticket.location === null && ticket.asset === null && <p className={styles.muted}>{t('ticket.noAddress')}</p>}
          {ticket.location !== null && <PlaceLines location={ticket.location} />}
          {ticket.asset !== null && (
            <KnownLine icon="assets" name={t('ticket.asset')}>
              {may('asset.read') ? <Link to="/assets" search={{ id: ticket.asset.id }}>{ticket.asset.name}</Link> : ticket.asset.name}
              <span className={styles.code}>{ticket.asset.code}</span>
            </KnownLine>
          )}
        </Part>
      )}

      <Part title={t('ticket.kind')}>
        <KnownLine icon="settings" name={t('newTicket.type')}>
          {type === undefined ? ticket.type.name : localName(type, language)}
          {editable && (types?.length ?? 0) > 1 && <Edit label={t('correct.type')} onClick={() => onCorrect('type')} />}
        </KnownLine>
        <KnownLine icon="queue" name={t('filter.category')}>
          {editable ? (
            <CategorySelect
              className={`${styles.category} ${styles.path}`}
              size="small"
              variant="borderless"
              allowClear={false}
              wholePath
              placeholder={t('ticket.chooseCategory')}
              value={ticket.category?.id}
              onChange={(category) => update({ category })}
            />
          ) : (
            (ticket.category?.path.join(' / ') ?? t('common.none'))
          )}
        </KnownLine>
        {(editable || ticket.tags.length > 0) && (
          <KnownLine icon="tag" name={t('ticket.tags')}>
            <Select
              key={ticket.version}
              className={styles.category}
              size="small"
              variant="borderless"
              mode="tags"
              open={false}
              suffixIcon={null}
              disabled={!editable}
              maxCount={20}
              placeholder={t('ticket.addTags')}
              aria-label={t('ticket.tags')}
              value={ticket.tags}
              onChange={(tags: string[]) => update({ tags: tags.map((tag) => tag.trim().slice(0, 40)).filter((tag) => tag !== '') })}
            />
          </KnownLine>
        )}
      </Part>

      <Suspense fallback={null}>
        <TicketFields key={ticket.id} ticket={ticket} asked={asked} part={(content) => <Part title={t('form.title', { type: ticket.type.name })}>{content}</Part>} />
      </Suspense>

      <Suspense fallback={null}>
        <Part title={t('related.title')}><RelatedPart key={ticket.id} ticket={ticket} onLink={onLink} /></Part>
        <Part title={t('watch.title')}><PeoplePart key={ticket.id} ticket={ticket} /></Part>
        <Part title={t('side.title')}><SideConversations key={ticket.id} ticket={ticket} /></Part>
      </Suspense>

      {ticket.survey !== null && (
        <Part title={t('ticket.survey')}>
          <p className={styles.survey}>
            <Stars rating={ticket.survey.rating} size={16} />
            <Ago className={styles.muted} value={ticket.survey.answeredAt} />
          </p>
          {ticket.survey.comment !== null && <p className="prose">{ticket.survey.comment}</p>}
        </Part>
      )}

      <Part title={t('ticket.progressLink')}>
        <p className={styles.link}>
          <a href={ticket.progressUrl} target="_blank" rel="noreferrer">
            <Icon name="link" size={14} /> {t('ticket.openProgress')}
          </a>
          <CopyButton text={ticket.progressUrl} label={t('ticket.copyProgress')} />
        </p>
        <p className={styles.hint}>{t('ticket.progressHint')}</p>
      </Part>
    </aside>
  );
}

/** That the assignee is away. */
function Away({ id }: { id: string }) {
  const { may } = useSession();
  const person = useQuery({ ...staffMember(id), enabled: may('organization.read') }).data;
  return person === undefined ? null : <AbsentNote absent={person.absent} />;
}

function Edit({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className={styles.edit} aria-label={label} title={label} onClick={onClick}>
      <Icon name="edit" size={14} />
    </button>
  );
}

function Part({ title, edit, onEdit, children }: { title: string; edit?: string; onEdit?: () => void; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <div className={styles.heading}>
        <h2 className={styles.title}>{title}</h2>
        {edit !== undefined && onEdit !== undefined && <Edit label={edit} onClick={onEdit} />}
      </div>
      {children}
    </section>
  );
}
