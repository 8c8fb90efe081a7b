import { Fragment } from 'react';
import type { Highlight } from '../../../contract/view.ts';

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
