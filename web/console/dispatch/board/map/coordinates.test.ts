import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distanceInMetres } from '../../../../../rules/places/distance.ts';
import { fromTiles, onTiles } from './coordinates.ts';

const hangzhou = { lat: 30.2741, lng: 120.1551 };
const oslo = { lat: 59.9139, lng: 10.7522 };

test('on tiles of Chinese providers a place is shifted by some hundred metres, and back within a metre', () => {
  const [lat, lng] = onTiles(hangzhou, 'GCJ02');
  const shift = distanceInMetres(hangzhou, { lat, lng });
  assert.ok(shift > 300 && shift < 800, `${shift} metres`);
  assert.ok(distanceInMetres(fromTiles({ lat, lng }, 'GCJ02'), hangzhou) < 1);
});

test('nothing is shifted on other tiles, nor outside of China', () => {
  assert.deepEqual(onTiles(hangzhou, 'WGS84'), [hangzhou.lat, hangzhou.lng]);
  assert.deepEqual(onTiles(oslo, 'GCJ02'), [oslo.lat, oslo.lng]);
  assert.deepEqual(fromTiles(oslo, 'GCJ02'), oslo);
});
