import { mergeConfig, type InlineConfig } from 'vite';
import { faceConfig, webPath } from './vite.config.shared.ts';

/**
 * The chat that websites hold (网页聊天): `/chat/v1.js`, which they load, by itself and under a name that stays; and the page it opens in a
 * frame at `/chat/{channel}`, in Preact.
 */
export const chatConfig: InlineConfig = mergeConfig(
  faceConfig('chat', '/chat-assets/', ['chrome80', 'safari13']),
  {
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      rollupOptions: {
        input: { index: webPath('./chat/index.html'), v1: webPath('./chat/loader.ts') },
        output: { entryFileNames: (chunk: { name: string }) => (chunk.name === 'v1' ? 'v1.js' : 'assets/[name]-[hash].js') },
      },
    },
  } satisfies InlineConfig,
);

export default chatConfig;
