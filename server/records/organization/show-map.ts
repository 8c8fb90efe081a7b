import { MapSettings } from '../../../contract/map.ts';
import { useCase } from '../../platform/http/use-case.ts';

/** What the pages draw maps on (底图设置). */
export const showMap = useCase({
  summary: 'Show what maps are drawn on',
  answer: MapSettings,
  run: async ({ services }) => ({ tiles: services.mapTiles ?? null }),
});
