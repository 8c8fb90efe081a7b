// Without what is easily taken for something else: 0 O o, 1 l I.
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const groups = 4;
const groupLength = 4;

/**
 * A password that somebody can be told (初始密码): four groups of four letters and digits, about 93 bits drawn evenly.
 *
 * @param draw fills an array with random bytes
 */
export function oneTimePassword(draw: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
  const even = 256 - (256 % letters.length);
  const picked: string[] = [];
  while (picked.length < groups * groupLength) {
    for (const byte of draw(new Uint8Array(64))) {
      // What lies beyond the last whole round would make the first letters likelier.
      if (byte < even && picked.length < groups * groupLength) picked.push(letters[byte % letters.length] as string);
    }
  }
  return Array.from({ length: groups }, (_, group) => picked.slice(group * groupLength, (group + 1) * groupLength).join('')).join('-');
}
