import type { Visit } from '../../contract/visit.ts';
import { stampMoment, stampPlace } from '../ui/recorded.ts';
import type { Fix } from './position.ts';

/**
 * What is written into a photo taken on a visit (照片水印): when, of which ticket, and where.
 *
 * @param at when the photo was taken
 * @param fix where the phone was then; null when nobody knows
 */
export function stampLines(visit: Pick<Visit, 'ticket' | 'location'>, at: Date, fix: Fix | null): string[] {
  return [
    `${stampMoment(at)}  ·  ${visit.ticket.number}`,
    ...(visit.location?.address ? [visit.location.address] : []),
    ...(fix === null ? [] : [stampPlace(fix)]),
  ];
}

/** Writes lines into the lower left of a picture (绘制水印): light on a dark band, so that they can be read on anything. */
export function drawStamp(context: CanvasRenderingContext2D, width: number, height: number, lines: readonly string[]): void {
  if (lines.length === 0) return;
  const size = Math.max(12, Math.round(Math.max(width, height) / 52));
  const gap = Math.round(size * 0.4);
  const band = lines.length * (size + gap) + gap * 2;
  const shade = context.createLinearGradient(0, height - band * 1.3, 0, height);
  shade.addColorStop(0, 'rgba(0, 0, 0, 0)');
  shade.addColorStop(0.35, 'rgba(0, 0, 0, 0.45)');
  shade.addColorStop(1, 'rgba(0, 0, 0, 0.68)');
  context.fillStyle = shade;
  context.fillRect(0, height - band * 1.3, width, band * 1.3);
  context.fillStyle = '#ffffff';
  context.textBaseline = 'top';
  context.font = `500 ${size}px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif`;
  lines.forEach((line, index) => context.fillText(fit(context, line, width - gap * 4), gap * 2, height - band + gap + index * (size + gap)));
}

/** A line that is too long loses its end, not its place. */
function fit(context: CanvasRenderingContext2D, line: string, width: number): string {
  if (context.measureText(line).width <= width) return line;
  let cut = line;
  while (cut.length > 1 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return `${cut}…`;
}
