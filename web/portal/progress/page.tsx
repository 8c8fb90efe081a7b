import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Progress } from '../../../contract/portal.ts';
import { formatAgo, formatExact, formatTime } from '../../ui/time.ts';
import { portalPath } from '../read-address.ts';
import { Frame } from '../parts/frame.tsx';
import { Icon } from '../parts/icons.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import { Blank, Problem, Waiting } from '../parts/notice.tsx';
import { addSentReport } from '../storage.ts';
import { say, spoken } from '../texts/say.ts';
import { AppointmentBox } from './appointment-box.tsx';
import { ConfirmBox } from './confirm-box.tsx';
import { FileGrid } from './file-grid.tsx';
import { filesOf } from './files-of.ts';
import { follow, type Followed } from './follow.ts';
import { Messages } from './messages.tsx';
import { NewsBox } from './news-box.tsx';
import { RatingBox } from './rating-box.tsx';
import { statusLine } from './status-line.ts';
import { Steps } from './steps.tsx';
import { TechnicianCard } from './technician-card.tsx';

/** How a request stands, followed like a parcel (工单进度). */
export function ProgressPage({ token }: { token: string }) {
  const [followed, setFollowed] = useState<Followed>({ progress: null, problem: null, fetchedAt: 0 });
  const following = useRef<ReturnType<typeof follow> | null>(null);

  useEffect(() => {
    const started = follow(token, setFollowed);
    following.current = started;
    return started.end;
  }, [token]);

  const look = (): Promise<void> => following.current?.look() ?? Promise.resolve();
  const { progress, problem, fetchedAt } = followed;

  useEffect(() => {
    if (progress === null) return;
    document.title = `${progress.number} ${progress.organization.name}`;
    addSentReport(progress.organization.slug, { number: progress.number, token, subject: progress.subject, at: progress.createdAt });
  }, [progress, token]);

  if (progress === null) {
    return (
      <Frame name="" home={null}>
        {problem === null ? (
          <Waiting text={say('problem.loading')} />
        ) : problem.temporary ? (
          <Problem error={problem} onRetry={() => void look()} />
        ) : (
          <Blank title={say('progress.notFound')} hint={say('progress.notFoundHint')} />
        )}
      </Frame>
    );
  }
  const home = portalPath(progress.organization.slug);
  // First whether it is solved, then how it was; afterwards the thanks stand above the way back.
  const asks = [<ConfirmBox key="confirm" token={token} progress={progress} look={look} />, <RatingBox key="rating" token={token} progress={progress} look={look} />];
  return (
    <Frame name={progress.organization.name} home={home} wide>
      {problem !== null && (
        <p class="stale" role="status">
          {problem.status === 0 ? say('progress.offline', { time: formatTime(fetchedAt, spoken.value) }) : problem.title}
        </p>
      )}
      <Status progress={progress} />
      <div class="progress-columns">
        <div class="progress-main">
          <Resolution progress={progress} />
          {progress.canConfirm ? asks : [...asks].reverse()}
          <TechnicianCard progress={progress} />
          <AppointmentBox token={token} progress={progress} look={look} />
          <section class="card" aria-labelledby="steps-title">
            <h2 id="steps-title" class="card-title">{say('progress.steps')}</h2>
            <Steps progress={progress} />
          </section>
          <Messages token={token} progress={progress} look={look} />
        </div>
        <div class="progress-side">
          <Details progress={progress} />
          <NewsBox token={token} progress={progress} look={look} />
          <nav class="links" aria-label={say('frame.home')}>
            <a class="link-line" href={home}><Icon name="tool" size={22} />{say('progress.report')}<Icon name="next" size={18} /></a>
            <a class="link-line" href={`${home}#mine`}><Icon name="list" size={22} />{say('progress.allMine')}<Icon name="next" size={18} /></a>
          </nav>
        </div>
      </div>
    </Frame>
  );
}

function Status({ progress }: { progress: Progress }) {
  const language = spoken.value;
  const line = useMemo(() => statusLine(progress, language), [progress, language]);
  // A visit that came to nothing is the latest thing to know.
  const latest = progress.obstacle ?? [...progress.steps].reverse().find((step) => step.at !== null);
  return (
    <div class={`status-line status-line-${line.tone}`} role="status">
      <p class="status-number">{say('progress.number', { number: progress.number })}</p>
      <h1 tabIndex={-1}>{(say as (key: string, values?: object) => string)(line.title, { name: line.name })}</h1>
      <p class="status-hint">
        {say(line.hint as 'status.receivedHint')}
        {latest?.at != null && (
          <time dateTime={latest.at} title={formatExact(latest.at, language)}>
            {formatAgo(latest.at, Date.now(), language)}
          </time>
        )}
      </p>
    </div>
  );
}

/** What was done (处理结果), before one is asked whether it is solved; what the technician wrote stands with the technician. */
function Resolution({ progress: { resolution, technician } }: { progress: Progress }) {
  if (resolution === null || resolution.trim() === '' || resolution === technician?.workSummary) return null;
  return (
    <section class="card" aria-labelledby="resolution-title">
      <h2 id="resolution-title" class="card-title">{say('progress.work')}</h2>
      <LinkedText text={resolution} />
    </section>
  );
}

function Details({ progress }: { progress: Progress }) {
  const language = spoken.value;
  const files = filesOf(progress).reported;
  return (
    <section class="card" aria-labelledby="details-title">
      <h2 id="details-title" class="card-title">{say('progress.details')}</h2>
      <LinkedText text={progress.description === '' ? progress.subject : progress.description} />
      {files.length > 0 && <FileGrid files={files} />}
      <dl class="facts">
        {progress.address !== null && progress.address !== '' && <><dt>{say('progress.place')}</dt><dd>{progress.address}</dd></>}
        <dt>{say('progress.reported')}</dt>
        <dd><time dateTime={progress.createdAt}>{formatExact(progress.createdAt, language)}</time></dd>
      </dl>
    </section>
  );
}
