import type { Socket } from 'jssip';

type Told = { is: 'open' } | { is: 'said'; text: string | ArrayBuffer } | { is: 'closed'; clean: boolean; code: number; reason: string };

/**
 * The way to the telephone system (软电话连线), as the SIP stack wants one: in a worker, whose own policy lets it reach that one server. The page itself may not.
 *
 * @param server the address of its WebSocket
 */
export function openWire(server: string): Socket & { end(): void } {
  const { protocol, hostname, port } = new URL(server);
  let worker: Worker | null = null;
  let state: 'closed' | 'connecting' | 'open' = 'closed';
  const tell = (message: object): void => worker?.postMessage(message);
  const wire = {
    url: server, via_transport: protocol === 'wss:' ? 'WSS' : 'WS', sip_uri: `sip:${hostname}${port === '' ? '' : `:${port}`};transport=ws`,
    onconnect() {}, ondisconnect(_error: boolean, _code?: number, _reason?: string) {}, ondata<Data>(_data: Data) {},
    connect(): void {
      if (state !== 'closed') return;
      state = 'connecting';
      if (worker === null) {
        worker = new Worker('/api/v1/telephone/wire.js', { name: 'softphone' });
        worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
          if (data.is === 'said') return wire.ondata(data.text);
          state = data.is === 'open' ? 'open' : 'closed';
          if (data.is === 'open') wire.onconnect();
          else wire.ondisconnect(!data.clean, data.code, data.reason);
        });
        // It could not even be fetched: signed out, or set up otherwise meanwhile.
        worker.addEventListener('error', () => {
          wire.end();
          wire.ondisconnect(true);
        });
      }
      tell({ do: 'open' });
    },
    disconnect(): void {
      state = 'closed';
      tell({ do: 'close' });
    },
    send(text: string): boolean {
      if (state === 'open') tell({ do: 'send', text });
      return state === 'open';
    },
    isConnected: () => state === 'open',
    isConnecting: () => state === 'connecting',
    end(): void {
      state = 'closed';
      worker?.terminate();
      worker = null;
    },
  };
  return wire as unknown as Socket & { end(): void };
}
