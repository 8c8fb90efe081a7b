import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import type { BrowserContext } from 'playwright-core';
import type { Fixture } from './fixture/main.ts';
import { openBrowser, until, type TestBrowser, type TestPage } from '../../test/support/browser.ts';
import { serveFaces } from '../../test/support/faces.ts';
import { buildFixturePage } from '../../test/support/fixture-page.ts';

declare const fixture: Fixture;

let chromium: TestBrowser;
let site: Awaited<ReturnType<typeof serveFaces>>;
let built: Awaited<ReturnType<typeof buildFixturePage>>;

/** A feed of numbered events that resumes after the id it is given. */
let connections: ServerResponse[] = [];
let opened: (string | undefined)[] = [];
let sent = 0;
let signedIn = true;

function write(to: ServerResponse, id: number): void {
  // One of the two has a name, as facts may.
  to.write(`id: ${id}\n${id % 2 === 0 ? 'event: ticket.created\n' : ''}data: {"type":"ticket.updated","number":${id}}\n\n`);
}

/** Moves the place to resume from on, as the heartbeat does, without anything to show. */
function moveOn(): void {
  sent += 1;
  for (const connection of connections) connection.write(`id: ${sent}\n\n`);
}

function publish(): void {
  sent += 1;
  for (const connection of connections) write(connection, sent);
}

before(async () => {
  built = await buildFixturePage();
  site = await serveFaces({
    pages: { '/fixture/': built.folder },
    answer(request, response) {
      if (!signedIn) {
        response.writeHead(401).end();
        return;
      }
      const from = request.headers['last-event-id'];
      opened.push(from as string | undefined);
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 200\n: hello\n\n');
      if (from !== undefined) for (let id = Number(from) + 1; id <= sent; id += 1) write(response, id);
      connections.push(response);
      response.on('close', () => {
        connections = connections.filter((one) => one !== response);
      });
    },
  });
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await site?.close();
  await built?.remove();
});

beforeEach(() => {
  signedIn = true;
  opened = [];
  sent = 0;
});

const numbers = (page: TestPage): Promise<number[]> =>
  page.evaluate(() => fixture.events.map((event) => (event.data as { number: number }).number));

const status = (page: TestPage, wanted: string): Promise<void> => until(page, (it) => fixture.feed.status === it, wanted);

const received = (page: TestPage, count: number): Promise<void> => until(page, (it) => fixture.events.length >= it, count);

async function openTab(context?: BrowserContext, withoutSharedWorker = false, place = ''): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: site.url, context });
  if (withoutSharedWorker) await page.addInitScript('delete globalThis.SharedWorker');
  await page.goto(`/fixture/${place}`);
  await status(page, 'live');
  return page;
}

for (const withoutSharedWorker of [false, true]) {
  const way = withoutSharedWorker ? 'a leading tab' : 'a shared worker';

  test(`three tabs share one connection through ${way}, and a lost one goes on without a gap`, async () => {
    const first = await openTab(undefined, withoutSharedWorker);
    const second = await openTab(first.context(), withoutSharedWorker);
    const third = await openTab(first.context(), withoutSharedWorker);
    assert.equal(connections.length, 1);
    publish();
    publish();
    for (const page of [first, second, third]) await received(page, 2);
    for (const connection of connections) connection.destroy();
    // Nobody listens at this moment: these two are only told on resuming.
    publish();
    publish();
    for (const page of [first, second, third]) {
      await received(page, 4);
      assert.deepEqual(await numbers(page), [1, 2, 3, 4]);
    }
    assert.deepEqual(opened, [undefined, '2']);
    assert.deepEqual(await first.evaluate(() => fixture.events.map(({ type }) => type)), [
      'ticket.updated',
      'ticket.created',
      'ticket.updated',
      'ticket.created',
    ]);
    // Long quiet: the place moves on, and nobody is shown anything of it.
    moveOn();
    moveOn();
    publish();
    for (const page of [first, second, third]) {
      await received(page, 5);
      assert.deepEqual(await numbers(page), [1, 2, 3, 4, 7]);
    }
    moveOn();
    // Ended in order, so that what was written last arrives.
    for (const connection of connections.splice(0)) connection.end();
    publish();
    for (const page of [first, second, third]) {
      await received(page, 6);
      assert.deepEqual(await numbers(page), [1, 2, 3, 4, 7, 9]);
    }
    assert.deepEqual(opened, [undefined, '2', '8']);
    // The tab that was there first leaves; the others hear on.
    await first.close();
    publish();
    for (const page of [second, third]) await received(page, 7);
    assert.deepEqual(await numbers(third), [1, 2, 3, 4, 7, 9, 10]);
    assert.ok(connections.length <= 1);
    await second.context().close();
  });

  test(`through ${way} a page misses nothing of what came between its first answer and its feed`, async () => {
    publish();
    publish();
    const first = await openTab(undefined, withoutSharedWorker, '#1');
    await received(first, 1);
    publish();
    await received(first, 2);
    // The connection is there already: what a tab that joins has missed is told to it alone.
    const second = await openTab(first.context(), withoutSharedWorker, '#2');
    await received(second, 1);
    publish();
    await received(first, 3);
    await received(second, 2);
    assert.deepEqual([await numbers(first), await numbers(second)], [[2, 3, 4], [3, 4]]);
    assert.deepEqual(opened, ['1']);
    // Of one that was asked for longer ago than anybody remembers everything is asked for anew.
    const third = await openTab(first.context(), withoutSharedWorker, '#0');
    await received(third, 1);
    assert.deepEqual(await third.evaluate(() => fixture.events.map(({ type }) => type)), ['reset']);
    await first.context().close();
  });

  test(`through ${way} the feed closes when the session has ended and opens again after sign-in`, async () => {
    const page = await openTab(undefined, withoutSharedWorker);
    publish();
    await received(page, 1);
    signedIn = false;
    for (const connection of connections) connection.destroy();
    await status(page, 'signedOut');
    assert.equal(connections.length, 0);
    signedIn = true;
    await page.evaluate(() => fixture.feed.restart());
    await status(page, 'live');
    // Another session begins where it begins, not where the former one stopped.
    assert.equal(opened[opened.length - 1], undefined);
    await page.evaluate(() => fixture.feed.stop());
    await status(page, 'offline');
    await page.context().close();
  });
}
