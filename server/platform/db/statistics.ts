import pg from 'pg';
import type { Logger } from '../log.ts';

const pauseMilliseconds = 1_000;
// From this size on the server's own autoanalyze is quick enough.
const largestPages = 2_000;

const findGrown = `
  SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
    AND c.relpages < $1 AND pg_relation_size(c.oid) / current_setting('block_size')::int > 2 * greatest(c.relpages, 0)`;

/**
 * Keeps the planner's statistics true while tables are young (统计信息). Connections keep the plans they made while a
 * table was empty, and go on reading it from end to end until the server's autoanalyze comes by, which takes minutes:
 * a new installation under load spent most of its database time so. A table that has doubled is analyzed at once, some
 * ten times until it is large; every new set of statistics makes the connections plan anew.
 */
export async function keepStatistics(connection: pg.ClientConfig, log: Logger): Promise<{ stop: () => Promise<void> }> {
  let stopping = false;
  let wakeUp = () => {};
  const client = new pg.Client({ ...connection, application_name: 'bihuan statistics' });
  client.on('error', () => {
    // Without it the server's own autoanalyze does the work, later.
    stopping = true;
  });
  await client.connect();
  const running = (async () => {
    while (!stopping) {
      try {
        const { rows } = await client.query<{ name: string }>(findGrown, [largestPages]);
        for (const { name } of rows) if (!stopping) await client.query(`ANALYZE ${name}`);
      } catch (error) {
        if (!stopping) log.warn({ error }, 'statistics could not be renewed');
      }
      if (stopping) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMilliseconds);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    stop: async () => {
      stopping = true;
      wakeUp();
      await running;
      await client.end();
    },
  };
}
