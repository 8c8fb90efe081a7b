import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGeoJson, readRing, ringText, withoutRing, withRing } from './ring-text.ts';

test('positions as lines, there and back', () => {
  const ring = [[120.1, 30.2], [120.2, 30.2], [120.15, 30.3]] as const;
  assert.deepEqual(readRing(ringText(ring)), { ring });
  assert.deepEqual(readRing('30.2，120.1\n\n 30.2 120.2 \n'), { ring: [[120.1, 30.2], [120.2, 30.2]] });
  for (const [text, line] of [['30.2', 1], ['30.2, 120.1\n北, 东', 2], ['120.1, 30.2', 1], ['30.2, 120.1, 5', 1]] as const) assert.deepEqual(readRing(text), { line });
});

test('GeoJSON is opened for editing; what is none is told', () => {
  assert.deepEqual(readGeoJson('{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}'), [[[[0, 0], [1, 0], [1, 1]]]]);
  for (const text of ['', '{', '{}', '{"type":"MultiPolygon","coordinates":[]}']) assert.equal(readGeoJson(text), null);
});

test('rings are changed and taken out where they stand', () => {
  const shape = [[[[0, 0]], [[1, 1]]], [[[2, 2]]]] as const;
  assert.deepEqual(withRing(shape, { polygon: 0, ring: 1 }, [[9, 9]]), [[[[0, 0]], [[9, 9]]], [[[2, 2]]]]);
  assert.deepEqual(withoutRing(shape, { polygon: 0, ring: 1 }), [[[[0, 0]]], [[[2, 2]]]]);
  assert.deepEqual(withoutRing(shape, { polygon: 0, ring: 0 }), [[[[2, 2]]]]);
});
