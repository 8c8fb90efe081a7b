import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { memo } from 'react';
import type { FlowNode } from '../../../../rules/workflow/definition.ts';
import { Icon } from '../../parts/icon.tsx';
import { timersOf } from '../designer/edit-flow.ts';
import { isGateway, isRound, itemOf, toneOf } from '../designer/node-kinds.ts';
import { NodeIcon } from './node-icon.tsx';
import styles from './canvas.module.css';

/** What is marked on a node: its findings, tokens that stand there, how it differs from another version. */
export interface NodeMark {
  errors?: number;
  warnings?: number;
  /** What is said of its findings, for whoever points at it. */
  said?: string;
  tokens?: number;
  held?: boolean;
  visited?: boolean;
  change?: 'added' | 'removed' | 'changed';
  count?: number;
}
/** A word on a card: its status, its time limit. */
export interface NodeChip { key: string; text: string; icon?: 'clock' | 'status' | 'repeat' }

export type FlowNodeData = { node: FlowNode; name: string; kindName: string; summary: string; chips: readonly NodeChip[]; mark: NodeMark; editable: boolean; isLast: boolean; timerNames: readonly string[]; onAppend?: (id: string, element: HTMLElement) => void; appendLabel: string };
export type CanvasNode = Node<FlowNodeData, 'flow'>;

/** A node as it is drawn (节点): a card for what takes time, a diamond for a gateway, a pill for start and end. */
export const FlowNodeView = memo(function FlowNodeView({ data, selected, isConnectable }: NodeProps<CanvasNode>) {
  const { node, name, summary, chips, mark, editable, isLast, onAppend } = data;
  const item = itemOf(node);
  const shared = {
    'data-tone': toneOf(node.kind), 'data-kind': item, 'data-selected': selected || undefined, 'data-change': mark.change, 'data-visited': mark.visited || undefined,
    'data-wrong': (mark.errors ?? 0) > 0 ? 'error' : (mark.warnings ?? 0) > 0 ? 'warning' : undefined, 'data-standing': mark.held ? 'held' : (mark.tokens ?? 0) > 0 ? 'open' : undefined,
  };
  const ends = node.kind === 'end' || node.kind === 'terminate';
  return (
    <>
      {node.kind !== 'start' && <Handle type="target" id="in" position={Position.Top} isConnectable={isConnectable} className={styles.handle} />}
      {isGateway(node.kind) ? (
        <div className={styles.gateway} {...shared}>
          <span className={styles.diamond} />
          <NodeIcon item={item} size={20} />
          {name !== '' && <span className={styles.gatewayName} title={name}>{name}</span>}
          <Marks mark={mark} />
        </div>
      ) : isRound(node.kind) ? (
        <div className={styles.round} {...shared}>
          <NodeIcon item={item} size={15} />
          <span className={styles.roundName} title={name}>{name}</span>
          <Marks mark={mark} />
        </div>
      ) : (
        <div className={styles.card} {...shared}>
          <span className={styles.cardIcon}><NodeIcon item={item} size={17} /></span>
          <span className={styles.cardWords}>
            <span className={styles.cardName} title={name}>{name}</span>
            <span className={styles.cardSummary} title={summary}>{summary}</span>
          </span>
          {chips.length > 0 && (
            <span className={styles.chips}>
              {chips.map((chip) => <span key={chip.key} className={styles.chip}>{chip.icon === 'clock' && <Icon name="clock" size={12} />}{chip.icon === 'status' && <span className={styles.chipDot} data-status={chip.key} />}{chip.icon === 'repeat' && <Icon name="reopen" size={12} />}<span>{chip.text}</span></span>)}
            </span>
          )}
          <Marks mark={mark} />
        </div>
      )}
      {timersOf(node).map((timer, index) => (
        <span key={timer.id} className={styles.timer} data-interrupting={timer.interrupting || undefined} style={{ right: 10 + index * 44 }} title={data.timerNames[index]}>
          <Icon name="clock" size={15} />
          <Handle type="source" id={timer.id} position={Position.Bottom} isConnectable={isConnectable} className={styles.timerHandle} />
        </span>
      ))}
      {!ends && <Handle type="source" id="out" position={Position.Bottom} isConnectable={isConnectable} className={styles.handle} />}
      {editable && isLast && !ends && onAppend !== undefined && (
        <button type="button" tabIndex={-1} className={`${styles.append} nodrag nopan`} aria-label={data.appendLabel} title={data.appendLabel} onClick={(event) => { event.stopPropagation(); onAppend(node.id, event.currentTarget); }}>
          <Icon name="plus" size={14} />
        </button>
      )}
    </>
  );
});

function Marks({ mark }: { mark: NodeMark }) {
  const wrong = (mark.errors ?? 0) + (mark.warnings ?? 0);
  return (
    <>
      {wrong > 0 && <span className={styles.wrongMark} data-level={(mark.errors ?? 0) > 0 ? 'error' : 'warning'} title={mark.said}>{wrong > 1 ? wrong : '!'}</span>}
      {(mark.tokens ?? 0) > 0 && <span className={styles.token} data-held={mark.held || undefined}>{(mark.tokens ?? 0) > 1 ? mark.tokens : ''}</span>}
      {(mark.count ?? 0) > 0 && <span className={styles.countMark}>{mark.count}</span>}
    </>
  );
}
