import { appendFileSync } from 'node:fs';
import type { EventData } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

/**
 * What the runner is told, one line of JSON each, in the file named by TEST_EVENTS. Written at once and not through a
 * stream: when a test kills its process, what went before must have arrived.
 */
export type Message =
  /** A file is going to run, or has. */
  | { readonly kind: 'planned'; readonly file: string }
  | { readonly kind: 'done'; readonly file: string; readonly milliseconds: number }
  | { readonly kind: 'began'; readonly file: string; readonly name: string }
  | {
      readonly kind: 'passed' | 'skipped' | 'failed';
      readonly file: string;
      /** The names of the suites around it, and its own. */
      readonly path: readonly string[];
      /** Why it failed. */
      readonly error?: string;
    }
  /** Something went wrong after its test had ended. */
  | { readonly kind: 'stray'; readonly text: string }
  /** All tests are done, yet these keep the process alive. */
  | { readonly kind: 'lingering'; readonly resources: readonly string[] }
  | { readonly kind: 'finished' };

const lingeringAfter = 2000;
/** Kept from the beginning, for tests may put a clock of their own in its place. */
const later = setTimeout;

/** A reporter for `node --test`. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path = process.env['TEST_EVENTS'];
  if (path === undefined) throw new Error('TEST_EVENTS must name a file.');
  const tell = (message: Message) => appendFileSync(path, `${JSON.stringify(message)}\n`);
  /** The names around the next event: whatever contains a test starts before it. The outermost is the file (together/run.ts). */
  const names: string[] = [];
  /** The file whose turn it is. */
  let current = '';
  let left = 0;
  const changeLeft = (by: number) => {
    left += by;
    if (left > 0) return;
    later(() => {
      if (left === 0) tell({ kind: 'lingering', resources: process.getActiveResourcesInfo() });
    }, lingeringAfter).unref();
  };

  for await (const { type, data } of events) {
    switch (type) {
      case 'test:enqueue':
        if (data.nesting > 0) break;
        tell({ kind: 'planned', file: data.name });
        changeLeft(1);
        break;
      case 'test:dequeue':
        if (data.nesting === 0) current = data.name;
        tell({ kind: 'began', file: current, name: data.nesting === 0 ? 'loading' : data.name });
        break;
      case 'test:start':
        names.splice(data.nesting, names.length, data.name);
        break;
      case 'test:pass':
      case 'test:fail': {
        const message = outcome(data, names);
        if (message !== undefined) tell(message);
        if (data.nesting > 0) break;
        tell({ kind: 'done', file: data.name, milliseconds: data.details.duration_ms });
        changeLeft(-1);
        break;
      }
      case 'test:diagnostic':
        if (data.message.includes('asynchronous activity after the test ended')) tell({ kind: 'stray', text: data.message });
        break;
      case 'test:summary':
        tell({ kind: 'finished' });
        break;
      default:
    }
  }
  yield '';
}

/** @returns undefined for what only sums up the tests inside it */
function outcome(data: EventData.TestPass | EventData.TestFail, names: readonly string[]): Message | undefined {
  const path = [...names.slice(0, data.nesting), data.name];
  const file = path.shift()!;
  const common = { file, path };
  const error: (Error & { failureType?: string }) | undefined = 'error' in data.details ? data.details.error : undefined;
  if (error !== undefined) {
    if (error.failureType === 'subtestsFailed') return undefined;
    return { ...common, kind: data.todo === undefined ? 'failed' : 'skipped', error: explain(error) };
  }
  if (data.details.type === 'suite' || data.nesting === 0) return undefined;
  return { ...common, kind: data.skip === undefined && data.todo === undefined ? 'passed' : 'skipped' };
}

function explain(error: Error): string {
  const cause = error.cause ?? error;
  const text = typeof cause === 'string' ? cause : inspect(cause, { depth: 5 });
  // The frames of the test runner itself say nothing to anyone.
  return text
    .split('\n')
    .filter((line) => !/^\s+at .*node:internal\//.test(line))
    .join('\n');
}
