import { App, Button, Input, Select } from 'antd';
import { useRef, useState } from 'react';
import { faultsOfShape, type Shape } from '../../../../rules/places/territory.ts';
import { Icon } from '../../parts/icon.tsx';
import { readGeoJson, readRing, ringText, withoutRing, withRing } from './ring-text.ts';
import { useTerritoryTexts } from './texts.ts';
import styles from './territories.module.css';

type At = { polygon: number; ring: number };
type Props = { shape: Shape; at: At; onShape: (shape: Shape) => void; onAt: (at: At) => void; onCrs: (system: 'WGS84' | 'GCJ02' | 'BD09') => void };

/** The bounds of an area as text (边界顶点), ring by ring; or from a file of GeoJSON. */
export function BoundsEditor({ shape, at, onShape, onAt, onCrs }: Props) {
  const { t: say } = useTerritoryTexts();
  const { message } = App.useApp();
  const picker = useRef<HTMLInputElement>(null);
  const ring = shape[at.polygon]?.[at.ring] ?? [];
  // What is typed stays as it is for as long as it is not right.
  const [typed, setTyped] = useState<{ key: string; text: string } | null>(null);
  const key = `${at.polygon}.${at.ring}`;
  const text = typed !== null && typed.key === key ? typed.text : ringText(ring);
  const read = readRing(text);
  const rings = shape.flatMap((polygon, place) => polygon.map((_, index) => ({ value: `${place}.${index}`, label: index === 0 ? say('area.ring', { polygon: place + 1 }) : say('area.hole', { polygon: place + 1, ring: index }) })));
  const fault = faultsOfShape(shape).find(({ polygon, ring: index }) => polygon === at.polygon && index === at.ring)?.fault;
  const go = (next: Shape, to: At): void => {
    setTyped(null);
    onShape(next);
    onAt(to);
  };
  return (
    <div className={styles.field} role="group" aria-label={say('area.bounds')}>
      <span>{say('area.bounds')}</span>
      <p className={styles.muted}>{say('area.how')}</p>
      <div className={styles.rings}>
        <Select
          className={styles.grow} value={key} options={rings} aria-label={say('area.bounds')}
          onChange={(value: string) => {
            const [polygon, index] = value.split('.').map(Number);
            onAt({ polygon: polygon ?? 0, ring: index ?? 0 });
          }}
        />
        <Button icon={<Icon name="trash" size={14} />} aria-label={say('area.removeRing')} title={say('area.removeRing')} onClick={() => {
          const left = withoutRing(shape, at);
          go(left.length === 0 ? [[[]]] : left, { polygon: 0, ring: 0 });
        }} />
      </div>
      <div className={styles.rings}>
        <Button size="small" onClick={() => go([...shape, [[]]], { polygon: shape.length, ring: 0 })}>{say('area.addPart')}</Button>
        <Button size="small" disabled={ring.length < 3} onClick={() => go(shape.map((polygon, place) => (place === at.polygon ? [...polygon, []] : polygon)), { polygon: at.polygon, ring: shape[at.polygon]!.length })}>{say('area.addHole')}</Button>
        <Button size="small" icon={<Icon name="paperclip" size={14} />} onClick={() => picker.current?.click()}>{say('area.import')}</Button>
        <input
          ref={picker} type="file" accept=".json,.geojson,application/geo+json,application/json" hidden style={{ display: 'none' }} tabIndex={-1} aria-label={say('area.import')}
          onChange={async ({ target }) => {
            const file = target.files?.[0];
            target.value = '';
            if (file === undefined || file.size > 2_000_000) return;
            const found = readGeoJson(await file.text());
            if (found === null) void message.warning(say('area.importNone'));
            else go(found, { polygon: 0, ring: 0 });
          }}
        />
      </div>
      <label className={styles.lines}>
        {say('area.lines')}
        <Input.TextArea
          value={text} autoSize={{ minRows: 4, maxRows: 10 }} spellCheck={false} status={'line' in read || (fault !== undefined && ring.length > 2) ? 'error' : ''}
          onChange={({ target: { value } }) => {
            const pasted = value.trimStart().startsWith('{') ? readGeoJson(value) : null;
            if (pasted !== null) return go(pasted, { polygon: 0, ring: 0 });
            setTyped({ key, text: value });
            const next = readRing(value);
            if ('ring' in next) onShape(withRing(shape, at, next.ring));
          }}
          onBlur={() => 'ring' in read && setTyped(null)}
        />
      </label>
      {'line' in read && <span role="alert" className={styles.problem}>{say('area.lineWrong', { line: read.line })}</span>}
      {'ring' in read && fault !== undefined && ring.length > 2 && <span role="alert" className={styles.problem}>{say(`fault.${fault}`)}</span>}
      <label className={styles.field}>
        {say('area.crs')}
        <Select defaultValue="WGS84" onChange={onCrs} options={[{ value: 'WGS84', label: 'WGS-84 (GPS)' }, { value: 'GCJ02', label: 'GCJ-02' }, { value: 'BD09', label: 'BD-09' }]} />
        <span className={styles.muted}>{say('area.crsHint')}</span>
      </label>
    </div>
  );
}
