/**
 * Runs the test files that TEST_FILES names (a list in JSON) in this process, one after another. Each is loaded when it is its
 * turn, and what it opened is closed before the next: no file pays for another, and starting Node, the program's modules and a
 * database server is paid for once. To be started by plain `node`, so that it comes before the test runner.
 */
import { registerHooks } from 'node:module';
import * as real from 'node:test';
import { pathToFileURL } from 'node:url';
import { collected, type Call } from './collected.ts';
import { followNoPromises, marked, withinTest } from './scope.ts';

followNoPromises();

const files = JSON.parse(process.env['TEST_FILES'] ?? '[]') as string[];
const ownFolder = new URL('.', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'node:test' || context.parentURL === undefined || context.parentURL.startsWith(ownFolder)) return next(specifier, context);
    return { url: `${ownFolder}stand-in.ts`, shortCircuit: true };
  },
});

for (const file of files) {
  real.test(file, marked(async () => {
    const address = pathToFileURL(file).href;
    collected.loading = address;
    try {
      await import(address);
    } finally {
      collected.loading = undefined;
    }
    const calls = collected.calls;
    collected.calls = [];
    for (const call of collected.shared) if (call[0] !== 'after') ask(call);
    for (const call of calls) ask(call);
  }) as () => Promise<void>);
}

real.after(async () => {
  for (const [name, [hook]] of collected.shared) if (name === 'after') await (hook as () => unknown)();
});

function ask([name, parameters]: Call): void {
  withinTest(() => (real as unknown as Record<string, (...all: unknown[]) => unknown>)[name]!(...parameters));
}
