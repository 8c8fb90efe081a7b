import { propose, type Request } from '../../rules/routing/propose.ts';
import { prepareRoster, type Candidate } from '../../rules/routing/roster.ts';
import { randomFrom } from '../../rules/solver/random.ts';
import { makeFolder } from '../cleanup.ts';
import { percentile, show } from '../figures.ts';
import { requestBytes } from '../http-client.ts';
import { postgresVersion } from '../machine.ts';
import { processorTime } from '../processes.ts';
import { startProgram, untilReadersCaughtUp, withDatabase } from '../program.ts';
import type { Report } from '../report.ts';
import { exchangeAll, giveVisits, makeCrew, makeTickets, somewhere } from './company.ts';

const people = 2_000;
/** Visits that each has already. */
const stopsEach = 4;
const hour = 3_600;

/** The best ten of 2,000 technicians for one ticket (派单建议): the rule by itself, and over HTTP with everything around it. */
export async function measurePropose({ quick }: { quick: boolean }): Promise<{ report: Report; postgres: string }> {
  const pure = measureRule(quick ? 500 : 5_000);
  const folder = await makeFolder();
  const program = await startProgram(folder.path);
  const answer = await withDatabase(program, async (client) => {
    // At work around the clock, so that it does not matter when this is run.
    const crew = await makeCrew(program, client, people, [[0, 1_440]]);
    const tickets = await makeTickets(program, crew, people * stopsEach + 200);
    await giveVisits(client, crew, tickets.slice(200), 'scheduled');
    await untilReadersCaughtUp(client);
    const requests = (count: number) => Array.from({ length: count }, (_, index) => requestBytes(new URL(`/api/v1/tickets/${tickets[index % 200]!}/proposals?limit=10`, program.url), program.apiKey));
    const { answers } = await exchangeAll(program, requests(200), 1);
    const { items, ruledOutCount } = JSON.parse(answers[0]!.toString()) as { items: unknown[]; ruledOutCount: number };
    if (items.length !== 10 || ruledOutCount === 0) throw new Error(`${items.length} proposed and ${ruledOutCount} ruled out: that is not what is to be measured`);
    const before = processorTime(program.processId);
    const { times } = await exchangeAll(program, requests(quick ? 200 : 2_000), 1);
    const after = processorTime(program.processId);
    const report: Report = [{
      title: `One ticket among ${people.toLocaleString('en-US')} technicians`, columns: ['What', 'p50 ms', 'p99 ms', 'most ms', 'CPU ms', 'p99 wanted'],
      rows: [
        ['The rule by itself', show(percentile(pure, 0.5)), show(percentile(pure, 0.99)), show(Math.max(...pure)), '', '≤ 0.2'],
        ['Over HTTP', show(percentile(times, 0.5)), show(percentile(times, 0.99)), show(Math.max(...times)), show(before && after ? (after.program + after.database - before.program - before.database) / times.length : null), '≤ 15'],
      ],
      remarks: [`Each has ${stopsEach} visits that day with promised windows; every place in every day is tried. The answer holds the best ten with their score sheets, and whoever is ruled out with the reason. One request after another.`],
    }];
    return { report, postgres: await postgresVersion(client) };
  });
  await program.stop();
  await folder.remove();
  return answer;
}

/** Times of the rule in milliseconds, for requests of all kinds. */
function measureRule(rounds: number): number[] {
  const random = randomFrom(3);
  const skills = ['a', 'b', 'c', 'd'];
  const roster = prepareRoster(Array.from({ length: people }, (_, index): Candidate => ({
    id: `t${index}`, skills: Object.fromEntries([0, 1].map((which) => [skills[(index + which * (1 + (index % 3))) % 4]!, 1 + Math.floor(random() * 3)])), shift: [8 * hour, 18 * hour], start: somewhere(random), end: index % 3 === 0 ? null : somewhere(random),
    stops: Array.from({ length: stopsEach }, (__, at) => ({ point: somewhere(random), service: 2_700, window: [(8.5 + at * 2) * hour, (10.5 + at * 2) * hour] as const })),
    load: stopsEach, capacity: 12, territories: [`z${index % 20}`], share: random(), ...(index % 2 === 0 ? { breaks: [{ from: 12 * hour, to: 13 * hour, slack: 1_800 }] } : {}), ...(index % 5 === 0 ? { room: 9_000 } : {}),
  })));
  const request = (): Request => {
    const from = (8 + random() * 7) * hour;
    return { point: somewhere(random), service: 2_700, windows: random() < 0.5 ? [[from, from + 3 * hour]] : [[8 * hour, 18 * hour]], skills: [{ skill: skills[Math.floor(random() * 4)]!, level: 1 + Math.floor(random() * 2) }], territories: [`z${Math.floor(random() * 20)}`] };
  };
  const asked = Array.from({ length: rounds }, request);
  for (const one of asked.slice(0, 300)) propose(roster, one);
  return asked.map((one) => {
    const began = performance.now();
    propose(roster, one);
    return performance.now() - began;
  });
}
