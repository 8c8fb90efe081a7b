import { Refusal } from '../errors/refusal.ts';

/** After how long those who were turned away may come again. */
const seconds = 5;

/** The refusal of what could be answered in a moment, by this process or by another one (暂时无法服务). */
export function unavailable(): Refusal {
  return new Refusal('unavailable', { seconds });
}

// Nobody listens where the database should be, or the way there is cut. Of files and of callers who left it is no such
// sign, and theirs come by other calls of the system.
const calls = new Set(['connect', 'getaddrinfo', 'read', 'write']);
const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE']);
// PostgreSQL, appendix A: connection exceptions, too many connections, shutting down, crashed, starting up.
const stateOfServer = /^(08...|53300|57P0[123])$/;
// The driver gives these no code.
const brokenConnection = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/**
 * Whether something failed because the database (or the store of files) is away (数据库不可达): not there, stopping,
 * starting, or the connection to it broken, also at the commit. Then nothing is wrong with the program, and the same
 * request may succeed in a moment.
 */
export function isAway(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    // Of a name with several addresses each has its own reason.
    if (cause instanceof AggregateError && cause.errors.length > 0 && cause.errors.every(isAway)) return true;
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (code === undefined ? brokenConnection.test(cause.message) : stateOfServer.test(code) || (unreachable.has(code) && calls.has(syscall ?? ''))) return true;
  }
  return false;
}
