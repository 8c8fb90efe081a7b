import { readdirSync, statSync } from 'node:fs';
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
/** Each of their files gets a process of its own: they kill servers, and what they left behind must not concern others. */
const isolatedFolder = 'test/faults';
/** Its tests start programs and wait for them, best beside the others. */
const waitingFolder = 'tools';
/** What works on no database at all. */
const pureFolders = ['rules', 'contract', 'web'];
/** So many of the others share a process: enough for starting it to cost little, few enough for it to stay small, and to be spread over lanes. */
const sharedBatch = 45;
/** They share a browser, so many of them a process: enough for starting it to cost little, few enough to be spread over two lanes as well. */
const browserFolder = 'test/browser';
const browserBatch = 8;

/**
 * Finds the test files (`*.test.ts`) and puts them into groups, in the order in which they are to run: those that kill servers are
 * alone, those of pure code share a process, as do those of the tools; the others, and those in a browser, go in batches.
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

  const killing = files.filter((file) => isWithin(file, isolatedFolder));
  const inBrowser = files.filter((file) => isWithin(file, browserFolder));
  const waiting = files.filter((file) => isWithin(file, waitingFolder));
  const pure = files.filter((file) => pureFolders.some((folder) => isWithin(file, folder)));
  const shared = files.filter((file) => ![killing, inBrowser, waiting, pure].some((others) => others.includes(file)));
  return [
    ...deal(shared, sharedBatch).map((batch, at) => ({ name: `shared process ${at + 1}`, files: batch })),
    { name: 'pure code', files: pure },
    { name: waitingFolder, files: waiting },
    ...killing.map((file) => ({ name: file, files: [file] })),
    ...deal(inBrowser, browserBatch).map((batch, at) => ({ name: `browser, batch ${at + 1}`, files: batch })),
  ].filter(({ files }) => files.length > 0).map((group) => ({ ...group, files: group.files.map((file) => join(root, file)) }));
}

/** Deals files out over as few batches as there have to be, neighbours to different ones: what is long often stands together. */
function deal(files: readonly string[], most: number): string[][] {
  const count = Math.ceil(files.length / most);
  return Array.from({ length: count }, (_, batch) => files.filter((_, at) => at % count === batch));
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
