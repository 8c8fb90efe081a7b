import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { asProblem } from '../../ui/api-problem.ts';
import { say } from '../texts/say.ts';

/** What went wrong, and a way on (错误提示). Nothing is shown for null. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (error === null || error === undefined) return null;
  const problem = asProblem(error);
  return (
    <div class="problem" role="alert">
      <p>{problem.status === 0 ? say('problem.offline') : problem.title}</p>
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.map((one) => (
            <li key={`${one.path} ${one.code}`}>{one.message}</li>
          ))}
        </ul>
      )}
      {onRetry !== undefined && (
        <button type="button" class="button button-small" onClick={onRetry}>
          {say('problem.retry')}
        </button>
      )}
    </div>
  );
}

/** Nothing to see here: why, and what one can do instead. */
export function Blank({ title, hint, children }: { title: string; hint: string; children?: ComponentChildren }) {
  return (
    <div class="blank">
      <h1>{title}</h1>
      <p>{hint}</p>
      {children}
    </div>
  );
}

/** Says that something is on its way, once that takes longer than a blink. */
export function Waiting({ text }: { text: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="waiting" role="status">
      {shown ? text : ''}
    </p>
  );
}
