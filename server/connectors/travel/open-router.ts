import type { Router } from '../../../rules/travel/figure.ts';
import { amapBaseUrl, amapRouter } from './amap.ts';
import { osrmRouter } from './osrm.ts';
import type { RouterTools, TravelRouter } from './router.ts';

/** What it takes to ask a router, its key opened. */
export interface RouterAccess {
  router: Router;
  /** Null: where the provider itself is. */
  baseUrl: string | null;
  profile: string;
  key: string | null;
}

/** Opens a router as it is set up (打开路径服务); null where something is missing. */
export function openRouter({ router, baseUrl, profile, key }: RouterAccess, tools: RouterTools): TravelRouter | null {
  if (router === 'osrm') return baseUrl === null ? null : osrmRouter({ baseUrl, profile }, tools);
  return key === null ? null : amapRouter({ baseUrl: baseUrl ?? amapBaseUrl, key }, tools);
}
