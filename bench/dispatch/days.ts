import { setTimeout as wait } from 'node:timers/promises';
import { makeFolder } from '../cleanup.ts';
import { median, show } from '../figures.ts';
import { postgresVersion } from '../machine.ts';
import { processorTime } from '../processes.ts';
import { startProgram, untilReadersCaughtUp, withDatabase, type Program } from '../program.ts';
import type { Report } from '../report.ts';
import { makeCrew, makeTickets, type Crew } from './company.ts';

interface PlanAnswer {
  id: string;
  state: string;
  failure: { code: string } | null;
  moved: number;
  bookings: number;
  items: { outcome: { code: string } | null; after: unknown }[];
  leftOut: unknown[];
}

const people = 200;
const tickets = 1_000;
const seconds = 5;
const dayMilliseconds = 86_400_000;

/** A day of 1,000 tickets and 200 technicians over HTTP (排程、应用、重排): planned, applied, and planned anew after events. */
export async function measureDays({ quick }: { quick: boolean }): Promise<{ report: Report; postgres: string }> {
  const events = quick ? 3 : 10;
  const folder = await makeFolder();
  const program = await startProgram(folder.path);
  const answer = await withDatabase(program, async (client) => {
    const crew = await makeCrew(program, client, people, [[510, 720], [780, 1_050]]);
    await makeTickets(program, crew, tickets);
    await untilReadersCaughtUp(client);
    // Tomorrow, by the clock in Shanghai.
    const date = new Date(Date.now() + 8 * 3_600_000 + dayMilliseconds).toISOString().slice(0, 10);
    const asked = await ready(program, '/dispatch/plans', { date, teamIds: [crew.teamId], seconds });
    const planned = asked.plan.items.filter(({ after }) => after !== null).length;
    const before = processorTime(program.processId);
    const began = performance.now();
    const applied = await program.call<PlanAnswer>('POST', `/dispatch/plans/${asked.plan.id}/actions/apply`, {});
    const applying = performance.now() - began;
    const after = processorTime(program.processId);
    const done = applied.items.filter(({ outcome }) => outcome?.code === 'applied').length;
    if (done < planned) throw new Error(`${done} of ${planned} were applied`);
    await untilReadersCaughtUp(client);
    const anew = [];
    for (const event of ['technician_absent', 'urgent_ticket'] as const) anew.push(await planAnew(program, crew, date, event, events));
    const report: Report = [
      {
        title: 'A day planned and applied', columns: ['What', 'Tickets', 'Technicians', 'ms', 'CPU ms', 'wanted'],
        rows: [
          ['Planned, from asking to the answer', show(tickets), String(people), show(asked.milliseconds), '', ''],
          ['Applied', show(done), String(people), show(applying), show(before && after ? after.program + after.database - before.program - before.database : null), '≤ 2,000'],
        ],
        remarks: [`Searched for ${seconds} s in a thread; ${asked.plan.leftOut.length} left out. Applying looks at every ticket again behind its lock, and writes visits, tickets and facts in one transaction.`],
      },
      {
        title: 'Planned anew after an event, over HTTP', columns: ['Event', 'Bookings', 'ms', 'slowest', 'CPU ms', 'moved', 'most moved'], rows: anew,
        remarks: [`${events} events each, median; from asking to the answer: the day is read from the database, planned in a thread, and stored. Nothing is applied. Whoever is absent has their own visits moved as well.`],
      },
    ];
    return { report, postgres: await postgresVersion(client) };
  });
  await program.stop();
  await folder.remove();
  return answer;
}

/** Asks for a plan and waits until it is there. */
async function ready(program: Program, path: string, body: object): Promise<{ plan: PlanAnswer; milliseconds: number }> {
  const began = performance.now();
  const { id } = await program.call<{ id: string }>('POST', path, body);
  for (;;) {
    const plan = await program.call<PlanAnswer>('GET', `/dispatch/plans/${id}`);
    if (plan.state === 'ready') return { plan, milliseconds: performance.now() - began };
    if (plan.state !== 'waiting' && plan.state !== 'running') throw new Error(`the plan came to ${plan.state}: ${plan.failure?.code}`);
    if (performance.now() - began > 120_000) throw new Error('no plan within two minutes');
    await wait(10);
  }
}

async function planAnew(program: Program, crew: Crew, date: string, event: 'technician_absent' | 'urgent_ticket', count: number): Promise<string[]> {
  const urgent = event === 'urgent_ticket' ? await makeTickets(program, crew, count) : [];
  const times: number[] = [];
  const used: number[] = [];
  const moved: number[] = [];
  let bookings = 0;
  for (let index = 0; index < count; index += 1) {
    const what = event === 'urgent_ticket' ? { ticketId: urgent[index] } : { technicianId: crew.technicians[Math.floor((index * people) / count)]!.id, from: `${date}T00:00:00+08:00` };
    const before = processorTime(program.processId);
    const { plan, milliseconds } = await ready(program, '/dispatch/replans', { date, teamIds: [crew.teamId], event, ...what });
    const after = processorTime(program.processId);
    times.push(milliseconds);
    if (before && after) used.push(after.program + after.database - before.program - before.database);
    moved.push(plan.moved);
    bookings = plan.bookings;
    await program.call('POST', `/dispatch/plans/${plan.id}/actions/withdraw`, {});
  }
  return [event === 'urgent_ticket' ? 'something urgent' : 'somebody absent', show(bookings), show(median(times)), show(Math.max(...times)), show(median(used)), show(median(moved)), String(Math.max(...moved))];
}
