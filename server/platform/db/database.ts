import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type CompiledQuery, type QueryExecutorProvider } from 'kysely';
import type { FactCause } from '../facts/fact.ts';
import type { HistoryKey } from '../facts/history-key.ts';
import { CommitUnanswered, openGrouping, type Member } from './grouping.ts';
import { openSending } from './sending.ts';
import type { Tables } from './tables.ts';

/** The tenant that stands for the program's own work across organizations. */
export const everyTenant = '00000000-0000-0000-0000-000000000000';

// Whole numbers fit a double here (positions, counts); days stay texts, as they name no moment.
pg.types.setTypeParser(20, Number);
pg.types.setTypeParser(1082, (text) => text);

/** A fixed SQL text that is prepared once on each connection under its name. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  /** Only types; never set. */
  readonly row?: Row;
}

/** Declares a fixed statement; the name is its identity in the server's statistics. */
export function statement<Row>(name: string, text: string): Statement<Row> {
  return { name, text };
}

/**
 * A fixed statement that takes what many callers give at once (合并语句). Its parameters are the tenant and a JSON array
 * with an object for each caller: what that one gave, and its `place`. Rows it returns name the place they are for.
 */
export interface SharedStatement<Given extends object, Row> {
  readonly name: string;
  readonly text: string;
  /** Only types; never set. */
  readonly given?: Given;
  readonly row?: Row;
}

export function sharedStatement<Given extends object, Row>(name: string, text: string): SharedStatement<Given, Row> {
  return { name, text };
}

/** The query builder: it only writes SQL, a Transaction runs it. */
export const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** What the query builder, or its `sql` template, wrote. */
export interface Compilable<Row> {
  compile(provider: QueryExecutorProvider): CompiledQuery<Row>;
}

/** One database transaction of one tenant. */
export interface Transaction {
  readonly tenantId: string;
  /** Of work that automation rules led to: what all facts written here come from. */
  readonly cause?: FactCause;
  /** What facts written here are sealed with; absent where whoever opened the database has none. */
  readonly historyKey?: HistoryKey;
  /** Runs a fixed statement. */
  query<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]>;
  /**
   * Runs a fixed statement for this caller and for those of the same grouped commit who ask for it at the same moment:
   * one statement for ten tickets costs half of ten.
   */
  queryTogether<Given extends object, Row>(statement: SharedStatement<Given, Row>, given: Given): Promise<Row[]>;
  /** Whether others share this commit: then no lock keeps them apart from this caller. */
  readonly shared: boolean;
  /** Says that this caller works on something; false when another one of the same commit does already. */
  claim(what: string): boolean;
  /** Runs what the query builder wrote. */
  run<Row>(query: Compilable<Row>): Promise<Row[]>;
  /** As `run`, for one row or none. */
  first<Row>(query: Compilable<Row>): Promise<Row | undefined>;
  /** Called once the transaction is durable. For wake-ups only: a crash may lose it. */
  afterCommit(callback: () => void): void;
}

/**
 * Thrown by work in a commit it shares, before it has written anything: it is run again in a transaction of its own, once
 * the others are done (退出合并提交).
 */
export class NeedsOwnTransaction extends Error {
  constructor() {
    super('this work needs a transaction of its own');
  }
}

export interface DatabaseOptions {
  connection: pg.ClientConfig;
  /** A role without superuser rights to act under, so that row-level security holds. */
  role: string | null;
  connections?: number;
  /** Connections that carry grouped commits. */
  groupConnections?: number;
  /** What the fact log is sealed with. */
  historyKey?: HistoryKey;
}

export interface TransactOptions {
  /**
   * With the calls of one tenant that arrive together. By a name: only with those of that name, one group of all at a time, so that nobody who waits for
   * an answer shares a commit with work that takes its time.
   */
  grouped?: boolean | string;
  /** True when absent. */
  lasting?: boolean;
}

export type Work<Result> = (transaction: Transaction) => Promise<Result>;

export interface Database {
  /**
   * Runs work in one transaction of a tenant and commits it. Whatever the work throws rolls everything back.
   * With `grouped`, calls of one tenant that arrive together share one commit: only for work that depends on no row
   * another such call may be changing (inserts, or what it locked without waiting and claimed), and that may be run a second time.
   * One that is not `lasting` does not wait for the disk: a crash of the machine within the next second may undo it, though
   * never a part of it, nor it without what was committed later. Only for work that would then be done again, by a cursor in the same transaction.
   * Called inside the work of another transaction it opens one of its own, which commits or not whatever becomes of the outer one.
   */
  transact<Result>(tenantId: string, work: Work<Result>, options?: TransactOptions): Promise<Result>;
  /** Runs one fixed statement that changes nothing, in a transaction of a tenant: all of it in one round trip. */
  look<Row>(tenantId: string, statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]>;
  /** Whether the database answers. */
  ping(): Promise<void>;
  /** A connection of its own that listens to notifications. */
  listen(channel: string, onNotice: (payload?: string) => void): Promise<() => Promise<void>>;
  /** Sends a notification outside of any transaction; its payload has less than 8,000 bytes. */
  notify(channel: string, payload?: string): Promise<void>;
  readonly statistics: { idle: number; busy: number; waiting: number };
  close(): Promise<void>;
}

/** Whether an error came from PostgreSQL with this SQLSTATE. */
export function isDatabaseError(error: unknown, code: string, constraint?: string): boolean {
  return error instanceof pg.DatabaseError && error.code === code && (constraint === undefined || error.constraint === constraint);
}

// Of a free connection, or of a server that does not answer: whoever asked has given up by then.
const connectionTimeoutMillis = 20_000;
// What takes longer is a mistake, or has to say so by SET LOCAL. A transaction left open holds every reader of the
// fact log up.
const statementSeconds = 60;
const idleSeconds = 60;
/** What is committed stays committed, whatever a callback does: it must not look like a failure of the work. */
function callAll(callbacks: readonly (() => void)[]): void {
  for (const callback of callbacks) {
    try {
      callback();
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** The tenant stands in the text of a statement, so nothing else may. */
function wrongTenant(tenantId: string): Promise<never> | null {
  return /^[0-9a-f-]{36}$/i.test(tenantId) ? null : Promise.reject(new Error(`not a tenant: ${tenantId}`));
}

// A lock is none: what a member of a group locked and then left alone is free again after the commit.
const isWriting = (text: string): boolean => !/^\s*SELECT/i.test(text);

const innerConnections = 4;
const mostNames = 1_000;
const mostPreparedParameters = 60;
const names = new Map<string, string>();

/**
 * A name under which a built statement is prepared, so that the server parses it once a connection. Only for what
 * changes single rows: their texts are few. Queries of lists vary with what is asked for, and are planned best when
 * the planner sees the values.
 */
function nameOf(compiled: CompiledQuery): string | undefined {
  if (compiled.sql.startsWith('select') || compiled.parameters.length > mostPreparedParameters) return undefined;
  let name = names.get(compiled.sql);
  if (name === undefined && names.size < mostNames) {
    name = `built.${names.size}`;
    names.set(compiled.sql, name);
  }
  return name;
}

/** Opens the pool (数据库连接池). */
export function openDatabase(options: DatabaseOptions): Database {
  const configuration: pg.PoolConfig & { pipeline: boolean } = {
    ...options.connection,
    max: options.connections ?? 10,
    pipeline: true,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis,
    options: [
      ...(options.role ? [`-c role=${options.role}`] : []),
      `-c statement_timeout=${statementSeconds}s`, `-c idle_in_transaction_session_timeout=${idleSeconds}s`,
    ].join(' '),
  };
  const pool = new pg.Pool(configuration);
  // A transaction opened inside another one gets its connection here: from one supply for both, as many transactions
  // as there are connections could each hold one and wait for another, for ever.
  const innerPool = new pg.Pool({ ...configuration, max: innerConnections });
  const inside = new AsyncLocalStorage<true>();
  const takeConnection = () => (inside.getStore() ? innerPool : pool).connect();
  for (const each of [pool, innerPool]) {
    // An idle connection that breaks is replaced at the next use; the query in progress gets its own error.
    each.on('error', () => {});
    // Also one that breaks while a transaction has it; without a listener that would end the program.
    each.on('connect', (client) => client.on('error', () => {}));
  }

  const sendTogether = openSending();

  async function begin(client: pg.PoolClient, tenantId: string, lasting = true): Promise<void> {
    sendTogether(client);
    await client.query(`BEGIN; SET LOCAL app.tenant = '${tenantId}'${lasting ? '' : '; SET LOCAL synchronous_commit = off'}`);
  }

  async function commit(client: pg.PoolClient): Promise<void> {
    const result = await client.query('COMMIT').catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && !/^(08|57|58|XX)/.test(error.code ?? '')) throw error;
      throw new CommitUnanswered('the connection broke at the commit, so it is not known whether it was carried out', { cause: error });
    });
    // COMMIT of a transaction in which a statement failed answers ROLLBACK, without an error.
    if (result.command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement had failed');
  }

  async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
    try {
      await client.query('ROLLBACK');
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** What callers of one commit gave to a shared statement, until it is sent. */
  interface Gathered {
    given: object[];
    rows: Promise<Map<number, unknown[]>>;
  }

  /** What the members of one commit have in common. */
  interface Together {
    gathered: Map<string, Gathered>;
    /** What one of them works on; null in a transaction of one's own. */
    claims: Set<string> | null;
  }

  function openTransaction(client: pg.PoolClient, tenantId: string, { gathered, claims }: Together = { gathered: new Map(), claims: null }) {
    const callbacks: (() => void)[] = [];
    let wrote = false;
    let failed = false;
    let over = false;
    // A branch of the work that nobody waited for must not write into whatever its connection does next.
    const refuse = () => Promise.reject(new Error('the transaction is over'));
    const watch = async <Row>(promise: Promise<pg.QueryResult>): Promise<Row[]> => {
      try {
        return (await promise).rows as Row[];
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    const transaction: Transaction = {
      tenantId,
      ...options.historyKey ? { historyKey: options.historyKey } : {},
      shared: claims !== null,
      claim: (what) => {
        if (claims?.has(what)) return false;
        claims?.add(what);
        return true;
      },
      query: (statement, values) => {
        if (over) return refuse();
        if (isWriting(statement.text)) wrote = true;
        sendTogether(client);
        return watch(client.query({ name: statement.name, text: statement.text, values: values as unknown[] }));
      },
      queryTogether: async <Given extends object, Row>(statement: SharedStatement<Given, Row>, given: Given) => {
        if (over) return refuse();
        if (isWriting(statement.text)) wrote = true;
        let together = gathered.get(statement.name);
        if (!together) {
          const all: object[] = [];
          // Whoever comes until the end of this turn of the event loop joins.
          const sent = new Promise<pg.QueryResult>((resolve) => sendTogether(client, () => {
            gathered.delete(statement.name);
            const send = async () => (over ? refuse() : client.query({ name: statement.name, text: statement.text, values: [tenantId, JSON.stringify(all)] }));
            resolve(send());
          }));
          const rows = sent.then((result) => Map.groupBy(result.rows as { place: number }[], (row) => row.place));
          together = { given: all, rows };
          gathered.set(statement.name, together);
        }
        const place = together.given.push({ ...given, place: together.given.length }) - 1;
        try {
          return ((await together.rows).get(place) ?? []) as Row[];
        } catch (error) {
          failed = true;
          throw error;
        }
      },
      run: (query) => {
        if (over) return refuse();
        const compiled = query.compile(build);
        if (!compiled.sql.startsWith('select')) wrote = true;
        const name = nameOf(compiled);
        sendTogether(client);
        return watch(client.query({ ...(name === undefined ? {} : { name }), text: compiled.sql, values: compiled.parameters as unknown[] }));
      },
      first: async (query) => (await transaction.run(query))[0],
      afterCommit: (callback) => callbacks.push(callback),
    };
    return { transaction, callbacks, touched: () => wrote || failed, end: () => (over = true) };
  }

  async function alone<Result>(tenantId: string, work: Work<Result>, lasting = true): Promise<Result> {
    const client = await takeConnection();
    const { transaction, callbacks, end } = openTransaction(client, tenantId);
    let broken: Error | undefined;
    try {
      // The first statement travels with BEGIN; should BEGIN fail, so does the statement.
      const [, result] = await Promise.all([begin(client, tenantId, lasting), inside.run(true, work, transaction)]).finally(end);
      await commit(client);
      callAll(callbacks);
      return result;
    } catch (error) {
      broken = await rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async function look<Row>(tenantId: string, { name, text }: Statement<Row>, values: readonly unknown[]): Promise<Row[]> {
    const client = await takeConnection();
    let broken: Error | undefined;
    try {
      // Sent together; should the statement fail, COMMIT ends the transaction as ROLLBACK would.
      const [, result] = await Promise.all([begin(client, tenantId), client.query({ name, text, values: values as unknown[] }), client.query('COMMIT')]);
      return result.rows as Row[];
    } catch (error) {
      broken = await rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Commits a group at once; false when it has to be taken apart. */
  async function together(tenantId: string, members: readonly Member[]): Promise<boolean> {
    const client = await takeConnection();
    let broken: Error | undefined;
    const common: Together = { gathered: new Map(), claims: new Set() };
    const opened = members.map(() => openTransaction(client, tenantId, common));
    const end = () => opened.forEach((member) => member.end());
    try {
      const [, outcomes] = await Promise.all([
        begin(client, tenantId),
        Promise.allSettled(members.map((member, index) => inside.run(true, member.work, opened[index]!.transaction))),
      ]).finally(end);
      // One that threw before it wrote (a refusal) leaves the others unharmed; any other failure spoils the group.
      if (outcomes.some((outcome, index) => outcome.status === 'rejected' && opened[index]!.touched())) {
        broken = await rollBack(client);
        return false;
      }
      await commit(client);
      outcomes.forEach((outcome, index) => {
        const { work, resolve, reject } = members[index]!;
        if (outcome.status === 'rejected') return outcome.reason instanceof NeedsOwnTransaction ? void alone(tenantId, work).then(resolve, reject) : reject(outcome.reason);
        callAll(opened[index]!.callbacks);
        resolve(outcome.value);
      });
      return true;
    } catch (error) {
      broken = (await rollBack(client)) ?? broken;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  const group = openGrouping({ groups: options.groupConnections ?? 2, together, alone });
  const named = new Map<string, typeof group>();
  const groupOf = (name: string | true): typeof group => {
    if (name === true) return group;
    const own = named.get(name) ?? openGrouping({ groups: 1, together, alone });
    named.set(name, own);
    return own;
  };

  return {
    transact: (tenantId, work, { grouped = false, lasting = true } = {}) => {
      const wrong = wrongTenant(tenantId);
      if (wrong) return wrong;
      if (!grouped) return alone(tenantId, work, lasting);
      // Whoever calls may be inside a transaction; the group is not.
      return inside.exit(() => groupOf(grouped)(tenantId, work)) as Promise<never>;
    },
    look: (tenantId, query, values) => wrongTenant(tenantId) ?? look(tenantId, query, values),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    listen: async (channel, onNotice) => {
      let closed = false;
      let client: pg.Client | undefined;
      const connect = async (): Promise<void> => {
        const fresh = new pg.Client(options.connection);
        fresh.on('notification', ({ payload }) => onNotice(payload));
        fresh.on('error', () => {});
        fresh.on('end', () => {
          if (!closed) setTimeout(() => void connect().catch(() => {}), 1_000).unref();
        });
        await fresh.connect();
        await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
        client = fresh;
        // Whatever was announced while nobody listened.
        onNotice();
      };
      await connect();
      return async () => {
        closed = true;
        await client?.end();
      };
    },
    notify: async (channel, payload = '') => {
      await pool.query('SELECT pg_notify($1, $2)', [channel, payload]);
    },
    get statistics() {
      const idle = pool.idleCount + innerPool.idleCount;
      return { idle, busy: pool.totalCount + innerPool.totalCount - idle, waiting: pool.waitingCount + innerPool.waitingCount };
    },
    close: async () => {
      await Promise.all([pool.end(), innerPool.end()]);
    },
  };
}
