/**
 * Calls `stop` once when the launcher that started this program is gone, however it went: a killed launcher cannot
 * pass a signal on, and a server that nobody sees would keep its port and its data directory.
 *
 * @returns whether there is a launcher to watch; without one (`node server/main.ts`) `stop` is never called
 */
export function whenLauncherIsGone(stop: () => void): boolean {
  if (process.channel === undefined || process.channel === null) return false;
  if (!process.connected) {
    stop();
    return true;
  }
  process.once('disconnect', stop);
  // Watching must not keep a program alive that has nothing else to do.
  process.channel.unref();
  return true;
}
