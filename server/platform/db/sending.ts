import type pg from 'pg';

/**
 * Holds what is sent on a connection back until the end of this turn of the event loop (合并发送), so that the statements of a
 * pipeline leave in one system call instead of one each (a third of the program's time without it).
 *
 * @returns called before something is sent; `last` sends what can only be made at the end of the turn
 */
export function openSending(): (client: pg.PoolClient, last?: () => void) => void {
  const leaving = new WeakMap<pg.PoolClient, (() => void)[]>();
  return (client, last) => {
    let added = leaving.get(client);
    if (!added) {
      const { stream } = (client as unknown as { connection: { stream: { cork(): void; uncork(): void } } }).connection;
      const all: (() => void)[] = (added = []);
      leaving.set(client, all);
      stream.cork();
      setImmediate(() => {
        leaving.delete(client);
        for (const send of all) send();
        stream.uncork();
      });
    }
    if (last) added.push(last);
  };
}
