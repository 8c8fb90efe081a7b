import { stretchesOf } from '../../ui/links.ts';

/** What somebody wrote, with the addresses in it as links (正文). */
export function LinkedText({ text }: { text: string }) {
  return <p class="prose">{stretchesOf(text).map((one, index) => (one.href === undefined ? one.text : <a key={index} href={one.href} target="_blank" rel="noopener noreferrer nofollow">{one.text}</a>))}</p>;
}
