import { ApiKeyCreated, ApiKeyPage, CreateApiKey } from '../../../contract/session.ts';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { holds } from '../../../rules/access/policy.ts';
import type { Permission } from '../../../rules/access/permissions.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { hashToken } from '../../platform/secrets.ts';
import { newToken } from './tokens.ts';

/** Makes an API key (接口密钥) of one's own, never wider than oneself; the key itself is shown this once. */
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
    const key = newToken('api_key', context.tenantId);
    const row = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), staff_id: subject.staffId, name: body.name.trim(), token_hash: hashToken(key), prefix: `…${key.slice(-4)}`,
      permissions: permissions as string[] | null, created_at: context.now, expires_at: body.expiresAt ? new Date(body.expiresAt) : null,
    };
    await context.transaction.run(build.insertInto('api_key').values(row));
    await recordFact(context.transaction, { kind: 'api_key.created', actor: context.actor, data: { name: row.name, permissions }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id });
    return {
      id: row.id, name: row.name, prefix: row.prefix, permissions, createdAt: context.now.toISOString(), expiresAt: row.expires_at?.toISOString() ?? null,
      lastUsedAt: null, revokedAt: null, staff: { id: subject.staffId, name: context.actor.name ?? '' }, key,
    };
  },
});

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

/** Revokes an API key at once (撤销密钥). */
export const revokeApiKey = useCase({
  summary: 'Revoke an API key',
  params: Closed({ id: Id }),
  answer: null,
  async run(context, { params }) {
    const revoked = await context.transaction.run(build.updateTable('api_key').set({ revoked_at: context.now })
      .where('tenant_id', '=', context.tenantId).where('id', '=', params.id).where('revoked_at', 'is', null).returning('name'));
    if (revoked.length === 0) throw new Refusal('not_found');
    await recordFact(context.transaction, { kind: 'api_key.revoked', actor: context.actor, data: { name: revoked[0]!.name }, occurredAt: context.now, recordedAt: context.now, subjectId: params.id });
  },
});
