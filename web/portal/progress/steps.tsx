import type { Progress } from '../../../contract/portal.ts';
import { formatDate, formatExact, formatTime } from '../../ui/time.ts';
import { say, spoken } from '../texts/say.ts';

/** Every step with its time, the way a parcel is followed (处理步骤). Steps that were left out are not shown as missing. */
export function Steps({ progress }: { progress: Progress }) {
  const language = spoken.value;
  const over = progress.status === 'cancelled';
  const furthest = progress.steps.reduce((found, step, index) => (step.done ? index : found), -1);
  const steps = progress.steps.filter((step, index) => step.at !== null || step.done || step.current || (index > furthest && !over));
  return (
    <ol class="steps">
      {steps.map(({ step, at, done, current }) => (
        <li key={step} class={current ? 'step step-current' : done ? 'step step-done' : 'step'} aria-current={current ? 'step' : undefined}>
          <span class="step-dot" aria-hidden="true" />
          <span class="step-name">
            {say(`step.${step}`)}
            <span class="visually-hidden">{current ? say('progress.now') : done ? say('progress.doneStep') : ''}</span>
          </span>
          {at !== null && (
            <time class="step-time" dateTime={at} title={formatExact(at, language)}>
              <span>{formatDate(at, Date.now(), language)}</span> {formatTime(at, language)}
            </time>
          )}
        </li>
      ))}
    </ol>
  );
}
