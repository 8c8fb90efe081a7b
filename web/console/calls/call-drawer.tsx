import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ProblemAlert } from '../../ui/react/index.ts';
import { formatExact } from '../../ui/time.ts';
import { FactsTable } from '../parts/facts-table.tsx';
import { RecordDrawer } from '../parts/record-drawer.tsx';
import { NotePart, RecordingPart, TicketPart } from './call-details.tsx';
import { callOf } from './data.ts';
import { useCallTexts } from './texts.ts';
import { lengthOf, stateWords, whoOf } from './words.ts';
import styles from './calls.module.css';

/** One call of the log (通话详情). */
export function CallDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t: say, language } = useCallTexts();
  const { data: call, error, refetch } = useQuery(callOf(id));
  return (
    <RecordDrawer title={call === undefined ? say('title') : whoOf(call)} onClose={onClose}>
      {call === undefined && error !== null && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {call !== undefined && (
        <div className={styles.details}>
          <FactsTable
            rows={[
              [stateWords(call), formatExact(call.startedAt, language)], [say('agent'), call.agent.staff?.name ?? call.agent.extension],
              [say('duration'), call.seconds === null ? null : call.answeredAt === null ? say('log.noAnswer', { time: lengthOf(call.seconds) }) : lengthOf(call.seconds)],
              [say('people'), call.customer === null ? call.people.map((one) => one.name).join(' / ') : <Link key="customer" to="/customers/$id" params={{ id: call.customer.id }} search={{}}>{call.customer.name}</Link>],
            ]}
          />
          <section aria-label={say('recording')}><h3>{say('recording')}</h3>{call.recording.state === 'none' ? <p className={styles.muted}>{say('recording.none')}</p> : null}<RecordingPart call={call} /></section>
          <section aria-label={say('linked')}><h3>{say('linked')}</h3><TicketPart call={call} onOpened={onClose} /></section>
          <section aria-label={say('note')}><h3>{say('note')}</h3><NotePart call={call} /></section>
        </div>
      )}
    </RecordDrawer>
  );
}
