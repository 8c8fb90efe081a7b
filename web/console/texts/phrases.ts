/**
 * Phrases by key, each as Chinese, English, and the English singular where it counts something. Standing side by
 * side, neither language can be forgotten.
 */
export function phrases<const Table extends Record<string, readonly [zh: string, en: string, enOne?: string]>>(table: Table): Table {
  return table;
}
