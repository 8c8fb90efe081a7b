import { useMemo, useRef, type KeyboardEvent } from 'react';
import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import type { NodeMark } from '../canvas/flow-node.tsx';
import { useFlowTexts } from '../flow-texts.ts';
import type { FlowWords } from '../flow-words.ts';
import { readingOrder } from './edit-flow.ts';
import { itemOf, toneOf } from './node-kinds.ts';
import styles from './designer.module.css';

type Props = { definition: FlowDefinition; words: FlowWords; selected: ReadonlySet<string>; marks: ReadonlyMap<string, NodeMark>; onSelect: (ids: ReadonlySet<string>) => void };

/** All the steps as a list (大纲), in the order one reads them: whoever does not use a mouse goes through the flow here. */
export function Outline({ definition, words, selected, marks, onSelect }: Props) {
  const { t: say } = useFlowTexts();
  const nodes = useMemo(() => readingOrder(definition), [definition]);
  const list = useRef<HTMLUListElement>(null);
  const current = nodes.findIndex((node) => selected.has(node.id));

  function move(event: KeyboardEvent): void {
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const next = event.key === 'ArrowDown' ? at + 1 : event.key === 'ArrowUp' ? at - 1 : event.key === 'Home' ? 0 : event.key === 'End' ? buttons.length - 1 : -1;
    const [button, node] = [buttons[next], nodes[next]];
    if (at < 0 || event.altKey || button === undefined || node === undefined) return;
    event.preventDefault();
    button.focus();
    onSelect(new Set(event.shiftKey ? [...selected, node.id] : [node.id]));
  }

  return (
    <section className={styles.outline} aria-label={say('outline.label')}>
      <h2>{say('outline.label')} <span>{definition.nodes.length}</span></h2>
      {nodes.length === 0 ? <p className={styles.hint}>{say('outline.empty')}</p> : (
        <ul ref={list} onKeyDown={move}>
          {nodes.map((node, index) => {
            const mark = marks.get(node.id);
            const wrong = (mark?.errors ?? 0) + (mark?.warnings ?? 0);
            return (
              <li key={node.id}>
                <button
                  type="button" className={styles.outlineItem} data-tone={toneOf(node.kind)} data-node={node.id} aria-current={selected.has(node.id) || undefined} tabIndex={index === Math.max(0, current) ? 0 : -1}
                  onClick={(event) => onSelect(new Set(event.ctrlKey || event.metaKey || event.shiftKey ? [...selected, node.id] : [node.id]))}
                >
                  <NodeIcon item={itemOf(node)} size={14} />
                  <span className={styles.outlineName}>{words.name(node) || words.kind(node)}</span>
                  {wrong > 0 && <span className={styles.dot} data-level={(mark?.errors ?? 0) > 0 ? 'error' : 'warning'} aria-label={mark?.said} role="img" />}
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
