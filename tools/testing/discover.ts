import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Group } from './group.ts';

/** What is to be run. */
export interface Selection {
  /** Only what needs no database and no browser. */
  readonly quick: boolean;
  /** Files or folders; empty means all. */
  readonly paths: readonly string[];
}

const skippedFolders = new Set(['node_modules', 'dist']);
// What a program leaves beside the code; deeper down a folder may well be called so.
const skippedAtTheTop = new Set(['data', 'tmp']);
const quickFolders = ['rules', 'contract', 'tools', 'web'];
/** Each of their files gets a process of its own, one after another: faults kill servers, browsers need the machine. */
const isolatedFolders = ['test/faults', 'test/browser'];

/**
 * Finds the test files (`*.test.ts`) and puts them into groups, in the order in which they are to run. Files with hooks
 * outside of any `describe` get a process of their own, as do those of the isolated folders.
 *
 * @param root the project's folder
 * @throws {Error} when a given path does not exist
 */
export function findGroups(root: string, selection: Selection): Group[] {
  const chosen = selection.paths.map((path) => relative(root, resolve(path)));
  for (const path of chosen) statSync(join(root, path));
  const files = listTests(root, '')
    .filter((file) => chosen.length === 0 || chosen.some((path) => isWithin(file, path)))
    .filter((file) => !selection.quick || quickFolders.some((folder) => isWithin(file, folder)));

  const shared = files.filter((file) => placeOf(root, file) === 0).map((file) => join(root, file));
  const alone = files
    .filter((file) => placeOf(root, file) > 0)
    .sort((one, other) => placeOf(root, one) - placeOf(root, other))
    .map((file) => ({ name: file, files: [join(root, file)] }));
  return shared.length === 0 ? alone : [{ name: 'shared process', files: shared }, ...alone];
}

/** 0 for a file that shares the process of all others, else its place in the order of those that run alone. */
function placeOf(root: string, file: string): number {
  const folder = isolatedFolders.findIndex((isolated) => isWithin(file, isolated));
  if (folder >= 0) return 2 + folder;
  // A hook outside of any describe() would run around the tests of all files that share its process.
  return /^(before|after|beforeEach|afterEach)\(/m.test(readFileSync(join(root, file), 'utf8')) ? 1 : 0;
}

function isWithin(file: string, folder: string): boolean {
  return folder === '' || file === folder || file.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

function listTests(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return skippedFolders.has(entry.name) || (folder === '' && skippedAtTheTop.has(entry.name)) || entry.name.startsWith('.') ? [] : listTests(root, path);
      }
      return entry.name.endsWith('.test.ts') ? [path] : [];
    })
    .sort();
}
