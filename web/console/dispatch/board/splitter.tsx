import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import styles from './splitter.module.css';

type Props = { label: string; /** Pixels the part behind it has. */ size: number; minimum: number; maximum: number; onResize: (size: number) => void };

const keyStep = 32;

/** The edge between two parts (分隔条), moved by dragging or by the arrow keys. */
export function Splitter({ label, size, minimum, maximum, onResize }: Props) {
  const begun = useRef<{ x: number; size: number } | null>(null);
  const within = (next: number): number => Math.round(Math.min(Math.max(next, minimum), maximum));

  function onKeyDown(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowLeft: keyStep, ArrowRight: -keyStep, Home: Infinity, End: -Infinity };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onResize(within(size + step));
  }

  function onPointerMove(event: PointerEvent): void {
    if (begun.current !== null) onResize(within(begun.current.size + begun.current.x - event.clientX));
  }

  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={size}
      aria-valuemin={minimum}
      aria-valuemax={maximum}
      tabIndex={0}
      className={styles.splitter}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        begun.current = { x: event.clientX, size };
        event.preventDefault();
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        begun.current = null;
      }}
    />
  );
}
