/** Whole words of a text (分词), by the dictionary of the language that the platform brings along. */

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

export interface WholeWord {
  word: string;
  /** Place in the text, in code units. */
  start: number;
  end: number;
}

/** The words of a text in their order, without signs and blanks. */
export function wholeWords(text: string): WholeWord[] {
  return [...segmenter.segment(text)].flatMap(({ segment, index, isWordLike }) => (isWordLike === true ? [{ word: segment, start: index, end: index + segment.length }] : []));
}
