import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const importPattern = /^\s*(?:import|export)\s(?!type\s)(?:[^'"]*?\sfrom\s)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/gm;

/**
 * Tells of files whether they come to a certain file by what they import, directly or by others: a test that never comes
 * to the one which opens databases works on none.
 */
export function openReach(target: string): (file: string) => boolean {
  const importsOf = new Map<string, readonly string[]>();
  const read = (file: string): readonly string[] => {
    let known = importsOf.get(file);
    if (!known) {
      known = existsSync(file) ? [...readFileSync(file, 'utf8').matchAll(importPattern)].map((match) => join(dirname(file), (match[1] ?? match[2])!)) : [];
      importsOf.set(file, known);
    }
    return known;
  };
  return (file) => {
    const seen = new Set([file]);
    for (const one of seen) {
      if (one === target) return true;
      for (const imported of read(one)) seen.add(imported);
    }
    return false;
  };
}
