import type { DemoAssetKind } from './types.ts';

/** How often a symptom is reported, from where, and how long the work takes. */
export interface Demand {
  /** Relative frequency on an ordinary day. */
  weight: number;
  scope: 'home' | 'public' | 'desk';
  /** Companies and shops report it too. */
  work: boolean;
  /** Median minutes of work on the spot, or at the desk. */
  minutes: number;
  needs: 'lifts' | 'garage' | null;
  assetKind: DemoAssetKind | null;
  /** `only` when it comes from rain alone; a number multiplies the weight during and after a storm. */
  rain: number | 'only' | 'storm';
  /** In a cold snap or a heat wave. */
  cold: number;
  hot: number;
  /** Months (1–12) in which it happens at all. */
  months: number[] | null;
  /** Share of these that a device reports by itself. */
  alarm: number;
}

type Options = Partial<Omit<Demand, 'weight' | 'scope' | 'minutes'>>;

const row = (scope: Demand['scope'], weight: number, minutes: number, options: Options = {}): Demand =>
  ({ weight, scope, minutes, work: false, needs: null, assetKind: null, rain: 1, cold: 1, hot: 1, months: null, alarm: 0, ...options });

const lift: Options = { needs: 'lifts', assetKind: 'lift', work: true };
const work: Options = { work: true };

export const demand: Record<string, Demand> = {
  'water.leak.burst': row('home', 0.9, 55, { ...work, cold: 3 }),
  'water.leak.pipe': row('home', 3.2, 40, { ...work, cold: 1.6 }),
  'water.leak.ceiling': row('home', 2.2, 60, { ...work, rain: 2.5 }),
  'water.leak.valve': row('home', 0.8, 30, { cold: 1.8 }),
  'water.supply.none': row('home', 0.8, 35, { cold: 1.5 }),
  'water.supply.pressure': row('home', 0.9, 35),
  'water.supply.quality': row('home', 0.5, 45),
  'water.supply.pump': row('public', 0.6, 80, { needs: 'lifts', assetKind: 'water-pump', alarm: 0.85 }),
  'water.drain.kitchen': row('home', 2.4, 45),
  'water.drain.floor': row('home', 1.5, 45, { rain: 3 }),
  'water.drain.toilet': row('home', 2.2, 40, work),
  'water.drain.sewer': row('public', 0.9, 90, { rain: 4 }),
  'water.drain.storm': row('public', 1, 70, { rain: 'storm', assetKind: 'sewage-pump', alarm: 0.2, needs: 'garage' }),
  'water.fixture.tap': row('home', 2, 30, work),
  'water.fixture.cistern': row('home', 1.8, 30, work),
  'water.fixture.heater': row('home', 1, 35, { cold: 2.5 }),
  'power.outage.home': row('home', 2.2, 35, { cold: 2.5, hot: 3, rain: 2 }),
  'power.outage.unit': row('public', 0.4, 60, { ...work, hot: 3, rain: 2.5 }),
  'power.outage.socket': row('home', 1.7, 30, work),
  'power.hazard.shock': row('home', 0.35, 45, { ...work, rain: 2.5 }),
  'power.hazard.smell': row('home', 0.4, 45, { ...work, cold: 2, hot: 2.5 }),
  'power.light.corridor': row('public', 3.6, 20),
  'power.light.garage': row('public', 1.3, 30, { needs: 'garage', work: true }),
  'power.light.garden': row('public', 0.9, 40, { assetKind: 'street-light' }),
  'power.equipment.cabinet': row('public', 0.4, 70, { assetKind: 'switchgear', alarm: 0.9 }),
  'power.equipment.charger': row('public', 1.3, 40, { assetKind: 'charger', alarm: 0.25, work: true }),
  'power.equipment.ebike': row('public', 1.1, 30, { rain: 1.5 }),
  'lift.stop.trapped': row('public', 0.35, 45, { ...lift, alarm: 0.4, rain: 1.5 }),
  'lift.stop.stopped': row('public', 2.2, 70, { ...lift, alarm: 0.15, rain: 2 }),
  'lift.ride.noise': row('public', 1.6, 60, lift),
  'lift.ride.door': row('public', 1.3, 50, lift),
  'lift.ride.level': row('public', 0.5, 55, lift),
  'lift.car.button': row('public', 1, 30, lift),
  'lift.car.light': row('public', 0.7, 25, lift),
  'lift.car.panel': row('public', 0.7, 40, lift),
  'lift.manage.card': row('public', 1.2, 20, lift),
  'lift.manage.ebike': row('public', 0.6, 30, { needs: 'lifts', assetKind: 'lift' }),
  'smart.access.door': row('public', 2.4, 40, { assetKind: 'access-gate' }),
  'smart.access.card': row('public', 2.2, 20),
  'smart.access.intercom': row('home', 1, 35),
  'smart.parking.barrier': row('public', 1.2, 45, { assetKind: 'barrier', alarm: 0.2, rain: 1.6, work: true }),
  'smart.parking.plate': row('public', 1.5, 20, { assetKind: 'barrier', work: true }),
  'smart.parking.pay': row('public', 1, 15, { assetKind: 'barrier', work: true }),
  'smart.camera.offline': row('public', 0.8, 50, { assetKind: 'camera-recorder', alarm: 0.35 }),
  'smart.camera.footage': row('public', 1.5, 35),
  'smart.network.broadband': row('home', 1.1, 45),
  'smart.network.locker': row('public', 0.6, 30, { assetKind: 'parcel-locker' }),
  'smart.fire.alarm': row('public', 0.7, 30, { assetKind: 'fire-panel', alarm: 0.55, needs: 'lifts', work: true }),
  'smart.fire.hydrant': row('public', 0.7, 30, work),
  'smart.fire.exit': row('public', 0.8, 35, work),
  'hvac.cooling.weak': row('home', 2, 55, { ...work, hot: 5, months: [5, 6, 7, 8, 9] }),
  'hvac.cooling.drip': row('home', 1.2, 40, { ...work, hot: 3, months: [5, 6, 7, 8, 9] }),
  'hvac.heating.weak': row('home', 1.2, 55, { ...work, cold: 9, months: [11, 12, 1, 2, 3] }),
  'hvac.heating.floor': row('home', 0.7, 60, { cold: 7, months: [11, 12, 1, 2, 3] }),
  'hvac.vent.fan': row('home', 1, 40, work),
  'hvac.vent.flue': row('home', 1.1, 45, work),
  'hvac.central.temperature': row('public', 0.8, 25, { needs: 'lifts', work: true, assetKind: 'air-handler', cold: 3, hot: 3 }),
  'hvac.central.noise': row('public', 0.5, 50, { needs: 'lifts', assetKind: 'chiller' }),
  'house.wall.tile': row('home', 0.9, 80, work),
  'house.wall.seep': row('home', 1.4, 110, { ...work, rain: 'only' }),
  'house.wall.plaster': row('public', 1.1, 80, { rain: 1.6 }),
  'house.opening.window': row('home', 1.8, 45, { ...work, rain: 2.5, cold: 1.5 }),
  'house.opening.door': row('home', 1.2, 45, work),
  'house.opening.glass': row('home', 0.6, 60, { ...work, rain: 2 }),
  'house.lock.stuck': row('home', 1.2, 30, work),
  'house.lock.smart': row('home', 0.8, 35),
  'house.proof.roof': row('home', 1, 120, { ...work, rain: 'only' }),
  'house.proof.balcony': row('home', 0.8, 90, { rain: 2 }),
  'house.public.rail': row('public', 0.6, 50),
  'house.public.play': row('public', 0.7, 50, { assetKind: 'playground' }),
  'house.public.paving': row('public', 1.1, 90, { rain: 2 }),
  'env.clean.corridor': row('public', 2.6, 25, { ...work, rain: 1.3 }),
  'env.clean.rubbish': row('public', 1.6, 30),
  'env.clean.sorting': row('public', 0.8, 30),
  'env.clean.bulky': row('public', 1, 40),
  'env.pest.insect': row('home', 1, 40, work),
  'env.pest.rat': row('public', 0.7, 45, work),
  'env.pest.termite': row('home', 0.3, 60, { months: [3, 4, 5, 6, 7, 8, 9, 10] }),
  'env.green.prune': row('public', 1.3, 70),
  'env.green.fallen': row('public', 0.7, 80, { rain: 'storm' }),
  'env.green.lawn': row('public', 0.8, 60),
  'env.odour.smell': row('public', 0.9, 30, { needs: 'garage', rain: 1.4 }),
  'env.odour.pond': row('public', 0.3, 60, { needs: 'garage' }),
  'order.parking.occupied': row('public', 2.2, 25, { needs: 'garage' }),
  'order.parking.blocked': row('public', 1.5, 20, { rain: 1.3 }),
  'order.parking.scratch': row('public', 0.9, 40),
  'order.parking.ebike': row('public', 1.3, 30, { rain: 1.5 }),
  'order.noise.renovation': row('home', 2.2, 25),
  'order.noise.neighbour': row('home', 1.5, 30),
  'order.noise.square': row('public', 0.6, 30),
  'order.safety.fall': row('public', 0.7, 45),
  'order.safety.stranger': row('public', 0.8, 25),
  'order.safety.dog': row('public', 1, 30),
  'order.help.lost': row('public', 0.7, 20),
  'order.help.carry': row('public', 0.6, 25),
  'service.fee.bill': row('desk', 1.9, 15),
  'service.fee.utility': row('desk', 1.2, 20),
  'service.fee.invoice': row('desk', 1.5, 10, work),
  'service.fee.parking': row('desk', 1.1, 12, work),
  'service.paper.renovation': row('desk', 1.2, 25, work),
  'service.paper.moving': row('desk', 1.1, 12, work),
  'service.paper.proof': row('desk', 0.8, 15),
  'service.account.binding': row('desk', 1.3, 10),
  'service.account.card': row('desk', 1.4, 12, work),
  'service.voice.complaint': row('desk', 1.4, 40, work),
  'service.voice.suggestion': row('desk', 1, 20, work),
  'service.voice.praise': row('desk', 0.7, 8),
};
