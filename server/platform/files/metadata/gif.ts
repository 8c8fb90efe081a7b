import { DamagedFile, countSteps, newPlan, type Plan, type Source } from './source.ts';

/** Application extensions that make a film run, or its colours right. */
const picture = ['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012'];

/**
 * A GIF without comments and what programs left in it, XMP for one (去除 GIF 元数据), and without what lies behind its
 * end. Blocks by CompuServe's GIF89a specification.
 */
export async function planGif(source: Source): Promise<Plan> {
  const plan = newPlan();
  const step = countSteps(1_000_000);
  const head = await source.read(0, 13);
  if (head.length < 13 || !/^GIF8[79]a/.test(head.toString('latin1', 0, 6))) throw new DamagedFile('no GIF header');
  let at = 13 + tableBytes(head[10]!);
  plan.keep(0, Math.min(at, source.size));
  /** Behind a chain of sub-blocks that begins here. */
  const afterBlocks = async (from: number): Promise<number> => {
    for (let place = from; ;) {
      step();
      const length = (await source.read(place, 1))[0];
      if (length === undefined) return source.size;
      place += 1 + length;
      if (length === 0) return place;
    }
  };
  for (;;) {
    step();
    const block = await source.read(at, 14);
    if (block.length === 0) return plan;
    let end: number;
    let kept = true;
    if (block[0] === 0x2c) {
      if (block.length < 10) return plan;
      end = await afterBlocks(at + 10 + tableBytes(block[9]!) + 1);
    } else if (block[0] === 0x21) {
      kept = block[1] === 0xff ? picture.includes(block.toString('latin1', 3, 14)) : block[1] !== 0xfe;
      end = await afterBlocks(at + 2);
    } else {
      // The end, or what no decoder reads beyond.
      if (block[0] === 0x3b) plan.keep(at, at + 1);
      return plan;
    }
    if (kept) plan.keep(at, Math.min(end, source.size));
    at = end;
  }
}

/** How long the table of colours is that a byte of flags announces. */
function tableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}
