import gcoord from 'gcoord';
import type { TileSystem } from '../../../../../contract/map.ts';

export type Place = { lat: number; lng: number };

/** Where a place, kept as WGS-84, stands on tiles of that system. */
export function onTiles({ lat, lng }: Place, system: TileSystem): [lat: number, lng: number] {
  if (system === 'WGS84') return [lat, lng];
  const [x, y] = gcoord.transform([lng, lat], gcoord.WGS84, gcoord.GCJ02) as [number, number];
  return [y, x];
}

/** The other way round: the WGS-84 place of a point on such tiles. */
export function fromTiles({ lat, lng }: Place, system: TileSystem): Place {
  if (system === 'WGS84') return { lat, lng };
  const [x, y] = gcoord.transform([lng, lat], gcoord.GCJ02, gcoord.WGS84) as [number, number];
  return { lat: y, lng: x };
}
