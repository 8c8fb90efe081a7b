import { parentPort, workerData } from 'node:worker_threads';

// What runs in the thread that `openAside` starts: one function, one call after another.
const { module, name } = workerData as { module: string; name: string };
const work = ((await import(module)) as Record<string, (input: unknown) => unknown>)[name]!;

parentPort!.on('message', (input: unknown) => {
  void (async () => {
    try {
      parentPort!.postMessage({ output: await work(input) });
    } catch (error) {
      parentPort!.postMessage({ error });
    }
  })();
});
