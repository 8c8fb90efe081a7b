import { totalmem } from 'node:os';

/** Settings of PostgreSQL by name, as in postgresql.conf. */
export type Settings = Readonly<Record<string, string | number>>;

const megabyte = 1024 * 1024;

/**
 * How the embedded PostgreSQL is set up: durable, modest, and sized by the memory of the machine or container.
 *
 * @param memory bytes that may be used altogether
 */
export function settingsFor(memory: number): Settings {
  const share = (part: number, low: number, high: number) =>
    `${Math.round(Math.min(Math.max(memory * part, low * megabyte), high * megabyte) / megabyte)}MB`;
  return {
    // What was answered must survive a power cut. These are the defaults; said here so that no file turns them off.
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',

    max_connections: 100,
    shared_buffers: share(1 / 8, 64, 2048),
    effective_cache_size: share(1 / 2, 256, 65_536),
    maintenance_work_mem: share(1 / 32, 32, 512),
    work_mem: share(1 / 512, 4, 32),

    // Bounds the log that a start after a crash must replay, so that it stays a matter of seconds.
    max_wal_size: '1GB',
    min_wal_size: '128MB',
    checkpoint_timeout: '5min',

    // Short statements only: compiling them costs more than it saves.
    jit: 'off',
    // Solid-state disks read anywhere about as fast as in order.
    random_page_cost: 1.1,

    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%u@%d ',
    log_min_duration_statement: '1s',
    // Values of parameters are people's data.
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
  };
}

/** Bytes of memory this process may use: the container's limit where there is one, else the machine's. */
export function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
