import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { rollUp } from '../../server/journey/insight/roll-up.ts';
import { onFactsCommitted } from '../../server/platform/facts/fact.ts';
import { runReaders } from '../../server/platform/facts/readers.ts';
import { addFaces } from '../../server/platform/http/pages.ts';
import { indexTickets } from '../../server/reactions/search/index-tickets.ts';
import { reactionsTo, readersOf } from '../../server/reactions.ts';
import { followTail } from '../../server/reactions/feed/tail.ts';
import { openChatHolders } from '../../server/records/chat/doors.ts';
import { buildFaces } from '../../web/build.ts';
import { openTestProgram, type TestProgram } from './program.ts';

export interface ServedProgram {
  program: TestProgram;
  /** Where the faces and the API are, on a port of the test's own. */
  baseURL: string;
  close(): Promise<void>;
}

const faces = new URL('../../web/dist/', import.meta.url);

/** The program on a port, with its pages, its live feed and its readers at work, for tests in a browser. */
export async function serveTestProgram(): Promise<ServedProgram> {
  if (!['console', 'field', 'portal', 'chat'].every((face) => existsSync(new URL(`${face}/index.html`, faces)))) await buildFaces();
  const program = await openTestProgram();
  addFaces(program.app, fileURLToPath(faces), openChatHolders(program.services));
  const tail = await followTail(program.services);
  const kept = new Set([indexTickets.name, rollUp.name]);
  const readers = runReaders(program.database, readersOf(reactionsTo(program.services, { send: async () => {}, work: async () => {}, stop: async () => {} })).filter((reader) => kept.has(reader.name)), program.services.log);
  onFactsCommitted(() => {
    tail.wake();
    readers.wake();
  });
  const baseURL = await program.app.listen({ port: 0, host: '127.0.0.1' });
  return {
    program, baseURL,
    async close() {
      onFactsCommitted(() => {});
      program.services.hub.endAll();
      await readers.stop();
      await tail.stop();
      await program.close();
    },
  };
}
