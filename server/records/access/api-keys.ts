import { ApiKeyCreated, ApiKeyPage, CreateApiKey } from '../../../contract/session.ts';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { holds } from '../../../rules/access/policy.ts';
import type { Permission } from '../../../rules/access/permissions.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { hashToken } from '../../platform/secrets.ts';
import { newToken } from './tokens.ts';

/**
 * Makes an API key (接口密钥) of one's own, never wider than oneself; the key itself is shown this once. A key that is made
 * with another key lives no longer than that one and is revoked with it. One made by a person who signed in outlives
 * the session, but not the person's being active.
 */
export const createApiKey = useCase({
  summary: 'Create an API key',
  body: CreateApiKey,
  answer: ApiKeyCreated,
  status: 201,
  secret: true,
  async run(context, { body }) {
    const subject = staffOf(context);
    const excess = body.permissions?.find((permission) => !holds(subject, permission as Permission));
    if (excess !== undefined) throw new Refusal('grant_exceeds_own', { permission: excess });
    // A key made by a narrowed key is no wider than that.
    const permissions = body.permissions ?? (subject.onlyPermissions ? [...subject.onlyPermissions] : null);
    if (body.expiresAt !== undefined && new Date(body.expiresAt) <= context.now) {
      throw invalidInput('/expiresAt', 'minimum', { zh: '到期时间要晚于现在', en: 'must be in the future' });
    }
    const maker = await holdMaker(context);
    const expiresAt = body.expiresAt === undefined ? maker?.expires_at ?? null : new Date(body.expiresAt);
    if (maker?.expires_at && expiresAt! > maker.expires_at) {
      throw invalidInput('/expiresAt', 'maximum', { zh: '不能晚于用来新建它的那把密钥的到期时间', en: 'must not be later than the end of the key it is made with' });
    }
    const key = newToken('api_key', context.tenantId);
    const row = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), staff_id: subject.staffId, name: body.name.trim(), token_hash: hashToken(key), prefix: `…${key.slice(-4)}`,
      permissions: permissions as string[] | null, created_at: context.now, expires_at: expiresAt,
      made_by: maker?.id ?? null,
    };
    await context.transaction.run(build.insertInto('api_key').values(row));
    await recordFact(context.transaction, { kind: 'api_key.created', actor: context.actor, data: { name: row.name, permissions }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id });
    return {
      id: row.id, name: row.name, prefix: row.prefix, permissions, createdAt: context.now.toISOString(), expiresAt: row.expires_at?.toISOString() ?? null,
      lastUsedAt: null, revokedAt: null, staff: { id: subject.staffId, name: context.actor.name ?? '' }, key,
    };
  },
});

/**
 * Keeps the owner and the key a new one is made with as they are until it is there: whoever ends one of them at this
 * moment waits, and then ends the new one as well.
 *
 * @returns the key it is made with; null when a person makes it
 * @throws Refusal when one of them has just ended
 */
async function holdMaker({ transaction, tenantId, caller }: Context): Promise<{ id: string; expires_at: Date | null } | null> {
  if (caller.kind !== 'staff') throw new Error('API keys are of staff only');
  const byKey = caller.via === 'api_key';
  // In the order in which they are locked where a person is deactivated.
  const owner = await transaction.first(build.selectFrom('staff').select('active').where('tenant_id', '=', tenantId).where('id', '=', caller.subject.staffId).forShare());
  if (!owner?.active) throw new Refusal(byKey ? 'api_key_ended' : 'session_expired');
  if (!byKey) return null;
  const maker = await transaction.first(build.selectFrom('api_key').select(['id', 'expires_at', 'revoked_at']).where('tenant_id', '=', tenantId).where('id', '=', caller.credentialId).forShare());
  if (!maker || maker.revoked_at) throw new Refusal('api_key_ended');
  return maker;
}

/** All API keys of the organization (接口密钥列表), newest first. */
export const listApiKeys = useCase({
  summary: 'List API keys',
  query: PageQuery,
  answer: ApiKeyPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('api_key').innerJoin('staff', (join) => join.onRef('staff.tenant_id', '=', 'api_key.tenant_id').onRef('staff.id', '=', 'api_key.staff_id'))
      .select(['api_key.id', 'api_key.name', 'api_key.prefix', 'api_key.permissions', 'api_key.created_at', 'api_key.expires_at', 'api_key.last_used_at', 'api_key.revoked_at', 'staff.id as staff_id', 'staff.name as staff_name'])
      .where('api_key.tenant_id', '=', context.tenantId);
    if (query.cursor !== undefined) select = select.where('api_key.id', '<', readCursor(query.cursor, 'api-keys')[1]);
    const rows = await context.transaction.run(select.orderBy('api_key.id', 'desc').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map((row) => ({
        id: row.id, name: row.name, prefix: row.prefix, permissions: row.permissions, createdAt: row.created_at.toISOString(), expiresAt: row.expires_at?.toISOString() ?? null,
        lastUsedAt: row.last_used_at?.toISOString() ?? null, revokedAt: row.revoked_at?.toISOString() ?? null, staff: { id: row.staff_id, name: row.staff_name },
      })),
      nextCursor: rows.length > limit ? writeCursor('api-keys', ['', rows[limit - 1]!.id]) : null,
    };
  },
});

/** Revokes an API key at once (撤销密钥), and with it the keys that were made with it, and with those. */
export const revokeApiKey = useCase({
  summary: 'Revoke an API key',
  params: Closed({ id: Id }),
  answer: null,
  async run(context, { params }) {
    const { transaction, tenantId, actor, now } = context;
    const revoke = (column: 'id' | 'made_by', ids: string[]) => transaction.run(build.updateTable('api_key').set({ revoked_at: now })
      .where('tenant_id', '=', tenantId).where(column, 'in', ids).where('revoked_at', 'is', null).returning(['id', 'name']));
    let revoked = await revoke('id', [params.id]);
    if (revoked.length === 0) throw new Refusal('not_found');
    // One generation after the other, each looked for when the one before can have no more children.
    for (; revoked.length > 0; revoked = await revoke('made_by', revoked.map((key) => key.id))) {
      for (const key of revoked) await recordFact(transaction, { kind: 'api_key.revoked', actor, data: { name: key.name }, occurredAt: now, recordedAt: now, subjectId: key.id });
    }
  },
});
