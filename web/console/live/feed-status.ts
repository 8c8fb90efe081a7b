import { useSyncExternalStore } from 'react';
import { feed, type FeedStatus } from '../../ui/feed.ts';

/** Whether changes of others arrive by themselves at the moment. */
export function useFeedStatus(): FeedStatus {
  return useSyncExternalStore((listener) => feed.onStatus(listener), () => feed.status);
}
