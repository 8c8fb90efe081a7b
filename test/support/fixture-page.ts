import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, mergeConfig } from 'vite';
import { faceConfig, webPath } from '../../web/vite.config.shared.ts';

/** Builds web/ui/fixture, which offers the API client and the feed to a test, into a folder of its own. */
export async function buildFixturePage(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'bihuan-fixture-'));
  await build(
    mergeConfig(faceConfig('console', '/fixture/', ['chrome64', 'safari12']), {
      root: webPath('./ui/fixture'),
      build: { outDir: folder },
    }),
  );
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
