import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom } from '../solver/random.ts';
import type { Point } from '../places/distance.ts';
import { openWindows, type Appointed, type Promised, type Window } from './appointments.ts';
import type { Candidate } from './roster.ts';

const hour = 3_600;
const here: Point = { lat: 31.23, lng: 121.47 };
const north = (metres: number): Point => ({ lat: here.lat + metres / 111_195, lng: here.lng });
const one = (id: string, change: Partial<Candidate> = {}): Candidate => ({ id, skills: {}, shift: [9 * hour, 17 * hour], start: here, end: null, stops: [], load: 0, capacity: null, territories: null, share: 0, ...change });
const asked = (change: Partial<Appointed['request']> = {}, crew: Appointed['crew'] = []): Appointed => ({ request: { point: here, service: hour, skills: [], ...change }, crew });
const [morning, afternoon]: [Window, Window] = [[9 * hour, 12 * hour], [13 * hour, 16 * hour]];
const open = (people: readonly Candidate[], waiting: readonly Promised[] = [], wanted = asked()): string => openWindows(people, waiting, wanted, [[morning], [afternoon]]).map((is) => (is ? 'x' : '-')).join('');
const promised = (count: number, window: Window, change: Partial<Promised> = {}): Promised[] => Array.from({ length: count }, () => ({ ...asked(), windows: [window], ...change }));

test('a window is open for as long as somebody can serve it', () => {
  const lift = { lift: 3 };
  const needs = (level: number) => asked({ skills: [{ skill: 'lift', level }] });
  for (const [name, people, waiting, wanted, expected] of [
    ['nobody there', [], [], asked(), '--'],
    ['somebody free', [one('a')], [], asked(), 'xx'],
    ['only the afternoon', [one('a', { shift: [13 * hour, 17 * hour] })], [], asked(), '-x'],
    ['a skill nobody has', [one('a', { skills: lift })], [], needs(4), '--'],
    ['a skill somebody has', [one('a', { skills: lift })], [], needs(3), 'xx'],
    ['too far to be there in the morning', [one('a', { start: north(80_000) })], [], asked(), '-x'],
    // Beginning at nine, ten, eleven and twelve.
    ['four mornings are promised', [one('a')], promised(4, morning), asked(), '-x'],
    ['three are', [one('a')], promised(3, morning), asked(), 'xx'],
    ['four for two people', [one('a'), one('b')], promised(4, morning), asked(), 'xx'],
    ['whom they do not accept', [one('a'), one('b')], promised(4, morning, asked({ required: ['a'] })), asked({ banned: ['b'] }), '-x'],
    ['for two people, of whom one is there', [one('a')], [], asked({}, [[]]), '--'],
    ['for two people', [one('a'), one('b')], [], asked({}, [[]]), 'xx'],
    ['for two, of whom one has the skill', [one('a'), one('b', { skills: lift })], [], asked({}, [[{ skill: 'lift', level: 1 }]]), 'xx'],
    ['both are promised together', [one('a'), one('b')], promised(4, morning, asked({}, [[]])), asked(), '-x'],
    ['half of the day is kept', [one('a', { room: 4 * hour })], promised(4, morning), asked(), '--'],
    ['what was promised for urgent work takes none of the rest', [one('a', { room: hour })], promised(4, morning, asked({ urgent: true })), asked(), '-x'],
    ['leave from ten to four', [one('a', { breaks: [{ from: 10 * hour, to: 16 * hour }] })], [], asked(), 'xx'],
    ['leave from ten to four, and nine is taken', [one('a', { breaks: [{ from: 10 * hour, to: 16 * hour }] })], promised(1, morning), asked(), '-x'],
    ['leave from nine on until five', [one('a', { breaks: [{ from: 9 * hour, to: 16.5 * hour }] })], [], asked(), '--'],
    ['and taken by what is urgent', [one('a', { room: 4 * hour })], promised(4, morning), asked({ urgent: true }), '-x'],
  ] as const) assert.equal(open(people, waiting, wanted), expected, name);
});

test('a window that is cut by the hours of a place', () => {
  const parts = (...windows: (readonly Window[])[]) => openWindows([one('a')], promised(2, [9 * hour, 10 * hour]), asked(), windows);
  assert.deepEqual(parts([], [[9 * hour, 9.5 * hour]], [[9 * hour, 9.5 * hour], [11 * hour, 11 * hour]]), [false, false, true]);
});

test('as many are promised as a count by hand allows', () => {
  const random = randomFrom(3);
  const some = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  for (let round = 0; round < 60; round += 1) {
    const [service, from, length, until, reserve] = [some(20, 120) * 60, some(9, 12) * hour, some(0, 180) * 60, some(13, 18) * hour, some(0, 5) / 10];
    const window: Window = [from, from + length];
    const people = Array.from({ length: some(1, 3) }, (_, index) => one(`p${index}`, { shift: [9 * hour, until], ...(reserve === 0 ? {} : { room: (until - 9 * hour) * (1 - reserve) }) }));
    // All at one place: each begins when the one before is done, the last by the end of the window and of the shift.
    const inTime = Math.floor((Math.min(window[1], until - service) - from) / service + 1e-9) + 1;
    const kept = reserve === 0 ? Infinity : Math.floor(((until - 9 * hour) * (1 - reserve)) / service + 1e-9);
    const expected = people.length * Math.max(0, Math.min(inTime, kept));
    let count = 0;
    while (openWindows(people, promised(count, window, asked({ service })), asked({ service }), [[window]])[0]) count += 1;
    assert.equal(count, expected, JSON.stringify({ service, window, until, reserve, people: people.length }));
  }
});
