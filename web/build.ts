import { parseArgs } from 'node:util';
import { build } from 'vite';
import { consoleConfig } from './vite.config.console.ts';
import { fieldConfig } from './vite.config.field.ts';
import { portalConfig } from './vite.config.portal.ts';
import type { FaceName } from './vite.config.shared.ts';

const faces = { console: consoleConfig, field: fieldConfig, portal: portalConfig };
const faceNames = Object.keys(faces) as FaceName[];

/**
 * Builds the web faces into `web/dist/<face>`.
 *
 * @param options.faces which ones; all three when absent
 * @param options.watch keep watching and rebuild on every change
 * @throws what Vite throws when a source does not compile
 */
export async function buildFaces(options: { faces?: FaceName[]; watch?: boolean } = {}): Promise<void> {
  for (const face of options.faces ?? faceNames) {
    const started = performance.now();
    const config = faces[face];
    await build(options.watch ? { ...config, build: { ...config.build, watch: {}, emptyOutDir: false } } : config);
    if (!options.watch) console.log(`web/dist/${face} built in ${Math.round(performance.now() - started)} ms`);
  }
}

if (import.meta.main) {
  // node web/build.ts [--watch] [console] [field] [portal]
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
