import { makeFolder } from '../cleanup.ts';
import { show } from '../figures.ts';
import { postgresVersion } from '../machine.ts';
import { startProgram, untilReadersCaughtUp, withDatabase } from '../program.ts';
import type { Report } from '../report.ts';
import { measureFeed, pace, receivers, type FeedResult } from './feed.ts';
import { fill, makeCompany } from './fill.ts';
import { measureLists, type Subject, type Timing } from './lists.ts';

/** What the larger sizes are compared with: below it a list is often the whole of what there is. */
const base = 10_000;

interface Found {
  size: number;
  timings: Timing[] | null;
  /** Of the base, call by call between those of this size. */
  beside: Timing[] | null;
  feed: FeedResult | null;
}

/**
 * Lists and feed of one organization as it grows: 1 k, 10 k, 100 k and 1 M tickets (without the last when quick). A second
 * program stays at 10 k, and every list is asked of both in turn, so that a ratio is not one of two moods of the machine.
 */
export async function measureSizes(wanted: { quick: boolean; lists: boolean; feed: boolean }): Promise<{ lists: Report | null; feed: Report | null; postgres: string }> {
  const found: Found[] = [];
  const postgres = await withSubject(async (growing) => withSubject(async (steady) => {
    if (wanted.lists) await fill(steady.client, steady.company, base);
    for (const size of wanted.quick ? [1_000, base, 100_000] : [1_000, base, 100_000, 1_000_000]) {
      const { program, client, company } = growing;
      const started = performance.now();
      await fill(client, company, size);
      console.log(`  ${nameOf(size)} tickets written in ${show((performance.now() - started) / 1_000)} s`);
      // Once for the compiler, so that the smallest size does not pay for it.
      if (wanted.lists && found.length === 0) await measureLists([growing, steady], true);
      const [timings = null, beside = null] = wanted.lists ? await measureLists([growing, steady], wanted.quick) : [];
      // Last, as it adds tickets of its own.
      const feed = wanted.feed ? await measureFeed(program, company, wanted.quick) : null;
      await untilReadersCaughtUp(client);
      found.push({ size, timings, beside, feed });
      for (const { name, p50, p95 } of timings ?? []) console.log(`    ${nameOf(size)} · ${name}: ${show(p50)} · ${show(p95)}`);
    }
    return postgresVersion(growing.client);
  }));
  return { postgres, lists: wanted.lists ? reportLists(found) : null, feed: wanted.feed ? reportFeed(found) : null };
}

/** Runs work with a program of its own, in which a company was made. */
async function withSubject<Result>(work: (subject: Subject) => Promise<Result>): Promise<Result> {
  const folder = await makeFolder();
  const program = await startProgram(folder.path);
  const result = await withDatabase(program, async (client) => {
    const company = await makeCompany(program);
    await untilReadersCaughtUp(client);
    return work({ program, client, company });
  });
  await program.stop();
  await folder.remove();
  return result;
}

const nameOf = (size: number): string => (size >= 1_000_000 ? `${size / 1_000_000} M` : `${size / 1_000} k`);

function reportLists(found: readonly Found[]): Report {
  const largest = found.at(-1)!;
  // What is a page at one size may have a next one at another: a figure that there is none of is left open.
  const named = (timings: Timing[] | null, name: string): Timing | undefined => timings!.find((timing) => timing.name === name);
  const names = [...new Set(found.toReversed().flatMap(({ timings }) => timings!.map(({ name }) => name)))];
  const rows = names.map((name) => {
    const last = named(largest.timings, name);
    return [name, linesOf(found.flatMap(({ timings }) => named(timings, name)?.lines ?? [])), ...found.flatMap(({ size, timings, beside }) => {
      const [timing, usual] = [named(timings, name), named(beside, name)];
      const ratio = timing && usual ? `×${show(timing.p50 / usual.p50)} · ×${show(timing.p95 / usual.p95)}` : '';
      return [timing ? show(timing.p50) : '', timing ? show(timing.p95) : '', ...(size <= base ? [] : [ratio])];
    }), !last || last.most === null ? '' : last.p95 <= last.most ? `≤ ${last.most}` : `**over ${last.most}**`];
  });
  return [{
    title: 'Lists, search and opening',
    columns: ['What', 'Lines', ...found.flatMap(({ size }) => [`${nameOf(size)}: p50 ms`, 'p95 ms', ...(size <= base ? [] : [`to ${nameOf(base)}: p50 · p95`])]), 'p95 wanted'],
    rows,
    remarks: [`Over HTTP, one request after another, pages of 50 lines. The ratios compare with another program of ${nameOf(base)} tickets that is asked in turn, call by call. Deep down: from the middle of the list on.`],
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
