import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { carryToChildren } from '../../server/journey/process/carry-to-children.ts';
import { reactionsTo, readersOf } from '../../server/reactions.ts';
import type { TestProgram } from '../support/program.ts';

/** What facts do to parents and children, carried out at once: the readers and the job the program would run beside. */
export async function openFamily(program: TestProgram): Promise<{
  /** Lets the readers take everything there is and carries the jobs out, each so many times, at the same time. */
  settle(times?: number): Promise<void>;
}> {
  const jobs: { tenantId: string; position: number }[] = [];
  const readers = readersOf(reactionsTo(program.services, {
    send: async (kind, _origin, data) => {
      if (kind === 'ticket.carry_to_children') jobs.push(data as { tenantId: string; position: number });
    },
    work: async () => {},
    stop: async () => {},
  })).filter((reader) => reader.name === 'jobs' || reader.name === 'parents');
  for (const reader of readers) await registerReader(program.database, reader.name);
  const catchUp = async () => {
    for (const reader of readers) while (await advance(program.database, reader) > 0);
  };
  return {
    async settle(times = 1) {
      await catchUp();
      for (const job of jobs.splice(0)) await Promise.all(Array.from({ length: times }, () => carryToChildren(program.services, job)));
      await catchUp();
    },
  };
}
