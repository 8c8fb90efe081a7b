import { useEffect, useState } from 'preact/hooks';
import type { Appointment } from '../../../contract/appointment.ts';
import type { Progress } from '../../../contract/portal.ts';
import { api, asProblem, type ApiProblem } from '../../ui/api.ts';
import { formatDate, formatTime } from '../../ui/time.ts';
import { postOnce } from '../post.ts';
import { Problem } from '../parts/notice.tsx';
import { say, spoken } from '../texts/say.ts';
import { progressPath } from './follow.ts';

type Span = Appointment['windows'][number];

/** When somebody comes, as it was promised, and what may be chosen (选择上门时间). What was taken meanwhile is told, with what is left. */
export function AppointmentBox({ token, progress, look }: { token: string; progress: Progress; look: () => Promise<void> }) {
  const [appointment, setAppointment] = useState<Appointment | null>(null);
  const [windows, setWindows] = useState<readonly Span[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const path = `${progressPath(token)}/appointment`;
  const language = spoken.value;

  useEffect(() => {
    let gone = false;
    // Without it the page is whole: it is asked for again with the next change.
    api.get<Appointment>(path).then(({ data }) => { if (!gone) setAppointment(data); }, () => undefined);
    return () => { gone = true; };
  }, [path, progress.version]);

  async function run(work: () => Promise<void>): Promise<void> {
    setRunning(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      const failed = asProblem(error);
      setProblem(failed);
      if (failed.code === 'appointment_taken') {
        setWindows((failed.extensions['windows'] as Span[] | undefined) ?? []);
        setChosen(null);
      }
    }
    setRunning(false);
  }
  const open = (): Promise<void> => run(async () => {
    const { data } = await api.get<Appointment>(path, { query: { windows: true } });
    setAppointment(data);
    setWindows(data.windows);
  });
  const confirm = (window: Span): Promise<void> => run(async () => {
    setAppointment(await postOnce<Appointment>(path, { windowStart: window.windowStart, windowEnd: window.windowEnd }));
    setWindows(null);
    setChosen(null);
    await look();
  });

  if (appointment === null || (appointment.promised === null && !appointment.mayChoose)) return null;
  const { promised } = appointment;
  const times = ({ windowStart, windowEnd }: Span): string => `${formatTime(windowStart, language)}–${formatTime(windowEnd, language)}`;
  // Old phones know no groupBy.
  const days = new Map<string, Span[]>();
  for (const window of windows ?? []) {
    const day = formatDate(window.windowStart, Date.now(), language);
    days.set(day, [...days.get(day) ?? [], window]);
  }
  const picked = windows?.find(({ windowStart, windowEnd }) => `${windowStart} ${windowEnd}` === chosen);
  return (
    <section class="card" aria-labelledby="appointment-title">
      <h2 id="appointment-title" class="card-title">{say('appointment.title')}</h2>
      {promised !== null && <p class="appointment-promised"><strong>{formatDate(promised.windowStart, Date.now(), language)} {times(promised)}</strong></p>}
      <Problem error={problem} />
      {windows === null ? (
        appointment.mayChoose && (
          <>
            {promised === null && <p class="quiet">{say('appointment.hint')}</p>}
            <button type="button" class={promised === null ? 'button button-main' : 'button'} disabled={running} onClick={() => void open()}>{say(promised === null ? 'appointment.choose' : 'appointment.change')}</button>
          </>
        )
      ) : (
        <>
          {windows.length === 0 && <p class="quiet">{say('appointment.none')}</p>}
          <div class="appointment-days" role="radiogroup" aria-labelledby="appointment-title">
            {[...days].map(([day, of]) => (
              <div key={day} class="appointment-day">
                <span class="appointment-date">{day}</span>
                {of.map((window) => {
                  const key = `${window.windowStart} ${window.windowEnd}`;
                  return (
                    <label key={key} class="appointment-window">
                      <input type="radio" name="appointment" value={key} checked={chosen === key} disabled={running} onChange={() => setChosen(key)} />
                      <span>{times(window)}</span>
                    </label>
                  );
                })}
              </div>
            ))}
          </div>
          <div class="button-row">
            <button type="button" class="button" disabled={running} onClick={() => { setWindows(null); setChosen(null); setProblem(null); }}>{say('appointment.cancel')}</button>
            {picked !== undefined && <button type="button" class="button button-main" disabled={running} onClick={() => void confirm(picked)}>{say('appointment.confirm', { window: times(picked) })}</button>}
          </div>
        </>
      )}
    </section>
  );
}
