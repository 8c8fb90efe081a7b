import { Tooltip } from 'antd';
import { useRef } from 'react';
import { wordsIn } from '../../../ui/form/answers.ts';
import { usePaletteDrag } from '../canvas/palette-drag.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useFlowTexts } from '../flow-texts.ts';
import { itemHints, itemNames, paletteGroups, toneOf, type PaletteItem } from './node-kinds.ts';
import { actionKinds, type NodeKind } from '../../../../rules/workflow/definition.ts';
import styles from './designer.module.css';

export const toneOfItem = (item: PaletteItem): string => ((actionKinds as readonly string[]).includes(item) ? 'action' : toneOf(item as NodeKind));

/** The kinds of steps there are (节点面板): dragged onto the canvas or into an arrow, or put behind what is selected by a click. */
export function Palette({ onAdd, hasStart }: { onAdd: (item: PaletteItem) => void; hasStart: boolean }) {
  const { t: say } = useFlowTexts();
  return (
    <nav className={styles.palette} aria-label={say('palette.label')}>
      {paletteGroups.map((group) => (
        <section key={group.key}>
          <h2>{say(`palette.${group.key}`)}</h2>
          <div className={styles.kinds}>
            {group.items.filter((item) => item !== 'start' || !hasStart).map((item) => <PaletteButton key={item} item={item} onAdd={() => onAdd(item)} />)}
          </div>
        </section>
      ))}
    </nav>
  );
}

function PaletteButton({ item, onAdd }: { item: PaletteItem; onAdd: () => void }) {
  const { language } = useFlowTexts();
  const element = useRef<HTMLButtonElement>(null);
  const dragging = usePaletteDrag(element, item);
  return (
    <Tooltip title={wordsIn(itemHints[item], language)} placement="right" mouseEnterDelay={0.5}>
      <button ref={element} type="button" className={styles.kind} data-tone={toneOfItem(item)} data-dragging={dragging || undefined} onClick={onAdd}>
        <NodeIcon item={item} size={15} />
        <span>{wordsIn(itemNames[item], language)}</span>
      </button>
    </Tooltip>
  );
}
