import type { Random } from './random.ts';
import type { DemoBuilding, DemoCoordinates, DemoPlace, DemoRoom } from './types.ts';

/**
 * The managed places of 安居里 in Hangzhou. The names are invented; streets and districts are real and the
 * coordinates are WGS-84, to the street block. A point read from a Chinese web map is GCJ-02 and lies about
 * 0.0047° further east and 0.0024° further south here, some 500 m away: convert before comparing.
 */

const metresPerDegree = 111_320;

/** The point `east` and `north` metres from `from`. */
export function offset(from: DemoCoordinates, east: number, north: number): DemoCoordinates {
  const lat = from.lat + north / metresPerDegree;
  const lng = from.lng + east / (metresPerDegree * Math.cos((from.lat * Math.PI) / 180));
  return { lat: Number(lat.toFixed(6)), lng: Number(lng.toFixed(6)) };
}

/** Great-circle distance in metres (haversine on a sphere of 6,371,008.8 m). */
export function distanceMetres(one: DemoCoordinates, other: DemoCoordinates): number {
  const radians = Math.PI / 180;
  const half = Math.sin(((other.lat - one.lat) * radians) / 2) ** 2
    + Math.cos(one.lat * radians) * Math.cos(other.lat * radians) * Math.sin(((other.lng - one.lng) * radians) / 2) ** 2;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(half));
}

interface Plot {
  names: string[];
  units: number;
  floors: number;
  doors: number;
  /** Buildings in one row of the grid, and the metres between them. */
  row: number;
  pitch: [number, number];
}

type PlaceFrame = Omit<DemoPlace, 'buildings'>;

function place(frame: PlaceFrame, ...plots: Plot[]): DemoPlace {
  const buildings: DemoBuilding[] = [];
  let rowsAbove = 0;
  for (const plot of plots) {
    plot.names.forEach((name, index) => {
      const column = index % plot.row;
      const row = Math.floor(index / plot.row) + rowsAbove;
      const location = offset(frame.centre, (column - (plot.row - 1) / 2) * plot.pitch[0], (1 - row) * plot.pitch[1]);
      buildings.push({ key: `${frame.key}-${buildings.length + 1}`, name, units: plot.units, floors: plot.floors, doors: plot.doors, location });
    });
    rowsAbove += Math.ceil(plot.names.length / plot.row);
  }
  return { ...frame, buildings };
}

const numbered = (first: number, last: number): string[] => Array.from({ length: last - first + 1 }, (_, index) => `${first + index}幢`);

export const demoPlaces: DemoPlace[] = [
  place({ key: 'xipan', code: 'XPT', name: '溪畔云庭', nameEn: 'Creekside Court', kind: 'residential', regionKey: 'west', district: '西湖区', address: '杭州市西湖区文二西路386号', centre: { lat: 30.2839, lng: 120.0948 }, builtYear: 2014, hasLifts: true, hasGarage: true, gates: ['南门', '东门'] },
    { names: numbered(1, 8), units: 2, floors: 18, doors: 2, row: 4, pitch: [62, 58] }),
  place({ key: 'wenlan', code: 'WLY', name: '文澜苑', nameEn: 'Wenlan Gardens', kind: 'residential', regionKey: 'west', district: '西湖区', address: '杭州市西湖区文三路291号', centre: { lat: 30.2779, lng: 120.1252 }, builtYear: 1997, hasLifts: false, hasGarage: false, gates: ['大门', '北门'] },
    { names: numbered(1, 12), units: 3, floors: 6, doors: 2, row: 4, pitch: [56, 34] }),
  place({ key: 'yinyue', code: 'XXY', name: '西溪印月府', nameEn: 'Xixi Moon Residence', kind: 'residential', regionKey: 'west', district: '西湖区', address: '杭州市西湖区崇义路158号', centre: { lat: 30.2846, lng: 120.0585 }, builtYear: 2019, hasLifts: true, hasGarage: true, gates: ['南门', '西门'] },
    { names: numbered(1, 6), units: 1, floors: 11, doors: 2, row: 3, pitch: [70, 62] }),
  place({ key: 'shuzhi', code: 'SZZ', name: '云上数智中心', nameEn: 'Cloudtop Digital Centre', kind: 'office', regionKey: 'west', district: '余杭区', address: '杭州市余杭区文一西路1218号', centre: { lat: 30.2794, lng: 120.0121 }, builtYear: 2018, hasLifts: true, hasGarage: true, gates: ['北门', '地下车库入口'] },
    { names: ['A座', 'B座', 'C座'], units: 0, floors: 16, doors: 8, row: 3, pitch: [80, 60] }),
  place({ key: 'shangpin', code: 'YHS', name: '运河尚品', nameEn: 'Canal View', kind: 'residential', regionKey: 'north', district: '拱墅区', address: '杭州市拱墅区丽水路206号', centre: { lat: 30.3176, lng: 120.1391 }, builtYear: 2011, hasLifts: true, hasGarage: true, gates: ['东门', '南门'] },
    { names: numbered(1, 7), units: 2, floors: 24, doors: 2, row: 4, pitch: [66, 60] },
    { names: ['沿街商铺'], units: 0, floors: 2, doors: 14, row: 1, pitch: [0, 60] }),
  place({ key: 'mulin', code: 'MLY', name: '睦邻新苑', nameEn: 'Mulin New Village', kind: 'residential', regionKey: 'north', district: '拱墅区', address: '杭州市拱墅区登云路115号', centre: { lat: 30.3149, lng: 120.1228 }, builtYear: 2003, hasLifts: false, hasGarage: false, gates: ['大门', '西门'] },
    { names: numbered(1, 10), units: 3, floors: 6, doors: 2, row: 5, pitch: [54, 36] }),
  place({ key: 'shenhua', code: 'SHL', name: '申花里', nameEn: 'Shenhua Lane', kind: 'residential', regionKey: 'north', district: '拱墅区', address: '杭州市拱墅区申花路77号', centre: { lat: 30.3072, lng: 120.1051 }, builtYear: 2016, hasLifts: true, hasGarage: true, gates: ['南门', '北门'] },
    { names: numbered(1, 9), units: 2, floors: 17, doors: 2, row: 5, pitch: [58, 60] }),
  place({ key: 'huijin', code: 'WHJ', name: '武林汇金座', nameEn: 'Wulin Huijin Tower', kind: 'office', regionKey: 'north', district: '拱墅区', address: '杭州市拱墅区体育场路248号', centre: { lat: 30.2708, lng: 120.1639 }, builtYear: 2008, hasLifts: true, hasGarage: true, gates: ['大堂', '地下车库入口'] },
    { names: ['主楼'], units: 0, floors: 22, doors: 10, row: 1, pitch: [0, 40] },
    { names: ['沿街商铺'], units: 0, floors: 2, doors: 8, row: 1, pitch: [0, 40] }),
  place({ key: 'wangfu', code: 'QTF', name: '钱塘望府', nameEn: 'Qiantang Mansion', kind: 'residential', regionKey: 'river', district: '上城区', address: '杭州市上城区富春路89号', centre: { lat: 30.2352, lng: 120.1958 }, builtYear: 2020, hasLifts: true, hasGarage: true, gates: ['南大堂', '东门'] },
    { names: numbered(1, 5), units: 1, floors: 32, doors: 2, row: 3, pitch: [72, 70] }),
  place({ key: 'jiangpan', code: 'JPG', name: '江畔国际中心', nameEn: 'Riverside International Centre', kind: 'office', regionKey: 'river', district: '上城区', address: '杭州市上城区新业路176号', centre: { lat: 30.2479, lng: 120.2081 }, builtYear: 2015, hasLifts: true, hasGarage: true, gates: ['西门', '地下车库入口'] },
    { names: ['东塔', '西塔'], units: 0, floors: 28, doors: 10, row: 2, pitch: [86, 60] }),
  place({ key: 'binsheng', code: 'BSH', name: '滨盛花园', nameEn: 'Binsheng Garden', kind: 'residential', regionKey: 'river', district: '滨江区', address: '杭州市滨江区滨盛路1520号', centre: { lat: 30.2147, lng: 120.2043 }, builtYear: 2009, hasLifts: true, hasGarage: true, gates: ['南门', '北门', '东门'] },
    { names: numbered(1, 10), units: 2, floors: 15, doors: 2, row: 5, pitch: [60, 58] }),
  place({ key: 'binfenli', code: 'BFL', name: '缤纷里商业街', nameEn: 'Binfenli Shopping Street', kind: 'retail', regionKey: 'river', district: '滨江区', address: '杭州市滨江区江南大道458号', centre: { lat: 30.2071, lng: 120.2029 }, builtYear: 2017, hasLifts: true, hasGarage: true, gates: ['1号口', '3号口'] },
    { names: ['1号楼', '2号楼', '3号楼'], units: 0, floors: 3, doors: 12, row: 3, pitch: [64, 50] }),
];

/** The place with this key; throws RangeError when there is none. */
export function placeOf(key: string): DemoPlace {
  const found = demoPlaces.find((one) => one.key === key);
  if (found === undefined) throw new RangeError(`no place ${key}`);
  return found;
}

/** Address and coordinates of one room; `unit` is 0 in buildings without units, `door` counts from 1 on its floor. */
export function roomAt(placeKey: string, buildingKey: string, unit: number, floor: number, door: number): DemoRoom {
  const where = placeOf(placeKey);
  const building = where.buildings.find((one) => one.key === buildingKey);
  if (building === undefined) throw new RangeError(`no building ${buildingKey} in ${placeKey}`);
  const isShop = building.name === '沿街商铺';
  const room = isShop ? `${where.code === 'YHS' ? 206 : 248}-${door}` : `${floor}${String(door).padStart(2, '0')}`;
  const short = isShop ? `${room}号商铺` : unit > 0 ? `${building.name}${unit}单元${room}` : `${building.name}${room}`;
  const location = offset(building.location, (unit > 0 ? (unit - (building.units + 1) / 2) * 18 : 0) + (door - (building.doors + 1) / 2) * 4, 0);
  return { placeKey, buildingKey, unit, floor, room, short, address: `${where.address}${where.name}${short}${isShop ? '' : '室'}`, ...location };
}

/** A room by chance; shops lie on the ground floor. */
export function randomRoom(random: Random, where: DemoPlace, building: DemoBuilding = random.pick(where.buildings)): DemoRoom {
  const floor = building.name === '沿街商铺' ? 1 : random.integer(where.kind === 'office' ? 3 : 1, building.floors);
  return roomAt(where.key, building.key, building.units > 0 ? random.integer(1, building.units) : 0, floor, random.integer(1, building.doors));
}
