import type pg from 'pg';
import { makeFolder } from '../cleanup.ts';
import { median, percentile, show } from '../figures.ts';
import { openConnection, requestBytes } from '../http-client.ts';
import { postgresVersion } from '../machine.ts';
import { processorTime } from '../processes.ts';
import { startProgram, untilReadersCaughtUp, withDatabase, type Program } from '../program.ts';
import type { Report } from '../report.ts';

/** Steps of the flow, one behind the other; more than there are rounds. */
const steps = 40;
const levels = [1, 16];

/** One round: every ticket a step further. Times in milliseconds, processor time for each step. */
interface Measured { perSecond: number; p50: number; p99: number; program: number; database: number; behind: number }

/** Completing a ticket's task over HTTP, which creates its next one: validation, access, the flow's step, rows and facts. */
export async function measureFlow({ quick }: { quick: boolean }): Promise<{ report: Report; postgres: string }> {
  const [rounds, tickets] = quick ? [3, 300] : [9, 1_000];
  const folder = await makeFolder();
  const program = await startProgram(folder.path);
  const answer = await withDatabase(program, async (client) => {
    await begin(program, tickets);
    await untilReadersCaughtUp(client);
    // Until the compiler has settled.
    for (let round = 0; round < 2; round += 1) await goOn(program, client, 16);
    const rows: string[][] = [];
    const behind: number[] = [];
    for (const connections of levels) {
      const measured: Measured[] = [];
      for (let round = 0; round < rounds; round += 1) measured.push(await goOn(program, client, connections));
      const middle = (of: (one: Measured) => number) => median(measured.map(of));
      rows.push([
        String(connections), show(middle((one) => one.perSecond)), show(middle((one) => one.p50)), show(middle((one) => one.p99)),
        show(middle((one) => one.program + one.database)), show(middle((one) => one.program)), show(middle((one) => one.database)), connections > 1 ? '1.5' : '',
      ]);
      behind.push(middle((one) => one.behind));
    }
    const report: Report = [{
      title: 'A task completed and its next one created',
      columns: ['Connections', 'Steps/s', 'p50 ms', 'p99 ms', 'CPU ms/step', 'of it program', 'database', 'wanted'],
      rows,
      remarks: [
        `${rounds} rounds of ${show(tickets)} tickets, each a step further in a flow of ${steps} tasks; median.`,
        `The last reader of the fact log had caught up ${show(Math.max(...behind))} ms after the last answer; its work is in the CPU time.`,
        'At one connection no commit is shared, as in creating tickets.',
      ],
    }];
    return { report, postgres: await postgresVersion(client) };
  });
  await program.stop();
  await folder.remove();
  return answer;
}

/** Publishes the flow and starts it on so many tickets. */
async function begin(program: Program, tickets: number): Promise<void> {
  const me = (await program.call<{ items: { id: string }[] }>('GET', '/staff')).items[0]!;
  const ids = Array.from({ length: steps }, (_, index) => `step_${index + 1}`);
  const line = ['start', ...ids, 'end'];
  const definition = {
    nodes: line.map((id) => ({ id, name: { zh: id }, ...(id === 'start' || id === 'end' ? { kind: id } : { kind: 'task', performers: [{ kind: 'person', id: me.id }] }) })),
    edges: line.slice(1).map((to, index) => ({ id: `edge_${index + 1}`, from: line[index], to })),
  };
  const flow = await program.call<{ id: string }>('POST', '/flows', { name: 'benchmark', definition });
  const { version } = await program.call<{ version: number }>('GET', `/flows/${flow.id}/draft`);
  await program.call('POST', `/flows/${flow.id}/publish`, {}, { 'if-match': `"${version}"` });
  for (let number = 0; number < tickets; number += 1) {
    const ticket = await program.call<{ id: string }>('POST', '/tickets', { subject: `ticket ${number + 1}` });
    await program.call('POST', `/tickets/${ticket.id}/flow`, { flowId: flow.id });
  }
}

/** Completes the open task of every ticket. */
async function goOn(program: Program, client: pg.Client, connections: number): Promise<Measured> {
  const { rows } = await client.query<{ id: string }>("SELECT id FROM task WHERE state = 'open' ORDER BY ticket_id");
  const requests = rows.map(({ id }) => requestBytes(new URL(`/api/v1/tasks/${id}/actions/complete`, program.url), program.apiKey, '{}'));
  await client.query('CHECKPOINT');
  const { hostname, port } = new URL(program.url);
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(hostname, Number(port))));
  const latencies: number[] = [];
  let next = 0;
  const before = processorTime(program.processId);
  const started = performance.now();
  await Promise.all(open.map(async (connection) => {
    for (let request = requests[next++]; request; request = requests[next++]) {
      const sent = performance.now();
      const { status, body } = await connection.exchange(request);
      latencies.push(performance.now() - sent);
      // A figure of steps that were not taken would be worth nothing.
      if (status !== 200) throw new Error(`completing a task answered ${status}: ${body.toString().slice(0, 500)}`);
    }
    connection.close();
  }));
  const milliseconds = performance.now() - started;
  const behind = await untilReadersCaughtUp(client);
  const after = processorTime(program.processId);
  const each = (part: 'program' | 'database') => (before && after ? (after[part] - before[part]) / latencies.length : Number.NaN);
  return { perSecond: (latencies.length * 1_000) / milliseconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), program: each('program'), database: each('database'), behind };
}
