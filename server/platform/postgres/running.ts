import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresConnection } from './embedded.ts';
import { socketPort } from './run-folder.ts';

/**
 * How to reach the PostgreSQL that a running program keeps under a data directory (找到正在运行的数据库), for commands that work
 * beside it; null when none answers. The kernel lets in only the user that the program runs as.
 */
export async function findRunning(dataDirectory: string): Promise<PostgresConnection | null> {
  const connection = process.platform === 'win32' ? await byPassword(dataDirectory) : await bySocket(dataDirectory);
  if (!connection) return null;
  const client = new Client(connection);
  try {
    await client.connect();
    return connection;
  } catch {
    // What a killed program left behind names a server that is not there.
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

async function bySocket(dataDirectory: string): Promise<PostgresConnection | null> {
  const folder = (await readFile(join(dataDirectory, 'postgres.run'), 'utf8').catch(() => '')).trim();
  return folder === '' ? null : { host: join(folder, 'socket'), port: socketPort, user: 'bihuan', database: 'bihuan' };
}

async function byPassword(dataDirectory: string): Promise<PostgresConnection | null> {
  const [password, pid] = await Promise.all(['postgres-password', 'postgres/postmaster.pid'].map((name) => readFile(join(dataDirectory, name), 'utf8').catch(() => '')));
  const port = Number(pid?.split('\n')[3]);
  return !password || !Number.isInteger(port) || port <= 0 ? null : { host: '127.0.0.1', port, user: 'bihuan', password, database: 'bihuan' };
}
