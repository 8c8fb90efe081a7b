import { Type, type Static } from 'typebox';
import { Closed, Nullable, OneOf } from './common.ts';

/** Coordinate systems in which map tiles are drawn (瓦片坐标系). */
export const tileSystems = ['WGS84', 'GCJ02'] as const;
export type TileSystem = (typeof tileSystems)[number];

/** The map that the pages draw on (底图), as the program is set up. */
export const MapSettings = Closed({
  tiles: Nullable(Closed({
    urls: Type.Array(Type.String(), { description: 'Addresses with {z}, {x} and {y}; one layer upon the other' }),
    system: OneOf(tileSystems, { description: 'Places are kept as WGS-84: on GCJ-02 tiles they are drawn shifted' }),
    attribution: Type.String(), maxZoom: Type.Integer(),
  }, { description: 'Null: a plain base that needs no network' })),
}, { title: 'MapSettings' });
export type MapSettings = Static<typeof MapSettings>;
export type MapTiles = NonNullable<MapSettings['tiles']>;
