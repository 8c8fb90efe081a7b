import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom } from '../solver/random.ts';
import { closed, extentOf, faultsOfShape, isInside, shapeOfGeoJson, type Ring, type Shape } from './territory.ts';

const box = (x0: number, y0: number, x1: number, y1: number): Ring => [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
const holed: Shape = [[box(0, 0, 10, 10), box(4, 4, 6, 6)], [box(20, 0, 30, 10)]];

test('inside, outside, in a hole, on edges and corners', () => {
  const cases: [lng: number, lat: number, inside: boolean][] = [
    [1, 1, true], [5, 5, false], [25, 5, true], [15, 5, false], [-1, 5, false], [5, 11, false],
    // Edges and corners belong to it, those of a hole as well.
    [0, 5, true], [10, 10, true], [0, 0, true], [5, 4, true], [4, 4, true], [5, 10, true],
    // In line with a corner and an edge, but outside.
    [-1, 0, false], [11, 10, false], [-1, 10, false], [15, 0, false],
  ];
  for (const [lng, lat, inside] of cases) assert.equal(isInside(holed, { lat, lng }), inside, `${lng} ${lat}`);
  for (const [lng, lat, inside] of cases) assert.equal(isInside(closed(holed).map((polygon) => polygon.map((ring) => ring.toReversed())), { lat, lng }), inside, `closed, the other way round: ${lng} ${lat}`);
  const arrow: Shape = [[[[0, 0], [4, 2], [0, 4], [2, 2]]]];
  for (const [lng, lat, inside] of [[1, 2, false], [2, 2, true], [3, 2, true], [-1, 2, false], [0.5, 0.4, true]] as const) assert.equal(isInside(arrow, { lat, lng }), inside, `arrow ${lng} ${lat}`);
  assert.equal(isInside([], { lat: 0, lng: 0 }), false);
});

/** How often a ring goes round a point, by the angles under which it sees the edges. */
function turnsAround(ring: Ring, lng: number, lat: number): number {
  let angle = 0;
  ring.forEach(([x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length]!;
    const step = Math.atan2(nextY - lat, nextX - lng) - Math.atan2(y - lat, x - lng);
    angle += step - 2 * Math.PI * Math.round(step / (2 * Math.PI));
  });
  return Math.abs(Math.round(angle / (2 * Math.PI)));
}

test('as the winding angle says, for whatever shape', () => {
  const random = randomFrom(7);
  const star = (lng: number, lat: number, most: number): Ring => {
    const corners = 3 + Math.floor(random() * 12);
    return Array.from({ length: corners }, (_, index) => {
      const [angle, radius] = [((index + random() * 0.8) / corners) * 2 * Math.PI, most * (0.3 + 0.7 * random())];
      return [lng + radius * Math.cos(angle), lat + radius * Math.sin(angle)] as const;
    });
  };
  let within = 0;
  for (let round = 0; round < 300; round += 1) {
    const [lng, lat] = [100 + random() * 20, 20 + random() * 20];
    const shape: Shape = [[star(lng, lat, 1), star(lng, lat, 0.25)]];
    for (let point = 0; point < 10; point += 1) {
      const [x, y] = [lng + (random() - 0.5) * 2.4, lat + (random() - 0.5) * 2.4];
      const expected = turnsAround(shape[0]![0]!, x, y) === 1 && turnsAround(shape[0]![1]!, x, y) === 0;
      assert.equal(isInside(shape, { lng: x, lat: y }), expected, JSON.stringify([shape, x, y]));
      within += expected ? 1 : 0;
    }
  }
  assert.ok(within > 300 && within < 2_700, `${within}`);
});

test('what is wrong with an area is told, with its place', () => {
  const faults = (shape: Shape) => faultsOfShape(shape).map(({ polygon, ring, fault }) => `${polygon}.${ring} ${fault}`);
  assert.deepEqual(faults(holed), []);
  assert.deepEqual(faults(closed(holed)), []);
  assert.deepEqual(faults([[[[0, 0], [1, 1]]]]), ['0.0 too_few']);
  assert.deepEqual(faults([[[[0, 0], [1, 1], [0, 0]]]]), ['0.0 too_few']);
  assert.deepEqual(faults([[box(30.2, 120.1, 30.4, 120.3)]]), ['0.0 out_of_range'], 'latitude and longitude in each other’s place');
  assert.deepEqual(faults([[[[0, 0], [1, 1], [2, 2]]]]), ['0.0 no_area']);
  assert.deepEqual(faults([[[[0, 0], [2, 2], [2, 0], [0, 1]]]]), ['0.0 crosses_itself']);
  assert.deepEqual(faults([[[[0, 0], [4, 0], [4, 4], [2, 0], [0, 4]]]]), ['0.0 crosses_itself'], 'a corner on another edge');
  assert.deepEqual(faults([[[[0, 0], [4, 0], [2, 0], [2, 4]]]]), ['0.0 crosses_itself'], 'back over itself');
  assert.deepEqual(faults([[box(0, 0, 1, 1), box(2, 2, 3, 3)]]), ['0.1 hole_outside']);
  assert.equal(extentOf(holed), 196);
});

test('GeoJSON of any kind that holds polygons', () => {
  const polygon = { type: 'Polygon', coordinates: [[[0, 0, 12], [1, 0, 12], [1, 1, 12], [0, 0, 12]]] };
  const ring = [[0, 0], [1, 0], [1, 1], [0, 0]];
  assert.deepEqual(shapeOfGeoJson(polygon), [[ring]]);
  assert.deepEqual(shapeOfGeoJson({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: polygon }, { type: 'Feature', geometry: { type: 'Point', coordinates: [0, 0] } }, { type: 'Feature', geometry: { type: 'MultiPolygon', coordinates: [polygon.coordinates] } }] }), [[ring], [ring]]);
  for (const nothing of [null, 5, {}, { type: 'Polygon' }, { type: 'Polygon', coordinates: [[['0', 0]]] }, { type: 'FeatureCollection', features: [] }, { type: 'Point', coordinates: [0, 0] }, { type: 'Feature', geometry: null }]) assert.equal(shapeOfGeoJson(nothing), null);
});
