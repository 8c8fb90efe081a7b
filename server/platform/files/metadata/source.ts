import type { FileHandle } from 'node:fs/promises';

/** A file that is read here and there, never as a whole (按需读取). */
export interface Source {
  /** Bytes. */
  readonly size: number;
  /** The bytes from a place on; fewer at the end of the file, none beyond it. */
  read(at: number, length: number): Promise<Buffer>;
}

/** The file is not built the way its kind is, so nobody can say what of it is metadata. */
export class DamagedFile extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'DamagedFile';
  }
}

/** @param window how many bytes are read ahead: many where a file is read through, few where it is leafed through */
export function openSource(file: FileHandle, size: number, window: number): Source {
  let kept = { at: 0, bytes: Buffer.alloc(0) };
  return {
    size,
    async read(at, length) {
      if (at < 0 || at >= size) return Buffer.alloc(0);
      const wanted = Math.min(length, size - at);
      if (at < kept.at || at + wanted > kept.at + kept.bytes.length) {
        const bytes = Buffer.allocUnsafe(Math.min(Math.max(wanted, window), size - at));
        let filled = 0;
        while (filled < bytes.length) {
          const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, at + filled);
          if (bytesRead === 0) throw new DamagedFile('the file became shorter while it was read');
          filled += bytesRead;
        }
        kept = { at, bytes };
      }
      return kept.bytes.subarray(at - kept.at, at - kept.at + wanted);
    },
  };
}

/** A part of what a file is going to be: bytes of its own, a stretch of the old one, or nothing but zeros. */
export type Piece = Buffer | { from: number; to: number } | { zeros: number };

/** What a file is going to be (改写方案), piece by piece. */
export interface Plan {
  readonly pieces: readonly Piece[];
  /** Takes a stretch of the old file as it is. */
  keep(from: number, to: number): void;
  put(bytes: Buffer): void;
  zero(length: number): void;
}

// No real file is torn into so many.
const mostPieces = 10_000;

export function newPlan(): Plan {
  const pieces: Piece[] = [];
  const add = (piece: Piece) => {
    if (pieces.length === mostPieces) throw new DamagedFile('too many pieces');
    pieces.push(piece);
  };
  return {
    pieces,
    keep(from, to) {
      if (to <= from) return;
      const last = pieces.at(-1);
      if (last && 'to' in last && last.to === from) last.to = to;
      else add({ from, to });
    },
    put: add,
    zero(length) {
      if (length > 0) add({ zeros: length });
    },
  };
}

/** A plan that keeps a file's length and layout and overwrites some stretches, by bytes or so many zeros. */
export function overwrite(size: number, changes: readonly { at: number; with: Buffer | number }[]): Plan {
  const plan = newPlan();
  let done = 0;
  const lengthOf = (change: { with: Buffer | number }) => (typeof change.with === 'number' ? change.with : change.with.length);
  for (const change of [...changes].sort((a, b) => a.at - b.at)) {
    const end = Math.min(change.at + lengthOf(change), size);
    const start = Math.max(change.at, done);
    if (end <= start) continue;
    plan.keep(done, start);
    if (typeof change.with === 'number' || start > change.at || end < change.at + change.with.length) plan.zero(end - start);
    else plan.put(change.with);
    done = end;
  }
  plan.keep(done, size);
  return plan;
}

/** Counts the steps through a file, so that one made of nothing but beginnings does not hold up the program. */
export function countSteps(most = 100_000): () => void {
  let steps = 0;
  return () => {
    steps += 1;
    if (steps > most) throw new DamagedFile('too many parts');
  };
}
