import SignaturePad, { type PointGroup } from 'signature_pad';
import { useEffect, useRef } from 'react';
import type { Strokes } from '../data/database.ts';
import { useTexts } from '../i18n.ts';

export interface SignatureHandle {
  isEmpty: () => boolean;
  /** Dark strokes on white, as a PNG. */
  picture: () => Promise<Blob | null>;
}

/** Draws kept strokes on a pad that may have another width by now. */
function redraw(pad: SignaturePad, canvas: HTMLCanvasElement, strokes: Strokes | null): void {
  if (strokes === null || strokes.width === 0) return;
  const scale = canvas.clientWidth / strokes.width;
  const groups = (strokes.groups as PointGroup[]).map((group) => ({
    ...group,
    points: group.points.map((point) => ({ ...point, x: point.x * scale, y: point.y * scale })),
  }));
  pad.fromData(groups);
}

/**
 * A signature across the whole width (客户签字). Its strokes are handed out as they are made, so that a reload
 * loses none.
 */
export function SignatureField({ strokes, onChange, onReady, describedBy, invalid }: { strokes: Strokes | null; onChange: (strokes: Strokes | null) => void; onReady: (handle: SignatureHandle) => void; describedBy?: string; invalid: boolean }) {
  const { t } = useTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  // The pad lives as long as the field; what it reads and calls is always the newest.
  const latest = useRef({ strokes, onChange, onReady });
  latest.current = { strokes, onChange, onReady };

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    // Always ink on paper, in the dark theme too: this is what goes on the report.
    const made = new SignaturePad(element, { backgroundColor: '#ffffff', penColor: '#0b1a33', minWidth: 1.2, maxWidth: 3.4 });
    pad.current = made;

    let width = 0;
    const fit = (): void => {
      // Turning the phone clears a canvas; a changed height alone (the keyboard) must not.
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      const ratio = Math.max(devicePixelRatio, 1);
      element.width = width * ratio;
      element.height = element.clientHeight * ratio;
      element.getContext('2d')?.scale(ratio, ratio);
      made.clear();
      redraw(made, element, latest.current.strokes);
    };
    const observer = new ResizeObserver(fit);
    observer.observe(element);
    fit();

    const onStroke = (): void => latest.current.onChange({ width: element.clientWidth, groups: made.toData() });
    made.addEventListener('endStroke', onStroke);
    latest.current.onReady({
      isEmpty: () => made.isEmpty(),
      picture: () => new Promise((resolve) => element.toBlob(resolve, 'image/png')),
    });
    return () => {
      observer.disconnect();
      made.removeEventListener('endStroke', onStroke);
      made.off();
    };
  }, []);

  return (
    <div className={invalid ? 'signature signature-invalid' : 'signature'}>
      <canvas ref={canvas} className="signature-canvas" role="img" aria-label={t('complete.signature')} aria-describedby={describedBy} />
      {strokes === null && <span className="signature-hint" aria-hidden="true">{t('complete.signHere')}</span>}
      {strokes !== null && (
        <button
          type="button"
          className="signature-clear"
          onClick={() => {
            pad.current?.clear();
            onChange(null);
          }}
        >
          {t('complete.clear')}
        </button>
      )}
    </div>
  );
}
