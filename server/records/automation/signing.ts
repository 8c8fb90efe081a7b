import { createHmac } from 'node:crypto';
import { AutomationSigning } from '../../../contract/automation.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { Secrets } from '../../platform/secrets.ts';

/** The key of an organization by which its calls are signed (调用签名密钥). It derives from SECRET_KEY, and changes with it. */
const keyOf = (secrets: Secrets, tenantId: string): Buffer => secrets.digest('automation call signature', tenantId);

/**
 * The headers that say who calls and that nothing was changed on the way, by the Standard Webhooks specification
 * (github.com/standard-webhooks/standard-webhooks, spec, “Signature scheme”): HMAC-SHA256 of `id.timestamp.body`.
 *
 * @param body as it is sent; empty where there is none
 */
export function signatureHeaders(secrets: Secrets, tenantId: string, id: string, body: string | null, now: Date): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signature = createHmac('sha256', keyOf(secrets, tenantId)).update(`${id}.${timestamp}.${body ?? ''}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** What those who are called need to tell that it was us (签名密钥). */
export const showAutomationSigning = useCase({
  summary: 'Show the secret by which calls of automation rules are signed',
  answer: AutomationSigning,
  run: async (context) => ({ secret: `whsec_${keyOf(context.services.secrets, context.tenantId).toString('base64')}` }),
});
