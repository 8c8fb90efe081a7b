import { demoPlaces, offset } from './places.ts';
import { createRandom } from './random.ts';
import { iso } from './time.ts';
import type { DemoAsset, DemoAssetKind, DemoBuilding, DemoPlace } from './types.ts';

interface Make {
  letters: string;
  nameEn: string;
  models: string[];
  criticality: DemoAsset['criticality'];
  warrantyYears: [number, number];
}

// Models follow the designations of Chinese product standards and belong to no maker.
const makes: Record<DemoAssetKind, Make> = {
  'lift': { letters: 'DT', nameEn: 'Passenger lift', models: ['TKJ1000/1.75-VF', 'TKJ800/1.5-VF', 'TKJ1050/2.0-VVVF'], criticality: 'critical', warrantyYears: [2, 5] },
  'water-pump': { letters: 'SB', nameEn: 'Drinking-water booster pump', models: ['50DL15-12×6', '65LG36-20×4', 'WWG24-60-2'], criticality: 'critical', warrantyYears: [1, 3] },
  'fire-pump': { letters: 'XF', nameEn: 'Fire pump', models: ['XBD8/20-100L', 'XBD6/30-125L'], criticality: 'critical', warrantyYears: [1, 3] },
  'sewage-pump': { letters: 'PW', nameEn: 'Sump pump', models: ['50WQ15-15-1.5', '65WQ25-15-2.2'], criticality: 'high', warrantyYears: [1, 2] },
  'access-gate': { letters: 'MJ', nameEn: 'Door access', models: ['DS-MJ11T', 'FACE-A8', 'MJ-220C'], criticality: 'normal', warrantyYears: [1, 3] },
  'switchgear': { letters: 'PD', nameEn: 'Switchgear', models: ['GGD-2', 'XL-21', 'GCS-0.4'], criticality: 'critical', warrantyYears: [2, 5] },
  'charger': { letters: 'CD', nameEn: 'Car charging post', models: ['AC-7kW', 'DC-60kW', 'AC-7kW-II'], criticality: 'normal', warrantyYears: [2, 4] },
  'barrier': { letters: 'DZ', nameEn: 'Barrier gate', models: ['DZ-3.5M-1.8S', 'DZ-4M-3S'], criticality: 'high', warrantyYears: [1, 3] },
  'camera-recorder': { letters: 'JK', nameEn: 'Camera recorder', models: ['NVR-64-8SATA', 'NVR-32-4SATA'], criticality: 'high', warrantyYears: [2, 3] },
  'fire-panel': { letters: 'XK', nameEn: 'Fire alarm panel', models: ['JB-QB-200', 'JB-QG-5000'], criticality: 'critical', warrantyYears: [2, 5] },
  'chiller': { letters: 'KT', nameEn: 'Chiller', models: ['LSBLG-350', 'LSBLG-520'], criticality: 'high', warrantyYears: [2, 5] },
  'air-handler': { letters: 'XFJ', nameEn: 'Air handler', models: ['ZK-20', 'BFP-12'], criticality: 'normal', warrantyYears: [1, 3] },
  'generator': { letters: 'FD', nameEn: 'Diesel generator', models: ['GF-400', 'GF-250'], criticality: 'high', warrantyYears: [2, 5] },
  'street-light': { letters: 'LD', nameEn: 'Garden light circuit', models: ['TYD-3.5M-30W'], criticality: 'low', warrantyYears: [1, 2] },
  'playground': { letters: 'YL', nameEn: 'Playground set', models: ['WPC-12', 'SLK-08'], criticality: 'normal', warrantyYears: [1, 2] },
  'parcel-locker': { letters: 'KDG', nameEn: 'Parcel locker', models: ['KDG-84'], criticality: 'low', warrantyYears: [1, 2] },
};

const dateOf = (instant: number): string => iso(instant).slice(0, 10);

/** About 150 assets (设备). Ages and warranties are counted from `now`, so some have just run out and some are about to. */
export function makeAssets(seed: string, now: number): DemoAsset[] {
  const random = createRandom(`${seed}/assets`);
  const assets: DemoAsset[] = [];
  const counters = new Map<string, number>();
  const year = 365.25 * 86_400_000;

  const add = (kind: DemoAssetKind, where: DemoPlace, name: string, spot: string, building: DemoBuilding | null = null, unit = 0): void => {
    const make = makes[kind];
    const count = (counters.get(where.code + kind) ?? 0) + 1;
    counters.set(where.code + kind, count);
    const built = Date.UTC(where.builtYear, random.integer(0, 11), random.integer(1, 28));
    const replaced = now - random.between(0.4, 7) * year;
    const installed = random.chance(0.45) ? Math.max(built, replaced) : built;
    const location = offset(building?.location ?? where.centre, random.between(-14, 14), random.between(-14, 14));
    assets.push({
      code: `${where.code}-${make.letters}-${String(count).padStart(2, '0')}`, kind, name, nameEn: `${make.nameEn}, ${where.nameEn}`,
      model: random.pick(make.models), serialNumber: `${make.letters}${dateOf(installed).slice(2, 7).replace('-', '')}${random.integer(10000, 99999)}`,
      placeKey: where.key, buildingKey: building?.key ?? null, unit, spot, ...location,
      installedOn: dateOf(installed), warrantyUntil: dateOf(installed + random.integer(...make.warrantyYears) * year), criticality: make.criticality,
    });
  };

  for (const where of demoPlaces) {
    const towers = where.buildings.filter((one) => one.name !== '沿街商铺');
    if (where.kind === 'residential' && where.hasLifts) {
      for (const building of towers.slice(0, 3)) {
        for (let unit = 1; unit <= Math.min(building.units, 2); unit += 1) add('lift', where, `${building.name}${unit}单元电梯`, `${building.name}${unit}单元`, building, unit);
      }
    } else if (where.hasLifts) {
      for (const building of towers) {
        add('lift', where, `${building.name}1号客梯`, `${building.name}大堂`, building);
        if (where.kind === 'office') add('lift', where, `${building.name}2号客梯`, `${building.name}大堂`, building);
      }
    }
    if (where.hasLifts) {
      add('water-pump', where, '生活水泵1#', '地下一层水泵房');
      if (where.kind !== 'retail') add('water-pump', where, '生活水泵2#', '地下一层水泵房');
      add('fire-pump', where, '消防泵1#', '消防泵房');
      add('sewage-pump', where, '集水井排污泵', '地下车库B1集水井');
      add('fire-panel', where, '火灾报警主机', '消防控制室');
    }
    add('switchgear', where, where.hasLifts ? '低压配电柜AA1' : '进线总配电箱', where.hasLifts ? '地下一层配电房' : `${where.buildings[0]?.name ?? ''}旁配电间`);
    add('barrier', where, `${where.gates.at(-1)}道闸`, where.gates.at(-1) as string);
    add('camera-recorder', where, '监控录像主机', '监控室');
    if (where.kind === 'residential') {
      for (const building of random.shuffle(towers).slice(0, 1)) add('access-gate', where, `${building.name}1单元门禁`, `${building.name}1单元门口`, building, 1);
      add('street-light', where, '庭院灯回路', '中心花园');
      if (where.hasGarage) add('charger', where, `${random.integer(1, 60)}号车位充电桩`, '地下车库B1');
      if (random.chance(0.7)) add('playground', where, '儿童滑梯组合', '中心花园', towers[0] ?? null);
      if (random.chance(0.7)) add('parcel-locker', where, `${where.gates[0]}快递柜`, where.gates[0] as string);
    } else {
      add('chiller', where, '中央空调主机1#', '地下一层制冷机房');
      add('air-handler', where, '大堂新风机组', `${towers[0]?.name ?? ''}一层吊顶`, towers[0] ?? null);
      if (where.kind === 'office') add('generator', where, '柴油发电机', '地下一层发电机房');
      add('access-gate', where, `${towers[0]?.name ?? ''}大堂闸机`, `${towers[0]?.name ?? ''}大堂`, towers[0] ?? null);
      add('charger', where, 'B1快充桩1#', '地下车库B1');
    }
  }
  return assets;
}
