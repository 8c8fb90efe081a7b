import { setTimeout as wait } from 'node:timers/promises';
import type { Services } from '../../platform/context.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { onDeliveryWaiting } from '../../records/notice/direct.ts';
import { escalateDue } from './escalate.ts';
import { planDueBundles } from './plan-bundles.ts';
import { sendDue, type Lanes } from './send-deliveries.ts';

const pollMilliseconds = 1_000;
const retryMilliseconds = 5_000;
// A server that does not answer must not keep the program from ending: what was under way there is sent again once its lease is over.
const farewellMilliseconds = 5_000;

/** One look at everything that is due (通知投递一轮): closes bundles, sends, escalates. @returns how much there was */
export async function deliverDue(services: Services, now: Date = services.clock.now(), lanes?: Lanes): Promise<number> {
  const planned = await planDueBundles(services, now);
  const escalated = await escalateDue(services, now);
  return planned + escalated + await sendDue(services, now, lanes ? { lanes } : {});
}

/** Keeps delivering notices until stopped (投递通知): at once when something was put down here, and by looking every second. */
export function runNotices(services: Services): Ongoing {
  const lanes: Lanes = new Map();
  const work = keepDoing(
    async () => (await deliverDue(services, services.clock.now(), lanes) === 0 ? pollMilliseconds : 0),
    (error) => {
      services.log.error({ error }, 'notices could not be looked up; it will be tried again');
      return retryMilliseconds;
    },
  );
  onDeliveryWaiting(work.wake);
  return {
    ...work,
    stop: async () => {
      await Promise.race([work.stop().then(() => Promise.all(lanes.values())), wait(farewellMilliseconds, undefined, { ref: false })]);
    },
  };
}
