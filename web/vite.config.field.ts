import react from '@vitejs/plugin-react';
import { mergeConfig, type InlineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { faceConfig } from './vite.config.shared.ts';

/** The field app at `/field/`: phones, installable, its shell precached by `service-worker.ts`. */
export const fieldConfig: InlineConfig = mergeConfig(
  faceConfig('field', '/field/', ['chrome80', 'safari14']),
  {
    plugins: [
      react(),
      VitePWA({
        strategies: 'injectManifest',
        srcDir: '.',
        filename: 'service-worker.ts',
        // Registered by main.tsx: the content security policy forbids the inline script of the plugin.
        injectRegister: false,
        manifest: false,
        injectManifest: {
          globPatterns: ['**/*.{js,css,html,svg,png,webmanifest,wasm,woff2}'],
          maximumFileSizeToCacheInBytes: 6 * 1024 * 1024,
          target: 'es2020',
          // A classic script: module service workers are younger than the phones this must run on.
          rollupFormat: 'iife',
        },
        integration: {
          configureCustomSWViteBuild(options) {
            options.logLevel = 'warn';
          },
        },
      }),
    ],
  } satisfies InlineConfig,
);

export default fieldConfig;
