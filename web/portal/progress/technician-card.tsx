import type { Progress } from '../../../contract/portal.ts';
import { avatarHue, initials } from '../../ui/names.ts';
import { formatDate, formatTime } from '../../ui/time.ts';
import { FileGrid } from './file-grid.tsx';
import { filesOf } from './files-of.ts';
import { say, spoken } from '../texts/say.ts';

const underWay = { scheduled: true, accepted: true, travelling: true, on_site: true, completed: true, incomplete: false, declined: false, cancelled: false } as const;

/** Who comes, and when (工程师). */
export function TechnicianCard({ progress }: { progress: Progress }) {
  const { technician } = progress;
  if (technician === null || !underWay[technician.status]) return null;
  const language = spoken.value;
  const { work } = filesOf(progress);
  const { windowStart, windowEnd } = technician;
  const start = windowStart ?? windowEnd;
  const window = start === null ? null : `${formatDate(start, Date.now(), language)} ${[windowStart, windowEnd].filter((at) => at !== null).map((at) => formatTime(at, language)).join('–')}`;
  return (
    <section class="card" aria-labelledby="technician-title">
      <h2 id="technician-title" class="card-title">{say('progress.technician')}</h2>
      <div class="technician">
        <span class={`avatar avatar-${avatarHue(technician.name)}`} aria-hidden="true">{initials(technician.name)}</span>
        <div>
          <p class="technician-name">
            {technician.name}
            <span class="technician-status">{say(`visit.${technician.status as 'scheduled'}`)}</span>
          </p>
          {window !== null && technician.status !== 'completed' && <p class="technician-window">{say('progress.window', { window })}</p>}
        </div>
      </div>
      {technician.coming !== null && <p class="technician-coming" role="status">{say('progress.coming', { distance: `${(technician.coming.metres / 1_000).toFixed(1)} ${language === 'en' ? 'km' : '公里'}`, minutes: technician.coming.minutes })}</p>}
      {technician.workSummary !== null && (
        <div class="work">
          <h3>{say('progress.work')}</h3>
          <p class="prose">{technician.workSummary}</p>
          {work.length > 0 && <FileGrid files={work} />}
        </div>
      )}
      {progress.reportUrl !== null && <p><a class="text-button" href={progress.reportUrl} download>{say('progress.paper')}</a></p>}
      {technician.signedBy !== null && <p class="quiet">{say('progress.signedBy', { name: technician.signedBy })}</p>}
    </section>
  );
}
