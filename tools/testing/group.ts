import { spawn } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { processorTimeOf } from './processor-time.ts';
import type { Message } from './reporter.ts';

/** Test files that share one process. */
export interface Group {
  readonly name: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** One thing that went wrong. */
export interface Failure {
  /** Absolute path; empty when no file can be blamed. */
  readonly file: string;
  readonly test: string;
  readonly error: string;
}

/** How a file, or all of them, went. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  milliseconds: number;
  /** Of these the processor worked for the file, on several cores perhaps more than went by; 0 where the system does not tell. */
  processor: number;
}

/** How a group went. */
export interface Outcome {
  readonly files: ReadonlyMap<string, Counts>;
  readonly failures: readonly Failure[];
  /** Files that were not run to their end because the process ended early, without the one to blame if it is known. */
  readonly unfinished: readonly string[];
  /** The end of what the tests printed. */
  readonly output: string;
}

/** Milliseconds without a sign of life: from a test that runs, and from the process after its last test. */
export interface Patience {
  readonly silence: number;
  readonly farewell: number;
}

/** How much of what tests print is kept, in characters. */
const keptOutput = 100_000;
/** How long, in milliseconds, the loading of all files may take. */
const loading = 60_000;
const reporter = join(import.meta.dirname, 'reporter.ts');
const together = join(import.meta.dirname, 'together/run.ts');

/**
 * Runs test files in one process of their own, one file and one test after another (together/run.ts).
 *
 * A process that crashes, hangs, or lives on after its last test is a failure like any other.
 *
 * @param onFile called when the last test of a file is done
 */
export async function runGroup(
  group: Group,
  patience: Patience,
  onFile: (file: string, counts: Counts) => void,
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'bihuan-run-'));
  const tally = new Tally(onFile);
  try {
    const path = join(folder, 'events');
    const events = await open(path, 'w+', 0o600);
    try {
      const { ending, output } = await follow(group, path, events, patience, tally);
      const unfinished = ending === undefined ? [] : tally.blame(ending, group.files);
      return { files: tally.files, failures: tally.failures, unfinished, output };
    } finally {
      await events.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts the process and reads what its reporter tells until it has ended, or has to be ended. */
async function follow(
  group: Group,
  path: string,
  events: FileHandle,
  patience: Patience,
  tally: Tally,
): Promise<{ ending: string | undefined; output: string }> {
  const env: NodeJS.ProcessEnv = { ...process.env, ...group.environment, TEST_EVENTS: path, TEST_FILES: JSON.stringify(group.files) };
  // Set when this program itself runs inside a test; it would turn the child into a part of that.
  delete env['NODE_TEST_CONTEXT'];
  const flags = ['--max-semi-space-size=32', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout'];
  const child = spawn(process.execPath, [...flags, together], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);

  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-keptOutput);
    });
  }
  let ended: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  child.on('exit', (code, signal) => (ended = { code, signal }));

  const reader = new LineReader(events);
  let lastSign = performance.now();
  let heard = false;
  for (;;) {
    // Asked before reading, so that nothing written before the end is missed.
    const over = ended;
    const lines = await reader.read();
    for (const line of lines) tally.take(JSON.parse(line) as Message, child.pid);
    if (lines.length > 0) lastSign = performance.now();
    heard ||= lines.length > 0;
    if (over !== undefined) {
      process.removeListener('exit', kill);
      return { ending: explainEnding(over, tally), output };
    }
    const silence = performance.now() - lastSign;
    const allDone = tally.allDone();
    const limit = allDone ? patience.farewell : heard ? patience.silence : Math.max(patience.silence, loading);
    if (silence > limit) {
      kill();
      process.removeListener('exit', kill);
      const seconds = Math.round(silence / 1000);
      const ending = allDone
        ? `still alive ${seconds} s after the last test; something was left open: ${tally.resources}`
        : `nothing happened for ${seconds} s`;
      return { ending, output };
    }
    await wait(50);
  }
}

/** @returns undefined when it ended as its tests went */
function explainEnding(
  { code, signal }: { code: number | null; signal: NodeJS.Signals | null },
  tally: Tally,
): string | undefined {
  if (tally.finished && signal === null && (code === 0 || tally.failures.length > 0)) return undefined;
  const how = signal === null ? `ended with code ${code}` : `was killed by ${signal}`;
  return `the process ${how}${tally.finished ? '' : ' before its tests were through'}`;
}

/** Adds up what the reporter tells. */
class Tally {
  readonly files = new Map<string, Counts>();
  readonly failures: Failure[] = [];
  finished = false;
  resources = 'unknown';
  readonly #left = new Map<string, number>();
  readonly #onFile: (file: string, counts: Counts) => void;
  #latest: { file: string; name: string } | undefined;
  #processorBefore = 0;

  constructor(onFile: (file: string, counts: Counts) => void) {
    this.#onFile = onFile;
  }

  take(message: Message, processId: number | undefined): void {
    switch (message.kind) {
      case 'planned':
        this.#left.set(message.file, (this.#left.get(message.file) ?? 0) + 1);
        break;
      case 'done':
        this.#countsOf(message.file).milliseconds += message.milliseconds;
        this.#countProcessor(message.file, processId);
        this.#left.set(message.file, (this.#left.get(message.file) ?? 0) - 1);
        if (this.#left.get(message.file) === 0) this.#onFile(message.file, this.#countsOf(message.file));
        break;
      case 'began':
        this.#latest = message;
        break;
      case 'passed':
      case 'skipped':
      case 'failed': {
        const counts = this.#countsOf(message.file);
        counts[message.kind] += 1;
        if (message.kind === 'failed') {
          this.failures.push({ file: message.file, test: message.path.join(' › '), error: message.error ?? '' });
        }
        break;
      }
      case 'stray':
        this.#fail(message.text);
        break;
      case 'lingering':
        this.resources = message.resources.join(', ');
        break;
      case 'finished':
        this.finished = true;
        break;
    }
  }

  allDone(): boolean {
    return this.#left.size > 0 && [...this.#left.values()].every((count) => count === 0);
  }

  /**
   * Lays the wrong end of the process at the door of the test that began last.
   *
   * @returns the files that never got their turn, or not all of it; all of them when none can be blamed
   */
  blame(ending: string, files: readonly string[]): string[] {
    const blamed = this.#latest?.file;
    const all = this.finished || this.allDone();
    this.#fail(ending);
    if (all || files.length === 1) return [];
    return files.filter((file) => file !== blamed && this.#left.get(file) !== 0);
  }

  /** Files have their turns one after another: what was worked since the last one was over was worked for this one. */
  #countProcessor(file: string, processId: number | undefined): void {
    const now = processId === undefined ? undefined : processorTimeOf(processId);
    if (now === undefined) return;
    this.#countsOf(file).processor += now - this.#processorBefore;
    this.#processorBefore = now;
  }

  #fail(error: string): void {
    const { file = '', name = 'the test run' } = this.#latest ?? {};
    this.#countsOf(file).failed += 1;
    this.failures.push({ file, test: this.finished || this.allDone() ? 'after the last test' : `during ${name}`, error });
  }

  #countsOf(file: string): Counts {
    let counts = this.files.get(file);
    if (counts === undefined) this.files.set(file, (counts = { passed: 0, failed: 0, skipped: 0, milliseconds: 0, processor: 0 }));
    return counts;
  }
}

/** Reads whole lines from a file that grows. */
class LineReader {
  readonly #file: FileHandle;
  readonly #buffer = Buffer.alloc(64 * 1024);
  #position = 0;
  #rest = Buffer.alloc(0);

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async read(): Promise<string[]> {
    const chunks = [this.#rest];
    for (;;) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, this.#buffer.length, this.#position);
      if (bytesRead === 0) break;
      this.#position += bytesRead;
      chunks.push(Buffer.from(this.#buffer.subarray(0, bytesRead)));
    }
    const bytes = Buffer.concat(chunks);
    const end = bytes.lastIndexOf('\n') + 1;
    this.#rest = bytes.subarray(end);
    return bytes.subarray(0, end).toString('utf8').split('\n').filter(Boolean);
  }
}
