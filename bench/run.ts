/**
 * The benchmark: `npm run bench -- [create] [clocks] [lists] [feed] [flow] [inbound] [propose] [positions] [days] [start] [--quick] [--write]`, everything when no part is
 * named; `planner --data <folder>` only when it is. See README.md beside it.
 */
import { parseArgs } from 'node:util';
import { letGoOfEverything, removeFoldersOfTheDead } from './cleanup.ts';
import { measureClocks } from './clocks/clocks.ts';
import { measureCreate } from './create/create.ts';
import { measureDays } from './dispatch/days.ts';
import { measurePositions } from './dispatch/positions.ts';
import { measurePropose } from './dispatch/propose.ts';
import { measureFlow } from './flow/flow.ts';
import { measureInbound } from './inbound/inbound.ts';
import { describeMachine } from './machine.ts';
import { measurePlanner } from './planner/planner.ts';
import { asText, writeResults, type Report } from './report.ts';
import { measureSizes } from './sizes/sizes.ts';
import { measureStart } from './start/start.ts';

/** Those that run when none is named; the planner needs instances, which are not in the repository. */
const usual = ['create', 'clocks', 'lists', 'feed', 'flow', 'inbound', 'propose', 'positions', 'days', 'start'] as const;
const parts = [...usual, 'planner'] as const;
type Part = (typeof parts)[number];

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    interrupted = true;
    console.error(`Interrupted by ${signal}; cleaning up.`);
    void letGoOfEverything().finally(() => process.exit(1));
  });
}

/** What is wanted; null for what cannot be understood. */
function readArguments(): { wanted: ReadonlySet<Part>; quick: boolean; write: boolean; data: string | undefined } | null {
  try {
    const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, data: { type: 'string' } }, allowPositionals: true });
    if (!positionals.every((name): name is Part => (parts as readonly string[]).includes(name))) return null;
    if (positionals.includes('planner') !== (values.data !== undefined)) return null;
    return { quick: values.quick, write: values.write, data: values.data, wanted: new Set(positionals.length === 0 ? usual : positionals) };
  } catch {
    return null;
  }
}

async function main({ wanted, quick, write, data }: NonNullable<ReturnType<typeof readArguments>>): Promise<void> {
  await removeFoldersOfTheDead();
  const machine = describeMachine();
  console.log(machine);
  const publish = async (part: Part, { report, postgres }: { report: Report; postgres?: string }) => {
    for (const section of report) console.log(asText(section));
    if (write) await writeResults(part, `${machine}${postgres === undefined ? '' : ` · PostgreSQL ${postgres}`}${quick ? ' · --quick' : ''}`, report);
  };
  if (data !== undefined) await publish('planner', { report: await measurePlanner({ data, quick }) });
  if (wanted.has('start')) await publish('start', await measureStart());
  if (wanted.has('create')) await publish('create', await measureCreate({ quick }));
  if (wanted.has('clocks')) await publish('clocks', await measureClocks({ quick }));
  if (wanted.has('flow')) await publish('flow', await measureFlow({ quick }));
  if (wanted.has('inbound')) await publish('inbound', await measureInbound({ quick }));
  if (wanted.has('propose')) await publish('propose', await measurePropose({ quick }));
  if (wanted.has('positions')) await publish('positions', await measurePositions({ quick }));
  if (wanted.has('days')) await publish('days', await measureDays({ quick }));
  if (wanted.has('lists') || wanted.has('feed')) {
    const { lists, feed, postgres } = await measureSizes({ quick, lists: wanted.has('lists'), feed: wanted.has('feed') });
    if (lists) await publish('lists', { report: lists, postgres });
    if (feed) await publish('feed', { report: feed, postgres });
  }
}

const asked = readArguments();
if (asked === null) {
  console.error(`Usage: npm run bench -- [${usual.join('] [')}] [planner --data <folder>] [--quick] [--write]`);
  process.exitCode = 2;
} else {
  try {
    await main(asked);
  } catch (error) {
    // What an interruption tears down fails as it goes; that says nothing.
    if (!interrupted) console.error(error);
    process.exitCode = 1;
  } finally {
    await letGoOfEverything();
  }
}
