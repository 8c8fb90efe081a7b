import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MapTiles } from '../../../contract/map.ts';
import { ConfigurationError } from './configuration-error.ts';
import { readMapTiles } from './map-tiles.ts';
import {
  isHost,
  isNetwork,
  parseUrl,
  readChoice,
  readInteger,
  readSecret,
  readSwitch,
  readText,
  wrong,
  wrongSecret,
} from './values.ts';
import type { Environment } from './values.ts';

export { ConfigurationError } from './configuration-error.ts';
export type { Environment } from './values.ts';

/** What a process of the program does: serve people (`web`), work in the background (`worker`), or both. */
export type Role = 'all' | 'web' | 'worker';

const roles = ['all', 'web', 'worker'] as const;
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** How much is logged, in pino's words. */
export type LogLevel = (typeof logLevels)[number];

/** Where the data lives: in the PostgreSQL that the program runs itself under `DATA_DIR`, or in one that is given. */
export type DatabaseConfig = { readonly kind: 'embedded' } | { readonly kind: 'server'; readonly url: string };

/** Where files live: in a folder, or in a bucket of a service that speaks S3. */
export type BlobConfig =
  | { readonly kind: 'folder'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** Begins every key; empty, or ends with a slash. */
      readonly prefix: string;
      readonly region: string;
      /** Undefined means Amazon's own for the region. */
      readonly endpoint: string | undefined;
      /** Whether the bucket stands in the path rather than in the host name. */
      readonly pathStyle: boolean;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken: string | undefined;
    };

/** The first administrator (管理员), who can sign in before anyone else exists. */
export interface AdministratorConfig {
  readonly email: string;
  readonly password: string;
  /** An API key with this administrator's rights, for automation. */
  readonly apiKey: string | undefined;
}

/** Everything the environment decides. Read once at start; nothing else looks at environment variables. */
export interface Config {
  readonly role: Role;
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  /** The origin under which people reach the program, without a slash at the end; undefined means the address it listens on. */
  readonly publicUrl: string | undefined;
  /** Absolute path. */
  readonly dataDirectory: string;
  readonly database: DatabaseConfig;
  /** Undefined means: the one kept in the data directory (see `readSecretKey`). */
  readonly secretKey: string | undefined;
  /** Whether an empty database is filled with a believable company. */
  readonly demo: boolean;
  readonly administrator: AdministratorConfig | undefined;
  readonly blobs: BlobConfig;
  /** Port of the inbound mail server; undefined means off. */
  readonly smtpPort: number | undefined;
  readonly logLevel: LogLevel;
  /** Which proxies may say who the client is: none, the nearest so many, or those in these networks. */
  readonly trustProxy: false | number | readonly string[];
  /** Where text messages are handed over for sending. */
  readonly smsWebhookUrl: string | undefined;
  /** Hosts of the own network, as `host` or `host:port`, that rules and flows may call. */
  readonly outgoingPrivateHosts: readonly string[];
  /** How often a minute one API key may ask; undefined for the standard. */
  readonly apiKeyLimit: number | undefined;
  /** What maps are drawn on; undefined for the plain base. */
  readonly mapTiles: MapTiles | undefined;
}

/**
 * Reads the configuration from environment variables. Unknown variables are ignored, empty ones count as absent.
 *
 * @param environment as in `process.env`
 * @param workingDirectory what relative paths start from; the process's own when absent
 * @throws {ConfigurationError} one line that names the wrong variable and what is allowed
 */
export function readConfig(environment: Environment, workingDirectory: string = process.cwd()): Config {
  const dataDirectory = resolve(workingDirectory, readText(environment, 'DATA_DIR') ?? 'data');
  const database = readDatabase(environment);
  const port = readInteger(environment, 'PORT', 0, 65_535) ?? 8080;
  return {
    role: readChoice(environment, 'ROLE', roles) ?? 'all',
    host: readHost(environment),
    port,
    publicUrl: readPublicUrl(environment),
    dataDirectory,
    database,
    secretKey: readSecret(environment, 'SECRET_KEY', {
      least: 32,
      most: 1024,
      allowed: '32 to 1024 characters long',
    }),
    demo: readSwitch(environment, 'DEMO') ?? database.kind === 'embedded',
    administrator: readAdministrator(environment),
    blobs: readBlobs(environment, dataDirectory),
    smtpPort: readSmtpPort(environment, port),
    logLevel: readChoice(environment, 'LOG_LEVEL', logLevels) ?? 'info',
    trustProxy: readTrustProxy(environment),
    smsWebhookUrl: readSmsWebhookUrl(environment),
    outgoingPrivateHosts: readPrivateHosts(environment),
    apiKeyLimit: readInteger(environment, 'API_KEY_LIMIT', 1, 10_000_000),
    mapTiles: readMapTiles(environment),
  };
}

function readHost(environment: Environment): string {
  const value = readText(environment, 'HOST');
  if (value === undefined) return '127.0.0.1';
  if (!isHost(value)) throw wrong('HOST', 'an IP address or a host name', value);
  return value;
}

function readPrivateHosts(environment: Environment): readonly string[] {
  const value = readText(environment, 'OUTGOING_PRIVATE_HOSTS');
  const hosts = value === undefined ? [] : value.split(',').map((host) => host.trim().toLowerCase()).filter((host) => host !== '');
  const bad = hosts.find((host) => !/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+)(:[0-9]{1,5})?$/.test(host));
  if (bad !== undefined) throw wrong('OUTGOING_PRIVATE_HOSTS', 'hosts separated by commas, as erp.local or 10.0.0.5:8080', bad);
  return hosts;
}

function readPublicUrl(environment: Environment): string | undefined {
  const value = readText(environment, 'PUBLIC_URL');
  if (value === undefined) return undefined;
  const url = parseUrl(value, ['http:', 'https:']);
  const bare = url !== undefined && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!bare) throw wrong('PUBLIC_URL', 'an http or https URL without a path, as https://service.example.cn', value);
  return url.origin;
}

function readDatabase(environment: Environment): DatabaseConfig {
  const value = readText(environment, 'DATABASE_URL');
  if (value === undefined) return { kind: 'embedded' };
  // libpq allows a user without a host (the socket then stands in ?host=), which a URL proper does not.
  const url = parseUrl(value.replace('@/', '@localhost/'), ['postgres:', 'postgresql:']);
  if (url === undefined || url.pathname.length < 2) {
    throw wrongSecret('DATABASE_URL', 'a PostgreSQL URL with a database, as postgres://user:password@host:5432/database');
  }
  return { kind: 'server', url: value };
}

function readAdministrator(environment: Environment): AdministratorConfig | undefined {
  const email = readText(environment, 'ADMIN_EMAIL');
  const password = readSecret(environment, 'ADMIN_PASSWORD', {
    least: 10,
    most: 256,
    allowed: '10 to 256 characters long',
  });
  const apiKey = readSecret(environment, 'ADMIN_API_KEY', {
    least: 24,
    most: 200,
    pattern: /^[A-Za-z0-9_-]+$/,
    allowed: '24 to 200 characters of A-Z, a-z, 0-9, _ and -',
  });
  if (email === undefined) {
    if (password !== undefined) throw new ConfigurationError('ADMIN_EMAIL must be given when ADMIN_PASSWORD is.');
    if (apiKey !== undefined) throw new ConfigurationError('ADMIN_EMAIL must be given when ADMIN_API_KEY is.');
    return undefined;
  }
  if (email.length > 254 || !/^[^\s@<>"]{1,64}@[^\s@<>"]+$/.test(email) || !isHost(email.slice(email.indexOf('@') + 1))) {
    throw wrong('ADMIN_EMAIL', 'an e-mail address', email);
  }
  if (password === undefined) throw new ConfigurationError('ADMIN_PASSWORD must be given when ADMIN_EMAIL is.');
  return { email, password, apiKey };
}

function readBlobs(environment: Environment, dataDirectory: string): BlobConfig {
  const value = readText(environment, 'BLOB_URL');
  if (value === undefined) return { kind: 'folder', directory: join(dataDirectory, 'files') };
  const url = parseUrl(value, ['file:', 's3:']);
  if (url?.protocol === 'file:') {
    if (url.host !== '' || url.search !== '' || url.hash !== '' || !value.startsWith('file:///')) {
      throw wrong('BLOB_URL', 'file:/// and an absolute path, or an s3:// URL', value);
    }
    return { kind: 'folder', directory: fileURLToPath(url) };
  }
  if (url === undefined || !isHost(url.hostname) || url.port !== '' || url.username !== '') {
    throw wrong('BLOB_URL', 'file:///path or s3://bucket/prefix?region=…&endpoint=…', value);
  }
  return readBucket(environment, url);
}

function readBucket(environment: Environment, url: URL): BlobConfig {
  const known = ['region', 'endpoint', 'pathStyle'];
  const unknown = [...url.searchParams.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw wrong('BLOB_URL', `an s3:// URL with no parameters other than ${known.join(', ')}`, unknown);
  }
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && parseUrl(endpoint, ['http:', 'https:']) === undefined) {
    throw wrong('BLOB_URL', 'an s3:// URL whose endpoint is an http or https URL', endpoint);
  }
  // Services other than Amazon's mostly ignore the region, yet the signature needs one.
  const region = url.searchParams.get('region') ?? (endpoint === undefined ? undefined : 'us-east-1');
  if (region === undefined || !/^[a-z0-9-]{1,64}$/i.test(region)) {
    throw wrong('BLOB_URL', 'an s3:// URL with a region, as s3://bucket/prefix?region=cn-north-1', url.href);
  }
  const pathStyle = url.searchParams.get('pathStyle') ?? (endpoint === undefined ? '0' : '1');
  if (pathStyle !== '0' && pathStyle !== '1') throw wrong('BLOB_URL', 'an s3:// URL whose pathStyle is 0 or 1', pathStyle);
  const accessKeyId = readText(environment, 'AWS_ACCESS_KEY_ID');
  const secretAccessKey = readText(environment, 'AWS_SECRET_ACCESS_KEY');
  if (accessKeyId === undefined) throw new ConfigurationError('AWS_ACCESS_KEY_ID must be given when BLOB_URL is s3://.');
  if (secretAccessKey === undefined) {
    throw new ConfigurationError('AWS_SECRET_ACCESS_KEY must be given when BLOB_URL is s3://.');
  }
  const folder = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return {
    kind: 's3',
    bucket: url.hostname,
    prefix: folder === '' ? '' : `${folder}/`,
    region,
    endpoint,
    pathStyle: pathStyle === '1',
    accessKeyId,
    secretAccessKey,
    sessionToken: readText(environment, 'AWS_SESSION_TOKEN'),
  };
}

function readSmtpPort(environment: Environment, port: number): number | undefined {
  const value = readInteger(environment, 'SMTP_PORT', 1, 65_535);
  if (value !== undefined && value === port) {
    throw new ConfigurationError(`SMTP_PORT must be another port than PORT, but both are ${port}.`);
  }
  return value;
}

function readTrustProxy(environment: Environment): false | number | readonly string[] {
  const value = readText(environment, 'TRUST_PROXY');
  if (value === undefined) return false;
  if (/^\d{1,2}$/.test(value)) return Number(value) === 0 ? false : Number(value);
  const networks = value.split(',').map((network) => network.trim());
  if (value.length > 2000 || !networks.every(isNetwork)) {
    throw wrong('TRUST_PROXY', 'a number of proxies (0 to 99) or networks, as 10.0.0.0/8,fd00::/8', value);
  }
  return networks;
}

function readSmsWebhookUrl(environment: Environment): string | undefined {
  const value = readText(environment, 'SMS_WEBHOOK_URL');
  if (value === undefined) return undefined;
  const url = parseUrl(value, ['https:', 'http:']);
  const loopback = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  // It carries phone numbers and codes: in the clear only within the machine.
  if (url === undefined || (url.protocol === 'http:' && !loopback)) {
    throw wrongSecret('SMS_WEBHOOK_URL', 'an https URL (http only for localhost)');
  }
  return url.href;
}
