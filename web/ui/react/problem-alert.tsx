import { asProblem } from '../api-problem.ts';
import { words } from '../words.ts';
import { useLanguage } from './preferences.ts';
import './react.css';

/**
 * What went wrong (错误提示) and what one can do next: the problem's sentence, the refused values, a way to retry.
 *
 * @param error anything caught; nothing is shown for null and undefined
 * @param labels the names of fields by their path, for the list of refused values
 * @param placed the paths of refused values that are told at their fields already
 */
export function ProblemAlert({ error, onRetry, labels = {}, placed = [] }: { error: unknown; onRetry?: () => void; labels?: Record<string, string>; placed?: readonly string[] }) {
  useLanguage();
  if (error === null || error === undefined) return null;
  const problem = asProblem(error);
  const listed = problem.errors.filter((refused) => !placed.includes(refused.path.replace(/^\//, '')));
  return (
    <div className="bh-problem" role="alert">
      <svg className="bh-problem-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="7" fill="currentColor" />
        <rect x="7.1" y="4" width="1.8" height="5" rx="0.9" className="bh-problem-cut" />
        <circle cx="8" cy="11.4" r="1.1" className="bh-problem-cut" />
      </svg>
      <div className="bh-problem-body">
        <p className="bh-problem-title">{problem.title}</p>
        {problem.detail !== undefined && problem.detail !== problem.title && <p>{problem.detail}</p>}
        {listed.length > 0 && (
          <ul>
            {listed.map((refused) => {
              const label = labels[refused.path] ?? labels[refused.path.replace(/^\//, '')];
              return <li key={`${refused.path} ${refused.code}`}>{label === undefined ? refused.message : `${label}: ${refused.message}`}</li>;
            })}
          </ul>
        )}
      </div>
      {onRetry !== undefined && (
        <button type="button" className="bh-problem-retry" onClick={onRetry}>
          {words('problem.retry')}
        </button>
      )}
    </div>
  );
}
