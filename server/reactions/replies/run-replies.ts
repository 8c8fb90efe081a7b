import type { Services } from '../../platform/context.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { onReplyWaiting } from '../../records/conversation/channel/outbox.ts';
import { sendDueReplies } from './send-replies.ts';
import { sendSideMail } from './send-side-mail.ts';

const pollMilliseconds = 1_000;
const retryMilliseconds = 5_000;
// A platform that does not answer must not keep the program from ending.
const farewellMilliseconds = 5_000;

/** Keeps sending answers until stopped (发送回复): at once when one was written here, and by looking every second. */
export function runReplies(services: Services): Ongoing {
  const work = keepDoing(
    async () => (await sendDueReplies(services) + await sendSideMail(services) === 0 ? pollMilliseconds : 0),
    (error) => {
      services.log.error({ error }, 'answers could not be looked up; it will be tried again');
      return retryMilliseconds;
    },
  );
  onReplyWaiting(work.wake);
  return stoppedWithin(work, farewellMilliseconds);
}
