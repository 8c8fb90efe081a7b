import { words, type Priority } from '../words.ts';
import { useLanguage } from './preferences.ts';
import './react.css';

const bars: Record<Exclude<Priority, 'urgent'>, number> = { high: 3, normal: 2, low: 1 };

/** A priority (优先级) as three bars, or a filled exclamation mark when urgent; the shape tells it without colour. */
export function PriorityMark({ priority, withLabel = false }: { priority: Priority; withLabel?: boolean }) {
  useLanguage();
  const name = words(`priority.${priority}`);
  return (
    <span
      className={`bh-priority bh-priority-${priority}`}
      title={withLabel ? undefined : words('priority.label', { priority: name })}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {priority === 'urgent' ? (
          <>
            <rect x="1" y="1" width="14" height="14" rx="3.5" fill="currentColor" />
            <rect x="7" y="3.8" width="2" height="5.4" rx="1" className="bh-priority-cut" />
            <circle cx="8" cy="11.6" r="1.2" className="bh-priority-cut" />
          </>
        ) : (
          [0, 1, 2].map((bar) => (
            <rect
              key={bar}
              x={2 + bar * 4.5}
              y={10 - bar * 3.5}
              width="3"
              height={4 + bar * 3.5}
              rx="1"
              fill="currentColor"
              opacity={bar < bars[priority] ? 1 : 0.28}
            />
          ))
        )}
      </svg>
      {withLabel ? name : <span className="visually-hidden">{words('priority.label', { priority: name })}</span>}
    </span>
  );
}
