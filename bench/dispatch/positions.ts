import { setTimeout as wait } from 'node:timers/promises';
import { makeFolder } from '../cleanup.ts';
import { percentile, show } from '../figures.ts';
import { openConnection, requestBytes } from '../http-client.ts';
import { postgresVersion } from '../machine.ts';
import { processorTime } from '../processes.ts';
import { startProgram, untilReadersCaughtUp, withDatabase } from '../program.ts';
import type { Report } from '../report.ts';
import { giveVisits, makeCrew, makeTickets, somewhere } from './company.ts';
import { randomFrom } from '../../rules/solver/random.ts';

const people = 500;
const boards = 20;
/** As phones send and boards ask. */
const every = 10_000;
const lines = 16;

/** Positions of 500 technicians every ten seconds while 20 boards watch (实时位置): what that takes of a core. */
export async function measurePositions({ quick }: { quick: boolean }): Promise<{ report: Report; postgres: string }> {
  const rounds = quick ? 2 : 6;
  const folder = await makeFolder();
  const program = await startProgram(folder.path);
  const answer = await withDatabase(program, async (client) => {
    const crew = await makeCrew(program, client, people, [[0, 1_440]]);
    const visits = await giveVisits(client, crew, await makeTickets(program, crew, people), 'travelling');
    const { rows } = await client.query<{ id: string; technician_id: string }>('SELECT id, technician_id FROM visit WHERE id = ANY($1::uuid[])', [visits]);
    const tokenOf = new Map(crew.technicians.map(({ id, token }) => [id, token]));
    const random = randomFrom(4);
    // Each goes on from where they were, some hundred metres every ten seconds.
    const going = rows.map(({ id, technician_id: technician }) => ({ id, token: tokenOf.get(technician)!, ...somewhere(random), north: (random() - 0.5) / 600, east: (random() - 0.5) / 600 }));
    await untilReadersCaughtUp(client);
    const { hostname, port } = new URL(program.url);
    const open = await Promise.all(Array.from({ length: lines + 4 }, () => openConnection(hostname, Number(port))));
    const times: number[] = [];
    const asked: number[] = [];
    let kept = 0;
    let unchanged = 0;
    let settling = true;
    /** What is due at even distances of one period, each over the next free line; resolves after the period and the last answer. */
    const spread = async (count: number, from: number, to: number, work: (index: number, line: (typeof open)[number]) => Promise<void>): Promise<void> => {
      const began = performance.now();
      let next = 0;
      await Promise.all(open.slice(from, to).map(async (line) => {
        for (let index = next++; index < count; index = next++) {
          const due = began + (index * every) / count;
          if (due > performance.now()) await wait(due - performance.now());
          await work(index, line);
        }
      }));
      if (performance.now() - began < every) await wait(every - (performance.now() - began));
    };
    const tags: (string | undefined)[] = [];
    const period = () => Promise.all([
      spread(people, 0, lines, async (index, line) => {
        const one = going[index]!;
        const now = Date.now();
        const points = [2, 1, 0].map((back) => ({ lat: one.lat - one.north * back / 3, lng: one.lng - one.east * back / 3, accuracy: 10, at: new Date(now - back * 3_000).toISOString() }));
        [one.lat, one.lng] = [one.lat + one.north, one.lng + one.east];
        const sent = performance.now();
        const { status, body } = await line.exchange(requestBytes(new URL('/api/v1/positions', program.url), one.token, JSON.stringify({ visitId: one.id, sentAt: new Date(now).toISOString(), points })));
        times.push(performance.now() - sent);
        if (status >= 300) throw new Error(`positions answered ${status}: ${body.toString().slice(0, 500)}`);
        kept += (JSON.parse(body.toString()) as { kept: number }).kept;
      }),
      spread(boards, lines, lines + 4, async (index) => {
        const sent = performance.now();
        const answered = await fetch(new URL('/api/v1/positions', program.url), { headers: { authorization: `Bearer ${program.apiKey}`, ...(tags[index] === undefined ? {} : { 'if-none-match': tags[index] }) } });
        const body = await answered.text();
        asked.push(performance.now() - sent);
        tags[index] = answered.headers.get('etag') ?? undefined;
        if (answered.status === 304) unchanged += 1;
        else if (!answered.ok || (!settling && (JSON.parse(body) as { items: unknown[] }).items.length < people * 0.9)) throw new Error(`a board was answered ${answered.status}: ${body.slice(0, 300)}`);
      }),
    ]);
    // The first round has all of them appear, and the compiler settle.
    await period();
    settling = false;
    [times.length, asked.length, kept, unchanged] = [0, 0, 0, 0];
    const [before, began] = [processorTime(program.processId), performance.now()];
    for (let round = 0; round < rounds; round += 1) await period();
    const [after, seconds] = [processorTime(program.processId), (performance.now() - began) / 1_000];
    for (const line of open) line.close();
    const share = (part: 'program' | 'database') => (before && after ? ((after[part] - before[part]) / 10 / seconds) : Number.NaN);
    const report: Report = [{
      title: 'Positions of technicians on their way', columns: ['Technicians', 'Boards', 'Batches/s', 'Points/s', 'p50 ms', 'p99 ms', 'Board p99 ms', 'Of a core', 'program', 'database', 'wanted'],
      rows: [[String(people), String(boards), show(times.length / seconds), show(kept / seconds), show(percentile(times, 0.5)), show(percentile(times, 0.99)), show(percentile(asked, 0.99)), `${show(share('program') + share('database'))} %`, `${show(share('program'))} %`, `${show(share('database'))} %`, '≤ 50 %']],
      remarks: [`Each sends three points every ten seconds, boards ask as often with the tag of what they last saw; ${show(seconds)} s. ${unchanged} of ${asked.length} asked in vain, as somebody always moves. The load generator is not in it.`],
    }];
    return { report, postgres: await postgresVersion(client) };
  });
  await program.stop();
  await folder.remove();
  return answer;
}
