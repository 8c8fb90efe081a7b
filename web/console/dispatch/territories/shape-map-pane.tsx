import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Shape } from '../../../../rules/places/territory.ts';
import { useTheme } from '../../../ui/react/preferences.ts';
import { ProblemAlert } from '../../../ui/react/index.ts';
import { mapSettings } from '../board/data.ts';
import { withRing } from './ring-text.ts';
import type { ShapeMap, ShapeModel } from './shape-map.ts';
import { useTerritoryTexts } from './texts.ts';
import styles from './territories.module.css';

type Props = { areas: ShapeModel['areas']; draft: ShapeModel['draft']; focus: string | null; onChoose: (id: string) => void; onShape: (shape: Shape) => void };

/** The map of the areas (服务区域地图): all of them, and the one that is drawn. */
export function ShapeMapPane({ areas, draft, focus, onChoose, onShape }: Props) {
  const { t: say } = useTerritoryTexts();
  const theme = useTheme();
  const settings = useQuery(mapSettings);
  // Where it is not known what to draw on, there is always the plain base.
  const tiles = settings.isPending ? undefined : settings.data?.tiles ?? null;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<ShapeMap | null>(null);
  const [opened, setOpened] = useState(0);
  const [problem, setProblem] = useState<unknown>(null);
  const acts = useRef({ draft, onChoose, onShape, say });
  acts.current = { draft, onChoose, onShape, say };
  const fitted = useRef<string | null | undefined>(undefined);

  useEffect(() => {
    const element = place.current;
    if (element === null || tiles === undefined) return undefined;
    let gone = false;
    let opening: ShapeMap | null = null;
    import('./shape-map.ts').then(({ openShapeMap }) => {
      if (gone) return;
      opening = openShapeMap(element, tiles, {
        onChoose: (id) => acts.current.onChoose(id),
        onRing: (ring) => {
          const { draft: drawn, onShape: tell } = acts.current;
          if (drawn !== null) tell(withRing(drawn.shape, drawn.at, ring));
        },
        words: { corner: (number) => acts.current.say('area.corner', { number }), between: () => acts.current.say('area.between') },
      });
      view.current = opening;
      fitted.current = undefined;
      setOpened((count) => count + 1);
    }).catch(setProblem);
    return () => {
      gone = true;
      opening?.close();
      view.current = null;
    };
  }, [theme, tiles]);

  useEffect(() => {
    const map = view.current;
    if (map === null) return;
    map.update({ areas, draft });
    if (fitted.current === focus || (areas.length === 0 && draft === null)) return;
    fitted.current = focus;
    const chosen = areas.find(({ id }) => id === focus);
    map.fit(draft !== null && draft.shape.flat(2).length > 0 ? draft.shape : chosen?.shape ?? null);
  }, [areas, draft, focus, opened]);

  return (
    <div className={styles.pane} role="region" aria-label={say('area.map')}>
      <div ref={place} className={styles.map} data-drawing={draft !== null || undefined} />
      {problem !== null && <ProblemAlert error={problem} />}
    </div>
  );
}
