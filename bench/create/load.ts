import { fork } from 'node:child_process';
import { join } from 'node:path';
import { letGoInTheEnd } from '../cleanup.ts';

/** One round of creating tickets. */
export interface Round {
  url: string;
  apiKey: string;
  categoryIds: string[];
  connections: number;
  /** Every connection begins its last request before this has passed, and waits for the answer. */
  seconds: number;
  /** At most this many requests in all. */
  most?: number;
  /** An Idempotency-Key with every request. */
  keyed: boolean;
}

/** What came of it; times in milliseconds. */
export interface RoundResult {
  created: number;
  /** From the first request to the last answer. */
  milliseconds: number;
  p50: number;
  p99: number;
  /** Processor time the load itself took. */
  processorMilliseconds: number;
}

export type LoadAnswer = { result: RoundResult } | { error: string };

/** The load generator: a process of its own, so that its work does not stand in the way of anyone's event loop. */
export interface Load {
  run(round: Round): Promise<RoundResult>;
  stop(): Promise<void>;
}

export function startLoad(): Load {
  const child = fork(join(import.meta.dirname, 'load.program.ts'));
  const ended = new Promise<string>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)));
  const stop = letGoInTheEnd(async () => {
    child.kill();
    await ended;
  });
  return {
    stop,
    run: (round) => new Promise((resolve, reject) => {
      void ended.then((how) => reject(new Error(`the load generator ended with ${how}`)));
      child.once('message', (answer: LoadAnswer) => ('error' in answer ? reject(new Error(answer.error)) : resolve(answer.result)));
      child.send(round);
    }),
  };
}
