import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigurationError, readConfig } from './config.ts';
import type { Environment } from './config.ts';

const administrator = { ADMIN_EMAIL: 'admin@example.cn', ADMIN_PASSWORD: 'correct horse' };
const bucket = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };

describe('configuration', () => {
  test('has a default for everything', () => {
    assert.deepEqual(readConfig({}, '/srv/bihuan'), {
      role: 'all',
      host: '127.0.0.1',
      port: 8080,
      publicUrl: undefined,
      dataDirectory: '/srv/bihuan/data',
      database: { kind: 'embedded' },
      secretKey: undefined,
      demo: true,
      administrator: undefined,
      blobs: { kind: 'folder', directory: '/srv/bihuan/data/files' },
      smtpPort: undefined,
      logLevel: 'info',
      trustProxy: false,
      smsWebhookUrl: undefined,
      outgoingPrivateHosts: [],
      apiKeyLimit: undefined,
      mapTiles: undefined,
    });
  });

  test('takes what is given', () => {
    const config = readConfig({
      ...administrator,
      ROLE: 'worker',
      HOST: '::',
      PORT: '0',
      PUBLIC_URL: 'https://Service.example.cn:8443/',
      DATA_DIR: '/var/lib/bihuan',
      DATABASE_URL: 'postgres://user:p%40ss@db.internal/bihuan?sslmode=require',
      SECRET_KEY: 'k'.repeat(32),
      DEMO: '1',
      ADMIN_API_KEY: 'abcdefghijklmnopqrstuvw_-0',
      BLOB_URL: 'file:///srv/files%20here',
      SMTP_PORT: '2525',
      LOG_LEVEL: 'silent',
      TRUST_PROXY: '10.0.0.0/8, fd00::/8,192.0.2.1',
      SMS_WEBHOOK_URL: 'https://sms.example.cn/send?to=1',
      OUTGOING_PRIVATE_HOSTS: 'ERP.local, 10.0.0.5:8080',
      API_KEY_LIMIT: '600000',
      MAP_TILES: 'https://tiles.example.cn/{z}/{x}/{y}.png#GCJ02',
      SOMETHING_ELSE: 'ignored',
      TZ: 'Mars/Olympus',
    });
    assert.deepEqual(config, {
      role: 'worker',
      host: '::',
      port: 0,
      publicUrl: 'https://service.example.cn:8443',
      dataDirectory: '/var/lib/bihuan',
      database: { kind: 'server', url: 'postgres://user:p%40ss@db.internal/bihuan?sslmode=require' },
      secretKey: 'k'.repeat(32),
      demo: true,
      administrator: { email: 'admin@example.cn', password: 'correct horse', apiKey: 'abcdefghijklmnopqrstuvw_-0' },
      blobs: { kind: 'folder', directory: '/srv/files here' },
      smtpPort: 2525,
      logLevel: 'silent',
      trustProxy: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'],
      smsWebhookUrl: 'https://sms.example.cn/send?to=1',
      outgoingPrivateHosts: ['erp.local', '10.0.0.5:8080'],
      apiKeyLimit: 600_000,
      mapTiles: { urls: ['https://tiles.example.cn/{z}/{x}/{y}.png'], system: 'GCJ02', attribution: '', maxZoom: 18 },
    });
  });

  test('seeds the demonstration by default only where the database is its own', () => {
    const DATABASE_URL = 'postgres://localhost/bihuan';
    assert.equal(readConfig({ DATABASE_URL }).demo, false);
    assert.equal(readConfig({ DATABASE_URL, DEMO: '1' }).demo, true);
    assert.equal(readConfig({ DEMO: '0' }).demo, false);
    assert.equal(readConfig(administrator).demo, true);
  });

  test('takes empty values for absent ones', () => {
    const empty = Object.fromEntries(Object.keys(wrongValues).map((name) => [name, '']));
    assert.deepEqual(readConfig(empty), readConfig({}));
  });

  test('takes databases behind sockets', () => {
    for (const DATABASE_URL of [
      'postgresql://bihuan@localhost/bihuan?host=%2Frun%2Fpostgresql',
      'postgresql://bihuan@/bihuan?host=/run/postgresql',
      'postgresql:///bihuan',
    ]) {
      assert.deepEqual(readConfig({ DATABASE_URL }).database, { kind: 'server', url: DATABASE_URL });
    }
  });

  test('takes a number of proxies', () => {
    assert.equal(readConfig({ TRUST_PROXY: '2' }).trustProxy, 2);
    assert.equal(readConfig({ TRUST_PROXY: '0' }).trustProxy, false);
  });

  test('takes text message gateways of the same machine without encryption', () => {
    assert.equal(readConfig({ SMS_WEBHOOK_URL: 'http://127.0.0.1:9/send' }).smsWebhookUrl, 'http://127.0.0.1:9/send');
  });

  test('takes tiles by the name of who makes them, or by their address', () => {
    assert.equal(readConfig({ MAP_TILES: 'osm' }).mapTiles?.system, 'WGS84');
    assert.equal(readConfig({ MAP_TILES: 'amap' }).mapTiles?.system, 'GCJ02');
    const [map, names] = readConfig({ MAP_TILES: 'tianditu:0123456789abcdef' }).mapTiles?.urls ?? [];
    assert.match(map ?? '', /^https:\/\/t0\.tianditu\.gov\.cn\/vec_w\/.*tk=0123456789abcdef$/);
    assert.match(names ?? '', /LAYER=cva/);
  });

  test('takes buckets, at Amazon and elsewhere', () => {
    assert.deepEqual(readConfig({ ...bucket, BLOB_URL: 's3://files/a/b/?region=cn-north-1' }).blobs, {
      kind: 's3',
      bucket: 'files',
      prefix: 'a/b/',
      region: 'cn-north-1',
      endpoint: undefined,
      pathStyle: false,
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      sessionToken: undefined,
    });
    const elsewhere = readConfig({ ...bucket, BLOB_URL: 's3://files?endpoint=http://minio:9000' }).blobs;
    assert.ok(elsewhere.kind === 's3');
    assert.equal(elsewhere.prefix, '');
    assert.equal(elsewhere.endpoint, 'http://minio:9000');
    assert.equal(elsewhere.region, 'us-east-1');
    assert.equal(elsewhere.pathStyle, true);
  });
});

/** For every variable, values that must be refused under its name. */
const wrongValues: Record<string, (string | Environment)[]> = {
  PORT: ['abc', '65536', '-1', '80.5', '1e3', ' 80', '0x50', '99999999999999999999'],
  HOST: ['http://localhost', 'a b', '-x', '1.2.3.4:80'],
  ROLE: ['both', 'ALL', 'web,worker'],
  DEMO: ['yes', 'true', '2', '01'],
  LOG_LEVEL: ['loud', 'INFO'],
  PUBLIC_URL: ['service.example.cn', 'ftp://a', 'https://a/path', 'https://a/?q', 'https://u:p@a', 'https://'],
  DATABASE_URL: ['mysql://a/b', 'localhost', 'postgres://localhost', 'postgres://localhost/', 'file:///tmp/x'],
  SECRET_KEY: ['short', 'x'.repeat(31), 'x'.repeat(1025)],
  ADMIN_EMAIL: [
    { ADMIN_PASSWORD: 'correct horse' },
    { ADMIN_API_KEY: 'k'.repeat(24) },
    { ...administrator, ADMIN_EMAIL: 'admin' },
    { ...administrator, ADMIN_EMAIL: 'a@b c' },
    { ...administrator, ADMIN_EMAIL: 'a@b@c' },
    { ...administrator, ADMIN_EMAIL: `${'a'.repeat(250)}@example.cn` },
  ],
  ADMIN_PASSWORD: [{ ADMIN_EMAIL: 'admin@example.cn' }, { ...administrator, ADMIN_PASSWORD: '123456789' }],
  ADMIN_API_KEY: [
    { ...administrator, ADMIN_API_KEY: 'k'.repeat(23) },
    { ...administrator, ADMIN_API_KEY: `${'k'.repeat(24)}!` },
    { ...administrator, ADMIN_API_KEY: 'k'.repeat(201) },
  ],
  BLOB_URL: [
    '/srv/files',
    'file://server/files',
    'file:relative',
    'https://example.cn',
    's3://',
    { ...bucket, BLOB_URL: 's3://files' },
    { ...bucket, BLOB_URL: 's3://files?region=cn north' },
    { ...bucket, BLOB_URL: 's3://files?region=a&acl=public' },
    { ...bucket, BLOB_URL: 's3://files?endpoint=minio:9000' },
    { ...bucket, BLOB_URL: 's3://files?region=a&pathStyle=yes' },
    { ...bucket, BLOB_URL: 's3://user:password@files?region=a' },
  ],
  AWS_ACCESS_KEY_ID: [{ BLOB_URL: 's3://files?region=a', AWS_SECRET_ACCESS_KEY: 'secret' }],
  AWS_SECRET_ACCESS_KEY: [{ BLOB_URL: 's3://files?region=a', AWS_ACCESS_KEY_ID: 'key' }],
  SMTP_PORT: ['0', '65536', 'smtp', { PORT: '2525', SMTP_PORT: '2525' }],
  TRUST_PROXY: ['yes', '-1', '100', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/8;10.1.0.0/16', ',', '10.0.0.0/8/8'],
  MAP_TILES: ['google', 'tianditu:', 'tianditu:a b', 'http://tiles.example.cn/{z}/{x}/{y}.png', 'https://tiles.example.cn/{z}/{x}.png', 'https://{x}.example.cn/{z}/{x}/{y}', 'https://a:b@example.cn/{z}/{x}/{y}', 'https://example.cn/{z}/{x}/{y}#BD09'],
  API_KEY_LIMIT: ['0', '-1', 'many', '10000001', '1.5'],
  SMS_WEBHOOK_URL: ['http://sms.example.cn', 'sms.example.cn', 'ftp://a', 'http://localhost.example.cn'],
};

describe('a wrong value', () => {
  for (const [name, values] of Object.entries(wrongValues)) {
    test(`of ${name} is refused with one line that names it`, () => {
      for (const value of values) {
        const environment = typeof value === 'string' ? { [name]: value } : value;
        assert.throws(
          () => readConfig(environment),
          (error) => {
            assert.ok(error instanceof ConfigurationError, `${JSON.stringify(environment)}: ${String(error)}`);
            assert.ok(error.message.startsWith(`${name} must be`), `${JSON.stringify(environment)}: ${error.message}`);
            assert.doesNotMatch(error.message, /\n/);
            return true;
          },
          JSON.stringify(environment),
        );
      }
    });
  }

  test('is shown on one line and cut short, unless it may be a secret', () => {
    assert.throws(() => readConfig({ ROLE: 'a\nb' }), /one of all, web, worker, but is "a\\nb"\.$/);
    assert.throws(() => readConfig({ ROLE: 'x'.repeat(1000) }), (error) => (error as Error).message.length < 200);
    for (const name of ['SECRET_KEY', 'ADMIN_PASSWORD', 'ADMIN_API_KEY', 'DATABASE_URL']) {
      const environment = { ...administrator, [name]: 'hunter2' };
      assert.throws(() => readConfig(environment), (error) => !(error as Error).message.includes('hunter2'), name);
    }
  });
});
