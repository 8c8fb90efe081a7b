import { Panel, useReactFlow, useViewport } from '@xyflow/react';
import { Icon } from '../../parts/icon.tsx';
import { useFlowTexts } from '../flow-texts.ts';
import styles from './canvas.module.css';

/** Nearer, further, everything (缩放). */
export function ZoomBar({ onFit }: { onFit: () => void }) {
  const { t: say } = useFlowTexts();
  const flow = useReactFlow();
  const { zoom } = useViewport();
  return (
    <Panel position="bottom-left" className={styles.zoomBar}>
      <button type="button" aria-label={say('canvas.zoomOut')} title={say('canvas.zoomOut')} onClick={() => void flow.zoomOut({ duration: 0 })}><Minus /></button>
      <button type="button" className={styles.zoomValue} title={say('canvas.zoomReset')} onClick={() => void flow.zoomTo(1, { duration: 0 })}>{Math.round(zoom * 100)}%</button>
      <button type="button" aria-label={say('canvas.zoomIn')} title={say('canvas.zoomIn')} onClick={() => void flow.zoomIn({ duration: 0 })}><Icon name="plus" size={14} /></button>
      <button type="button" aria-label={say('canvas.fit')} title={say('canvas.fit')} onClick={onFit}><Fit /></button>
    </Panel>
  );
}

const drawn = { viewBox: '0 0 16 16', width: 14, height: 14, fill: 'none', stroke: 'currentColor', strokeWidth: 1.35, strokeLinecap: 'round', strokeLinejoin: 'round', 'aria-hidden': true } as const;
const Minus = () => <svg {...drawn}><path d="M3 8h10" /></svg>;
const Fit = () => <svg {...drawn}><path d="M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10" /></svg>;
