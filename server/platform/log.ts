import pino from 'pino';

/** The program's log: one JSON object a line on standard output. */
export type Logger = pino.Logger;

// Where the database repeats in an error what somebody wrote.
const quoting: ReadonlySet<string> = new Set(['detail', 'where', 'internalQuery']);

function withoutQuotes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutQuotes);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !quoting.has(name)).map(([name, member]) => [name, withoutQuotes(member)]));
}

/** An error as it is logged: type, message, stack and its own members, but for those that quote what is stored. */
const describeError = (error: unknown): unknown => (error instanceof Error ? withoutQuotes(pino.stdSerializers.err(error)) : error);

/**
 * Opens the log. Secrets and personal data never go in: these members are cut out wherever they stand.
 *
 * @param destination standard output when absent
 */
export function openLog(level: string, destination?: pino.DestinationStream): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: describeError, err: describeError },
    redact: { paths: ['password', 'token', 'code', 'phone', '*.password', '*.token', 'req.headers.authorization', 'req.headers.cookie'], censor: '[hidden]' },
  }, destination);
}
