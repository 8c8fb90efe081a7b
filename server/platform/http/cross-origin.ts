import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../errors/refusal.ts';

/** Whether a request comes from a page of this program: its origin is the address it asks at. Browsers let no page choose either. */
function isOwn(request: FastifyRequest, origin: string, publicUrl: string): boolean {
  return origin === URL.parse(publicUrl)?.origin || (URL.parse(origin)?.host === request.headers.host && request.headers.host !== undefined);
}

/**
 * Lets pages of some other origins ask, and no others (跨源许可; WHATWG Fetch, "CORS protocol"). Programs that are no browser name no origin.
 *
 * @throws Refusal origin_not_allowed
 */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply, origins: readonly string[], publicUrl: string): void {
  const { origin } = request.headers;
  reply.header('vary', 'origin');
  if (origin === undefined || isOwn(request, origin, publicUrl)) return;
  if (!origins.includes(origin)) throw new Refusal('origin_not_allowed');
  reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', 'retry-after, idempotency-replayed, x-request-id').header('cross-origin-resource-policy', 'cross-origin');
}

/** Answers what a browser asks before a page of another origin may ask. */
export function allowPreflight(request: FastifyRequest, reply: FastifyReply, origins: readonly string[], publicUrl: string, methods: readonly string[]): FastifyReply {
  allowOrigin(request, reply, origins, publicUrl);
  return reply.code(204).header('access-control-allow-methods', [...new Set(methods)].join(', ')).header('access-control-allow-headers', 'content-type, idempotency-key, last-event-id, accept-language').header('access-control-max-age', '600').send();
}

/** The origin of another page a request comes from, where it is not one of this program; null of all others. */
export function foreignOrigin(request: FastifyRequest, publicUrl: string): string | null {
  const { origin } = request.headers;
  return origin === undefined || isOwn(request, origin, publicUrl) ? null : origin;
}
