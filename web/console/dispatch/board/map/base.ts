import * as leaflet from 'leaflet';
import type { MapTiles } from '../../../../../contract/map.ts';
import { quietBase } from './quiet-base.ts';

/**
 * What a map is drawn on (底图): the tiles the program is set up with, or the quiet base. Where tiles do not come, as without a network, the
 * quiet base lies under what there is of them.
 */
export function putBase(map: leaflet.Map, tiles: MapTiles | null): void {
  const base = quietBase(map);
  if (tiles === null) {
    base.addTo(map);
    return;
  }
  for (const url of tiles.urls) {
    const layer = leaflet.tileLayer(url, { attribution: tiles.attribution, maxZoom: tiles.maxZoom, referrerPolicy: 'origin', className: 'map-tiles' });
    layer.on('tileerror', () => {
      if (!map.hasLayer(base)) base.addTo(map);
    });
    layer.addTo(map);
  }
}
