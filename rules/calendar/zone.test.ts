import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantAt, isZone, wallClock, zoneOf } from './zone.ts';

const at = (text: string) => Date.parse(text);

test('zones are known by their place', () => {
  for (const zone of ['Asia/Shanghai', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+8']) assert.equal(isZone(zone), true, zone);
  for (const zone of ['', 'Mars/Olympus', '+08:00', 'Asia/Shanghai ', 'A'.repeat(80), null, 8]) assert.equal(isZone(zone), false, String(zone));
});

test('changes are found to the second, and those at the seam of two stretches too', () => {
  const zone = zoneOf('America/New_York');
  for (const [change, before, after] of [['2026-03-08T07:00:00Z', -5, -4], ['2026-11-01T06:00:00Z', -4, -5], ['1918-03-31T07:00:00Z', -5, -4], ['2350-03-12T07:00:00Z', -5, -4]] as const) {
    const spans = [zone.spanAt(at(change) - 1), zone.spanAt(at(change))] as const;
    assert.deepEqual(spans.map(({ offset }) => offset / 3_600_000), [before, after], change);
    assert.equal(spans[0].until, at(change));
    assert.equal(spans[1].from, at(change));
  }
  // All of them, year by year, without a gap or a change that is none.
  let [changes, offset] = [0, NaN];
  for (let span = zone.spanAt(at('2007-01-01T00:00:00Z')); span.until < at('2107-01-01T00:00:00Z'); span = zone.spanAt(span.until)) {
    if (!Number.isNaN(offset) && span.offset !== offset) changes += 1;
    offset = span.offset;
    assert.equal(zone.spanAt(span.until - 1), span);
  }
  assert.equal(changes, 200);
});

test('changes a few days apart are not overlooked', () => {
  const offsets = (name: string, from: string, until: string) => {
    const found: [string, number][] = [];
    for (let span = zoneOf(name).spanAt(at(from)); span.until < at(until); span = zoneOf(name).spanAt(span.until)) {
      const next = zoneOf(name).spanAt(span.until);
      if (next.offset !== span.offset) found.push([new Date(next.from).toISOString().slice(0, 10), next.offset / 3_600_000]);
    }
    return found;
  };
  assert.deepEqual(offsets('America/Recife', '2000-01-01T00:00:00Z', '2001-01-01T00:00:00Z'), [['2000-02-27', -3], ['2000-10-08', -2], ['2000-10-15', -3]]);
  assert.deepEqual(offsets('Africa/Casablanca', '2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'), [['2024-03-10', 0], ['2024-04-14', 1]]);
});

test('what the wall shows twice is the first time, what it never shows is after the gap', () => {
  const zone = zoneOf('America/New_York');
  const read = (wall: string) => new Date(instantAt(zone, at(`${wall}:00Z`))).toISOString();
  assert.equal(read('2026-11-01T01:30'), '2026-11-01T05:30:00.000Z');
  assert.equal(read('2026-03-08T02:30'), '2026-03-08T07:30:00.000Z');
  assert.equal(read('2026-03-08T01:59'), '2026-03-08T06:59:00.000Z');
  assert.equal(read('2026-03-08T03:00'), '2026-03-08T07:00:00.000Z');
  assert.equal(read('2026-11-01T02:00'), '2026-11-01T07:00:00.000Z');
  assert.equal(wallClock(zone, at('2026-03-08T07:30:00Z')), at('2026-03-08T03:30:00Z'));
});
