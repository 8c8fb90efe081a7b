import { makeFolder } from '../cleanup.ts';
import { show } from '../figures.ts';
import { postgresVersion } from '../machine.ts';
import { startProgram, untilReadersCaughtUp, withDatabase } from '../program.ts';
import type { Report } from '../report.ts';
import { measureFeed, pace, receivers, type FeedResult } from './feed.ts';
import { fill, makeCompany } from './fill.ts';
import { measureLists, type Timing } from './lists.ts';

/** What the larger sizes are compared with: below it a list is often the whole of what there is. */
const base = 10_000;

interface Found {
  size: number;
  timings: Timing[] | null;
  feed: FeedResult | null;
}

/** Lists and feed of one organization as it grows: 1 k, 10 k, 100 k and 1 M tickets (without the last when quick). */
export async function measureSizes(wanted: { quick: boolean; lists: boolean; feed: boolean }): Promise<{ lists: Report | null; feed: Report | null; postgres: string }> {
  const folder = await makeFolder();
  const program = await startProgram(folder.path);
  const found: Found[] = [];
  const postgres = await withDatabase(program, async (client) => {
    const company = await makeCompany(program);
    await untilReadersCaughtUp(client);
    for (const size of wanted.quick ? [1_000, base, 100_000] : [1_000, base, 100_000, 1_000_000]) {
      const started = performance.now();
      await fill(client, company, size);
      console.log(`  ${nameOf(size)} tickets written in ${show((performance.now() - started) / 1_000)} s`);
      // Once for the compiler, so that the smallest size does not pay for it.
      if (wanted.lists && found.length === 0) await measureLists(program, client, company, true);
      const timings = wanted.lists ? await measureLists(program, client, company, wanted.quick) : null;
      // Last, as it adds tickets of its own.
      const feed = wanted.feed ? await measureFeed(program, company, wanted.quick) : null;
      await untilReadersCaughtUp(client);
      found.push({ size, timings, feed });
      for (const { name, p50, p95 } of timings ?? []) console.log(`    ${nameOf(size)} · ${name}: ${show(p50)} · ${show(p95)}`);
    }
    return postgresVersion(client);
  });
  await program.stop();
  await folder.remove();
  return { postgres, lists: wanted.lists ? reportLists(found) : null, feed: wanted.feed ? reportFeed(found) : null };
}

const nameOf = (size: number): string => (size >= 1_000_000 ? `${size / 1_000_000} M` : `${size / 1_000} k`);

function reportLists(found: readonly Found[]): Report {
  const largest = found.at(-1)!;
  // What is a page at one size may have a next one at another: a figure that there is none of is left open.
  const of = ({ timings }: Found, name: string): Timing | undefined => timings!.find((timing) => timing.name === name);
  const names = [...new Set(found.toReversed().flatMap(({ timings }) => timings!.map(({ name }) => name)))];
  const rows = names.map((name) => {
    const usual = of(found.find(({ size }) => size === base)!, name);
    const last = of(largest, name);
    return [name, linesOf(found.flatMap((one) => of(one, name)?.lines ?? [])), ...found.flatMap((one) => {
      const timing = of(one, name);
      const ratio = timing && usual ? `×${show(timing.p50 / usual.p50)}` : '';
      return [timing ? show(timing.p50) : '', timing ? show(timing.p95) : '', ...(one.size <= base ? [] : [ratio])];
    }), !last || last.most === null ? '' : last.p95 <= last.most ? `≤ ${last.most}` : `**over ${last.most}**`];
  });
  return [{
    title: 'Lists, search and opening',
    columns: ['What', 'Lines', ...found.flatMap(({ size }) => [`${nameOf(size)}: p50 ms`, 'p95 ms', ...(size <= base ? [] : [`to ${nameOf(base)}`])]), 'p95 wanted'],
    rows,
    remarks: ['Over HTTP, one request after another, pages of 50 lines; the ratios compare the p50 with that of 10 k tickets. Deep down: from the middle of the list on.'],
  }];
}

/** How many lines a page had at each size; one number where it is always the same. */
function linesOf(counts: readonly number[]): string {
  return new Set(counts).size === 1 ? String(counts[0]) : counts.join('/');
}

function reportFeed(found: readonly Found[]): Report {
  return [{
    title: 'Live feed',
    columns: ['Tickets there', 'created/s', 'request → event p50 ms', 'p99 ms', 'answer → event p50 ms', 'p99 ms', 'missed', 'doubled'],
    rows: found.map(({ size, feed }) => [
      nameOf(size), show(feed!.perSecond), show(feed!.fromRequest.p50), show(feed!.fromRequest.p99), show(feed!.fromAnswer.p50), show(feed!.fromAnswer.p99),
      `${feed!.missed} of ${(feed!.created * receivers).toLocaleString('en-US')}`, String(feed!.doubled),
    ]),
    remarks: [`${receivers} receivers while tickets are created at a steady ${pace}/s; a ticket's time runs from when its request was due. Below zero: the event came before the answer.`],
  }];
}
