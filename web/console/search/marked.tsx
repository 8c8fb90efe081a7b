import { Fragment } from 'react';
import type { Highlight } from '../../../contract/view.ts';

/** So many characters stand before what was found, where more of them would push it out of a line. */
const lead = 8;

/** A piece of text from a little before what was found. */
export function nearMark({ text, ranges }: Pick<Highlight, 'text' | 'ranges'>): Pick<Highlight, 'text' | 'ranges'> {
  const first = ranges[0]?.[0] ?? 0;
  // Not between the halves of a character.
  const from = first - lead + (/[\udc00-\udfff]/.test(text[first - lead] ?? '') ? 1 : 0);
  return from <= 4 ? { text, ranges } : { text: `…${text.slice(from)}`, ranges: ranges.map((range) => range.map((at) => at - from + 1)) };
}

/** A piece of text with what was found marked (高亮); always as text, whatever it holds. */
export function Marked({ text, ranges }: Pick<Highlight, 'text' | 'ranges'>) {
  const parts: { words: string; found: boolean }[] = [];
  let at = 0;
  for (const [start = 0, end = 0] of ranges) {
    if (start > at) parts.push({ words: text.slice(at, start), found: false });
    if (end > start) parts.push({ words: text.slice(start, end), found: true });
    at = Math.max(at, end);
  }
  if (at < text.length) parts.push({ words: text.slice(at), found: false });
  return <>{parts.map((part, index) => (part.found ? <mark key={index}>{part.words}</mark> : <Fragment key={index}>{part.words}</Fragment>))}</>;
}
