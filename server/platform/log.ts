import pino from 'pino';

/** The program's log: one JSON object a line on standard output. */
export type Logger = pino.Logger;

/** Opens the log. Secrets and personal data never go in: these members are cut out wherever they stand. */
export function openLog(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { error: pino.stdSerializers.err },
    redact: { paths: ['password', 'token', 'code', 'phone', '*.password', '*.token', 'req.headers.authorization', 'req.headers.cookie'], censor: '[hidden]' },
  });
}
