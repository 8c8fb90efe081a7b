import { everyTenant, statement, type Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { keepDoing } from '../process/keep-doing.ts';
import type { Clock } from './clock.ts';

const findTime = statement<{ now: Date }>('clock.database', 'SELECT clock_timestamp() AS now');
const looks = 3;
const pauseMilliseconds = 30_000;
const retryMilliseconds = 5_000;
// Machines that keep their time differ by less; so does what travelling there and back hides.
const toleratedMilliseconds = 500;

/** A clock that has to be let go. */
export interface FollowingClock extends Clock {
  stop(): Promise<void>;
}

/**
 * The time of the database, told by a machine whose own clock may be wrong (数据库时钟): all nodes of one database agree on when something
 * happened, is due, or how long it is somebody else's. How far the own clock is off is looked up now and every half minute; the look that
 * was answered soonest counts, as it tells best. Less than half a second is no difference.
 *
 * @param own the machine's clock, in milliseconds
 */
export async function followDatabase(database: Pick<Database, 'look'>, log: Pick<Logger, 'warn'>, own: () => number = () => Date.now()): Promise<FollowingClock> {
  let offset = 0;
  const measure = async (): Promise<void> => {
    let best = { travelled: Number.POSITIVE_INFINITY, offset: 0 };
    for (let turn = 0; turn < looks; turn += 1) {
      const asked = own();
      const [row] = await database.look(everyTenant, findTime, []);
      const answered = own();
      if (answered - asked < best.travelled) best = { travelled: answered - asked, offset: Math.round(row!.now.getTime() - (asked + answered) / 2) };
    }
    const found = Math.abs(best.offset) <= toleratedMilliseconds + best.travelled / 2 ? 0 : best.offset;
    if (Math.abs(found - offset) > toleratedMilliseconds) log.warn({ milliseconds: found }, found === 0 ? 'the clock of this machine agrees with that of the database again' : 'the clock of this machine is off from that of the database, which is what the program goes by');
    offset = found;
  };
  await measure();
  const following = keepDoing(async () => {
    await measure();
    return pauseMilliseconds;
  }, (error) => {
    log.warn({ error }, 'the time of the database could not be looked up; what was known of it goes on to count');
    return retryMilliseconds;
  });
  return { now: () => new Date(own() + offset), stop: following.stop };
}
