import { isIP } from 'node:net';
import { ConfigurationError } from './configuration-error.ts';

/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What was given, as it may be shown on one line; never used for secrets. */
function shown(value: string): string {
  const short = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return JSON.stringify(short);
}

/** The refusal of a value that may be shown. */
export function wrong(name: string, allowed: string, value: string): ConfigurationError {
  return new ConfigurationError(`${name} must be ${allowed}, but is ${shown(value)}.`);
}

/** The refusal of a value that is secret or may contain a secret. */
export function wrongSecret(name: string, allowed: string): ConfigurationError {
  return new ConfigurationError(`${name} must be ${allowed}.`);
}

/** The value of a variable; an empty one counts as absent, for compose files and service units can only leave it empty. */
export function readText(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value === '' ? undefined : value;
}

/** A whole number within bounds (both included). */
export function readInteger(environment: Environment, name: string, low: number, high: number): number | undefined {
  const value = readText(environment, name);
  if (value === undefined) return undefined;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= low && number <= high)) throw wrong(name, `a whole number from ${low} to ${high}`, value);
  return number;
}

/** One of a few words. */
export function readChoice<const Choice extends string>(
  environment: Environment,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = readText(environment, name);
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw wrong(name, `one of ${choices.join(', ')}`, value);
  return found;
}

/** `0` or `1`. */
export function readSwitch(environment: Environment, name: string): boolean | undefined {
  const value = readText(environment, name);
  if (value === undefined) return undefined;
  if (value !== '0' && value !== '1') throw wrong(name, '0 or 1', value);
  return value === '1';
}

/** A secret within bounds of length. */
export function readSecret(
  environment: Environment,
  name: string,
  shape: { least: number; most: number; pattern?: RegExp; allowed: string },
): string | undefined {
  const value = readText(environment, name);
  if (value === undefined) return undefined;
  const fits = value.length >= shape.least && value.length <= shape.most && (shape.pattern?.test(value) ?? true);
  if (!fits) throw wrongSecret(name, shape.allowed);
  return value;
}

/** Parses a URL of one of the given protocols (`'https:'`); undefined when it is none. */
export function parseUrl(value: string, protocols: readonly string[]): URL | undefined {
  const url = URL.parse(value);
  return url !== null && protocols.includes(url.protocol) ? url : undefined;
}

/** Whether this is an IP address or a host name by RFC 1123. */
export function isHost(value: string): boolean {
  return (
    isIP(value) !== 0 ||
    (value.length <= 253 && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i.test(value))
  );
}

/** Whether this is an IP address or a network in CIDR notation (`10.0.0.0/8`, `fd00::/8`). */
export function isNetwork(value: string): boolean {
  const [address = '', length, ...rest] = value.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128));
}
