import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { addressOutside } from './call-outside.ts';

/** A connection that speaks in lines, such as one to a mail server (行式连接). */
export interface Line {
  /** The next line, without its end. Throws when the other side hangs up, says too much or nothing in time. */
  readLine(): Promise<string>;
  write(text: string): void;
  /** Encrypts from here on (STARTTLS); what was said before, by whomever, is forgotten. */
  secure(): Promise<void>;
  isSecure(): boolean;
  end(): void;
}

// Who talks on and on is no server.
const mostCharacters = 65_536;

/**
 * Connects to a host outside, by the address that was checked (出站连接); there is one deadline for all of it. Certificates are checked against the name.
 *
 * @throws OutsideFailure when it must not be reached or cannot be found, or the error of the connection
 */
export async function openLine({ host, port, secure, milliseconds, privateHosts }: { host: string; port: number; secure: boolean; milliseconds: number; privateHosts: readonly string[] }): Promise<Line> {
  const { address } = await addressOutside(host, String(port), privateHosts);
  // An address of numbers is no name for SNI, but the certificate is checked all the same.
  const tls = { servername: /^[\d.]+$|:/.test(host) ? '' : host };
  let socket: Socket = secure ? connectSecure({ host: address, port, ...tls }) : connectPlain({ host: address, port });
  let secured = secure;
  let received = '';
  let failure: Error | null = null;
  let notify = (): void => {};
  const fail = (error: Error): void => {
    failure ??= error;
    notify();
  };
  const deadline = setTimeout(() => fail(Object.assign(new Error('it did not answer in time'), { code: 'ETIMEDOUT' })), milliseconds);
  const follow = (one: Socket): void => {
    one.on('data', (data: Buffer) => {
      received += data.toString('latin1');
      if (received.length > mostCharacters) fail(new Error('it talks too much'));
      notify();
    });
    one.on('error', fail);
    one.on('close', () => fail(new Error('it hung up')));
  };
  const until = async (ready: () => boolean): Promise<void> => {
    while (!ready()) {
      if (failure) throw failure;
      await new Promise<void>((resolve) => (notify = resolve));
    }
  };
  const opened = async (event: 'connect' | 'secureConnect'): Promise<void> => {
    let open = false;
    socket.once(event, () => {
      open = true;
      notify();
    });
    await until(() => open);
  };
  const end = (): void => {
    clearTimeout(deadline);
    socket.end();
    socket.destroySoon();
  };
  follow(socket);
  try {
    await opened(secure ? 'secureConnect' : 'connect');
  } catch (error) {
    end();
    throw error;
  }
  return {
    end,
    isSecure: () => secured,
    write: (text) => void socket.write(text),
    readLine: async () => {
      await until(() => received.includes('\n'));
      const at = received.indexOf('\n');
      const text = received.slice(0, at).replace(/\r$/, '');
      received = received.slice(at + 1);
      return Buffer.from(text, 'latin1').toString('utf8');
    },
    secure: async () => {
      received = '';
      const plain = socket;
      plain.removeAllListeners('data');
      socket = connectSecure({ socket: plain, ...tls, host });
      follow(socket);
      await opened('secureConnect');
      secured = true;
    },
  };
}
