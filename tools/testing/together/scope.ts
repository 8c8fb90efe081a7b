/**
 * Which test is under way (当前测试), without following every promise. The test runner finds it by an async hook that makes each
 * promise some twenty times as dear, and the tests of a program are made of promises: here the hook is told to leave them
 * alone, and each test carries a mark of its own to where it calls `test`, `after` and the like.
 */
import { AsyncLocalStorage, AsyncResource, createHook } from 'node:async_hooks';

type Work = (...parameters: unknown[]) => unknown;

const current = new AsyncLocalStorage<AsyncResource>();

/** To be called before anything is asked of the test runner, whose hook is enabled by the first thing that is. */
export function followNoPromises(): void {
  const without = createHook({ trackPromises: false } as Parameters<typeof createHook>[0]);
  const mark = Object.getOwnPropertySymbols(without).find((symbol) => (without as never)[symbol] === true);
  // A Node that calls it otherwise follows them still.
  if (mark === undefined) return;
  const hooks = Object.getPrototypeOf(without) as { enable: (this: object) => unknown };
  const { enable } = hooks;
  hooks.enable = function () {
    Object.assign(this, { [mark]: true });
    hooks.enable = enable;
    return enable.call(this);
  };
}

/** What a test or a hook does, marked: made where the runner begins it, the mark belongs to that test. */
export function marked(work: Work): Work {
  // The runner counts the parameters: a second one would be a callback.
  return work.length > 1 ? work : (...parameters) => current.run(new AsyncResource('test'), work, ...parameters);
}

/** Does something as a part of the test whose mark is carried here. */
export function withinTest<Result>(ask: () => Result): Result {
  const mark = current.getStore();
  return mark ? mark.runInAsyncScope(ask) : ask();
}
