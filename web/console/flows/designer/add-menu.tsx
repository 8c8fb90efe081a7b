import { useEffect, useRef, type KeyboardEvent } from 'react';
import { createPortal } from 'react-dom';
import { wordsIn } from '../../../ui/form/answers.ts';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { useFlowTexts } from '../flow-texts.ts';
import { itemNames, paletteGroups, type PaletteItem } from './node-kinds.ts';
import { toneOfItem } from './palette.tsx';
import styles from './designer.module.css';

type Props = { place: { x: number; y: number }; onChoose: (item: PaletteItem) => void; onClose: () => void };

const columns = 3;

/** What comes here (添加节点): all kinds of steps, where one asked for one. */
export function AddMenu({ place, onChoose, onClose }: Props) {
  const { t: say, language } = useFlowTexts();
  const menu = useRef<HTMLDivElement>(null);
  const opener = useRef(document.activeElement);

  useEffect(() => {
    menu.current?.querySelector('button')?.focus();
    const away = (event: PointerEvent): void => {
      if (!menu.current?.contains(event.target as Node)) onClose();
    };
    // The press that opened it is over only after this.
    const timer = setTimeout(() => addEventListener('pointerdown', away, true));
    return () => {
      clearTimeout(timer);
      removeEventListener('pointerdown', away, true);
    };
  }, [onClose]);

  function press(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      onClose();
      if (opener.current instanceof HTMLElement) opener.current.focus();
      return;
    }
    const buttons = [...(menu.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    buttons[Math.min(buttons.length - 1, Math.max(0, at + by))]?.focus();
  }

  const left = Math.max(8, Math.min(place.x - 170, innerWidth - 356));
  const top = Math.max(8, Math.min(place.y + 8, innerHeight - 380));
  return createPortal(
    <div ref={menu} className={styles.addMenu} role="menu" tabIndex={-1} aria-label={say('menu.add')} style={{ left, top }} onKeyDown={press}>
      {paletteGroups.map((group) => (
        <div key={group.key} role="group" aria-label={say(`palette.${group.key}`)}>
          <h3>{say(`palette.${group.key}`)}</h3>
          <div className={styles.addItems}>
            {group.items.filter((item) => item !== 'start').map((item) => (
              <button key={item} type="button" role="menuitem" tabIndex={-1} data-tone={toneOfItem(item)} onClick={() => onChoose(item)}>
                <NodeIcon item={item} size={16} />
                <span>{wordsIn(itemNames[item], language)}</span>
              </button>
            ))}
          </div>
        </div>
      ))}
    </div>,
    document.body,
  );
}
