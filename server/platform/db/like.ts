/** A pattern for LIKE and ILIKE that finds a text anywhere (包含匹配); its own %, _ and \ stand for themselves. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
