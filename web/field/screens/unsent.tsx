import { EmptyState } from '../../ui/react/empty-state.tsx';
import { formatTime } from '../../ui/time.ts';
import { useBoard } from '../data/live.ts';
import { useTexts } from '../i18n.ts';
import { RefusedStep, troubleOf } from '../parts/refused-box.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { SyncLine } from '../parts/sync-line.tsx';
import { hrefTo } from '../router.ts';

/** Everything this phone has not got through yet (待发送与未通过): what was refused with its reason and a way out, what waits with its time. */
export function UnsentScreen() {
  const { t, language } = useTexts();
  const board = useBoard();
  const commands = board?.commands ?? [];
  const jobs = board === undefined ? [] : [...board.current, ...board.done];
  const jobOf = (visitId: string) => jobs.find(({ visit }) => visit.id === visitId) ?? null;
  // One box a visit: what stands behind the first waits for a decision on it.
  const troubled = [...new Set(commands.map(({ visitId }) => visitId))].flatMap((visitId) => {
    const job = jobOf(visitId);
    const command = job === null ? commands.find((one) => one.visitId === visitId && one.state === 'refused') ?? null : troubleOf(job);
    return command === null ? [] : [{ command, job, following: commands.filter((one) => one.visitId === visitId && one.seq > command.seq).length }];
  });
  const waiting = commands.filter((command) => command.state === 'waiting' && !troubled.some((one) => one.command.visitId === command.visitId));
  return (
    <>
      <ScreenHead title={t('unsent.title')} back={{ screen: 'me' }} />
      <main className="screen">
        <SyncLine />
        {board !== undefined && commands.length === 0 && <EmptyState title={t('unsent.empty')} hint={t('unsent.emptyHint')} />}
        {troubled.map(({ command, job, following }) => (
          <section key={command.seq} className="unsent-group">
            <h2 className="section-title">{job === null ? t('unsent.goneJob') : <a href={hrefTo({ screen: 'job', visitId: job.visit.id })}>{job.visit.ticket.withheld ? job.visit.ticket.number : job.visit.ticket.subject}</a>}</h2>
            <RefusedStep command={command} job={job} following={following} />
          </section>
        ))}
        {waiting.length > 0 && (
          <section className="card">
            <h2 className="card-title">{t('unsent.waiting')}</h2>
            <ul className="unsent-list">
              {waiting.map((command) => (
                <li key={command.seq}>
                  <span>{t(`step.${command.action}`)}</span>
                  <span className="card-note">{jobOf(command.visitId)?.visit.ticket.subject ?? ''}</span>
                  <time className="card-note" dateTime={command.at}>{formatTime(command.at, language)}</time>
                </li>
              ))}
            </ul>
          </section>
        )}
      </main>
    </>
  );
}
