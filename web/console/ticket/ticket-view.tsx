import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { Ticket } from '../../../contract/ticket.ts';
import type { TicketAction } from '../../../rules/ticket/lifecycle.ts';
import { asProblem } from '../../ui/api.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { ticketDetail } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { useKeys } from '../parts/keys.ts';
import type { placeInReadingList } from '../parts/reading-list.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import { Composer, type ComposerHandle } from './composer.tsx';
import { ConflictContext, type Conflict } from './conflict.ts';
import { usePresence } from './presence.tsx';
import { MergedNotice } from './merged-notice.tsx';
import { useTakeIt } from './take-it.ts';
import { useTicketDeeds } from './ticket-deeds.ts';
import { TicketHeader } from './ticket-header.tsx';
import { TicketSide } from './ticket-side.tsx';
import { Timeline } from './timeline.tsx';
import type { Together } from './together-dialogs.tsx';
import type { StatusChoice } from './status-control.tsx';
import type { Correction } from './correct/correct-dialog.tsx';
import type { AskedStep } from './action-dialog.tsx';
import { asksForFields, useTakeAction } from './ticket-changes.ts';
import styles from './ticket-view.module.css';

const AssignDialog = lazy(async () => ({ default: (await import('./assign-dialog.tsx')).AssignDialog }));
const TogetherDialog = lazy(async () => ({ default: (await import('./together-dialogs.tsx')).TogetherDialog }));
const ConflictDialog = lazy(async () => ({ default: (await import('./conflict-dialog.tsx')).ConflictDialog }));
const CorrectDialog = lazy(async () => ({ default: (await import('./correct/correct-dialog.tsx')).CorrectDialog }));
const LikeNotice = lazy(async () => ({ default: (await import('./like-notice.tsx')).LikeNotice }));
const ActionDialog = lazy(async () => ({ default: (await import('./action-dialog.tsx')).ActionDialog }));

// What is done is nobody's duplicate any more.
const looksForLike: ReadonlySet<string> = new Set(['new', 'open', 'waiting']);

const VisitorLine = lazy(async () => ({ default: (await import('./visitor-line.tsx')).VisitorLine }));

type Props = {
  number: string;
  /** Beside a list: closes the pane. */
  onClose?: () => void;
  /** On a page of its own: back, and along the list. */
  onBack?: () => void;
  place?: ReturnType<typeof placeInReadingList>;
  onGo?: (number: string | null) => void;
};

/** A ticket (工单详情): what was asked, what happened, what can be done. */
export function TicketView(props: Props) {
  const { t } = useTexts();
  const detail = useQuery(ticketDetail(props.number));
  if (detail.data !== undefined && !(detail.isError && asProblem(detail.error).status === 404)) return <Loaded {...props} ticket={detail.data} />;
  if (detail.isPending) return <Delayed><RowSkeleton rows={9} height={64} /></Delayed>;
  if (asProblem(detail.error).status === 404) {
    const back = props.onBack ?? props.onClose;
    return <EmptyState title={t('ticket.missing')} hint={t('ticket.missingHint')} action={back && <Button onClick={back}>{t(props.onBack ? 'common.back' : 'common.close')}</Button>} />;
  }
  return <div className={styles.problem}><ProblemAlert error={detail.error} onRetry={() => void detail.refetch()} /></div>;
}

/** Steps that need nothing but the wish. */
const immediate: readonly TicketAction[] = ['accept', 'resume', 'confirm'];

function Loaded({ ticket, onClose, onBack, place, onGo }: Props & { ticket: Ticket }) {
  const { t } = useTexts();
  const { may } = useSession();
  const queryClient = useQueryClient();
  const composer = useRef<ComposerHandle>(null);
  const [asking, setAsking] = useState<(AskedStep & { refused?: unknown }) | null>(null);
  // Whoever comes for a task sees it at once, also where the two sides do not fit beside each other.
  const [side, setSide] = useState<'talk' | 'facts'>(() => (location.hash.startsWith('#task-') ? 'facts' : 'talk'));
  const [together, setTogether] = useState<Together | null>(null);
  const [correcting, setCorrecting] = useState<Correction | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const { people, onTyping } = usePresence(ticket.id);
  const takeAction = useTakeAction(ticket);

  function act(action: TicketAction): void {
    if (immediate.includes(action)) takeAction.mutate({ action }, { onError: (error) => askFor({ action }, error) });
    else setAsking({ action });
  }
  function choose(choice: StatusChoice): void {
    if (choice.needs === null) takeAction.mutate({ action: 'set_status', choice, body: { status: choice.status } }, { onError: (error) => askFor({ choice }, error) });
    else setAsking({ choice });
  }
  /** What was to be done at once, but lacks answers, is asked about. */
  function askFor(step: AskedStep, refused: unknown): void {
    if (asksForFields(refused)) setAsking({ ...step, refused });
  }
  const mayAct = (action: TicketAction): boolean => ticket.actions.includes(action);

  const takeIt = useTakeIt(ticket, takeAction);
  useTicketDeeds(ticket, { onAct: act, onStatus: choose, onTakeIt: takeIt, onTogether: setTogether, onCorrect: setCorrecting, composer });

  useKeys({
    i: () => takeIt?.(),
    a: () => {
      if (mayAct('assign')) act('assign');
    },
    e: () => {
      if (mayAct('resolve')) act('resolve');
    },
    r: () => composer.current?.write('public'),
    m: () => composer.current?.write('internal'),
  });

  useEffect(() => {
    // The neighbour is likely read next.
    if (place?.next != null) void queryClient.prefetchQuery(ticketDetail(place.next));
  }, [place?.next, queryClient]);

  return (
    <ConflictContext value={setConflict}>
    <article
      className={styles.view}
      aria-label={`${ticket.number} ${ticket.subject}`}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('Files')) event.preventDefault();
      }}
      onDrop={(event) => {
        // The composer takes what is let go over itself; files let go anywhere else on the ticket go there, too.
        if (event.defaultPrevented || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        composer.current?.attach([...event.dataTransfer.files]);
      }}
    >
      <TicketHeader ticket={ticket} people={people.filter(({ visitor }) => visitor !== true)} onAct={act} onTakeIt={takeIt} onStatus={choose} onTogether={setTogether} acting={takeAction.isPending} onClose={onClose} onBack={onBack} place={place} onGo={onGo} />
      <MergedNotice ticket={ticket} />
      {may('ticket.update') && ticket.mergedInto === null && looksForLike.has(ticket.status) && <Suspense fallback={null}><LikeNotice ticket={ticket} /></Suspense>}
      <div className={styles.tabs}>
        <Segmented
          block
          value={side}
          onChange={setSide}
          aria-label={t('ticket.parts')}
          options={[{ value: 'talk', label: t('ticket.conversation') }, { value: 'facts', label: t('ticket.details') }]}
        />
      </div>
      <div className={styles.body} data-side={side}>
        <div className={styles.talk}>
          <Timeline ticket={ticket} onTakenBack={(message) => composer.current?.takeBack(message)} />
          {ticket.channel === 'chat' && <Suspense><VisitorLine ticketId={ticket.id} number={ticket.number} there={people.find(({ visitor }) => visitor === true)} /></Suspense>}
          {(may('ticket.reply') || may('ticket.note')) && <Composer key={ticket.id} ref={composer} ticket={ticket} onTyping={onTyping} />}
        </div>
        <TicketSide ticket={ticket} onAct={act} onTakeIt={takeIt} onCorrect={setCorrecting} onLink={() => setTogether('link')} />
      </div>
      <Suspense>
        {asking !== null && ('action' in asking && asking.action === 'assign'
          ? <AssignDialog ticket={ticket} onClose={() => setAsking(null)} />
          : <ActionDialog ticket={ticket} step={asking} refused={asking.refused} onClose={() => setAsking(null)} />)}
        {together !== null && <TogetherDialog kind={together} ticket={ticket} onClose={() => setTogether(null)} />}
        {correcting !== null && <CorrectDialog what={correcting} ticket={ticket} onClose={() => setCorrecting(null)} />}
        {conflict !== null && <ConflictDialog conflict={conflict} onClose={() => setConflict(null)} />}
      </Suspense>
    </article>
    </ConflictContext>
  );
}
