import { Worker } from 'node:worker_threads';

/** How long a thread with nothing to do is kept, in milliseconds: what it has loaded is of use to the next call. */
const keptFor = 60_000;

export interface AsideOptions {
  /** Milliseconds after which a call is given up, and its thread with it. */
  deadline: number;
  /** How many calls may wait; one more throws `AsideFull`. */
  waiting: number;
}

/** More is asked for than can be done beside everything else. */
export class AsideFull extends Error {
  constructor() {
    super('too many calls wait for a thread');
    this.name = 'AsideFull';
  }
}

interface Call {
  input: unknown;
  resolve(output: unknown): void;
  reject(error: Error): void;
}

/**
 * A function of a module that takes long, run in a thread of its own (旁路线程), so that whoever else asks for something is
 * not kept waiting: one call after another, each within its time. Input and output are copied, so they are plain data.
 *
 * @param module where it stands
 * @param name what it is called there; it may be asynchronous
 */
export function openAside<Input, Output>(module: URL, name: string, { deadline, waiting }: AsideOptions): (input: Input) => Promise<Output> {
  const line: Call[] = [];
  let worker: Worker | null = null;
  let current: Call | null = null;
  let timer: NodeJS.Timeout | undefined;

  function next(): void {
    clearTimeout(timer);
    current = line.shift() ?? null;
    if (current === null) {
      // Whoever waits for the program to end does not wait for this.
      worker?.unref();
      timer = setTimeout(() => void worker?.terminate(), keptFor).unref();
      return;
    }
    worker ??= start();
    worker.ref();
    worker.postMessage(current.input);
    timer = setTimeout(() => give(new Error(`${name} took longer than ${deadline} ms`)), deadline);
  }

  /** The thread is of no use any more; who waits behind gets a new one. */
  function give(error: Error): void {
    const failed = current;
    const dead = worker;
    worker = null;
    current = null;
    void dead?.terminate();
    failed?.reject(error);
    next();
  }

  function start(): Worker {
    const made = new Worker(new URL('aside-thread.ts', import.meta.url), { workerData: { module: module.href, name } });
    made.on('message', (answer: { output: unknown } | { error: unknown }) => {
      if (made !== worker || current === null) return;
      const call = current;
      if ('output' in answer) call.resolve(answer.output);
      else call.reject(answer.error instanceof Error ? answer.error : new Error(String(answer.error)));
      next();
    });
    made.on('error', (error) => made === worker && give(error instanceof Error ? error : new Error(String(error))));
    made.on('exit', (code) => {
      if (made !== worker) return;
      if (current === null) worker = null;
      else give(new Error(`the thread of ${name} ended with code ${code}`));
    });
    return made;
  }

  return (input) => new Promise<Output>((resolve, reject) => {
    if (line.length >= waiting) return reject(new AsideFull());
    line.push({ input, resolve: resolve as (output: unknown) => void, reject });
    if (current === null) next();
  });
}
