import { fork } from 'node:child_process';
import { join } from 'node:path';
import { letGoInTheEnd } from '../cleanup.ts';

/** An official account as WeChat calls it. */
export interface Account {
  /** Where it calls. */
  url: string;
  appId: string;
  token: string;
  encodingAesKey: string;
}

/** One round of callbacks. */
export interface InboundRound {
  account: Account;
  connections: number;
  /** How many people write; each message comes from one of them. */
  people: number;
  /** Sealed before the round begins, so that sealing them costs it nothing. */
  messages: number;
  /** Every connection begins its last call before this has passed. */
  seconds: number;
  /** At this pace, whether it is answered in time or not; as fast as they are answered when absent. */
  perSecond?: number;
}

/** What came of it; times in milliseconds. */
export interface InboundResult {
  accepted: number;
  milliseconds: number;
  p50: number;
  p99: number;
  most: number;
  processorMilliseconds: number;
  /** When each was answered, by the name the platform gave it: milliseconds since 1970, of the machine's clock. */
  answered: Readonly<Record<string, number>>;
}

export type InboundAnswer = { result: InboundResult } | { address: string } | { error: string };

/** WeChat's side: a process of its own that calls, and answers what it is asked (token, who somebody is). */
export interface Platform {
  /** Where it is asked. */
  readonly address: string;
  run(round: InboundRound): Promise<InboundResult>;
  stop(): Promise<void>;
}

export async function startPlatform(): Promise<Platform> {
  const child = fork(join(import.meta.dirname, 'load.program.ts'));
  const ended = new Promise<string>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)));
  const stop = letGoInTheEnd(async () => {
    child.kill();
    await ended;
  });
  const answer = () => new Promise<Exclude<InboundAnswer, { error: string }>>((resolve, reject) => {
    void ended.then((how) => reject(new Error(`the platform ended with ${how}`)));
    child.once('message', (said: InboundAnswer) => ('error' in said ? reject(new Error(said.error)) : resolve(said)));
  });
  const ready = await answer();
  return {
    address: 'address' in ready ? ready.address : '', stop,
    async run(round) {
      const answered = answer();
      child.send(round);
      const said = await answered;
      if (!('result' in said)) throw new Error('the platform answered something else');
      return said.result;
    },
  };
}
