import type { MapTiles } from '../../../contract/map.ts';
import { readText, wrongSecret, type Environment } from './values.ts';

const allowed = 'osm, amap, tianditu:<key>, or an https address with {z}, {x} and {y} (with #GCJ02 at its end where its tiles are shifted)';

/**
 * The tiles that maps are drawn on (地图瓦片): those of OpenStreetMap, of 高德, of 天地图 with one's key, or of a server of one's own.
 * Undefined: the plain base, for which nothing is fetched.
 *
 * @throws {ConfigurationError} without what was given, as a key may be part of it
 */
export function readMapTiles(environment: Environment): MapTiles | undefined {
  const value = readText(environment, 'MAP_TILES');
  if (value === undefined) return undefined;
  if (value === 'osm') return { urls: ['https://tile.openstreetmap.org/{z}/{x}/{y}.png'], system: 'WGS84', attribution: '© OpenStreetMap contributors', maxZoom: 19 };
  if (value === 'amap') return { urls: ['https://webrd01.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}'], system: 'GCJ02', attribution: '© 高德地图', maxZoom: 18 };
  const key = /^tianditu:([0-9A-Za-z]{8,64})$/.exec(value)?.[1];
  if (key !== undefined) return { urls: ['vec', 'cva'].map((layer) => tianditu(layer, key)), system: 'WGS84', attribution: '© 天地图', maxZoom: 18 };
  const [address = '', system = 'WGS84', ...more] = value.split('#');
  const url = URL.parse(address.replaceAll(/\{[zxy]\}/g, '0'));
  // Pages may show images of this one host: it has to stand there as it is.
  const fixedHost = /^https:\/\/[^/{}@]+\//.test(address);
  const named = ['{z}', '{x}', '{y}'].every((part) => address.includes(part));
  if (url === null || !fixedHost || !named || more.length > 0 || value.length > 500 || (system !== 'WGS84' && system !== 'GCJ02')) throw wrongSecret('MAP_TILES', allowed);
  return { urls: [address], system, attribution: '', maxZoom: 18 };
}

/** Vector maps and their names are two layers (天地图 WMTS, 球面墨卡托). Its own system, CGCS2000, differs from WGS-84 by centimetres. */
const tianditu = (layer: string, key: string): string => `https://t0.tianditu.gov.cn/${layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${key}`;
