import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';
import { chatConfig } from './vite.config.chat.ts';
import { consoleConfig } from './vite.config.console.ts';
import { fieldConfig } from './vite.config.field.ts';
import { portalConfig } from './vite.config.portal.ts';
import type { FaceName } from './vite.config.shared.ts';

const faces = { console: consoleConfig, field: fieldConfig, portal: portalConfig, chat: chatConfig };
const faceNames = Object.keys(faces) as FaceName[];

/**
 * Builds the web faces into `web/dist/<face>`: beside it first, and put in its place once it is whole, so that a server
 * never serves half a build, nor one that failed. Watching writes into the place itself.
 *
 * @param options.faces which ones; all when absent
 * @param options.watch keep watching and rebuild on every change
 * @throws what Vite throws when a source does not compile
 */
export async function buildFaces(options: { faces?: FaceName[]; watch?: boolean } = {}): Promise<void> {
  for (const face of options.faces ?? faceNames) {
    const started = performance.now();
    const config = faces[face];
    if (options.watch) {
      await build({ ...config, build: { ...config.build, watch: {}, emptyOutDir: false } });
      continue;
    }
    await replaceFolder(join(import.meta.dirname, 'dist', face), async (folder) => {
      await build({ ...config, build: { ...config.build, outDir: folder, emptyOutDir: true } });
      await compressFiles(folder);
    });
    console.log(`web/dist/${face} built in ${Math.round(performance.now() - started)} ms`);
  }
}

/**
 * Has a folder made anew beside the one there is, and puts it in its place when it is done (先建后换). Should making it
 * fail, the old one stays and what was begun is taken away.
 */
export async function replaceFolder(place: string, make: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  // On the same file system, so that it can be renamed.
  const beside = await mkdtemp(join(dirname(place), `.${basename(place)}-`));
  const [fresh, old] = [join(beside, 'new'), join(beside, 'old')];
  try {
    await make(fresh);
    await rename(place, old).catch((error: unknown) => {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    });
    try {
      await rename(fresh, place);
    } catch (error) {
      await rename(old, place).catch(() => {});
      throw error;
    }
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

const compressible = /\.(js|css|html|svg|json|webmanifest|map|txt)$/;
const smallest = 1_024;

/** Lays a compressed copy beside every file that gains by it, so that the server never compresses at request time. */
async function compressFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  await Promise.all(entries.filter((entry) => entry.isFile() && compressible.test(entry.name)).map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    if (content.length < smallest) return;
    const [brotli, zipped] = await Promise.all([
      promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
      promisify(gzip)(content, { level: 9 }),
    ]);
    await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, zipped)]);
  }));
}

if (import.meta.main) {
  // node web/build.ts [--watch] [console] [field] [portal] [chat]
  const { values, positionals } = parseArgs({ options: { watch: { type: 'boolean' } }, allowPositionals: true });
  const unknown = positionals.find((name) => !faceNames.includes(name as FaceName));
  if (unknown !== undefined) {
    console.error(`No face is called "${unknown}": choose from ${faceNames.join(', ')}.`);
    process.exitCode = 1;
  } else {
    await buildFaces({
      faces: positionals.length > 0 ? (positionals as FaceName[]) : undefined,
      watch: values.watch === true,
    });
  }
}
