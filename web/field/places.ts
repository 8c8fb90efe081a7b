import gcoordModule from 'gcoord';
import type { Point } from '../../rules/places/distance.ts';

// The package is CommonJS, which bundlers and Node's own resolution type differently.
const gcoord = gcoordModule as unknown as { transform: (position: [number, number], from: string, to: string) => [number, number]; WGS84: string; GCJ02: string };

/** Coordinates of a location when it has both. */
export function coordinatesOf(location: { lat?: number | null; lng?: number | null } | null): Point | null {
  return location?.lat != null && location.lng != null ? { lat: location.lat, lng: location.lng } : null;
}

export interface MapLink {
  app: 'amap' | 'baidu' | 'apple' | 'google' | 'geo';
  url: string;
}

/**
 * Links that open a place in a map app (导航), the likeliest first.
 *
 * 高德 takes GCJ-02 in its URI API (lbs.amap.com/api/uri-api), Baidu is told the system it gets, Apple shows
 * GCJ-02 inside China, and the others take WGS-84.
 *
 * @param platform `ios`, `android` or anything else, for the links only one of them understands
 */
export function mapLinks(place: { coordinates: Point | null; address: string | null; name: string }, platform: string): MapLink[] {
  const { coordinates, address, name } = place;
  const title = encodeURIComponent(name);
  if (coordinates === null) {
    if (address === null || address === '') return [];
    const words = encodeURIComponent(address);
    const byAddress: MapLink[] = [{ app: 'amap', url: `https://uri.amap.com/search?keyword=${words}&src=bihuan&callnative=1` }];
    if (platform === 'ios') byAddress.push({ app: 'apple', url: `https://maps.apple.com/?q=${words}` });
    else byAddress.push({ app: 'geo', url: `geo:0,0?q=${words}` });
    return byAddress;
  }
  const { lat, lng } = coordinates;
  const [chinaLng, chinaLat] = gcoord.transform([lng, lat], gcoord.WGS84, gcoord.GCJ02);
  const round = (degrees: number): string => degrees.toFixed(6);
  const links: MapLink[] = [
    { app: 'amap', url: `https://uri.amap.com/navigation?to=${round(chinaLng)},${round(chinaLat)},${title}&mode=car&coordinate=gaode&src=bihuan&callnative=1` },
    { app: 'baidu', url: `https://api.map.baidu.com/direction?destination=latlng:${round(lat)},${round(lng)}|name:${title}&coord_type=wgs84&mode=driving&output=html&src=bihuan` },
  ];
  if (platform === 'ios') links.push({ app: 'apple', url: `https://maps.apple.com/?daddr=${round(chinaLat)},${round(chinaLng)}&q=${title}` });
  else links.push({ app: 'geo', url: `geo:${round(lat)},${round(lng)}?q=${round(lat)},${round(lng)}(${title})` });
  links.push({ app: 'google', url: `https://www.google.com/maps/dir/?api=1&destination=${round(lat)},${round(lng)}` });
  return links;
}

/** Which family of phones this is, as far as map links care. */
export function phonePlatform(userAgent: string = navigator.userAgent): 'ios' | 'android' | 'other' {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  return /Android/.test(userAgent) ? 'android' : 'other';
}

/** `85 米`, `1.2 公里`. */
export function formatDistance(metres: number, language: 'zh-CN' | 'en'): string {
  const chinese = language === 'zh-CN';
  if (metres < 1000) return `${Math.round(metres)} ${chinese ? '米' : 'm'}`;
  const kilometres = metres < 10_000 ? (metres / 1000).toFixed(1) : String(Math.round(metres / 1000));
  return `${kilometres} ${chinese ? '公里' : 'km'}`;
}
