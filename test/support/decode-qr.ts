/**
 * Reads an undamaged QR code (ISO/IEC 18004), versions 1 to 10 at level M: what tests need to see that a drawn code says
 * what it should. Errors are not corrected.
 */

type IsDark = (row: number, column: number) => boolean;

// Codewords for correction in each block, and how many blocks hold how many of data.
const blocksOfM: readonly { correction: number; data: readonly number[] }[] = [
  { correction: 10, data: [16] }, { correction: 16, data: [28] }, { correction: 26, data: [44] }, { correction: 18, data: [32, 32] }, { correction: 24, data: [43, 43] },
  { correction: 16, data: [27, 27, 27, 27] }, { correction: 18, data: [31, 31, 31, 31] }, { correction: 22, data: [38, 38, 39, 39] }, { correction: 22, data: [36, 36, 36, 37, 37] },
  { correction: 26, data: [43, 43, 43, 43, 44] },
];
const alignments: readonly (readonly number[])[] = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
const masks: readonly ((row: number, column: number) => boolean)[] = [
  (i, j) => (i + j) % 2 === 0, (i) => i % 2 === 0, (_i, j) => j % 3 === 0, (i, j) => (i + j) % 3 === 0, (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0, (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0, (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
];
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** The text of a code of so many modules a side. */
export function decodeQr(size: number, isDark: IsDark): string {
  const version = (size - 17) / 4;
  const blocks = blocksOfM[version - 1];
  if (!blocks) throw new Error(`no QR code of ${size} modules is known here`);
  // Format information: five bits behind a mask of its own; the first two are 00 for level M.
  let format = 0;
  for (const [row, column] of [[8, 0], [8, 1], [8, 2], [8, 3], [8, 4]] as const) format = (format << 1) | Number(isDark(row, column));
  format ^= 0b10101;
  if (format >> 3 !== 0) throw new Error(`level ${format >> 3} is not M`);
  const mask = masks[format & 7]!;
  return textOf(dataOf(codewordsOf(size, version, (row, column) => isDark(row, column) !== mask(row, column)), blocks), version);
}

/** Bits run up and down in columns of two, from the right, past what every code holds. */
function codewordsOf(size: number, version: number, bit: IsDark): number[] {
  const centres = alignments[version - 1]!;
  const fixed = (row: number, column: number) =>
    (row < 9 && (column < 9 || column >= size - 8)) || (row >= size - 8 && column < 9) || row === 6 || column === 6
    || (version >= 7 && ((row < 6 && column >= size - 11) || (column < 6 && row >= size - 11)))
    || centres.some((y) => centres.some((x) => Math.abs(row - y) <= 2 && Math.abs(column - x) <= 2 && !((y === 6 && (x === 6 || x === size - 7)) || (x === 6 && y === size - 7))));
  const bits: boolean[] = [];
  let upward = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const row = upward ? size - 1 - step : step;
      for (const column of [right, right - 1]) if (!fixed(row, column)) bits.push(bit(row, column));
    }
    upward = !upward;
  }
  return Array.from({ length: Math.floor(bits.length / 8) }, (_, index) => bits.slice(index * 8, index * 8 + 8).reduce((value, one) => (value << 1) | Number(one), 0));
}

/** Data codewords stand one of each block in turn. */
function dataOf(codewords: readonly number[], { data }: { data: readonly number[] }): number[] {
  const blocks: number[][] = data.map(() => []);
  let at = 0;
  for (let index = 0; index < Math.max(...data); index += 1) {
    for (const [number, length] of data.entries()) if (index < length) blocks[number]!.push(codewords[at++]!);
  }
  return blocks.flat();
}

function textOf(codewords: readonly number[], version: number): string {
  const bits = codewords.map((word) => word.toString(2).padStart(8, '0')).join('');
  let at = 0;
  const take = (count: number) => Number.parseInt(bits.slice(at, at += count), 2);
  let text = '';
  for (;;) {
    const mode = at + 4 <= bits.length ? take(4) : 0;
    if (mode === 0) return text;
    const wide = version >= 10;
    if (mode === 4) {
      const length = take(wide ? 16 : 8);
      text += Buffer.from(Array.from({ length }, () => take(8))).toString();
    } else if (mode === 2) {
      let left = take(wide ? 11 : 9);
      for (; left > 1; left -= 2) {
        const pair = take(11);
        text += letters[Math.floor(pair / 45)]! + letters[pair % 45]!;
      }
      if (left === 1) text += letters[take(6)]!;
    } else if (mode === 1) {
      let left = take(wide ? 12 : 10);
      for (; left >= 3; left -= 3) text += String(take(10)).padStart(3, '0');
      if (left === 2) text += String(take(7)).padStart(2, '0');
      if (left === 1) text += String(take(4));
    } else throw new Error(`mode ${mode} is not known here`);
  }
}
