import { EdgeLabelRenderer, type Edge, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { labelPlace, pathOf, routeEdge, type Rectangle } from './route-edge.ts';
import styles from './canvas.module.css';

export type FlowEdgeData = {
  label: string;
  isDefault: boolean;
  wrong: boolean;
  taken: boolean;
  change?: 'added' | 'removed' | 'changed';
  source: Rectangle;
  target: Rectangle;
  /** Boxes it has to run past. */
  others: readonly Rectangle[];
  nudge: number;
  /** Whether others lead into the same target. */
  joined: boolean;
  dropping: boolean;
  onInsert?: (id: string, element: HTMLElement) => void;
  onChoose?: (id: string) => void;
  insertLabel: string;
};
export type CanvasEdge = Edge<FlowEdgeData, 'flow'>;

/** An arrow with what it says, and a button that puts a step into it (连线). */
export const FlowEdgeView = memo(function FlowEdgeView({ id, sourceX, sourceY, targetX, targetY, selected, data }: EdgeProps<CanvasEdge>) {
  if (data === undefined) return null;
  const way = routeEdge({ x: sourceX, y: sourceY }, { x: targetX, y: targetY - 3 }, data.source, data.target, data.others, data.nudge);
  const path = pathOf(way);
  const place = labelPlace(way, data.joined);
  const state = selected ? 'selected' : (data.change ?? (data.taken ? 'taken' : data.wrong ? 'wrong' : undefined));
  return (
    <>
      <path className={styles.edgeReach} d={path} />
      <path className={`react-flow__edge-path ${styles.edge}`} d={path} data-state={state} data-default={data.isDefault || undefined} markerEnd={`url(#flow-arrow-${state ?? 'plain'})`} />
      <EdgeLabelRenderer>
        <div className={`${styles.edgeLabel} nodrag nopan`} data-edge={id} data-dropping={data.dropping || undefined} style={{ transform: `translate(-50%, -50%) translate(${place.x}px, ${place.y}px)` }}>
          {data.label !== '' && data.onChoose === undefined && <span className={styles.edgeWords} data-state={state} title={data.label}>{data.label}</span>}
          {data.label !== '' && data.onChoose !== undefined && <button type="button" tabIndex={-1} className={styles.edgeWords} data-state={state} title={data.label} onClick={(event) => { event.stopPropagation(); data.onChoose?.(id); }}>{data.label}</button>}
          {data.onInsert !== undefined && (
            <button type="button" tabIndex={-1} className={styles.insert} aria-label={data.insertLabel} title={data.insertLabel} onClick={(event) => { event.stopPropagation(); data.onInsert?.(id, event.currentTarget); }}>
              <Icon name="plus" size={12} />
            </button>
          )}
        </div>
      </EdgeLabelRenderer>
    </>
  );
});

const arrowStates = ['plain', 'selected', 'taken', 'wrong', 'added', 'removed', 'changed'] as const;

/** The heads of the arrows; once for each canvas. */
export function ArrowHeads() {
  return (
    <svg className={styles.heads} aria-hidden="true">
      <defs>
        {arrowStates.map((state) => (
          <marker key={state} id={`flow-arrow-${state}`} viewBox="0 0 10 10" refX="7" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
            <path className={styles.head} data-state={state} d="M1 1.5 8 5 1 8.500z" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
