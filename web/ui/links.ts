/** A stretch of a text: an address on the web, or words. */
export type Stretch = { text: string; href?: string };

// An address ends where a sentence goes on: at spaces, quotes, brackets of Chinese, and characters without a shape.
const address = /https?:\/\/[^\s<>"'`“”‘’「」『』《》【】（）。，、；：！？…\p{Cc}\p{Cf}]+/giu;
const longestAddress = 2_000;

/**
 * Finds the addresses in a text that somebody wrote (识别链接): http and https only, nothing else is ever made into a link.
 * What closes a sentence behind an address is no part of it.
 */
export function stretchesOf(text: string): Stretch[] {
  const found: Stretch[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const href = trimmed(match[0]);
    if (href.length > longestAddress || !isAddress(href)) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: href, href });
    end = match.index + href.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

function trimmed(written: string): string {
  let end = written.length;
  while (end > 0) {
    const last = written[end - 1]!;
    const opened = (last === ')' || last === ']') && count(written.slice(0, end), last === ')' ? '(' : '[') >= count(written.slice(0, end), last);
    if (!'.,;:!?)]}*_~'.includes(last) || opened) break;
    end -= 1;
  }
  return written.slice(0, end);
}

const count = (text: string, character: string): number => text.split(character).length - 1;

function isAddress(written: string): boolean {
  if (!URL.canParse(written)) return false;
  const { protocol, hostname, username } = new URL(written);
  // An address with a name in front of the host looks like another one than it is.
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '' && username === '';
}
