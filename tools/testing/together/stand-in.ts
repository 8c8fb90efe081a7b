/**
 * Stands in for `node:test` in test files that share a process. What a file asks for while it is loaded waits until it is
 * its turn, and then happens inside a test of its own: so hooks outside of any `describe` concern their own file only.
 *
 * Each module that imports it has a copy of its own, whose address says for whom it is.
 */
import * as real from 'node:test';
import { collected } from './collected.ts';

type Asked = (...parameters: unknown[]) => unknown;

const importer = new URL(import.meta.url).searchParams.get('for');

function kept(name: string, original: Asked, isHook = false): Asked {
  return (...parameters) => {
    if (collected.loading === undefined) return original(...parameters);
    (isHook && importer !== collected.loading ? collected.shared : collected.calls).push([name, parameters]);
    return undefined;
  };
}

export const test = kept('test', real.test as Asked);
export const it = kept('it', real.it as Asked);
export const describe = kept('describe', real.describe as Asked);
export const suite = kept('suite', real.suite as Asked);
export const before = kept('before', real.before as Asked, true);
export const after = kept('after', real.after as Asked, true);
export const beforeEach = kept('beforeEach', real.beforeEach as Asked, true);
export const afterEach = kept('afterEach', real.afterEach as Asked, true);
export const { mock, snapshot } = real;
export default test;
