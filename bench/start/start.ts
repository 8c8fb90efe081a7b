import { setTimeout as wait } from 'node:timers/promises';
import { makeFolder } from '../cleanup.ts';
import { median, show } from '../figures.ts';
import { postgresVersion } from '../machine.ts';
import { memory } from '../processes.ts';
import { startProgram, withDatabase } from '../program.ts';
import type { Report } from '../report.ts';

const starts = 5;
const settleMilliseconds = 2_000;

/** How long the program takes from its start to the first good answer of /readyz, and how much memory it then holds. */
export async function measureStart(): Promise<{ report: Report; postgres: string }> {
  const folder = await makeFolder();
  const first = await startProgram(folder.path);
  const postgres = await withDatabase(first, postgresVersion);
  const stops = [await timed(() => first.stop())];
  const later: number[] = [];
  const used: ReturnType<typeof memory>[] = [];
  for (let index = 0; index < starts; index += 1) {
    const program = await startProgram(folder.path);
    later.push(program.startMilliseconds);
    await wait(settleMilliseconds);
    used.push(memory(program.processId));
    stops.push(await timed(() => program.stop()));
  }
  await folder.remove();
  const megabytes = (part: 'program' | 'database') => show(median(used.map((one) => one[part] ?? Number.NaN)));
  const report: Report = [{
    title: 'Starting and stopping',
    columns: ['What', 'Figure'],
    rows: [
      ['First start (makes the database), s', show(first.startMilliseconds / 1_000)],
      [`Later starts, s (median of ${starts})`, show(median(later) / 1_000)],
      ['Slowest of them, s', show(Math.max(...later) / 1_000)],
      ['Stop by SIGTERM, s (median)', show(median(stops) / 1_000)],
      ['Memory of the program, MB (resident)', megabytes('program')],
      ['Memory of its database, MB (proportional)', megabytes('database')],
    ],
    remarks: [`Memory ${settleMilliseconds / 1_000} s after the start, nobody signed in.`],
  }];
  return { report, postgres };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
