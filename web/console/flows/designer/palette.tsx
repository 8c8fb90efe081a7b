import { Tooltip } from 'antd';
import { useRef, useState, type KeyboardEvent } from 'react';
import { wordsIn } from '../../../ui/form/answers.ts';
import { usePaletteDrag } from '../canvas/palette-drag.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useFlowTexts } from '../flow-texts.ts';
import { itemHints, itemNames, paletteGroups, toneOf, type PaletteItem } from './node-kinds.ts';
import { actionKinds, type NodeKind } from '../../../../rules/workflow/definition.ts';
import styles from './designer.module.css';

export const toneOfItem = (item: PaletteItem): string => ((actionKinds as readonly string[]).includes(item) ? 'action' : toneOf(item as NodeKind));

/**
 * The kinds of steps there are (节点面板): dragged onto the canvas or into an arrow, or put behind what is selected by a click. By
 * keys it is one stop on the way to the canvas; the arrows go through it.
 */
export function Palette({ onAdd, hasStart }: { onAdd: (item: PaletteItem) => void; hasStart: boolean }) {
  const { t: say } = useFlowTexts();
  const [current, setCurrent] = useState<PaletteItem | null>(null);
  const items = paletteGroups.flatMap((group) => group.items.filter((item) => item !== 'start' || !hasStart));
  const stop = current !== null && items.includes(current) ? current : items[0];

  function move(event: KeyboardEvent<HTMLElement>): void {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button')];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const next = event.key === 'ArrowRight' || event.key === 'ArrowDown' ? at + 1 : event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? at - 1 : event.key === 'Home' ? 0 : event.key === 'End' ? buttons.length - 1 : -1;
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey || buttons[next] === undefined) return;
    event.preventDefault();
    buttons[next].focus();
  }

  return (
    <nav className={styles.palette} aria-label={say('palette.label')} onKeyDown={move}>
      {paletteGroups.map((group) => (
        <section key={group.key}>
          <h2>{say(`palette.${group.key}`)}</h2>
          <div className={styles.kinds}>
            {group.items.filter((item) => item !== 'start' || !hasStart).map((item) => <PaletteButton key={item} item={item} isStop={item === stop} onFocus={() => setCurrent(item)} onAdd={() => onAdd(item)} />)}
          </div>
        </section>
      ))}
    </nav>
  );
}

function PaletteButton({ item, isStop, onFocus, onAdd }: { item: PaletteItem; isStop: boolean; onFocus: () => void; onAdd: () => void }) {
  const { language } = useFlowTexts();
  const element = useRef<HTMLButtonElement>(null);
  const dragging = usePaletteDrag(element, item);
  return (
    <Tooltip title={wordsIn(itemHints[item], language)} placement="right" mouseEnterDelay={0.5}>
      <button ref={element} type="button" className={styles.kind} data-tone={toneOfItem(item)} data-dragging={dragging || undefined} tabIndex={isStop ? 0 : -1} onFocus={onFocus} onClick={onAdd}>
        <NodeIcon item={item} size={15} />
        <span>{wordsIn(itemNames[item], language)}</span>
      </button>
    </Tooltip>
  );
}
