import { mergeConfig, type InlineConfig } from 'vite';
import { faceConfig } from './vite.config.shared.ts';

/**
 * The customer portal for `/portal/{org}`, `/t/{token}` and `/q/{token}`: Preact, tiny, and old enough for the
 * web view inside WeChat. Its files live under a base of their own because its pages have many addresses.
 */
export const portalConfig: InlineConfig = mergeConfig(
  faceConfig('portal', '/portal-assets/', ['chrome64', 'safari12']),
  {
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  } satisfies InlineConfig,
);

export default portalConfig;
