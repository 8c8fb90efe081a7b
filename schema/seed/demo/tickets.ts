import { makeArrivals, weatherBefore, type Arrival } from './arrivals.ts';
import { liveOf, recorderAt } from './life.ts';
import { offset } from './places.ts';
import { createRandom, type Random } from './random.ts';
import { makeRoster } from './roster.ts';
import { iso } from './time.ts';
import type { DemoAccount, DemoAsset, DemoCustomer, DemoEvent, DemoStatus, DemoTicket } from './types.ts';
import { wordingOf } from './wording.ts';

/** The status class in which these events leave a ticket. */
export function statusAfter(events: readonly DemoEvent[]): DemoStatus {
  let status: DemoStatus = 'new';
  for (const event of events) {
    if (event.kind === 'assigned' && status === 'new') status = 'open';
    else if (event.kind === 'waiting') status = 'waiting';
    else if (event.kind === 'resumed' || event.kind === 'reopened') status = 'open';
    else if (event.kind === 'resolved' || event.kind === 'closed' || event.kind === 'cancelled') status = event.kind;
  }
  return status;
}

function placeOfWork(random: Random, { where, requester, asset, demand, byDevice }: Arrival): DemoTicket['place'] {
  if (asset !== null) return { placeKey: where.key, address: `${where.address}${where.name}${asset.spot}`, lat: asset.lat, lng: asset.lng };
  const home = requester.home;
  if (demand.scope !== 'public' || byDevice) return { placeKey: where.key, address: home.address, lat: home.lat, lng: home.lng };
  const building = where.buildings.find((one) => one.key === home.buildingKey);
  const name = `${building?.name ?? ''}${home.unit > 0 ? `${home.unit}单元` : ''}`;
  return { placeKey: where.key, address: `${where.address}${where.name}${name}`, ...offset(building?.location ?? where.centre, random.between(-18, 18), random.between(-18, 18)) };
}

/** `count` tickets (工单) of the last eight weeks with their lives up to `now` (milliseconds since 1970), oldest first. The same seed and `now` give the same tickets. */
export function makeTickets(seed: string, now: number, count: number, customers: readonly DemoCustomer[], accounts: readonly DemoAccount[], assets: readonly DemoAsset[]): DemoTicket[] {
  const weather = weatherBefore(now);
  const arrivals = makeArrivals(createRandom(`${seed}/arrivals`), now, count, customers, assets);
  const words = createRandom(`${seed}/words`);
  const lives = createRandom(`${seed}/lives`);
  const roster = makeRoster();
  const used = new Map<string, number>();
  return arrivals.map((arrival, index) => {
    const account = accounts.find((one) => one.key === arrival.requester.accountKey) ?? null;
    const wording = wordingOf(words, arrival, account, used);
    const place = placeOfWork(lives, arrival);
    const life = liveOf(lives, arrival, wording, roster, weather, now, place);
    const events = life.events.filter((event) => Date.parse(event.at) <= now);
    const assigned = events.findLast((event) => event.kind === 'assigned');
    const told = new Set(['催单', '返工'].filter((tag) => (tag === '返工' ? events.some((event) => event.kind === 'reopened') : events.some((event) => event.kind === 'comment' && /催|没有人联系|说好的时间|第二次问|准信|自己找外面|忘了|Any update/.test(event.body)))));
    const [trade = '', area = ''] = arrival.category.key.split('.');
    return {
      key: `ticket-${String(index + 1).padStart(4, '0')}`,
      createdAt: iso(arrival.at),
      channel: wording.channel,
      language: arrival.requester.language,
      requesterKey: arrival.requester.key,
      recordedByKey: recorderAt(arrival.at, wording.channel),
      categoryPath: [trade, `${trade}.${area}`, arrival.category.key],
      priority: arrival.priority,
      subject: wording.subject,
      description: wording.description,
      place,
      assetCode: arrival.asset?.code ?? null,
      teamKey: assigned?.teamKey ?? null,
      assigneeKey: assigned?.assigneeKey ?? null,
      status: statusAfter(events),
      tags: life.tags.filter((tag) => !['催单', '返工'].includes(tag) || told.has(tag)),
      events,
    };
  });
}
