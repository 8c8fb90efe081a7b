import { useState } from 'react';
import { stretchesOf } from '../../ui/links.ts';
import { useTexts } from '../i18n.ts';
import styles from './long-text.module.css';

/** A text is folded from so many characters or lines on. */
const longest = { characters: 1_500, lines: 24 };

/** What somebody wrote (正文): addresses in it can be followed, and what is very long is folded. Never anything but text. */
export function LongText({ text }: { text: string }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const long = text.length > longest.characters || text.split('\n', longest.lines + 1).length > longest.lines;
  return (
    <>
      <p className={long && !open ? `prose ${styles.folded}` : 'prose'}>
        {stretchesOf(text).map((one, index) => (one.href === undefined ? one.text : <a key={index} href={one.href} target="_blank" rel="noopener noreferrer nofollow">{one.text}</a>))}
      </p>
      {long && <button type="button" className={styles.more} aria-expanded={open} onClick={() => setOpen(!open)}>{t(open ? 'text.fold' : 'text.unfold')}</button>}
    </>
  );
}
