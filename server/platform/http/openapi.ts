import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { Problem } from '../../../contract/common.ts';
import { permissions } from '../../../rules/access/permissions.ts';
import type { Route } from './use-case.ts';

/** The OpenAPI 3.1 document (接口文档), made from the very schemas that check requests. */
export function documentApi(): FastifyDynamicSwaggerOptions {
  return {
    mode: 'dynamic',
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bihuan 闭环',
        version: '1',
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
        description: [
          'Work orders (工单) from every channel, carried round the whole loop.',
          'Errors are RFC 9457 problem details with a stable `code`. Unknown properties are refused.',
          'Lists take `limit` and an opaque `cursor`; the next page is `nextCursor` and `Link: rel="next"`.',
          'Every POST takes `Idempotency-Key`: same key and body, same answer; another body 422; still running 409.',
          'Changeable records carry `ETag`; send it back as `If-Match`; a stale one answers 412.',
        ].join('\n\n'),
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An API key or the token of a session' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'bihuan_session', description: 'With X-CSRF-Token on changes' },
        },
      },
    },
  };
}

const problemContent = { content: { 'application/problem+json': { schema: Problem } } };

/** What the document says of one route. */
export function describeRoute(route: Route): FastifySchema {
  const { handler, access } = route;
  const open = access === 'public' || access === 'portal' || access === 'link' || access === 'scan' || access === 'chat' || access === 'visit';
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  const params = handler.params ?? (names.length > 0 ? Type.Object(Object.fromEntries(names.map((name) => [name, Type.String()]))) : undefined);
  const sent: Record<string, TSchema> = {
    ...(route.method === 'POST' ? { 'idempotency-key': Type.Optional(Type.String({ maxLength: 128, description: `The same key and body always give the same answer, for ${access === 'public' ? 'ten minutes' : 'a day'}` })) } : {}),
    ...(handler.kind === 'use-case' && handler.versioned ? { 'if-match': Type.String({ description: 'ETag of the version that is being changed' }) } : {}),
  };
  const headers = Object.keys(sent).length > 0 ? Type.Object(sent) : undefined;
  const response: Record<string, unknown> = {
    '4xx': { description: 'Refused; see `code`', ...problemContent },
    '5xx': { description: 'A fault of the program', ...problemContent },
  };
  if (handler.kind === 'use-case') {
    response[handler.status] = handler.answer === null
      ? { description: 'Done', type: 'null' }
      : { description: 'The answer', content: { 'application/json': { schema: handler.answer } } };
  } else {
    response[handler.status] = { description: handler.produces, content: { [handler.produces]: { schema: handler.answer ?? Type.String() } } };
  }
  return {
    summary: handler.summary,
    description: access in permissions ? `Needs the permission \`${access}\`.` : access === 'signed_in' ? 'For signed-in staff.' : access === 'session' ? 'For staff by the session they signed in for; not for API keys.' : access === 'customer' || access === 'leaving_customer' ? 'For customers signed in by phone code.' : access === 'maybe_signed_in' ? 'With credentials or without.' : 'Needs no credentials.',
    tags: [route.path.split('/')[3]?.replace(/\{.*/, '') ?? 'program'],
    ...(open ? {} : { security: [...(access === 'maybe_signed_in' ? [{}] : []), { bearer: [] }, { cookie: [] }] }),
    ...(params ? { params } : {}),
    ...(headers ? { headers } : {}),
    ...(handler.query ? { querystring: handler.query } : {}),
    ...(handler.body && !(handler.kind === 'stream' && handler.form) ? { body: handler.body } : {}),
    ...(handler.kind === 'stream' && handler.form ? { consumes: ['multipart/form-data'], body: withFile(handler.form) } : {}),
    response,
  } as FastifySchema;
}

/** A form with the file that every upload has to bring. */
function withFile(form: TSchema): TSchema {
  const { properties = {} } = form as { properties?: Record<string, TSchema> };
  return Type.Object({ file: Type.String({ contentMediaType: 'application/octet-stream' }), ...properties }, { additionalProperties: false });
}

/** Moves every schema that has a title to components, so that each stands in the document once, under its name. */
export function nameSchemas(document: Record<string, unknown>): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (value === null || typeof value !== 'object') return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(member)]));
    const title = copy['title'];
    if (typeof title !== 'string' || !/^[A-Z]\w*$/.test(title) || !('type' in copy)) return copy;
    const present = named[title];
    if (present !== undefined && JSON.stringify(present) !== JSON.stringify(copy)) throw new Error(`two schemas are called ${title}`);
    named[title] = copy;
    return { $ref: `#/components/schemas/${title}` };
  };
  const paths = visit(document['paths']);
  const components = document['components'] as Record<string, unknown> | undefined;
  return { ...document, paths, components: { ...components, schemas: Object.fromEntries(Object.entries(named).sort(([a], [b]) => a.localeCompare(b))) } };
}
