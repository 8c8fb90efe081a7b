import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';

/** The faces: console (坐席台), field app (现场端), customer portal (客户门户), chat on websites (网页聊天). */
export type FaceName = 'console' | 'field' | 'portal' | 'chat';

/** The absolute path of a file or folder under `web/`. */
export function webPath(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/**
 * What the three builds have in common.
 *
 * @param face folder of the face under `web/` and of its output under `web/dist/`
 * @param base the URL under which the server offers `web/dist/<face>`, with both slashes
 * @param target the oldest browsers that must run the result
 */
export function faceConfig(face: FaceName, base: string, target: string[]): InlineConfig {
  return {
    configFile: false,
    root: webPath(`./${face}`),
    base,
    logLevel: 'warn',
    // Every face has an `envDir` of its own so that a stray `.env` of the server is never baked in.
    envDir: false,
    cacheDir: webPath(`../node_modules/.cache/bihuan-${face}`),
    build: {
      outDir: webPath(`./dist/${face}`),
      emptyOutDir: true,
      target,
      cssTarget: target,
      // The content security policy allows no `data:` scripts, and small images are better cached than inlined.
      assetsInlineLimit: 0,
      // All three faces run where module preloading is native or not worth its polyfill.
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1200,
      sourcemap: false,
    },
    // A classic worker script starts in every browser that has workers at all.
    worker: { format: 'iife' },
  };
}
