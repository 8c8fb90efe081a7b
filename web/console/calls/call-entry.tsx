import { useQuery } from '@tanstack/react-query';
import { ProblemAlert } from '../../ui/react/index.ts';
import { asProblem } from '../../ui/api.ts';
import { Icon } from '../parts/icon.tsx';
import { RecordingPart } from './call-details.tsx';
import { callOf } from './data.ts';
import { useCallTexts } from './texts.ts';
import { iconOf, lengthOf, stateWords, whoOf } from './words.ts';
import styles from './calls.module.css';

/** A call where it stands in the timeline of its ticket (时间线里的通话): who took it, how long it was, its recording and words. */
export function CallEntry({ id }: { id: string }) {
  const { t: say } = useCallTexts();
  const { data: call, error, refetch } = useQuery({ ...callOf(id), retry: false });
  if (call === undefined) return error === null || asProblem(error).status === 404 ? null : <ProblemAlert error={error} onRetry={() => void refetch()} />;
  return (
    <div className={styles.entry}>
      <p className={styles.entryHead}>
        <Icon name={iconOf(call)} size={14} />
        <b>{stateWords(call)}</b>
        <span>{whoOf(call)}</span>
        <span className={styles.muted}>{say('agent')} {call.agent.staff?.name ?? call.agent.extension ?? say('log.noOne')}</span>
        {call.seconds !== null && <span className={styles.muted}>{call.answeredAt === null ? say('log.noAnswer', { time: lengthOf(call.seconds) }) : `${say('duration')} ${lengthOf(call.seconds)}`}</span>}
      </p>
      {call.note !== '' && <p className={styles.entryNote}>{call.note}</p>}
      <RecordingPart call={call} />
    </div>
  );
}
