import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { RouterProblem } from '../../../contract/travel.ts';
import type { Point } from '../../../rules/places/distance.ts';
import { amapRouter } from './amap.ts';
import { osrmRouter } from './osrm.ts';
import { RouterFailure, type AnsweredLeg, type RouterTools } from './router.ts';

const places: Point[] = Array.from({ length: 8 }, (_, index) => ({ lat: 31.2 + index / 100, lng: 121.4 + index / 50 }));
const [a, b, c, d] = places as [Point, Point, Point, Point];

let answer: (url: URL, response: ServerResponse) => void;
const seen: URL[] = [];
const server = createServer((request, response) => {
  const url = new URL(request.url!, 'http://x');
  seen.push(url);
  answer(url, response);
});
let host: string;
before(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => void (seen.length = 0));
after(() => {
  server.closeAllConnections();
  server.close();
});

const tools = (more: Partial<RouterTools> = {}): RouterTools => ({ privateHosts: [host], pauses: [], ...more });
const osrm = (more?: Partial<RouterTools>) => osrmRouter({ baseUrl: `http://${host}/route`, profile: 'driving' }, tools(more));
const amap = (more?: Partial<RouterTools>) => amapRouter({ baseUrl: `http://${host}`, key: 'k3y-0815' }, tools(more));
const json = (value: unknown, status = 200, headers: Record<string, string> = {}) => (_url: URL, response: ServerResponse) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof value === 'string' ? value : JSON.stringify(value));
const fails = (asking: Promise<unknown>, code: RouterProblem, what: string) => assert.rejects(asking, (error) => {
  assert.ok(error instanceof RouterFailure, what);
  assert.equal(error.code, code, what);
  assert.ok(!error.message.includes('k3y-0815'), 'no key is told');
  return true;
});

/** What an OSRM says of the coordinates it is asked for: seconds by which they are, so that the way back is another. */
function osrmAnswer(url: URL, offRoad: (lng: number) => boolean = () => false): unknown {
  const coordinates = url.pathname.split('/').at(-1)!.split(';').map((pair) => pair.split(',').map(Number) as [number, number]);
  if (coordinates.some(([lng]) => offRoad(lng))) return { code: 'NoSegment', message: 'Could not find a matching segment for coordinate 0' };
  const numbers = (name: string) => url.searchParams.get(name)!.split(';').map(Number);
  const [from, to] = [numbers('sources'), numbers('destinations')];
  const seconds = (one: number, other: number) => Math.round(coordinates[one]![0] * 1_000) + Math.round(coordinates[other]![0] * 100) / 10;
  const waypoint = (index: number) => ({ hint: 'x', distance: 4.2, name: '人民大道', location: coordinates[index] });
  return { code: 'Ok', durations: from.map((one) => to.map((other) => seconds(one, other))), distances: from.map((one) => to.map((other) => seconds(one, other) * 10)), sources: from.map(waypoint), destinations: to.map(waypoint) };
}

describe('OSRM', () => {
  test('is asked as it documents, and answers each way by itself', async () => {
    answer = (url, response) => json(osrmAnswer(url))(url, response);
    const table = await osrm().ask([a, b], [b, c, d]);
    assert.equal(seen[0]!.pathname, '/route/table/v1/driving/121.400000,31.200000;121.420000,31.210000;121.420000,31.210000;121.440000,31.220000;121.460000,31.230000');
    assert.deepEqual(Object.fromEntries(seen[0]!.searchParams), { sources: '0;1', destinations: '2;3;4', annotations: 'duration,distance' });
    assert.deepEqual([table.length, table[0]!.length], [2, 3]);
    const [[back]] = await osrm().ask([d], [a]) as [[AnsweredLeg]];
    assert.notEqual(back.seconds, table[0]![2]!.seconds);
    assert.equal(table[0]![2]!.metres, table[0]![2]!.seconds! * 10);
  });

  test('knows no road where it says so, nor for a place it put far away; without distances it tells none', async () => {
    answer = json({ code: 'Ok', durations: [[10, null, 20]], distances: [[100, null, 200]], sources: [{ distance: 3 }], destinations: [{ distance: 5 }, { distance: 5 }, { distance: 4_000 }] });
    assert.deepEqual(await osrm().ask([a], [b, c, d]), [[{ seconds: 10, metres: 100 }, { seconds: null, metres: null }, { seconds: null, metres: null }]]);
    answer = json({ code: 'Ok', durations: [[10]] });
    assert.deepEqual(await osrm().ask([a], [b]), [[{ seconds: 10, metres: null }]]);
    answer = json({ code: 'NoTable', message: 'No table found' }, 400);
    assert.deepEqual(await osrm().ask([a], [b]), [[{ seconds: null, metres: null }]]);
  });

  test('one place off any road spoils the answers for no other', async () => {
    answer = (url, response) => {
      const said = osrmAnswer(url, (lng) => lng === 121.44) as { code: string };
      json(said, said.code === 'Ok' ? 200 : 400)(url, response);
    };
    const table = await osrm().ask(places.slice(0, 4), places.slice(4));
    assert.deepEqual(table.map((row) => row.map(({ seconds }) => seconds !== null)), [true, true, false, true].map((known) => [known, known, known, known]));
    answer = (url, response) => json(osrmAnswer(url))(url, response);
    const whole = await osrm().ask(places.slice(0, 4), places.slice(4));
    assert.deepEqual(table[3], whole[3], 'each in its own place');
  });

  test('what is no table is none', async () => {
    const bad: [unknown, RouterProblem, number?][] = [
      ['{"code":"Ok","durations":[[1,2],[3', 'malformed'], ['<html>nginx</html>', 'malformed'], ['[]', 'malformed'], ['null', 'malformed'], [{ code: 'Ok' }, 'malformed'],
      [{ code: 'Ok', durations: [[1]] }, 'malformed'], [{ code: 'Ok', durations: [[1, 2]] }, 'malformed'], ['{"code":"Ok","durations":[[1,NaN],[3,4]]}', 'malformed'], [{ code: 'Ok', durations: [[1, -2], [3, 4]] }, 'malformed'],
      ['{"code":"Ok","durations":[[1,1e999],[3,4]]}', 'malformed'], [{ code: 'Ok', durations: [[1, '2'], [3, 4]] }, 'malformed'], [{ code: 'Ok', durations: [[1, 2], [3, 4]], distances: [[1]] }, 'malformed'],
      [{ code: 'TooBig', message: 'Too many table coordinates' }, 'too_big', 400], [{ code: 'InvalidQuery', message: 'Query string malformed' }, 'refused', 400], ['gone', 'refused', 404], [{ code: 'Ok' }, 'unreachable', 500], ['', 'busy', 429], ['', 'key', 403],
    ];
    for (const [said, code, status] of bad) {
      answer = json(said, status);
      await fails(osrm().ask([a, b], [c, d]), code, JSON.stringify(said));
    }
  });

  test('a network that misbehaves is told apart; nothing inside is reached, nor by a redirect', async () => {
    await fails(osrm({ privateHosts: [] }).ask([a], [b]), 'private_address', 'not allowed');
    assert.equal(seen.length, 0, 'and not called');
    answer = (_url, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    await fails(osrm().ask([a], [b]), 'redirected', 'a redirect');
    assert.equal(seen.length, 1);
    answer = (_url, response) => void response.destroy();
    await fails(osrm().ask([a], [b]), 'unreachable', 'hung up');
    answer = (_url, response) => void response.writeHead(200).write('{"code":');
    await fails(osrm({ milliseconds: 300 }).ask([a], [b]), 'timeout', 'never ends');
    answer = (_url, response) => void response.end('x'.repeat(2_100_000));
    await fails(osrm().ask([a], [b]), 'malformed', 'never-ending');
    await fails(osrmRouter({ baseUrl: 'http://127.0.0.1:1', profile: 'driving' }, tools({ privateHosts: ['127.0.0.1:1'] })).ask([a], [b]), 'unreachable', 'nobody listens');
  });

  test('what passes is asked again, what does not is not; every try is counted', async () => {
    let [tries, left] = [0, 2];
    answer = (url, response) => ((left -= 1) >= 0 ? json('', 503)(url, response) : json(osrmAnswer(url))(url, response));
    await osrm({ pauses: [1, 1], onAsked: () => (tries += 1) }).ask([a], [b]);
    assert.equal(tries, 3);
    [tries, left] = [0, 9];
    await fails(osrm({ pauses: [1, 1], onAsked: () => (tries += 1) }).ask([a], [b]), 'busy', 'still');
    assert.equal(tries, 3);
    tries = 0;
    answer = json('', 503, { 'retry-after': '600' });
    await fails(osrm({ pauses: [1, 1], onAsked: () => (tries += 1) }).ask([a], [b]), 'busy', 'it wants to be left in peace for longer');
    assert.equal(tries, 1);
    tries = 0;
    answer = json({ code: 'InvalidOptions' }, 400);
    await fails(osrm({ pauses: [1, 1], onAsked: () => (tries += 1) }).ask([a], [b]), 'refused', 'for good');
    assert.equal(tries, 1);
  });
});

describe('高德', () => {
  const result = (id: number, more: object = {}) => ({ origin_id: String(id), dest_id: '1', distance: String(1_000 * id), duration: String(100 * id), ...more });
  const ok = (results: unknown[]) => ({ status: '1', info: 'OK', infocode: '10000', count: String(results.length), results });

  test('is asked as it documents, in its own coordinates, and answers by the number of the origin', async () => {
    answer = json(ok([result(2), result(1)]));
    assert.deepEqual(await amap().ask([a, b], [c]), [[{ seconds: 100, metres: 1_000 }], [{ seconds: 200, metres: 2_000 }]]);
    const { pathname, searchParams } = seen[0]!;
    assert.equal(pathname, '/v3/distance');
    assert.deepEqual([searchParams.get('type'), searchParams.get('key'), searchParams.get('origins')!.split('|').length], ['1', 'k3y-0815', 2]);
    const [lng, lat] = searchParams.get('destination')!.split(',').map(Number) as [number, number];
    // GCJ-02 lies some hundred metres off in Shanghai: 0.0045° to the east, 0.002° to the south.
    assert.ok(lng - c.lng > 0.004 && lng - c.lng < 0.005 && c.lat - lat > 0.0015 && c.lat - lat < 0.0025, `${lng} ${lat}`);
    const paris = { lat: 48.8566, lng: 2.3522 };
    answer = json(ok([result(1, { code: '3', info: 'OUT_OF_SERVICE' })]));
    assert.deepEqual(await amap().ask([paris], [paris]), [[{ seconds: null, metres: null }]]);
    assert.equal(seen.at(-1)!.searchParams.get('destination'), '2.352200,48.856600');
  });

  test('of single places it may know no road', async () => {
    answer = json(ok([result(1), { origin_id: '2', dest_id: '1', distance: '0', duration: '0', info: '未知错误', code: '1' }, result(3, { code: '2', info: 'x' })]));
    assert.deepEqual((await amap().ask([a, b, c], [d])).map(([leg]) => leg!.seconds), [100, null, null]);
  });

  test('its codes are told apart', async () => {
    const codes: [string, RouterProblem][] = [['10001', 'key'], ['10005', 'key'], ['10009', 'key'], ['10012', 'key'], ['40002', 'key'], ['10003', 'quota'], ['10044', 'quota'], ['40000', 'quota'], ['10004', 'busy'], ['10016', 'busy'], ['10021', 'busy'], ['30001', 'busy'], ['20000', 'refused'], ['', 'refused']];
    for (const [infocode, code] of codes) {
      answer = json({ status: '0', info: 'CUQPS_HAS_EXCEEDED_THE_LIMIT', infocode });
      await fails(amap().ask([a], [b]), code, infocode);
    }
  });

  test('asked too fast it waits and asks again; out of quota it does not', async () => {
    let left = 1;
    answer = (url, response) => json((left -= 1) >= 0 ? { status: '0', info: 'CUQPS_HAS_EXCEEDED_THE_LIMIT', infocode: '10021' } : ok([result(1)]))(url, response);
    assert.deepEqual(await amap({ pauses: [1] }).ask([a], [b]), [[{ seconds: 100, metres: 1_000 }]]);
    seen.length = 0;
    answer = json({ status: '0', info: 'DAILY_QUERY_OVER_LIMIT', infocode: '10003' });
    await fails(amap({ pauses: [1, 1] }).ask([a], [b]), 'quota', 'for today');
    assert.equal(seen.length, 1);
  });

  test('what does not answer the question is no answer', async () => {
    const bad: unknown[] = [
      ok([result(1)]), ok([result(1), result(1)]), ok([result(1), result(3)]), ok([result(0), result(1)]), ok([result(1), result(2, { duration: 'NaN' })]), ok([result(1), result(2, { duration: '-5' })]), ok([result(1), result(2, { distance: [] })]), ok([null, 7]),
      { status: '1', results: {} }, { status: '2' }, [], '{"status":"1","results":[{"origin', '<html>',
    ];
    for (const said of bad) {
      answer = json(said);
      await fails(amap().ask([a, b], [c]), 'malformed', JSON.stringify(said));
    }
  });
});
