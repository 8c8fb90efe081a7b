/** NUL, or half of a surrogate pair, as JSON writes them; a backslash before it may make it something else, which does no harm. */
const written = /\\u(?:0000|d[89a-f])/;

/**
 * A value without what no database holds in a text (可入库文本): NUL is left out, half of a surrogate pair becomes U+FFFD. The same value where
 * there is nothing of it.
 *
 * @param value what JSON can hold
 */
export const storable = <Value>(value: Value): Value => (written.test(JSON.stringify(value) ?? '') ? (cleaned(value) as Value) : value);

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed();
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [cleaned(name), cleaned(inner)]));
}
