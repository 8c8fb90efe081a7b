import { Button, Input } from 'antd';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { callLimits, type CallCard } from '../../../contract/call.ts';
import { StatusTag } from '../../ui/react/index.ts';
import { Icon } from '../parts/icon.tsx';
import { TicketPicker } from '../ticket/ticket-picker.tsx';
import { useCallTexts } from './texts.ts';
import { useCall } from './use-call.ts';
import { lengthOf } from './words.ts';
import styles from './calls.module.css';

/** What a browser plays by itself. */
const playable = /^audio\/(mpeg|mp4|ogg|wav|webm|aac|flac)$/;

/** The recording of a call with what was said beside it (录音与文字): pressing a line plays from there. */
export function RecordingPart({ call }: { call: CallCard }) {
  const { t: say } = useCallTexts();
  const player = useRef<HTMLAudioElement>(null);
  const [at, setAt] = useState(-1);
  const { recording, segments } = call;
  const url = `/api/v1/calls/${call.id}/recording`;
  const plays = recording.mediaType !== null && playable.test(recording.mediaType);
  const seek = (seconds: number): void => {
    const audio = player.current;
    if (audio === null) return;
    audio.currentTime = seconds;
    void audio.play().catch(() => undefined);
  };
  return (
    <>
      {recording.state === 'none' && recording.failure !== null && <p className={styles.problem}>{say('dial.failed', { why: recording.failure })}</p>}
      {recording.state === 'waiting' && <p className={styles.muted} role="status">{say('recording.waiting')}</p>}
      {recording.state === 'lost' && <p className={styles.problem}>{say('recording.lost', { why: recording.failure ?? '' })}</p>}
      {recording.state === 'kept' && (
        <div className={styles.player}>
          {plays
            // oxlint-disable-next-line jsx-a11y/media-has-caption -- what was said stands below it, in words
            ? <audio ref={player} controls preload="none" src={url} aria-label={say('recording.play')} onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)} />
            : <span className={styles.muted}>{say('recording.cannot')}</span>}
          <a className={styles.download} href={`${url}?download=1`} download aria-label={say('recording.download')} title={`${say('recording.download')} · ${say('recording.audited')}`}><Icon name="download" /></a>
        </div>
      )}
      {call.transcript === 'waiting' && <p className={styles.muted} role="status">{say('words.waiting')}</p>}
      {call.transcript === 'failed' && <p className={styles.problem}>{say('words.failed', { why: call.transcriptFailure ?? '' })}</p>}
      {call.transcript === 'done' && segments.length === 0 && <p className={styles.muted}>{say('words.empty')}</p>}
      {segments.length > 0 && (
        <ol className={styles.segments} aria-label={say('words')}>
          {segments.map((segment, index) => {
            const words = <><span className={styles.speaker}>{speakerOf(segment.speaker, say)}</span><span>{segment.text}</span></>;
            return (
              <li key={index} data-current={(at >= segment.t0 && at < segment.t1) || undefined} data-unsure={(segment.confidence !== null && segment.confidence < 0.5) || undefined}>
                {plays && recording.state === 'kept'
                  ? <button type="button" onClick={() => seek(segment.t0)} aria-label={say('words.seek', { time: lengthOf(segment.t0), text: segment.text })}><span className={styles.clock}>{lengthOf(segment.t0)}</span>{words}</button>
                  : <span className={styles.segment}><span className={styles.clock}>{lengthOf(segment.t0)}</span>{words}</span>}
              </li>
            );
          })}
        </ol>
      )}
    </>
  );
}

const sides: Readonly<Record<string, 'speaker.agent' | 'speaker.customer'>> = {
  agent: 'speaker.agent', 坐席: 'speaker.agent', 客服: 'speaker.agent', customer: 'speaker.customer', caller: 'speaker.customer', 客户: 'speaker.customer',
};

/** Who spoke (说话人), in the reader's language where it is a side or a number; names stay as they were given. */
function speakerOf(speaker: string | null, say: ReturnType<typeof useCallTexts>['t']): string | null {
  if (speaker === null) return null;
  const side = Object.hasOwn(sides, speaker.toLowerCase()) ? sides[speaker.toLowerCase()] : undefined;
  if (side !== undefined) return say(side);
  return /^\d{1,3}$/.test(speaker) ? say('speaker.numbered', { number: speaker }) : speaker;
}

/** The note on a call (通话备注): what is typed stays when the call is read anew. */
export function NotePart({ call }: { call: CallCard }) {
  const { t: say } = useCallTexts();
  const { change } = useCall(call.id);
  const [typed, setTyped] = useState<string | null>(null);
  const dirty = typed !== null && typed.trim() !== call.note;
  const save = (): void => {
    if (!dirty || change.isPending) return;
    const note = typed.trim();
    change.mutate({ note }, { onSuccess: () => setTyped((now) => (now?.trim() === note ? null : now)) });
  };
  return (
    <div className={styles.note}>
      <Input.TextArea
        aria-label={say('note')} placeholder={say('note.place')} value={typed ?? call.note} maxLength={callLimits.note} autoSize={{ minRows: 2, maxRows: 6 }} onChange={(event) => setTyped(event.target.value)} onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        }}
      />
      {dirty && <Button size="small" loading={change.isPending} onClick={save}>{say('note.save')}</Button>}
    </div>
  );
}

/** Which ticket a call is about (关联工单), and another in its place. */
export function TicketPart({ call, onOpened }: { call: CallCard; onOpened?: () => void }) {
  const { t: say } = useCallTexts();
  const { change } = useCall(call.id);
  const [picking, setPicking] = useState(false);
  return (
    <div className={styles.ticketPart}>
      {call.ticket !== null && (
        <p className={styles.linked}>
          <Icon name="link" size={14} />
          <Link to="/tickets/$number" params={{ number: call.ticket.number }} onClick={onOpened} aria-label={say('link.open', { number: call.ticket.number })}><span className={styles.number}>{call.ticket.number}</span> {call.ticket.subject}</Link>
          <StatusTag status={call.ticket.status} />
          <Button type="text" size="small" icon={<Icon name="close" size={12} />} aria-label={say('link.remove')} title={say('link.remove')} loading={change.isPending} onClick={() => change.mutate({ ticketId: null })} />
        </p>
      )}
      {picking
        ? <TicketPicker except={call.ticket?.number ?? ''} onChange={(number) => { setPicking(false); change.mutate({ ticketId: number }); }} />
        : <Button size="small" type="link" className={styles.plain} onClick={() => setPicking(true)}>{say('link')}</Button>}
    </div>
  );
}
