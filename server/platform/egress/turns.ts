/** Calls under way to one host at once, on this node. */
const atOnce = 4;
/** How long a call waits for its turn, in milliseconds. */
const patience = 5_000;

/** A call that was not made: so many to the same host are under way already that it has to come again. */
export class HostBusy extends Error {
  constructor(host: string) {
    super(`too many calls to ${host} are under way`);
    this.name = 'HostBusy';
  }
}

const hosts = new Map<string, { underWay: number; waiting: (() => void)[] }>();

/**
 * Makes a call when it is its host's turn (同一主机限流): so that one host that hangs, however many call it, leaves the others their
 * place in the queue.
 *
 * @throws HostBusy when its turn does not come in time
 */
export async function inTurn<Value>(url: string, call: () => Promise<Value>, milliseconds = patience): Promise<Value> {
  const name = URL.canParse(url) ? new URL(url).host : '';
  const host = hosts.get(name) ?? { underWay: 0, waiting: [] };
  hosts.set(name, host);
  if (host.underWay < atOnce) host.underWay += 1;
  else await turnOf(host, name, milliseconds);
  try {
    return await call();
  } finally {
    const next = host.waiting.shift();
    // Whoever waits takes over this place.
    if (next) next();
    else host.underWay -= 1;
    if (host.underWay === 0) hosts.delete(name);
  }
}

function turnOf(host: { waiting: (() => void)[] }, name: string, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const take = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      host.waiting.splice(host.waiting.indexOf(take), 1);
      reject(new HostBusy(name));
    }, milliseconds);
    host.waiting.push(take);
  });
}
