import type { Random } from '../random.ts';

/** Fills a text: `[a|b]` picks one, `{3~7}` a number, `{name}` the word given for it; a word may itself hold choices and slots. Throws RangeError for a slot nobody fills. */
export function render(random: Random, template: string, words: Readonly<Record<string, string>>): string {
  let text = template;
  for (let depth = 0; depth < 4 && /[[{]/.test(text); depth += 1) {
    text = text
      .replace(/\[([^[\]]*\|[^[\]]*)\]/g, (_, choices: string) => random.pick(choices.split('|')))
      .replace(/\{(\d+)~(\d+)\}/g, (_, low: string, high: string) => String(random.integer(Number(low), Number(high))))
      .replace(/\{([a-z]+)\}/g, (_, name: string) => {
        const word = words[name];
        if (word === undefined) throw new RangeError(`nothing fills {${name}} in ${template}`);
        return word;
      });
  }
  return text;
}

/** Fixes the choices of a symptom's `vars`, so that every text of one ticket uses the same. */
export function settle(random: Random, vars: Readonly<Record<string, string>>, words: Readonly<Record<string, string>>): Record<string, string> {
  const settled: Record<string, string> = {};
  for (const [name, choices] of Object.entries(vars)) settled[name] = render(random, random.pick(choices.split('|')), words);
  return settled;
}
