import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Failure, Group } from './group.ts';

/** What is to be run. */
export interface Selection {
  /** Only what needs no database and no browser. */
  readonly quick: boolean;
  /** Files or folders; empty means all. */
  readonly paths: readonly string[];
}

const skippedFolders = new Set(['node_modules', 'dist', 'data', 'tmp']);
const quickFolders = ['rules', 'contract', 'tools', 'web'];
/** Each of their files gets a process of its own, one after another: faults kill servers, browsers need the machine. */
const isolatedFolders = ['test/faults', 'test/browser'];

/**
 * Finds the test files (`*.test.ts`) and puts them into groups, in the order in which they are to run.
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

  const isolated = (file: string) => isolatedFolders.findIndex((folder) => isWithin(file, folder));
  const shared = files.filter((file) => isolated(file) < 0);
  const alone = files.filter((file) => isolated(file) >= 0).sort((one, other) => isolated(one) - isolated(other));
  const groups = alone.map((file) => ({ name: file, files: [join(root, file)] }));
  if (shared.length > 0) groups.unshift({ name: 'together', files: shared.map((file) => join(root, file)) });
  return groups;
}

/**
 * Hooks around every test that stand outside of any `describe`: in a process that many files share, they would run around
 * the tests of all of them.
 */
export function findStrayHooks(files: readonly string[]): Failure[] {
  return files.flatMap((file) => {
    const hook = /^(beforeEach|afterEach)\(/m.exec(readFileSync(file, 'utf8'))?.[1];
    if (hook === undefined) return [];
    const error = `${hook}() stands outside of any describe(): it would run around the tests of all files. Move it into one.`;
    return [{ file, test: 'hooks', error }];
  });
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
        return skippedFolders.has(entry.name) || entry.name.startsWith('.') ? [] : listTests(root, path);
      }
      return entry.name.endsWith('.test.ts') ? [path] : [];
    })
    .sort();
}
