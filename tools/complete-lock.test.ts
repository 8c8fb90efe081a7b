import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completePackages } from './complete-lock.ts';

const native = (names: string[]) => ({
  version: '1.2.3',
  dev: true,
  optionalDependencies: Object.fromEntries(names.map((name) => [name, '1.2.3'])),
});

test('packages for platforms that the registry lacked are added by name, version and platform', () => {
  const packages = {
    'node_modules/native': native(['@native/darwin-arm64', '@native/linux-x64-gnu', '@native/linux-x64-musl', '@native/windows-x64']),
    'node_modules/@native/linux-x64-gnu': { version: '1.2.3', optional: true },
  };
  const completed = completePackages(packages);
  assert.deepEqual(completed['node_modules/@native/darwin-arm64'], {
    version: '1.2.3',
    dev: true,
    optional: true,
    os: ['darwin'],
    cpu: ['arm64'],
  });
  assert.deepEqual(completed['node_modules/@native/linux-x64-musl']?.libc, ['musl']);
  assert.deepEqual(completed['node_modules/@native/windows-x64']?.os, ['win32']);
  assert.equal(completed['node_modules/@native/linux-x64-gnu'], packages['node_modules/@native/linux-x64-gnu']);
  assert.deepEqual(Object.keys(completed), Object.keys(completed).sort());
  assert.deepEqual(completePackages(completed), completed, 'a complete one stays as it is');
});

test('optional packages that are for no platform in particular, or of no one version, are left to npm', () => {
  const packages = {
    'node_modules/any': { version: '1.0.0', optionalDependencies: { fsevents: '2.3.3', '@native/linux-x64': '^1.0.0' } },
  };
  assert.deepEqual(completePackages(packages), packages);
});

test('another version than the one that would be found goes beside the package that wants it', () => {
  const packages = {
    'node_modules/@native/darwin-x64': { version: '1.0.0', optional: true },
    'node_modules/native': native(['@native/darwin-x64']),
    'node_modules/user/node_modules/native': native(['@native/darwin-arm64']),
    'node_modules/user/node_modules/@native/darwin-arm64': { version: '1.2.3', optional: true },
  };
  const completed = completePackages(packages);
  assert.equal(completed['node_modules/native/node_modules/@native/darwin-x64']?.version, '1.2.3');
  assert.equal(Object.keys(completed).length, 5);
});
