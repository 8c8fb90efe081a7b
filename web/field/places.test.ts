import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coordinatesOf, formatDistance, mapLinks, phonePlatform } from './places.ts';

const place = { coordinates: { lat: 30.2741, lng: 120.1551 }, address: '杭州市西湖区西畔花园3幢', name: '西畔花园3幢' };

test('高德 gets GCJ-02, a few hundred metres off WGS-84 inside China', () => {
  const url = mapLinks(place, 'android').find((link) => link.app === 'amap')?.url ?? '';
  const [lng, lat] = (/to=([\d.]+),([\d.]+)/.exec(url) ?? []).slice(1).map(Number) as [number, number];
  assert.ok(Math.abs(lng - 120.1551) > 0.003 && Math.abs(lng - 120.1551) < 0.008, `lng ${lng}`);
  assert.ok(Math.abs(lat - 30.2741) > 0.001 && Math.abs(lat - 30.2741) < 0.005, `lat ${lat}`);
  assert.ok(url.includes(encodeURIComponent('西畔花园3幢')));
});

test('outside China nothing is shifted', () => {
  const url = mapLinks({ ...place, coordinates: { lat: 48.8584, lng: 2.2945 } }, 'android')[0]?.url ?? '';
  assert.match(url, /to=2\.294500,48\.858400/);
});

test('each phone gets the links it understands', () => {
  assert.deepEqual(mapLinks(place, 'ios').map((link) => link.app), ['amap', 'baidu', 'apple', 'google']);
  assert.deepEqual(mapLinks(place, 'android').map((link) => link.app), ['amap', 'baidu', 'geo', 'google']);
  assert.equal(phonePlatform('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)'), 'ios');
  assert.equal(phonePlatform('Mozilla/5.0 (Linux; Android 14; Pixel 8)'), 'android');
});

test('an address alone is searched for, and nothing leads nowhere', () => {
  assert.ok(mapLinks({ ...place, coordinates: null }, 'ios').every((link) => link.url.includes(encodeURIComponent('西畔花园'))));
  assert.deepEqual(mapLinks({ coordinates: null, address: null, name: 'x' }, 'ios'), []);
});

test('coordinates count only when both are there', () => {
  assert.deepEqual(coordinatesOf({ lat: 0, lng: 0 }), { lat: 0, lng: 0 });
  assert.equal(coordinatesOf({ lat: 30, lng: null }), null);
  assert.equal(coordinatesOf(null), null);
});

test('distances read as one says them', () => {
  assert.equal(formatDistance(84.6, 'zh-CN'), '85 米');
  assert.equal(formatDistance(1240, 'zh-CN'), '1.2 公里');
  assert.equal(formatDistance(15_400, 'en'), '15 km');
});
