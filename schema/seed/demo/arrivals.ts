import { demoCategories } from './categories.ts';
import { devicePlatformKey } from './customers.ts';
import { demand, type Demand } from './demand.ts';
import { placeOf } from './places.ts';
import type { Random } from './random.ts';
import { englishTexts } from './texts/english.ts';
import { alarmTexts } from './texts/frames.ts';
import { day, hour, localTime, minute, startOfDay } from './time.ts';
import type { DemoAsset, DemoCategory, DemoCustomer, DemoPlace, DemoPriority } from './types.ts';

/** The weather of the weeks before `now`, by local midnights: one rainstorm, two rainy days, and a spell of cold or heat that still lasts. */
export interface Weather {
  today: number;
  storm: number;
  rain: number[];
  spell: 'cold' | 'hot';
  spellFrom: number;
}

export function weatherBefore(now: number): Weather {
  const today = startOfDay(now);
  const { month } = localTime(now);
  return { today, storm: today - 19 * day, rain: [today - 41 * day, today - 33 * day, today - 9 * day], spell: month >= 5 && month <= 9 ? 'hot' : 'cold', spellFrom: today - 2 * day };
}

/** One request before anybody touched it. */
export interface Arrival {
  at: number;
  category: DemoCategory;
  demand: Demand;
  requester: DemoCustomer;
  where: DemoPlace;
  asset: DemoAsset | null;
  byDevice: boolean;
  priority: DemoPriority;
}

const homesByHour = [0.4, 0.2, 0.15, 0.1, 0.15, 0.4, 1.2, 3.2, 5.2, 5.6, 4.8, 3.8, 2.4, 2.4, 2.9, 3.2, 3.4, 3.9, 5.2, 6, 5.6, 4.2, 2.2, 0.9];
const officeByHour = [0, 0, 0, 0, 0, 0, 0, 0.4, 3, 7, 6.5, 4.5, 1.5, 4, 6, 5.5, 4.5, 3, 1.2, 0.5, 0.2, 0, 0, 0];
const deskByHour = [0, 0, 0, 0, 0, 0, 0.3, 1, 4, 6, 6, 4.5, 2.5, 3, 4.5, 4.5, 4, 3.2, 2.8, 3, 2.6, 1.5, 0.4, 0.1];
const stormByHour = [0.3, 0.1, 0.1, 0.1, 0.1, 0.2, 0.6, 1, 1.4, 1.4, 1.3, 1.2, 1.4, 2.5, 6, 11, 12, 11, 9, 7.5, 6, 4.5, 3, 1.6];
const always = [1, 0.8, 0.7, 0.7, 0.8, 1, 1.2, 1.4, 1.4, 1.2, 1.1, 1.1, 1.1, 1.1, 1.2, 1.2, 1.3, 1.5, 1.6, 1.6, 1.5, 1.4, 1.2, 1.1];
const ownHours: Record<string, number[]> = {
  'order.noise.renovation': [0, 0, 0, 0, 0, 0, 0.3, 4, 4, 2, 2, 2, 9, 8, 3, 2, 2, 3, 5, 5, 1, 0, 0, 0],
  'order.noise.neighbour': [4, 1.5, 0.5, 0, 0, 0, 0.5, 1, 0.5, 0.5, 0.5, 0.5, 1, 1, 0.5, 0.5, 0.5, 0.5, 1, 2, 4, 7, 9, 7],
  'order.noise.square': [0, 0, 0, 0, 0, 0.5, 2, 2, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 3, 8, 8, 2, 0, 0],
  'order.parking.occupied': [0.2, 0, 0, 0, 0, 0, 0.5, 2, 2, 1, 1, 1, 1, 1, 1, 1, 2, 5, 8, 8, 6, 4, 2, 0.5],
  'power.light.corridor': [0.3, 0, 0, 0, 0, 0.2, 0.8, 2, 2, 1.5, 1, 0.8, 0.6, 0.6, 0.8, 1, 1.5, 4, 7, 8, 7, 5, 2, 0.6],
  'power.light.garden': [0, 0, 0, 0, 0, 0.5, 0.5, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 3, 7, 8, 6, 3, 0.5, 0],
  'house.lock.stuck': [0, 0, 0, 0, 0, 0, 0.5, 4, 4, 3, 3, 3, 2, 2, 2, 3, 4, 6, 7, 7, 5, 2, 0, 0],
  'house.lock.smart': [0, 0, 0, 0, 0, 0, 0.5, 4, 4, 3, 3, 3, 2, 2, 2, 3, 4, 6, 7, 7, 5, 2, 0, 0],
};

function dayFactor(what: Demand, midnight: number, weather: Weather): number {
  if (what.months !== null && !what.months.includes(localTime(midnight).month)) return 0;
  const sinceStorm = Math.round((midnight - weather.storm) / day);
  const sinceRain = Math.min(...[...weather.rain, weather.storm].map((one) => Math.round((midnight - one) / day)).filter((days) => days >= 0), 99);
  let factor = 1;
  if (what.rain === 'storm') factor = sinceStorm === 0 ? 16 : sinceStorm === 1 ? 3 : sinceRain === 0 ? 0.8 : 0;
  else if (what.rain === 'only') factor = sinceStorm === 0 ? 5 : sinceRain <= 4 ? 1.6 : 0.02;
  else if (sinceStorm === 0) factor = what.rain;
  else if (sinceRain <= 1) factor = (1 + what.rain) / 2;
  if (midnight >= weather.spellFrom) factor *= what[weather.spell];
  return factor;
}

function dayWeight(midnight: number, now: number, weather: Weather): number {
  const week = [0, 1.12, 1, 0.98, 0.97, 1, 1.2, 1.08][localTime(midnight).weekday] ?? 1;
  const sinceStorm = Math.round((midnight - weather.storm) / day);
  const weatherFactor = sinceStorm === 0 ? 3.4 : sinceStorm === 1 ? 1.7 : midnight >= weather.spellFrom ? 2.2 : weather.rain.includes(midnight) ? 1.35 : 1;
  const passed = midnight === weather.today ? homesByHour.slice(0, localTime(now).hour).reduce((sum, one) => sum + one, 0) / homesByHour.reduce((sum, one) => sum + one, 0) : 1;
  return week * weatherFactor * passed;
}

function hoursOf(what: Demand, category: DemoCategory, requester: DemoCustomer, midnight: number, weather: Weather): number[] {
  const own = ownHours[category.key];
  if (own !== undefined) return own;
  if (midnight === weather.storm && what.rain !== 1) return stormByHour;
  if (requester.kind === 'device-platform') return always;
  if (requester.kind === 'company-contact') return officeByHour;
  if (what.scope === 'desk') return deskByHour;
  return category.defaultPriority === 'urgent' ? homesByHour.map((weight, index) => weight + (always[index] ?? 0)) : homesByHour;
}

// Reports that would be nonsense from the ground floor, or from anywhere but the top one.
const floorRule: Record<string, (floor: number, top: number) => boolean> = {
  'water.leak.burst': (floor) => floor > 1, 'water.leak.ceiling': (floor, top) => floor < top, 'house.proof.balcony': (floor) => floor > 1, 'house.proof.roof': (floor, top) => floor === top,
  'order.noise.renovation': (floor, top) => floor < top, 'order.noise.neighbour': (floor, top) => floor < top, 'hvac.cooling.drip': (floor, top) => floor < top,
};

const namesItsAsset = new Set(['water.supply.pump', 'power.equipment.cabinet', 'power.equipment.charger']);

function fits(customer: DemoCustomer, what: Demand, category: DemoCategory): boolean {
  if (customer.kind === 'device-platform') return false;
  if (customer.language === 'en' && englishTexts[category.key] === undefined) return false;
  const where = placeOf(customer.home.placeKey);
  if ((what.needs === 'lifts' && !where.hasLifts) || (what.needs === 'garage' && !where.hasGarage)) return false;
  if (what.needs === 'lifts' && category.key.startsWith('lift') && customer.home.short.includes('商铺')) return false;
  const top = where.buildings.find((one) => one.key === customer.home.buildingKey)?.floors ?? 1;
  return floorRule[category.key]?.(customer.home.floor, top) ?? true;
}

// What stands in a locked room is named by devices, not by residents.
const behindDoors = new Set<string>(['camera-recorder', 'fire-panel', 'sewage-pump', 'air-handler', 'chiller', 'street-light']);

function assetAt(random: Random, assets: readonly DemoAsset[], what: Demand, category: DemoCategory, home: DemoCustomer['home']): DemoAsset | null {
  const here = assets.filter((one) => one.kind === what.assetKind && one.placeKey === home.placeKey);
  if (what.assetKind === 'lift' || what.assetKind === 'access-gate') {
    const mine = here.filter((one) => one.buildingKey === home.buildingKey && (one.unit === 0 || one.unit === home.unit));
    return mine.length > 0 ? random.pick(mine) : null;
  }
  if (here.length === 0) return null;
  return namesItsAsset.has(category.key) || (!behindDoors.has(here[0]?.kind ?? '') && random.chance(0.65)) ? random.pick(here) : null;
}

/** The latest requests of all, always there so that the bench has something urgent on it: symptom and minutes before now. */
const latest: [string, number][] = [['water.leak.burst', 9], ['lift.stop.trapped', 24], ['power.hazard.smell', 47], ['hvac.heating.weak', 31], ['water.drain.floor', 16], ['order.parking.blocked', 6], ['service.voice.complaint', 38], ['power.light.corridor', 3]];

/** `count` requests of the last eight weeks in the order of time. */
export function makeArrivals(random: Random, now: number, count: number, customers: readonly DemoCustomer[], assets: readonly DemoAsset[]): Arrival[] {
  const weather = weatherBefore(now);
  const leaves = demoCategories.filter((one) => one.level === 3);
  const midnights = Array.from({ length: 57 }, (_, index) => weather.today - (56 - index) * day);
  // some people report ten times a year, many never
  const eagerness = new Map(customers.map((one) => [one.key, random.delay(1, 0.42)]));
  const platform = customers.find((one) => one.key === devicePlatformKey) as DemoCustomer;
  const factors = new Map(midnights.map((midnight) => [midnight, new Map(leaves.map((leaf) => [leaf.key, (demand[leaf.key]?.weight ?? 0) * dayFactor(demand[leaf.key] as Demand, midnight, weather)]))]));

  const arrivalOf = (category: DemoCategory, midnight: number, exactly: number | null): Arrival | null => {
    const what = demand[category.key] as Demand;
    const byDevice = exactly === null && alarmTexts[category.key] !== undefined && random.chance(what.alarm);
    const fromWork = what.work && random.chance(what.scope === 'public' ? 0.3 : 0.2);
    const able = customers.filter((one) => (one.accountKey !== null && (one.kind === 'company-contact' || one.kind === 'shopkeeper')) === fromWork && fits(one, what, category));
    if (able.length === 0) return null;
    let requester = random.weighted(able, (one) => eagerness.get(one.key) ?? 1);
    const asset = byDevice
      ? random.pick(assets.filter((one) => one.kind === what.assetKind))
      : what.assetKind === null ? null : assetAt(random, assets, what, category, requester.home);
    if (namesItsAsset.has(category.key) && asset === null) return null;
    if (byDevice) requester = platform;
    const where = byDevice && asset !== null ? placeOf(asset.placeKey) : placeOf(requester.home.placeKey);
    const hours = hoursOf(what, category, requester, midnight, weather);
    const at = exactly ?? midnight + random.weighted(hours.map((_, index) => index), (index) => hours[index] ?? 0) * hour + random.integer(0, 3599) * 1000;
    if (at > now - minute) return null;
    return { at, category, demand: what, requester, where, asset, byDevice, priority: priorityOf(random, category, requester, asset) };
  };

  const arrivals: Arrival[] = [];
  for (const [key, minutesAgo] of latest.slice(0, count)) {
    const category = leaves.find((one) => one.key === key) as DemoCategory;
    const made = arrivalOf(category, weather.today, now - minutesAgo * minute - random.integer(0, 50) * 1000);
    if (made !== null) arrivals.push(made);
  }
  while (arrivals.length < count) {
    const midnight = random.weighted(midnights, (one) => dayWeight(one, now, weather));
    const made = arrivalOf(random.weighted(leaves, (leaf) => factors.get(midnight)?.get(leaf.key) ?? 0), midnight, null);
    if (made !== null) arrivals.push(made);
  }
  return arrivals.sort((one, other) => one.at - other.at);
}

const ladder: DemoPriority[] = ['low', 'normal', 'high', 'urgent'];

function priorityOf(random: Random, category: DemoCategory, requester: DemoCustomer, asset: DemoAsset | null): DemoPriority {
  let step = ladder.indexOf(category.defaultPriority ?? 'normal');
  const raise = (requester.tier === 'vip' ? 0.3 : 0) + (requester.elderly ? 0.12 : 0) + (asset?.criticality === 'critical' ? 0.08 : 0);
  if (step < 2 && random.chance(raise)) step += 1;
  else if (step === 2 && random.chance(raise / 4)) step += 1;
  return ladder[step] as DemoPriority;
}
