import { originsOf } from '../../channels/web-chat/settings.ts';
import { statement, type Database } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { ChatOf } from '../../platform/http/pages.ts';
import type { Identified } from '../../platform/http/server.ts';
import type { Services } from '../../platform/context.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { readHook } from '../channel/accounts.ts';
import { readVisit } from './visitors.ts';

interface DoorRow {
  settings: Record<string, string>;
  active: boolean;
  origin: string | null;
  configuration_version: number;
}

const findChannel = statement<DoorRow>('channel_account.chat_door', `
  SELECT coalesce(a.settings, '{}') AS settings, a.active, NULL::text AS origin, o.configuration_version FROM channel_account a JOIN organization o ON o.tenant_id = a.tenant_id
  WHERE a.tenant_id = $1 AND a.id = $2 AND a.kind = 'web_chat' AND a.archived_at IS NULL`);
const findVisit = statement<DoorRow>('chat_visitor.door', `
  SELECT coalesce(a.settings, '{}') AS settings, a.active, v.origin, o.configuration_version FROM chat_visitor v JOIN channel_account a ON a.tenant_id = v.tenant_id AND a.id = v.account_id JOIN organization o ON o.tenant_id = v.tenant_id
  WHERE v.tenant_id = $1 AND v.id = $3 AND v.account_id = $2 AND v.token_round = $4 AND a.kind = 'web_chat' AND a.archived_at IS NULL`);

/**
 * Who asks at a chat on a website (聊天入口), from the database at every call: what is switched off is off at once, and a page whose origin was taken off the list
 * is shut out with the visits that began there; so is a token that was given out before somebody signed in or out of the site.
 */
export function openChatDoors(database: Database, secrets: Secrets, now: () => Date): { byChat(token: string): Promise<Identified>; byVisit(token: string): Promise<Identified> } {
  const enter = (tenantId: string, accountId: string, visitorId: string | null, round: number, row: DoorRow | undefined): Identified => {
    if (!row) throw new Refusal('link_invalid');
    if (!row.active && visitorId !== null) throw new Refusal('chat_closed');
    const origins = originsOf(row.settings);
    if (row.origin !== null && !origins.includes(row.origin)) throw new Refusal('origin_not_allowed');
    return { tenantId, caller: { kind: 'visitor', accountId, visitorId, round }, configurationVersion: row.configuration_version, origins };
  };
  return {
    async byChat(token) {
      const named = readHook(secrets, token, now());
      if (!named) throw new Refusal('link_invalid');
      return enter(named.tenantId, named.accountId, null, 0, (await database.look(named.tenantId, findChannel, [named.tenantId, named.accountId]))[0]);
    },
    async byVisit(token) {
      const visit = readVisit(secrets, token, now());
      if (!visit) throw new Refusal('link_invalid');
      return enter(visit.tenantId, visit.accountId, visit.visitorId, visit.round, (await database.look(visit.tenantId, findVisit, [visit.tenantId, visit.accountId, visit.visitorId, visit.round]))[0]);
    },
  };
}

const findHolder = statement<{ settings: Record<string, string>; slug: string }>('channel_account.chat_holder', `
  SELECT coalesce(a.settings, '{}') AS settings, o.slug FROM channel_account a JOIN organization o ON o.tenant_id = a.tenant_id WHERE a.tenant_id = $1 AND a.id = $2 AND a.kind = 'web_chat' AND a.archived_at IS NULL`);

/** By which websites a chat may be held, and whose it is (聊天可嵌入站点); for the pages that are served to browsers. */
export function openChatHolders({ database, secrets, clock }: Pick<Services, 'database' | 'secrets' | 'clock'>): ChatOf {
  return async (token) => {
    const named = readHook(secrets, token, clock.now());
    const [row] = named ? await database.look(named.tenantId, findHolder, [named.tenantId, named.accountId]) : [];
    return row ? { origins: originsOf(row.settings), slug: row.slug } : null;
  };
}
