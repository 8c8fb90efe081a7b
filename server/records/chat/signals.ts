import type { Services } from '../../platform/context.ts';
import { signalChannel } from '../../platform/realtime/signals.ts';

/** Tells a visitor's pages, on whatever node, that there is something for them (聊天信号); it may be lost, as they also look by themselves. */
export function announceChat({ database, hub, log }: Pick<Services, 'database' | 'hub' | 'log'>, tenantId: string, visitorId: string): void {
  hub.tell(tenantId, new Set([visitorId]), 'chat', {});
  database.notify(signalChannel, JSON.stringify({ chats: [{ tenantId, visitorId }] })).catch((error: unknown) => log.warn({ error }, 'other nodes could not be told of a chat'));
}
