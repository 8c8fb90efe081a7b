/** How many colours the initials of people may stand on. */
export const avatarHues = 8;

/** The colour of a name, 0 to 7: always the same for the same name (FNV-1a over its code units). */
export function avatarHue(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  // The low bits alone hardly differ between names that share their characters.
  hash ^= hash >>> 15;
  return (hash >>> 0) % avatarHues;
}

/** What stands for a name: the last character of a Chinese one (王建国 → 国), else the first letters (Ann Lee → AL). */
export function initials(name: string): string {
  // What stands in brackets is a role, not the name.
  const trimmed = name.replace(/[（(].*$/, '').trim();
  if (trimmed === '') return '?';
  const characters = Array.from(trimmed);
  if (/\p{Script=Han}/u.test(trimmed)) {
    const han = characters.filter((character) => /\p{Script=Han}/u.test(character));
    return han[han.length - 1] as string;
  }
  const parts = trimmed.split(/[\s._-]+/).filter((part) => part !== '');
  const first = Array.from(parts[0] ?? trimmed)[0] as string;
  const last = parts.length > 1 ? (Array.from(parts[parts.length - 1] as string)[0] as string) : '';
  return (first + last).toUpperCase();
}
