import { openMailbox, type FetchedMail } from '../../channels/email/imap.ts';
import type { Services } from '../../platform/context.ts';
import { OutsideFailure } from '../../platform/egress/call-outside.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { noteChannel, openChannel } from '../../records/channel/accounts.ts';
import { mailboxesToRead, movePlace, placeOf, type MailAccount } from '../../records/channel/mailboxes.ts';
import { receiveMail } from './receive-mail.ts';

const lookMilliseconds = 5_000;
const pauses = [1, 5, 15, 60, 300];
const day = 86_400_000;

/**
 * Reads the mailboxes of all accounts (收取邮箱), each on a connection of its own that the mail server tells of what comes (IDLE). A mail is kept in the
 * transaction that moves the mailbox's place on: whoever dies in between reads it again, and it is kept once by its name.
 */
export function runMailboxes(services: Services): Ongoing {
  const reading = new Map<string, { identity: string; stop: () => Promise<void> }>();
  const work = keepDoing(
    async () => {
      const wanted = new Map((await mailboxesToRead(services.database)).map((account) => [account.row.id, account]));
      for (const [id, one] of reading) {
        if (wanted.get(id) && identityOf(wanted.get(id)!) === one.identity) continue;
        reading.delete(id);
        await one.stop();
      }
      for (const [id, account] of wanted) if (!reading.has(id)) reading.set(id, { identity: identityOf(account), stop: readMailbox(services, account) });
      return lookMilliseconds;
    },
    (error) => {
      services.log.error({ error }, 'the mailboxes could not be looked up; it will be tried again');
      return lookMilliseconds;
    },
  );
  return {
    wake: work.wake,
    async stop() {
      await work.stop();
      await Promise.all([...reading.values()].map((one) => one.stop()));
    },
  };
}

const identityOf = ({ row }: MailAccount): string => `${row.id} ${row.version}`;

/** Reads one mailbox until stopped; after a failure again, after ever longer pauses. */
function readMailbox(services: Services, account: MailAccount): () => Promise<void> {
  const end = new AbortController();
  let failures = 0;
  const work = keepDoing(
    async () => {
      await readUntil(services, account, end.signal, () => (failures = 0));
      return 0;
    },
    (error) => {
      const problem = error instanceof OutsideFailure ? error.message : wordsOf(error);
      services.log.warn({ channel: account.row.id, problem }, 'a mailbox could not be read; it will be tried again');
      void noteChannel.refused(services.database, account.tenantId, account.row.id, services.clock.now(), `account: ${problem}`).catch(() => {});
      failures += 1;
      return pauses[Math.min(failures, pauses.length) - 1]! * 1_000;
    },
  );
  return async () => {
    end.abort();
    await work.stop();
  };
}

async function readUntil(services: Services, { tenantId, row }: MailAccount, end: AbortSignal, onRead: () => void): Promise<void> {
  const { database, secrets, clock } = services;
  const account = openChannel(secrets, row);
  if (!account) throw new Error('its password cannot be opened with this SECRET_KEY');
  const box = await openMailbox(account, services.privateHosts ?? []);
  const name = account.values['mailbox'] || 'INBOX';
  const keep = ({ uid, raw, tooLarge }: FetchedMail, moves: boolean): Promise<void> => receiveMail(services, row, tenantId, raw, {
    origin: null, tooLarge, ...(moves ? { along: (transaction) => movePlace(transaction, row.id, name, { validity: box.validity, uid }, clock.now()) } : {}),
  });
  try {
    const known = await placeOf(database, tenantId, row.id, name);
    let last = Number(known?.last_uid ?? 0);
    if (!known || BigInt(known.uid_validity) !== box.validity) {
      // The numbers mean something else now. What came lately is looked at again: it is known by its name.
      if (known) for await (const mail of box.since(new Date(known.read_at.getTime() - day))) await keep(mail, false);
      // What lay there before the account was set up was dealt with elsewhere.
      last = box.newest;
      await database.transact(tenantId, (transaction) => movePlace(transaction, row.id, name, { validity: box.validity, uid: last }, clock.now()));
    }
    onRead();
    await noteChannel.mended(database, tenantId, row.id);
    while (!end.aborted) {
      for await (const mail of box.after(last)) {
        await keep(mail, true);
        last = mail.uid;
        if (end.aborted) return;
      }
      if (!end.aborted) await box.wait(end);
    }
  } finally {
    box.close();
  }
}

function wordsOf(error: unknown): string {
  const { message, responseText, authenticationFailed } = error as { message?: string; responseText?: string; authenticationFailed?: boolean };
  return `${authenticationFailed ? 'sign-in refused: ' : ''}${responseText ?? message ?? String(error)}`.slice(0, 250);
}
