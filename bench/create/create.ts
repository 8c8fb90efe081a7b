import type pg from 'pg';
import { makeFolder } from '../cleanup.ts';
import { median, show } from '../figures.ts';
import { postgresVersion } from '../machine.ts';
import { processorTime } from '../processes.ts';
import { makeCategories, startProgram, untilReadersCaughtUp, withDatabase, type Program } from '../program.ts';
import type { Report } from '../report.ts';
import { customers } from '../requests.ts';
import { openCeiling, type Ceiling } from './ceiling.ts';
import { startLoad, type Load } from './load.ts';

const levels = [
  { connections: 1, keyed: false },
  { connections: 16, keyed: false },
  { connections: 64, keyed: false },
  { connections: 16, keyed: true },
];

/** One round over HTTP: what the load saw, and what it took of the processor, in milliseconds. */
interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  program: number;
  database: number;
  load: number;
  /** How long after the last answer the readers had taken all. */
  behind: number;
}

/** One round of bare inserts; the database's processor time for each, in milliseconds. */
interface Bare {
  perSecond: number;
  database: number;
}

/** Creating tickets over HTTP, beside the bare inserts of the same rows into the same server. */
export async function measureCreate({ quick }: { quick: boolean }): Promise<{ report: Report; postgres: string }> {
  const [rounds, seconds] = quick ? [2, 2] : [5, 5];
  const folder = await makeFolder();
  const program = await startProgram(folder.path);
  const load = startLoad();
  const answer = await withDatabase(program, async (client) => {
    const categoryIds = await makeCategories(program, ['给排水', '供配电', '电梯', '空调暖通', '门禁安防', '环境保洁', '房屋维修', '秩序投诉']);
    const common = { url: program.url, apiKey: program.apiKey, categoryIds };
    // Every customer once, so that no two requests meet over one that is new; then long enough for the compiler to settle.
    await load.run({ ...common, connections: 8, seconds: 60, most: customers, keyed: false });
    await untilReadersCaughtUp(client);
    const warmUp = { connections: 16, seconds: quick ? 3 : 8, keyed: false };
    const first = await measureHttp(program, client, load, { ...common, ...warmUp });
    const ceiling = await openCeiling(program);
    const rows: string[][] = [];
    const behind: number[] = [];
    const loads: number[] = [];
    for (const { connections, keyed } of levels) {
      const overHttp: Measured[] = [];
      const bare: Bare[] = [];
      for (let round = 0; round < rounds; round += 1) {
        // In turn, so that whatever else the machine is doing meets both.
        overHttp.push(await measureHttp(program, client, load, { ...common, connections, keyed, seconds }));
        bare.push(await measureBare(program, client, ceiling, Math.min(connections, ceiling.mostClients), seconds));
      }
      const middle = (of: (measured: Measured) => number) => median(overHttp.map(of));
      const ceilingPerSecond = median(bare.map((one) => one.perSecond));
      rows.push([
        `${connections}${keyed ? ', Idempotency-Key' : ''}`, show(middle((one) => one.perSecond)), show(ceilingPerSecond),
        `${Math.round((100 * middle((one) => one.perSecond)) / ceilingPerSecond)} %`,
        show(middle((one) => one.p50)), show(middle((one) => one.p99)),
        show(middle((one) => one.program + one.database)), show(middle((one) => one.program)), show(middle((one) => one.database)), show(median(bare.map((one) => one.database))),
      ]);
      behind.push(middle((one) => one.behind));
      loads.push(middle((one) => one.load));
      console.log(`  ${rows.at(-1)!.join(' · ')}`);
    }
    await ceiling.close();
    const report: Report = [{
      title: 'Creating tickets',
      columns: ['Connections', 'HTTP tickets/s', `${ceiling.name.split(' ')[0]} tickets/s`, 'Ratio', 'p50 ms', 'p99 ms', 'CPU ms/ticket', 'of it program', 'database', 'bare database'],
      rows,
      remarks: [
        `${rounds} rounds of ${seconds} s each, median; ceiling: ${ceiling.name}, on the same server with the program paused.`,
        ...levels.filter(({ connections }) => connections > ceiling.mostClients).map(({ connections }) =>
          `Beside ${connections} connections stand ${ceiling.mostClients} clients of ${ceiling.name}: the server has no connections for more.`),
        `Before them, in the first ${warmUp.seconds} s of the new installation at ${warmUp.connections} connections: ${show(first.perSecond)} tickets/s, ${show(first.program + first.database)} ms of CPU a ticket.`,
        `The last reader of the fact log had caught up ${show(Math.max(...behind))} ms after the last answer; its work is in the CPU time.`,
        `The load generator took ${show(median(loads))} ms of CPU a request on the same machine, which is not in the CPU time.`,
      ],
    }];
    return { report, postgres: await postgresVersion(client) };
  });
  await load.stop();
  await program.stop();
  await folder.remove();
  return answer;
}

async function measureHttp(program: Program, client: pg.Client, load: Load, round: Parameters<Load['run']>[0]): Promise<Measured> {
  await client.query('CHECKPOINT');
  const before = processorTime(program.processId);
  const result = await load.run(round);
  // What a ticket sets off belongs to its price, also when it is done a moment later.
  const behind = await untilReadersCaughtUp(client);
  const after = processorTime(program.processId);
  const each = (part: 'program' | 'database') => (before && after ? (after[part] - before[part]) / result.created : Number.NaN);
  return {
    perSecond: (result.created * 1_000) / result.milliseconds, p50: result.p50, p99: result.p99, behind,
    program: each('program'), database: each('database'), load: result.processorMilliseconds / result.created,
  };
}

async function measureBare(program: Program, client: pg.Client, ceiling: Ceiling, clients: number, seconds: number): Promise<Bare> {
  await client.query('CHECKPOINT');
  const before = processorTime(program.processId);
  // Or its readers would work on the facts of the bare tickets meanwhile, which lowers what they are compared with.
  process.kill(program.processId, 'SIGSTOP');
  try {
    const { perSecond, written } = await ceiling.run(clients, seconds);
    const after = processorTime(program.processId);
    return { perSecond, database: before && after ? (after.database - before.database) / written : Number.NaN };
  } finally {
    process.kill(program.processId, 'SIGCONT');
    await untilReadersCaughtUp(client);
  }
}
