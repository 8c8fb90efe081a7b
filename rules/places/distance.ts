/** A point on the globe in WGS-84 degrees. */
export interface Point {
  lat: number;
  lng: number;
}

const earthRadiusMetres = 6_371_008.8;

/** The great-circle distance in metres (直线距离), by the haversine formula on the mean earth radius (IUGG). */
export function distanceInMetres(a: Point, b: Point): number {
  const radians = Math.PI / 180;
  const dLat = (b.lat - a.lat) * radians;
  const dLng = (b.lng - a.lng) * radians;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.sin(dLng / 2) ** 2;
  return 2 * earthRadiusMetres * Math.asin(Math.min(1, Math.sqrt(h)));
}
