import { createFeedHub, type FeedReport, type FeedRequest } from './feed-hub.ts';

declare const self: SharedWorkerGlobalScope;

// One connection however many tabs: HTTP/1.1 allows a browser six to a host, and each open tab would take one.
const ports = new Set<MessagePort>();

const hub = createFeedHub((report: FeedReport) => {
  for (const port of ports) port.postMessage(report);
});

self.onconnect = (connect) => {
  const port = connect.ports[0] as MessagePort;
  port.onmessage = (message: MessageEvent<FeedRequest>) => {
    switch (message.data.kind) {
      case 'hello':
        // What it missed before what comes: nothing is told in between.
        for (const event of hub.since(message.data.from ?? '')) port.postMessage({ kind: 'event', event } satisfies FeedReport);
        ports.add(port);
        hub.open(message.data.from);
        port.postMessage({ kind: 'status', status: hub.status() } satisfies FeedReport);
        break;
      case 'bye':
        ports.delete(port);
        if (ports.size === 0) hub.pause();
        break;
      case 'restart':
        hub.restart(message.data.from);
        break;
      case 'stop':
        hub.stop();
        break;
    }
  };
};
