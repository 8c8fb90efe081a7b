/**
 * Stands in for `node:test` in test files that share a process. What a file asks for while it is loaded waits until it is
 * its turn, and then happens inside a test of its own: so hooks outside of any `describe` concern their own file only.
 */
import * as real from 'node:test';
import { collected } from './collected.ts';
import { marked, withinTest } from './scope.ts';

type Asked = (...parameters: unknown[]) => unknown;

function kept(name: string, original: Asked, isHook = false): Asked {
  return (...given) => {
    const parameters = given.map((parameter) => (typeof parameter === 'function' ? marked(parameter as Asked) : parameter));
    if (collected.loading === undefined) return withinTest(() => original(...parameters));
    (isHook && !isFrom(collected.loading) ? collected.shared : collected.calls).push([name, parameters]);
    return undefined;
  };
}

/** Whether it is the file that calls, by itself or through a function; not a module that is evaluated because the file imports it. */
function isFrom(address: string): boolean {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = usual;
  return stack.includes(`${address}:`);
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
