import type { ReactNode } from 'react';
import './react.css';

/** Nothing here (空状态): says why, and what one can do next. */
export function EmptyState({ title, hint, action, icon }: { title: string; hint?: ReactNode; action?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="bh-empty">
      {icon !== undefined && <div className="bh-empty-icon" aria-hidden="true">{icon}</div>}
      <p className="bh-empty-title">{title}</p>
      {hint !== undefined && <p className="bh-empty-hint">{hint}</p>}
      {action !== undefined && <div className="bh-empty-action">{action}</div>}
    </div>
  );
}
