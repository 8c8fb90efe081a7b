import { words, type StatusClass } from '../words.ts';
import { useLanguage } from './preferences.ts';
import './react.css';

/** A ticket's status (状态): coloured by its class, worded by the organization when `label` is given. */
export function StatusTag({ status, label }: { status: StatusClass; label?: string }) {
  useLanguage();
  return (
    <span className={`bh-status bh-status-${status}`}>
      <span className="bh-status-dot" aria-hidden="true" />
      {label ?? words(`status.${status}`)}
    </span>
  );
}
