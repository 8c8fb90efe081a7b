import { useEffect, type RefObject } from 'react';
import { createPortal } from 'react-dom';
import { useBoard } from './board-context.ts';
import type { BoardRow } from './board-model.ts';
import { carry, useCarry, type Carrying } from './carry.ts';
import { CostCard } from './cost-card.tsx';
import { dayIn, leftOf, widthOf, stepped } from './scale.ts';
import { headHeight, namesWidth, rowHeight } from './technician-row.tsx';
import styles from './carry-layer.module.css';

type Props = { rows: readonly BoardRow[]; scroller: RefObject<HTMLDivElement | null>; zone: string };

/** Nearer to an edge than this, what is dragged makes the timeline scroll. */
const edge = 56;
const cardWidth = 264;

/** What is carried, as it would lie on the board (落点预览), with what that costs beside it. */
export function CarryLayer(props: Props) {
  const carrying = useCarry();
  return carrying === null ? null : <Carried {...props} carrying={carrying} />;
}

function Carried({ rows, scroller, carrying }: Props & { carrying: Carrying }) {
  const { scale, time, drop, date, zone } = useBoard();
  const { carried, target, by, at } = carrying;
  // What goes to another day lies nowhere on this one.
  const aim = target === null || target === 'lane' || dayIn(zone, target.start) !== date ? null : target;
  const index = aim === null ? -1 : rows.findIndex(({ id }) => id === aim.technicianId);
  const length = carried.stop.minutes * 60_000;

  // By keys the place that is aimed at is brought into sight.
  useEffect(() => {
    const element = scroller.current;
    if (by !== 'keys' || element === null || aim === null || index < 0) return;
    const top = index * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight + headHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight + headHeight - element.clientHeight;
    const left = leftOf(scale, aim.start);
    const right = leftOf(scale, aim.start + length) + namesWidth;
    if (left < element.scrollLeft) element.scrollLeft = Math.max(0, left - 48);
    else if (right > element.scrollLeft + element.clientWidth) element.scrollLeft = right - element.clientWidth + 48;
  }, [aim, by, index, length, scale, scroller]);

  useEffect(() => {
    if (by !== 'keys') return undefined;
    const key = (event: KeyboardEvent): void => {
      const { target: there } = carry.now() ?? {};
      if (there == null || there === 'lane') return;
      const row = rows.findIndex(({ id }) => id === there.technicianId);
      const to = (technician: BoardRow | undefined, start: number): void => {
        if (technician !== undefined) carry.move({ technicianId: technician.id, start });
      };
      const steps = event.shiftKey ? Math.max(1, Math.round(60 / scale.snap)) : 1;
      const keys: Record<string, () => void> = {
        ArrowLeft: () => to(rows[row], stepped(scale, there.start, -steps)), ArrowRight: () => to(rows[row], stepped(scale, there.start, steps)),
        ArrowUp: () => to(rows[Math.max(0, row - 1)], there.start), ArrowDown: () => to(rows[Math.min(rows.length - 1, row + 1)], there.start),
        PageUp: () => to(rows[Math.max(0, row - 10)], there.start), PageDown: () => to(rows[Math.min(rows.length - 1, row + 10)], there.start),
        Escape: () => carry.end(),
        Enter: () => {
          const held = carry.now();
          carry.end();
          if (held?.target != null) drop(held.carried, held.target);
        },
      };
      const deed = keys[event.key];
      if (deed === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      deed();
    };
    addEventListener('keydown', key, true);
    return () => removeEventListener('keydown', key, true);
  }, [by, drop, rows, scale]);

  useEffect(() => {
    if (by !== 'pointer') return undefined;
    let frame = 0;
    const scroll = (): void => {
      const element = scroller.current;
      const pointer = carry.now()?.at;
      if (element !== null && pointer != null) {
        const area = element.getBoundingClientRect();
        const inside = pointer.x > area.left && pointer.x < area.right && pointer.y > area.top - edge && pointer.y < area.bottom + edge;
        const pull = (distance: number): number => Math.ceil(Math.max(0, edge - distance) / 5);
        if (inside) {
          element.scrollTop += pull(area.bottom - pointer.y) - pull(pointer.y - area.top - headHeight);
          if (pointer.x > area.left + namesWidth - edge) element.scrollLeft += pull(area.right - pointer.x) - pull(pointer.x - area.left - namesWidth);
        }
      }
      frame = requestAnimationFrame(scroll);
    };
    frame = requestAnimationFrame(scroll);
    return () => cancelAnimationFrame(frame);
  }, [by, scroller]);

  const left = aim === null ? 0 : namesWidth + leftOf(scale, aim.start);
  const top = headHeight + Math.max(index, 0) * rowHeight;
  const area = scroller.current?.getBoundingClientRect();
  const from = at ?? (area === undefined || scroller.current === null ? { x: 0, y: 0 } : { x: area.left + left - scroller.current.scrollLeft, y: area.top + top - scroller.current.scrollTop + rowHeight - 12 });
  const x = Math.max(8, Math.min(from.x + 18, innerWidth - cardWidth - 8));
  const below = from.y + 24;
  return (
    <>
      {aim !== null && index >= 0 && (
        <>
          <span className={styles.guide} style={{ left, top: headHeight }} />
          <span className={styles.ghost} style={{ left, top: top + 5, width: Math.max(widthOf(scale, aim.start, aim.start + length), 12), height: rowHeight - 11 }}>
            <strong>{time(aim.start)}</strong>
            <span>{carried.stop.subject}</span>
          </span>
        </>
      )}
      {createPortal(
        <div className={styles.card} style={below > innerHeight - 190 ? { left: x, bottom: innerHeight - from.y + 20, width: cardWidth } : { left: x, top: below, width: cardWidth }}>
          <CostCard carried={carried} target={target} by={by} name={target === null || target === 'lane' ? null : rows.find(({ id }) => id === target.technicianId)?.name ?? null} />
        </div>,
        document.body,
      )}
    </>
  );
}
