/** A source of chance that gives the same numbers for the same seed (可复现随机数). */
export type Random = () => number;

/** Mulberry32 (Tommy Ettinger, public domain): numbers from 0 up to 1, without it. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
