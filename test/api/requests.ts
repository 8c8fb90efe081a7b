import assert from 'node:assert/strict';
import { Secret, TOTP } from 'otpauth';
import { permissions, type Permission } from '../../rules/access/permissions.ts';
import type { Route } from '../../server/platform/http/use-case.ts';
import type { Answer, TestOrganization, TestProgram } from '../support/program.ts';
import { act, done, linkOf, multipart, newSession, newTicket, phoneCode, photoOf, upload } from './scene.ts';

/** A request to a route that is right in every respect: whoever is entitled gets what they ask for. */
export interface Case {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** An upload instead of a body. */
  form?: ReturnType<typeof multipart>;
  /** The token of somebody entitled; the administrator's when absent. */
  token?: string;
  /** Server-sent events: an answer to those who may have it never ends. */
  endless?: true;
}

export const name = (route: Route) => `${route.method} ${route.path}`;
export const needsCredentials = (route: Route) => !['public', 'portal', 'link', 'scan', 'maybe_signed_in'].includes(route.access);
export const needsPermission = (route: Route): route is Route & { access: Permission } => route.access in permissions;

/** An organization with one record of every kind, and for each route a request that works. */
export async function furnish(program: TestProgram, of: TestOrganization) {
  const call = (method: 'GET' | 'POST', path: string, body?: unknown) => done(program.call(method, path, { as: 'administrator', of, ...(body === undefined ? {} : { body }) }));
  const customer = (await call('POST', '/customers', { name: '王芳', phone: '13800001111', email: 'wang@example.com' })).body.id as string;
  const asset = (await call('POST', '/assets', { code: 'LIFT-1', name: '1号电梯', customerId: customer })).body as { id: string; scanUrl: string };
  const key = (await call('POST', '/api-keys', { name: 'for programs' })).body as { id: string; key: string };
  const photo = await photoOf();
  const send = async (visibility: string) => (await done(upload(program, 'administrator', { content: photo, fields: { visibility, purpose: 'photo' } }, { of }))).body.id as string;
  const ticket = await newTicket(program, { requester: { customerId: customer }, attachments: [await send('public')], category: of.categoryId }, 'administrator', of);
  await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'administrator', of, body: { body: '内部照片', visibility: 'internal', attachments: [await send('internal')] } }));
  const shown = (await call('GET', `/tickets/${ticket.id}`)).body;
  const file = shown.files.find((one: { visibility: string }) => one.visibility === 'public').id as string;
  const internalFile = shown.files.find((one: { visibility: string }) => one.visibility === 'internal').id as string;
  const assigned = await act(program, ticket.id, 'assign', { assignee: of.staff.technician }, 'administrator', of);
  const resolved = await Promise.all(['one', 'two', 'three'].map(async (subject) => {
    const other = await newTicket(program, { subject }, 'administrator', of);
    return act(program, other.id, 'resolve', { resolution: '已修好' }, 'administrator', of);
  }));
  const spare = await newSession(program, of.staff.administrator, { of });
  const leaving = await newSession(program, of.staff.stranger, { of });
  const customerSession = await newSession(program, customer, { of, customer: true });
  const otherTicket = await newTicket(program, { subject: '另一件' }, 'administrator', of);
  const spareFile = await send('internal');
  return {
    /** The secret of the administrator's authenticator app, once it was set up. */
    authenticator: undefined as string | undefined,
    of, customer, asset, key, photo, ticket, file, internalFile, spareFile, spare, leaving, customerSession, otherTicket,
    visit: assigned.visits[0].id as string, link: linkOf(ticket), resolvedLinks: resolved.map(linkOf) as [string, string, string],
    scan: asset.scanUrl.slice(asset.scanUrl.lastIndexOf('/') + 1),
  };
}
export type Scene = Awaited<ReturnType<typeof furnish>>;

/** The code an authenticator app shows, so many periods from now. */
export const codeOf = (secret: string | undefined, periods: number, now = Date.now()): string => (secret === undefined ? '000000'
  : new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now + periods * 30_000 }));

/** What has to be said to each route; those that need nothing said are not here. A route that is missing fails a test. */
export function casesOf(program: TestProgram, scene: Scene): Record<string, () => Case | Promise<Case>> {
  const { of } = scene;
  const version = async (path: string) => ({ 'if-match': String((await program.call('GET', path, { as: 'administrator', of })).headers['etag']) });
  const id = scene.ticket.id as string;
  const org = { org: of.slug };
  const link = { token: scene.link };
  return {
    'POST /api/v1/session': () => ({ body: { email: `agent@${of.slug}.example`, password: 'correct horse battery' } }),
    'DELETE /api/v1/session': () => ({ token: scene.leaving.token }),
    'DELETE /api/v1/sessions/{id}': () => ({ params: { id: scene.spare.id } }),
    'POST /api/v1/session/second-factor': () => ({}),
    'POST /api/v1/session/second-factor/confirm': () => ({ body: { code: codeOf(scene.authenticator, -1) } }),
    'POST /api/v1/session/second-factor/disable': () => ({ body: { code: codeOf(scene.authenticator, 0) } }),
    'POST /api/v1/session/password': () => ({ body: { currentPassword: 'correct horse battery', newPassword: 'another horse battery' }, token: of.tokens.manager }),
    'POST /api/v1/api-keys': () => ({ body: { name: 'another', permissions: ['ticket.read'] } }),
    'DELETE /api/v1/api-keys/{id}': () => ({ params: { id: scene.key.id } }),

    'POST /api/v1/tickets': () => ({ body: { subject: '灯不亮', requester: { name: '李雷', phone: '13800002222' } } }),
    'GET /api/v1/tickets/{id}': () => ({ params: { id } }),
    'PATCH /api/v1/tickets/{id}': async () => ({ params: { id }, body: { subject: '厨房水管爆裂，已关总阀' }, headers: await version(`/tickets/${id}`) }),
    'GET /api/v1/tickets/{id}/timeline': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/comments': () => ({ params: { id }, body: { body: '马上到', visibility: 'public' } }),
    'GET /api/v1/tickets/{id}/actions': () => ({ params: { id } }),
    'POST /api/v1/tickets/{id}/actions/{action}': () => ({ params: { id: scene.otherTicket.id, action: 'close' }, body: { reason: '重复' } }),
    'POST /api/v1/tickets/{id}/reveal': () => ({ params: { id }, body: { reason: '回访' } }),

    'GET /api/v1/visits/{id}': () => ({ params: { id: scene.visit } }),
    'POST /api/v1/visits/{id}/actions/{action}': () => ({ params: { id: scene.visit, action: 'accept' }, body: {}, token: of.tokens.technician }),

    'POST /api/v1/files': () => ({ form: multipart({ content: scene.photo }) }),
    'GET /api/v1/files/{id}': () => ({ params: { id: scene.file } }),
    'GET /api/v1/files/{id}/thumbnail': () => ({ params: { id: scene.file } }),

    'POST /api/v1/departments': () => ({ body: { name: '保洁部', parentId: of.departmentId } }),
    'POST /api/v1/teams': () => ({ body: { name: '电梯班', departmentId: of.departmentId, memberIds: [of.staff.technician] } }),
    'POST /api/v1/staff': () => ({ body: { name: '新来的', job: 'agent', email: `new@${of.slug}.example` } }),
    'GET /api/v1/staff/{id}': () => ({ params: { id: of.staff.agent } }),
    'PATCH /api/v1/staff/{id}': async () => ({ params: { id: of.staff.agent }, body: { name: '改了名' }, headers: await version(`/staff/${of.staff.agent}`) }),
    'POST /api/v1/roles': () => ({ body: { name: '只读', grants: [{ permission: 'ticket.read', scope: 'team' }] } }),
    'POST /api/v1/categories': () => ({ body: { name: '漏水', parentId: of.categoryId } }),
    'POST /api/v1/customers': () => ({ body: { name: '赵强' } }),
    'GET /api/v1/customers/{id}': () => ({ params: { id: scene.customer } }),
    'POST /api/v1/assets': () => ({ body: { code: 'PUMP-7', name: '水泵' } }),
    'GET /api/v1/assets/{id}': () => ({ params: { id: scene.asset.id } }),

    'GET /api/v1/insight/{measure}': () => ({ params: { measure: 'created' } }),
    'GET /api/v1/feed': () => ({ endless: true }),

    'GET /api/v1/portal/{org}': () => ({ params: org }),
    'POST /api/v1/portal/{org}/files': () => ({ params: org, form: multipart({ content: scene.photo }) }),
    'POST /api/v1/portal/{org}/reports': () => ({ params: org, body: { description: '电梯里灯坏了', contact: { name: '韩梅', phone: '13800003333' } } }),
    'POST /api/v1/portal/{org}/codes': () => ({ params: org, body: { phone: '13800001111' } }),
    'POST /api/v1/portal/{org}/session': async () => ({ params: org, body: await phoneCode(program, of).catch(() => ({ phone: '13800001111', code: '000000' })) }),
    'GET /api/v1/portal/{org}/tickets': () => ({ params: org, token: scene.customerSession.token }),
    'GET /api/v1/scan/{token}': () => ({ params: { token: scene.scan } }),
    'GET /api/v1/progress/{token}': () => ({ params: link }),
    'POST /api/v1/progress/{token}/comments': () => ({ params: link, body: { body: '还在漏' } }),
    'POST /api/v1/progress/{token}/confirm': () => ({ params: { token: scene.resolvedLinks[0] }, body: {} }),
    'POST /api/v1/progress/{token}/reopen': () => ({ params: { token: scene.resolvedLinks[1] }, body: { reason: '又漏了' } }),
    'POST /api/v1/progress/{token}/rating': () => ({ params: { token: scene.resolvedLinks[2] }, body: { rating: 5 } }),
    'POST /api/v1/progress/{token}/files': () => ({ params: link, form: multipart({ content: scene.photo }) }),
    'GET /api/v1/progress/{token}/files/{id}': () => ({ params: { ...link, id: scene.file } }),
    'GET /api/v1/progress/{token}/files/{id}/thumbnail': () => ({ params: { ...link, id: scene.file } }),
    'GET /api/v1/progress/{token}/feed': () => ({ params: link, endless: true }),
  };
}


/** Sends the request of a case, or one that differs from it in what is given. */
export async function ask(program: TestProgram, cases: ReturnType<typeof casesOf>, route: Route, different: {
  token?: string | undefined; cookie?: string; headers?: Record<string, string>; params?: Record<string, string>; query?: string; body?: unknown; payload?: string | Buffer;
} = {}): Promise<Answer> {
  const one: Case = await cases[name(route)]?.() ?? {};
  const { token, cookie, headers = {}, query = one.query ?? '' } = different;
  const body = 'body' in different ? different.body : one.body;
  const url = route.path.replaceAll(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent({ ...one.params, ...different.params }[part] ?? assert.fail(`no {${part}} for ${name(route)}`)));
  const payload = different.payload ?? (one.form ? one.form.payload : body === undefined ? undefined : JSON.stringify(body));
  return program.inject({
    method: route.method, url: `${url}${query}`,
    headers: {
      'accept-language': 'en', ...(one.form ? one.form.headers : payload === undefined ? {} : { 'content-type': 'application/json' }), ...one.headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(cookie === undefined ? {} : { cookie: `bihuan_session=${cookie}` }), ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
  });
}

/** The token of somebody who may call a route; none where none is needed. */
export async function entitled(program: TestProgram, cases: ReturnType<typeof casesOf>, route: Route): Promise<string | undefined> {
  if (!needsCredentials(route) && route.access !== 'maybe_signed_in') return undefined;
  return (await cases[name(route)]?.())?.token ?? program.organization.tokens.administrator;
}
