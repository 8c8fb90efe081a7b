import pg from 'pg';
import type { Logger } from '../log.ts';
import { keepDoing } from '../process/keep-doing.ts';

const pauseMilliseconds = 1_000;
// From this size on the server's own autoanalyze is quick enough.
const largestPages = 4_000;
// Rows looked at for each column, in 300s: enough to tell an index from a walk through the table, at a fraction of the
// server's own 100. Its autoanalyze looks more closely later.
const statisticsTarget = 30;

// Partitions and tables of the job queue too: they are read as often.
const findGrown = `
  SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('public', 'pgboss') AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE')
    AND c.relpages < $1 AND pg_relation_size(c.oid) / current_setting('block_size')::int > 2 * greatest(c.relpages, 0)`;

/**
 * Keeps the planner's statistics true while tables are young (统计信息). Connections keep the plans they made while a
 * table was empty, and go on reading it from end to end until the server's autoanalyze comes by, which takes minutes:
 * a new installation under load spent most of its database time so. A table that has doubled is analyzed at once, some
 * ten times until it is large; every new set of statistics makes the connections plan anew.
 *
 * @param connection as the owner of the tables: nobody else may analyze them
 */
export function keepStatistics(connection: pg.ClientConfig, log: Logger): { stop: () => Promise<void> } {
  let client: pg.Client | undefined;
  const connect = async (): Promise<pg.Client> => {
    const fresh = new pg.Client({ ...connection, application_name: 'bihuan statistics' });
    fresh.on('error', () => (client = undefined));
    await fresh.connect();
    await fresh.query(`SET default_statistics_target = ${statisticsTarget}`);
    return fresh;
  };
  const renew = async (isStopping: () => boolean): Promise<void> => {
    client ??= await connect();
    const { rows } = await client.query<{ name: string }>(findGrown, [largestPages]);
    for (const { name } of rows) if (!isStopping()) await client.query(`ANALYZE (SKIP_LOCKED) ${name}`);
  };
  const work = keepDoing(
    async (isStopping) => {
      await renew(isStopping);
      return pauseMilliseconds;
    },
    (error) => {
      // The server's own autoanalyze does the work meanwhile, later.
      log.debug({ error }, 'statistics could not be renewed');
      return pauseMilliseconds;
    },
  );
  return {
    stop: async () => {
      await work.stop();
      await client?.end();
    },
  };
}
