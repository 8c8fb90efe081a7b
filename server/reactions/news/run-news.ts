import type { Services } from '../../platform/context.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { onNewsWaiting } from '../../records/news/rows.ts';
import { tellDueNews } from './tell-news.ts';

const pollMilliseconds = 1_000;
const retryMilliseconds = 5_000;
const farewellMilliseconds = 5_000;

/** Keeps telling customers until stopped (进度通报). */
export function runNews(services: Services): Ongoing {
  const work = keepDoing(
    async () => (await tellDueNews(services) === 0 ? pollMilliseconds : 0),
    (error) => {
      services.log.error({ error }, 'what customers are to be told could not be looked up; it will be tried again');
      return retryMilliseconds;
    },
  );
  onNewsWaiting(work.wake);
  return stoppedWithin(work, farewellMilliseconds);
}
