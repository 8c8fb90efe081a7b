import type { Logger } from '../../platform/log.ts';

/** Sends a text message (短信); throws when it could not be handed over, so that the job tries again. */
export type SendSms = (message: { phone: string; text: string; reference: string }) => Promise<void>;

const timeoutMilliseconds = 10_000;

/**
 * Hands messages to the gateway at SMS_WEBHOOK_URL: POST {phone, text, reference} as JSON, any 2xx counts as taken.
 * `reference` is the same for every attempt, so that the gateway can drop a repetition.
 */
export function smsByWebhook(url: string): SendSms {
  return async (message) => {
    const answer = await fetch(url, {
      method: 'POST', redirect: 'error', signal: AbortSignal.timeout(timeoutMilliseconds),
      headers: { 'content-type': 'application/json', 'idempotency-key': message.reference },
      body: JSON.stringify(message),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`the SMS gateway answered ${answer.status}`);
  };
}

/** In the demonstration company no message leaves the machine: it is shown on the console instead. */
export function smsOnConsole(log: Logger): SendSms {
  return async ({ phone, text }) => {
    log.warn({ shown: `${phone.slice(0, 3)}****${phone.slice(-4)}: ${text}` }, 'demonstration: this text message was not sent');
  };
}
