import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A call of another program, as its bytes came (外部回调). */
export interface RawCall {
  method: 'GET' | 'POST';
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** Names in lower case; the first value of each. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

export interface RawAnswer {
  status: number;
  contentType: string;
  body: string;
}

const first = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => {
    const one: unknown = Array.isArray(value) ? value[0] : value;
    return typeof one === 'string' ? [[name, one]] : [];
  }));

/**
 * Opens an address for calls of other programs (回调地址). What they send is handed on as it came, whatever it says it is: signatures
 * are made over bytes. No cookie and no session counts here, and the limits of people do not: who may call is for `receive` to say.
 */
export async function addHooks(app: FastifyInstance, path: string, mostBytes: number, receive: (call: RawCall) => Promise<RawAnswer>): Promise<void> {
  await app.register(async (hooks) => {
    hooks.removeAllContentTypeParsers();
    hooks.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) => done(null, body));
    hooks.route({
      method: ['GET', 'POST'], url: path, bodyLimit: mostBytes, exposeHeadRoute: false,
      schema: { hide: true }, config: { access: 'public', rateLimit: false },
      handler: async (request: FastifyRequest, reply) => {
        const answer = await receive({
          method: request.method as 'GET' | 'POST', params: first(request.params as object as Record<string, unknown>), query: first(request.query as object as Record<string, unknown>), headers: first(request.headers),
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        });
        return reply.code(answer.status).header('content-type', answer.contentType).header('cache-control', 'no-store').send(answer.body);
      },
    });
  });
}
