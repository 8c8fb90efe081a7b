import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demand } from './demand.ts';
import { makeDemoCompany, type DemoTicket } from './index.ts';
import { distanceMetres, demoPlaces } from './places.ts';
import { demoStaff, staffOf } from './staff.ts';
import { englishTexts } from './texts/english.ts';
import { alarmTexts } from './texts/frames.ts';
import { symptomTexts } from './texts/index.ts';
import { parts, workLogs } from './texts/life.ts';
import { hour, onShift } from './time.ts';
import { statusAfter } from './tickets.ts';

const now = new Date('2026-11-21T08:20:00Z');
const company = makeDemoCompany({ now });
const { tickets } = company;
const staffKeys = new Set(company.staff.map((one) => one.key));
const customerKeys = new Set(company.customers.map((one) => one.key));

function share(test: (ticket: DemoTicket) => boolean, among: readonly DemoTicket[] = tickets): number {
  return among.filter(test).length / among.length;
}

const unique = (values: readonly unknown[], what: string): void => assert.equal(new Set(values).size, values.length, `${what} repeat`);

test('the same seed and time give the same company, another seed another one', () => {
  assert.deepEqual(makeDemoCompany({ now, ticketCount: 300 }), makeDemoCompany({ now, ticketCount: 300 }));
  assert.notDeepEqual(makeDemoCompany({ now, ticketCount: 300, seed: 'other' }).tickets, makeDemoCompany({ now, ticketCount: 300 }).tickets);
});

test('departments, teams, staff, categories and assets refer only to what exists, with the parent first', () => {
  const departments = new Set<string>();
  for (const one of company.departments) {
    assert.ok(one.parentKey === null || departments.has(one.parentKey), one.key);
    assert.ok(staffKeys.has(one.managerKey), one.managerKey);
    departments.add(one.key);
  }
  const categories = new Set<string>();
  const teams = new Set(company.teams.map((one) => one.key));
  for (const one of company.categories) {
    assert.ok(one.parentKey === null || categories.has(one.parentKey), one.key);
    if (one.level === 1) assert.ok(one.teamKey !== null && teams.has(one.teamKey), one.key);
    categories.add(one.key);
  }
  const skills = new Set(company.skills.map((one) => one.key));
  for (const team of company.teams) {
    assert.ok(departments.has(team.departmentKey), team.key);
    assert.ok(staffOf(team.leadKey).teamKeys.includes(team.key), `${team.leadKey} leads ${team.key} without being in it`);
    for (const key of team.categoryKeys) assert.ok(categories.has(key), key);
    for (const key of team.placeKeys) assert.ok(demoPlaces.some((place) => place.key === key), key);
  }
  for (const one of company.staff) {
    assert.ok(departments.has(one.departmentKey), one.key);
    for (const key of one.teamKeys) assert.ok(teams.has(key), key);
    for (const { skillKey, level } of one.skills) assert.ok(skills.has(skillKey) && level >= 1 && level <= 5, one.key);
  }
  for (const asset of company.assets) assert.ok(demoPlaces.some((place) => place.key === asset.placeKey && (asset.buildingKey === null || place.buildings.some((building) => building.key === asset.buildingKey))), asset.code);
  const accounts = new Set(company.accounts.map((one) => one.key));
  for (const one of company.customers) assert.ok(one.accountKey === null || accounts.has(one.accountKey), one.key);
  assert.equal(company.accountsToPrint.length, 5);
  assert.deepEqual(company.accountsToPrint.map((one) => one.email), ['admin', 'manager', 'dispatcher', 'agent', 'engineer'].map((name) => `${name}@anju.example`));
});

test('keys, codes, addresses and numbers that must be unique are', () => {
  unique(company.staff.map((one) => one.key), 'staff keys');
  unique(company.staff.map((one) => one.email), 'staff e-mails');
  unique([...company.staff.map((one) => one.phone), ...company.customers.flatMap((one) => one.phone ?? [])], 'phones');
  unique(company.customers.map((one) => one.key), 'customer keys');
  unique(company.customers.filter((one) => one.kind !== 'device-platform').map((one) => one.name), 'customer names');
  unique(company.categories.map((one) => one.key), 'category keys');
  unique(company.assets.map((one) => one.code), 'asset codes');
  unique(company.assets.map((one) => one.serialNumber), 'serial numbers');
  unique(tickets.map((one) => one.key), 'ticket keys');
  unique(demoPlaces.flatMap((place) => [place.key, ...place.buildings.map((one) => one.key)]), 'place keys');
  for (const { phone } of [...company.staff, ...company.customers]) assert.ok(phone === null || /^1[3-9]\d{9}$/.test(phone), `${phone}`);
});

test('the company has the promised size', () => {
  assert.ok(company.staff.length >= 45 && company.staff.length <= 60);
  assert.ok(company.customers.length >= 400);
  assert.ok(company.assets.length >= 140 && company.assets.length <= 200);
  assert.deepEqual([1, 2, 3].map((level) => company.categories.filter((one) => one.level === level).length), [9, 38, 107]);
  assert.equal(tickets.length, 2000);
  assert.ok(company.customers.some((one) => one.phone === null) && company.customers.filter((one) => one.elderly).length > 25);
});

test('every symptom has its demand and its texts, every area its work logs, and nothing is written for one that does not exist', () => {
  const leaves = company.categories.filter((one) => one.level === 3).map((one) => one.key).sort();
  assert.deepEqual(Object.keys(demand).sort(), leaves);
  assert.deepEqual(Object.keys(symptomTexts).sort(), leaves);
  assert.deepEqual(Object.keys(workLogs).sort(), company.categories.filter((one) => one.level === 2).map((one) => one.key).sort());
  for (const key of [...Object.keys(englishTexts), ...Object.keys(alarmTexts)]) assert.ok(leaves.includes(key), key);
  for (const key of Object.keys(parts)) assert.ok(key in workLogs, key);
  for (const key of leaves) assert.equal((demand[key]?.alarm ?? 0) > 0, alarmTexts[key] !== undefined, key);
});

test('everything lies in Hangzhou, on the right side of the river', () => {
  const points = [...company.customers.map((one) => one.home), ...company.assets, ...company.staff.map((one) => one.home), ...tickets.map((one) => one.place)];
  for (const { lat, lng } of points) assert.ok(lat > 30.1 && lat < 30.45 && lng > 119.9 && lng < 120.4, `${lat}, ${lng}`);
  for (const place of demoPlaces) for (const building of place.buildings) assert.ok(distanceMetres(place.centre, building.location) < 400, building.key);
  for (const place of demoPlaces) assert.equal(place.district === '滨江区', place.centre.lat < 30.22, place.key);
});

test('tickets refer only to what exists', () => {
  const assets = new Map(company.assets.map((one) => [one.code, one]));
  const categories = new Set(company.categories.map((one) => one.key));
  for (const ticket of tickets) {
    assert.ok(customerKeys.has(ticket.requesterKey), ticket.key);
    assert.ok(ticket.recordedByKey === null || ticket.recordedByKey === 'system' || staffKeys.has(ticket.recordedByKey), ticket.key);
    for (const key of ticket.categoryPath) assert.ok(categories.has(key), key);
    if (ticket.assetCode !== null) assert.equal(assets.get(ticket.assetCode)?.placeKey, ticket.place.placeKey, ticket.key);
    for (const event of ticket.events) {
      assert.ok(event.actorKey === 'system' || staffKeys.has(event.actorKey) || event.actorKey === ticket.requesterKey, `${ticket.key} ${event.actorKey}`);
      if (event.kind === 'assigned') assert.ok(company.teams.some((team) => team.key === event.teamKey) && (event.assigneeKey === null || staffOf(event.assigneeKey).teamKeys.includes(event.teamKey)), ticket.key);
    }
  }
});

test('times run forward, from the creation to now, and end in the status that is told', () => {
  let before = '';
  for (const ticket of tickets) {
    assert.ok(ticket.createdAt >= before, 'oldest first');
    before = ticket.createdAt;
    let last = ticket.createdAt;
    for (const event of ticket.events) {
      assert.ok(event.at >= last, `${ticket.key}: ${event.kind} at ${event.at} after ${last}`);
      last = event.at;
    }
    assert.ok(last <= now.toISOString(), ticket.key);
    assert.equal(ticket.status, statusAfter(ticket.events));
  }
  assert.ok(Date.parse(tickets[0]?.createdAt ?? '') > now.getTime() - 57 * 24 * hour);
});

test('a life makes sense step by step', () => {
  for (const ticket of tickets) {
    let assignee: string | null = null;
    let phase = 'new';
    const expect = (condition: boolean, what: string): void => assert.ok(condition, `${ticket.key}: ${what} while ${phase}`);
    for (const event of ticket.events) {
      if (phase === 'closed' || phase === 'cancelled') expect(event.kind === 'comment', `${event.kind}`);
      if (event.kind === 'assigned') {
        assignee = event.assigneeKey;
        expect(phase === 'new' || phase === 'assigned' || phase === 'reopened' || phase === 'resumed', 'assigned');
        phase = 'assigned';
      } else if (event.kind === 'accepted' || event.kind === 'travel_started' || event.kind === 'checked_in' || event.kind === 'work_logged' || event.kind === 'waiting' || event.kind === 'resolved') {
        expect(assignee !== null && event.actorKey === assignee, `${event.kind} by ${event.actorKey}, assigned to ${assignee}`);
        if (event.kind === 'accepted') expect(phase === 'assigned', 'accepted');
        if (event.kind === 'travel_started') expect(phase === 'accepted' || phase === 'resumed', 'travel');
        if (event.kind === 'checked_in') expect(phase === 'travel_started', 'check-in');
        phase = event.kind;
      } else if (event.kind === 'resumed') {
        expect(phase === 'waiting', 'resumed');
        phase = 'resumed';
      } else if (event.kind === 'reopened') {
        expect(phase === 'resolved', 'reopened');
        phase = 'reopened';
      } else if (event.kind === 'confirmed' || event.kind === 'rated') expect(phase === 'resolved', event.kind);
      else if (event.kind === 'closed') {
        expect(phase === 'resolved', 'closed');
        phase = 'closed';
      } else if (event.kind === 'cancelled') phase = 'cancelled';
    }
  }
});

test('technicians have the skill, set out on shift or called out, stay where the ticket is, and are never in two places', () => {
  const trips = new Map<string, { start: number; end: number; key: string }[]>();
  for (const ticket of tickets) {
    const skill = company.categories.find((one) => one.key === ticket.categoryPath[2])?.skillKey;
    let calledOut = false;
    let start = 0;
    ticket.events.forEach((event, index) => {
      if (event.kind === 'assigned') {
        calledOut = event.reason === '夜间应急叫班';
        if (event.assigneeKey !== null) assert.ok(staffOf(event.assigneeKey).skills.some((one) => one.skillKey === skill), `${ticket.key}: ${event.assigneeKey} lacks ${skill}`);
      }
      if (event.kind === 'travel_started') {
        start = Date.parse(event.at);
        assert.ok(calledOut || onShift(staffOf(event.actorKey).shift, start), `${ticket.key}: ${event.actorKey} off shift at ${event.at}`);
      }
      if (event.kind === 'checked_in') {
        assert.ok(distanceMetres(event.location, ticket.place) < 60, ticket.key);
        const end = ticket.events.slice(index + 1).find((one) => one.kind === 'resolved' || one.kind === 'waiting');
        if (end !== undefined) trips.set(event.actorKey, [...(trips.get(event.actorKey) ?? []), { start, end: Date.parse(end.at), key: ticket.key }]);
      }
    });
  }
  for (const [key, own] of trips) {
    own.sort((one, other) => one.start - other.start);
    own.forEach((trip, index) => {
      const next = own[index + 1];
      assert.ok(next === undefined || next.start >= trip.end, `${key} is at ${trip.key} and ${next?.key}`);
    });
  }
  assert.ok(demoStaff.filter((one) => one.role === 'technician').every((one) => trips.has(one.key)), 'somebody never works');
});

test('descriptions differ and no slot is left open', () => {
  const counts = new Map<string, number>();
  for (const ticket of tickets) {
    counts.set(ticket.description, (counts.get(ticket.description) ?? 0) + 1);
    const texts = [ticket.subject, ticket.description, ...ticket.events.flatMap((event) => Object.values(event).filter((value) => typeof value === 'string'))];
    for (const text of texts) assert.ok(!/[{}|[\]]|undefined|，，|。。|，。|。，/.test(text), `${ticket.key}: ${text}`);
    assert.ok(ticket.subject.length >= 2 && ticket.subject.length <= 60, `${ticket.key}: ${ticket.subject}`);
    assert.ok(ticket.description.length >= 2, `${ticket.key}: ${ticket.description}`);
  }
  const repeated = [...counts.values()].filter((count) => count > 1).reduce((sum, count) => sum + count, 0);
  assert.ok(repeated / tickets.length < 0.04, `${repeated} tickets share a description`);
  assert.ok(Math.max(...counts.values()) <= 5);
});

for (const [name, time] of [['an afternoon in November', '2026-11-21T08:20:00Z'], ['a July morning', '2026-07-15T02:00:00Z'], ['a January night', '2027-01-10T19:00:00Z'], ['the first minutes of a day', '2026-04-02T16:03:00Z']] as const) {
  test(`states are spread believably on ${name}`, () => {
    const made = makeDemoCompany({ now: new Date(time) }).tickets;
    const closed = share((one) => one.status === 'closed', made);
    assert.ok(closed > 0.78 && closed < 0.9, `closed ${closed}`);
    for (const [status, low, high] of [['new', 0.001, 0.05], ['open', 0.015, 0.1], ['waiting', 0.006, 0.05], ['resolved', 0.02, 0.09], ['cancelled', 0.02, 0.07]] as const) {
      const part = share((one) => one.status === status, made);
      assert.ok(part >= low && part <= high, `${status} ${part}`);
    }
    const fresh = made.filter((one) => Date.parse(time) - Date.parse(one.createdAt) < 3 * hour);
    assert.ok(share((one) => one.status === 'new' || one.status === 'open', fresh) > 0.6);
    assert.ok(made.some((one) => one.priority === 'urgent' && (one.status === 'new' || one.status === 'open')), 'nothing urgent is open');
    for (const status of ['new', 'open'] as const) assert.ok(made.filter((one) => one.status === status).every((one) => Date.parse(time) - Date.parse(one.createdAt) < 45 * 24 * hour));
  });
}

test('all channels are used, mostly those that people use', () => {
  for (const channel of ['portal', 'phone', 'wechat', 'wecom', 'web', 'email', 'qr', 'app', 'alarm'] as const) assert.ok(share((one) => one.channel === channel) > 0.01, channel);
  assert.ok(share((one) => one.channel === 'phone' || one.channel === 'wechat') > 0.4);
  assert.ok(tickets.some((one) => one.language === 'en'));
});

test('the storm fills one day with leaks and floods', () => {
  const days = new Map<string, DemoTicket[]>();
  for (const ticket of tickets) {
    const date = new Date(Date.parse(ticket.createdAt) + 8 * hour).toISOString().slice(0, 10);
    days.set(date, [...(days.get(date) ?? []), ticket]);
  }
  const [date, busiest = []] = [...days].sort(([, one], [, other]) => other.length - one.length)[0] ?? [];
  assert.equal(date, '2026-11-02');
  assert.ok(busiest.length > (2.2 * tickets.length) / days.size);
  const wet = (one: DemoTicket): boolean => /water\.drain|water\.leak|house\.(wall\.seep|proof)|env\.green\.fallen/.test(one.categoryPath[2]);
  assert.ok(share(wet, busiest) > 1.8 * share(wet), `${share(wet, busiest)} against ${share(wet)}`);
});

test('people who wait rate worse', () => {
  const rated = tickets.flatMap((ticket) => {
    const rating = ticket.events.find((event) => event.kind === 'rated')?.rating;
    const resolved = ticket.events.find((event) => event.kind === 'resolved')?.at;
    return rating === undefined || resolved === undefined ? [] : [{ rating, hours: (Date.parse(resolved) - Date.parse(ticket.createdAt)) / hour, priority: ticket.priority }];
  }).filter((one) => one.priority === 'normal' || one.priority === 'high');
  const mean = (some: readonly { rating: number }[]): number => some.reduce((sum, one) => sum + one.rating, 0) / some.length;
  const soon = rated.filter((one) => one.hours < 6);
  const late = rated.filter((one) => one.hours > 48);
  assert.ok(soon.length > 50 && late.length > 20);
  assert.ok(mean(soon) - mean(late) > 0.4, `${mean(soon)} against ${mean(late)}`);
  for (const rating of [1, 2, 3, 4, 5]) assert.ok(tickets.some((ticket) => ticket.events.some((event) => event.kind === 'rated' && event.rating === rating)), `no ${rating}`);
});
