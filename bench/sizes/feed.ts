import { fork } from 'node:child_process';
import { join } from 'node:path';
import { letGoInTheEnd } from '../cleanup.ts';
import type { Program } from '../program.ts';
import type { Company } from './fill.ts';

export interface FeedRound {
  url: string;
  apiKey: string;
  categoryIds: string[];
  receivers: number;
  perSecond: number;
  tickets: number;
}

/** Times in milliseconds; `missed` and `doubled` count events over all receivers. */
export interface FeedResult {
  perSecond: number;
  created: number;
  missed: number;
  doubled: number;
  fromRequest: { p50: number; p99: number };
  /** Below zero where the event came before the answer. */
  fromAnswer: { p50: number; p99: number };
}

export const receivers = 20;
export const pace = 200;

/** Lets 20 receivers follow the feed while tickets are created at a steady 200 a second. */
export async function measureFeed(program: Program, company: Company, quick: boolean): Promise<FeedResult> {
  const child = fork(join(import.meta.dirname, 'feed.program.ts'));
  const ended = new Promise<string>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)));
  const stop = letGoInTheEnd(async () => {
    child.kill();
    await ended;
  });
  const round: FeedRound = {
    url: program.url, apiKey: program.apiKey, categoryIds: company.leafIds, receivers, perSecond: pace, tickets: pace * (quick ? 4 : 15),
  };
  const result = await new Promise<FeedResult>((resolve, reject) => {
    child.once('message', (answer: { result: FeedResult } | { error: string }) => ('error' in answer ? reject(new Error(answer.error)) : resolve(answer.result)));
    void ended.then((how) => reject(new Error(`the receivers ended with ${how}`)));
    child.send(round);
  });
  await stop();
  return result;
}
