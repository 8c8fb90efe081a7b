import { asText, isObject } from '../conditions/json.ts';
import { majorUnits } from './currencies.ts';
import type { Column, FieldDefinition, Option, TreeOption, Words } from './form.ts';

/** Names of what an answer refers to, by id (people, customers, assets, files). */
export type NameOf = (id: string) => string | undefined;

/**
 * An answer as people read it, in lists, exports and the history (值的文字形式): the names of options, a place in a tree with
 * all above it, sums with their currency. '' for an empty one. Days and instants stay as they are stored; the face shows
 * them in its own manner.
 */
export function inWords(field: FieldDefinition | Column, value: unknown, language: 'zh' | 'en', nameOf: NameOf = () => undefined): string {
  if (value === null || value === undefined || value === '') return '';
  const word = (words: Words) => (language === 'en' ? words.en ?? words.zh : words.zh);
  const named = (id: unknown) => nameOf(String(id)) ?? String(id);
  switch (field.kind) {
    case 'boolean': return language === 'en' ? (value === true ? 'Yes' : 'No') : (value === true ? '是' : '否');
    case 'number': return `${asText(value)}${field.unit ? ` ${word(field.unit)}` : ''}`;
    case 'money': return sum(value);
    case 'formula': return field.result === 'money' ? sum(value) : field.result === 'boolean' ? inWords({ ...field, kind: 'boolean' }, value, language) : `${asText(value)}${field.unit ? ` ${word(field.unit)}` : ''}`;
    case 'choice': return option(field.options, asText(value), word);
    case 'choices': return Array.isArray(value) ? value.map((key) => option(field.options, String(key), word)).join(language === 'en' ? ', ' : '、') : asText(value);
    case 'tree': return path(field.options, asText(value), word)?.join(' / ') ?? asText(value);
    case 'person': case 'customer': case 'asset': case 'signature': return named(value);
    case 'file': return Array.isArray(value) ? value.map(named).join(language === 'en' ? ', ' : '、') : asText(value);
    case 'place': return place(value);
    case 'table': return Array.isArray(value) ? value.filter(isObject).map((row) => field.columns.map((column) => inWords(column, row[column.key], language, nameOf)).filter((cell) => cell !== '').join(', ')).join('\n') : asText(value);
    default: return asText(value);
  }
}

function sum(value: unknown): string {
  if (!isObject(value) || typeof value['amount'] !== 'number' || typeof value['currency'] !== 'string') return '';
  return `${majorUnits(value['amount'], value['currency'])} ${value['currency']}`;
}

function option(options: readonly Option[], key: string, word: (words: Words) => string): string {
  const found = options.find((one) => one.key === key);
  return found ? word(found.label) : key;
}

function path(options: readonly TreeOption[], key: string, word: (words: Words) => string): string[] | null {
  for (const one of options) {
    if (one.key === key) return [word(one.label)];
    const below = path(one.children ?? [], key, word);
    if (below) return [word(one.label), ...below];
  }
  return null;
}

function place(value: unknown): string {
  if (!isObject(value)) return '';
  const { lat, lng, address } = value;
  const degrees = typeof lat === 'number' && typeof lng === 'number' ? `${lat}, ${lng}` : '';
  return typeof address === 'string' && address !== '' ? address : degrees;
}
