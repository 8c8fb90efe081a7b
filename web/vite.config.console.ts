import react from '@vitejs/plugin-react';
import { mergeConfig, type InlineConfig } from 'vite';
import { faceConfig } from './vite.config.shared.ts';

/** The console at `/`: desktop browsers of the last years, React and antd, one chunk per route. */
export const consoleConfig: InlineConfig = mergeConfig(
  faceConfig('console', '/', ['chrome105', 'edge105', 'firefox110', 'safari16']),
  {
    plugins: [react()],
    build: {
      rolldownOptions: {
        output: {
          codeSplitting: {
            // What changes only with a dependency keeps its hash, and so its place in the cache, across releases.
            groups: [
              { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|i18next|react-i18next)[\\/]/, priority: 20 },
            ],
          },
        },
      },
    },
  } satisfies InlineConfig,
);

export default consoleConfig;
