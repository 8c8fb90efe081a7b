// A program with nothing but a database, for tests to kill: node embedded.program.ts '{"dataDirectory":"…"}'.
// It prints one line of JSON when the database is ready, and stops in order at SIGTERM.
import { ConfigurationError } from '../config/configuration-error.ts';
import { startEmbeddedPostgres } from './embedded.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as { dataDirectory: string; lockPatience?: number };
try {
  const postgres = await startEmbeddedPostgres({ ...options, log: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(`${JSON.stringify({ connection: postgres.connection, processId: postgres.processId })}\n`);
  const alive = setInterval(() => undefined, 60_000);
  process.on('SIGTERM', () => {
    clearInterval(alive);
    void postgres.stop();
  });
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
