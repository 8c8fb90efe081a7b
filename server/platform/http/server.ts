import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import fastifyCookie from '@fastify/cookie';
import fastifyMultipart from '@fastify/multipart';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifySwagger from '@fastify/swagger';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { largestFile } from '../../../contract/file.ts';
import { tusVersion } from '../../../contract/upload.ts';
import { permissions } from '../../../rules/access/permissions.ts';
import { holds } from '../../../rules/access/policy.ts';
import { actorOf, type Caller, type Context, type Services } from '../context.ts';
import { isDatabaseError, type Transaction, type Work } from '../db/database.ts';
import { idOf } from '../db/uuid.ts';
import { Refusal } from '../errors/refusal.ts';
import type { Logger } from '../log.ts';
import { answerBrokenRequest, limitBodyTime } from './broken-requests.ts';
import { onceOutside, type AnswerOutside, type CookieChange } from './idempotency-outside.ts';
import { onceOnly, readIdempotencyKey, senderOf, type IdempotentRequest, type KeptAnswer } from './idempotency.ts';
import { allowOrigin, allowPreflight, foreignOrigin } from './cross-origin.ts';
import { countFailures, countStreams, limitOf, standardLimits, type Limits } from './limits.ts';
import { networkOf } from './network.ts';
import { sendNotFoundPage, wantsPage } from './not-found-page.ts';
import { documentApi, describeRoute } from './openapi.ts';
import { asRefusal, languageOf, sendProblem } from './problem.ts';
import { newRequestId } from './request-id.ts';
import { securityHeaders } from './security-headers.ts';
import { unavailable } from './unavailable.ts';
import type { Route, Stream, StreamContext, UseCase } from './use-case.ts';
import { ensureStorable, ensureValid, isStorable, validator } from './validation.ts';

/** Who asks, of which organization, and how new cached configuration has to be. */
export interface Identified {
  tenantId: string;
  caller: Caller;
  configurationVersion: number;
  /** Other origins whose pages may ask here; those of none when absent. */
  origins?: readonly string[];
}

/** How requests are told apart; given by the composition root, as it reads records. */
export interface Identify {
  /** By bearer token or session cookie; throws a refusal when it is wrong or has ended. */
  byToken(token: string): Promise<Identified>;
  /** By the name of an organization in the address. */
  byOrganization(slug: string): Promise<Identified>;
  /** By a ticket's signed link. */
  byLink(token: string): Promise<Identified>;
  /** By an asset's scanned code. */
  byScan(token: string): Promise<Identified>;
  /** By the address of a chat on a website, and by the token of a visit there. */
  byChat(token: string): Promise<Identified>;
  byVisit(token: string): Promise<Identified>;
}

export interface ServerOptions {
  routes: readonly Route[];
  services: Services;
  identify: Identify;
  log: Logger;
  /** Whose X-Forwarded-For is believed; see Fastify's trustProxy. */
  trustProxy: boolean | string | ((address: string, hop: number) => boolean);
  secureCookies: boolean;
  limits?: Limits;
  /** How long a request may take to arrive, in milliseconds: a body that is no upload, and any request as a whole. */
  patience?: { body: number; request: number };
  /** Tests: refuse to send an answer that does not fit its schema. */
  checkAnswers?: boolean;
}

export const sessionCookie = 'bihuan_session';
const bodyLimit = 1_048_576;
// The whole of it is for uploads: 50 MB over the slowest line that is worth waiting for.
const standardPatience = { body: 60_000, request: 3_600_000 };
const anyone: Identified = { tenantId: '', caller: { kind: 'nobody' }, configurationVersion: 0 };

declare module 'fastify' {
  interface FastifyRequest {
    identified: Identified;
    /** Whether the credentials came by cookie, so that a foreign page may have sent them. */
    byCookie: boolean;
  }
  interface FastifyContextConfig {
    access?: Route['access'];
  }
}

/** Builds the HTTP server (接口服务): every route of routes.ts with the manners they share. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const { services, identify } = options;
  const limits = options.limits ?? standardLimits;
  const failures = countFailures(services.clock, limits.anonymous);
  const openStream = countStreams();
  const patience = options.patience ?? standardPatience;
  const app = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy,
    bodyLimit,
    requestTimeout: patience.request,
    clientErrorHandler: answerBrokenRequest(options.secureCookies),
    // Node would refuse what names no host without a word; it is refused below.
    http: { requireHostHeader: false },
    genReqId: newRequestId,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    // It would say so in a form of its own.
    return503OnClosing: false,
    // An address that cannot be read names nothing.
    frameworkErrors: (_error, request, reply) => void sendProblem(request, reply, new Refusal('not_found')),
    // Validation is ours (one place for its sentences), and answers are made by views that need no second filter.
    serializerOpts: {},
  });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  app.decorateRequest('identified', null as unknown as Identified);
  app.decorateRequest('byCookie', false);

  app.setErrorHandler((error, request, reply) => {
    const refusal = asRefusal(error, request);
    // The route's address: in the request's own may stand a link or what somebody searched for.
    const about = { error, method: request.method, url: request.routeOptions.url, requestId: request.id };
    if (refusal?.code === 'unavailable' && refusal !== error) request.log.warn(about, 'the database could not be reached');
    // Secret addresses that are looked up by the use-case itself: whoever tries them out is counted as elsewhere.
    if (refusal?.code === 'link_invalid' && request.routeOptions.config?.access === 'public') failures.note(request.ip);
    if (refusal) return sendProblem(request, reply, refusal);
    request.log.error(about, 'a request failed');
    return sendProblem(request, reply, new Refusal('internal_error', { requestId: request.id }));
  });
  const addresses = addressesOf(options.routes);
  app.setNotFoundHandler((request, reply) => {
    const methods = addresses.filter(({ pattern }) => pattern.test(request.url)).map(({ method }) => method);
    if (methods.length === 0) return wantsPage(request) ? sendNotFoundPage(reply) : sendProblem(request, reply, new Refusal('not_found'));
    return sendProblem(request, reply.header('allow', methods.join(', ')), new Refusal('method_not_allowed'));
  });
  // JSON only, and only in UTF-8: read as something else, a text would be stored broken.
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) void parseJson(request, body.toString(), done);
    else done(new Refusal('malformed_json'));
  });
  // A piece of an upload: whoever takes it in counts its bytes.
  app.addContentTypeParser('application/offset+octet-stream', (_request, payload, done) => done(null, payload));

  // What comes in while the last requests are answered is for another process, or for the next one.
  let stopping = false;
  app.addHook('preClose', async () => void (stopping = true));
  const fixed = securityHeaders(options.secureCookies);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(fixed).header('x-request-id', request.id);
    if (stopping) done(unavailable());
    else if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      reply.header('connection', 'close');
      done(new Refusal('malformed_request'));
    } else done();
  });
  limitBodyTime(app, patience.body);
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done(null, payload);
  });
  await app.register(fastifyCookie);
  await app.register(fastifyMultipart, { limits: { files: 1, fields: 10, fieldSize: 4_096, parts: 12, headerPairs: 40, fileSize: 52_428_800 } });
  await app.register(fastifyRateLimit, {
    global: true,
    hook: 'preHandler',
    timeWindow: 60_000,
    cache: 20_000,
    max: (request: FastifyRequest) => limitOf(request, limits).most,
    keyGenerator: (request: FastifyRequest) => limitOf(request, limits).key,
    errorResponseBuilder: (_request: FastifyRequest, context: { ttl: number }) => new Refusal('rate_limited', { seconds: Math.max(1, Math.ceil(context.ttl / 1000)) }),
  });
  await app.register(fastifySwagger, documentApi());

  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode >= 500 || options.log.level === 'debug' || options.log.level === 'trace') {
      request.log.info({ requestId: request.id, method: request.method, path: request.routeOptions.url, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime * 10) / 10 }, 'answered');
    }
  });

  for (const route of options.routes) addRoute(app, route, options);
  // What may be sent in pieces, and how (tus 1.0, "OPTIONS").
  app.options('/api/v1/uploads', { schema: { hide: true }, config: { access: 'public' } }, async (_request, reply) => reply.status(204)
    .headers({ 'tus-resumable': tusVersion, 'tus-version': tusVersion, 'tus-extension': 'creation,expiration,termination', 'tus-max-size': String(largestFile) }).send());
  // Browsers ask before another origin's page may.
  for (const [path, route] of new Map(options.routes.filter(({ access }) => access === 'chat' || access === 'visit').map((one) => [one.path, one]))) {
    const methods = options.routes.filter((one) => one.path === path).map(({ method }) => method);
    app.options(path.replaceAll(/\{(\w+)\}/g, ':$1'), { schema: { hide: true } }, async (request, reply) => allowPreflight(request, reply, (await identifyRequest(request, route)).origins ?? [], services.publicUrl, methods));
  }
  return app;

  function addRoute(instance: FastifyInstance, route: Route, { secureCookies, checkAnswers }: ServerOptions): void {
    const { handler, access } = route;
    instance.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: { access },
      schema: describeRoute(route),
      // Whoever asks for the head of a stream without end would wait for ever.
      exposeHeadRoute: route.method === 'GET' && !(handler.kind === 'stream' && handler.produces === 'text/event-stream'),
      onRequest: async (request, reply) => {
        failures.ensureFew(request.ip);
        request.identified = await identifyRequest(request, route).catch((error: unknown) => {
          if (error instanceof Refusal) failures.note(request.ip);
          throw error;
        });
        if (request.identified.origins) allowOrigin(request, reply, request.identified.origins, services.publicUrl);
      },
      handler: handler.kind === 'stream'
        ? async (request, reply) => {
          checkParts(request, handler);
          if (handler.produces === 'text/event-stream') holdStream(request, reply);
          return handler.run(streamContext(request, route), request, reply);
        }
        : async (request, reply) => {
          checkParts(request, handler);
          const answer = await runUseCase(request, route, handler, checkAnswers ?? false);
          return send(request, reply, answer, secureCookies);
        },
    });
  }

  function holdStream(request: FastifyRequest, reply: FastifyReply): void {
    const end = openStream(request);
    reply.raw.once('close', end);
    // Gone before anybody listened for it: no event will tell.
    if (reply.raw.destroyed || reply.raw.socket?.destroyed) end();
  }

  async function identifyRequest(request: FastifyRequest, route: Route): Promise<Identified> {
    const { access } = route;
    const params = request.params as Record<string, string>;
    if (access === 'public') return anyone;
    if (access === 'maybe_signed_in' && request.headers.authorization === undefined && request.cookies[sessionCookie] === undefined) return anyone;
    if (access === 'portal') return identify.byOrganization(params['org'] ?? '');
    if (access === 'link') {
      const linked = await identify.byLink(params['token'] ?? '');
      if (route.method !== 'GET' && await worksThere(request, linked.tenantId)) throw new Refusal('staff_on_link');
      return linked;
    }
    if (access === 'scan') return identify.byScan(params['token'] ?? '');
    if (access === 'chat') return identify.byChat(params['channel'] ?? '');
    if (access === 'visit') return identify.byVisit(params['token'] ?? '');
    const header = request.headers.authorization;
    const cookie = request.cookies[sessionCookie];
    let token: string | undefined;
    if (header !== undefined) {
      token = /^Bearer\s+(\S{1,300})$/i.exec(header)?.[1];
      if (!token) throw new Refusal('not_signed_in');
    } else if (cookie !== undefined) {
      token = cookie.slice(0, 300);
      request.byCookie = true;
    }
    if (!token) throw new Refusal('not_signed_in');
    const identified = await identify.byToken(token).catch((error: unknown) => {
      // Whoever leaves twice has left.
      if (access === 'leaving_customer' && error instanceof Refusal && error.code === 'session_expired') return anyone;
      if (access !== 'maybe_signed_in' || !(error instanceof Refusal)) throw error;
      failures.note(request.ip);
      return anyone;
    });
    if (identified === anyone) return anyone;
    if (request.byCookie && route.method !== 'GET' && request.headers['x-csrf-token'] !== csrfToken(services, token)) throw new Refusal('csrf_token_missing');
    if (access === 'customer' || access === 'leaving_customer') {
      if (identified.caller.kind !== 'customer') throw new Refusal('forbidden');
      return identified;
    }
    if (identified.caller.kind !== 'staff' || (access === 'session' && identified.caller.via !== 'session')) throw new Refusal('forbidden');
    // A password that a colleague set opens nothing but the way to one's own.
    if (identified.caller.passwordChangeDue && !(route.handler.kind === 'use-case' && route.handler.whilePasswordDue)) throw new Refusal('password_change_required');
    if (access in permissions && !holds(identified.caller.subject, access as keyof typeof permissions)) throw new Refusal('forbidden');
    return identified;
  }

  /** Whether somebody is signed in as one of those who answer the customer: they do not speak for them. */
  async function worksThere(request: FastifyRequest, tenantId: string): Promise<boolean> {
    const token = /^Bearer\s+(\S{1,300})$/i.exec(request.headers.authorization ?? '')?.[1] ?? request.cookies[sessionCookie]?.slice(0, 300);
    if (!token) return false;
    const identified = await identify.byToken(token).catch((error: unknown) => {
      // Whoever is signed in no longer is nobody.
      if (error instanceof Refusal) return anyone;
      throw error;
    });
    return identified.caller.kind === 'staff' && identified.tenantId === tenantId;
  }

  function checkParts(request: FastifyRequest, handler: UseCase | Stream): void {
    const language = languageOf(request.headers['accept-language']);
    if (handler.params) {
      const texts = Object.values(request.params as Record<string, string>);
      // A wrong identifier in the address names nothing.
      if (!texts.every(isStorable) || !validator(handler.params, 'text')(request.params)) throw new Refusal('invalid_identifier');
    }
    if (handler.query) {
      ensureStorable(request.query, language);
      ensureValid(validator(handler.query, 'text'), request.query, language);
    }
    if (handler.kind === 'stream' && handler.body && !request.isMultipart()) {
      const body = request.body === undefined ? {} : request.body;
      ensureStorable(body, language);
      ensureValid(validator(handler.body, 'json'), body, language);
      request.body = body;
    }
    if (handler.kind === 'use-case') {
      if (request.isMultipart()) throw new Refusal('unsupported_media_type', { mediaType: 'multipart/form-data' });
      if (request.body instanceof Readable) throw new Refusal('unsupported_media_type', { mediaType: 'application/offset+octet-stream' });
      const body = request.body === undefined ? {} : request.body;
      ensureStorable(body, language);
      ensureValid(validator(handler.body ?? noBody, 'json'), body, language);
      request.body = body;
    }
  }

  function contextFor(request: FastifyRequest, transaction: Transaction): Context {
    const { tenantId, caller, configurationVersion } = request.identified;
    return {
      tenantId, transaction, caller, configurationVersion, services,
      now: services.clock.now(),
      actor: actorOf(caller),
      language: languageOf(request.headers['accept-language']),
      requestId: request.id,
      remoteAddress: request.ip,
      csrfToken: request.byCookie ? csrfToken(services, request.cookies[sessionCookie] ?? '') : null,
      userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
      ...(request.identified.origins ? { foreignOrigin: foreignOrigin(request, services.publicUrl) } : {}),
    };
  }

  function streamContext(request: FastifyRequest, route: Route): StreamContext {
    const { tenantId, caller, configurationVersion } = request.identified;
    return {
      tenantId, caller, configurationVersion, services,
      language: languageOf(request.headers['accept-language']),
      requestId: request.id,
      identify: async () => (await identifyRequest(request, route)).caller,
      transact: (work) => services.database.transact(tenantId, (transaction) => work(contextFor(request, transaction))),
    };
  }

  /** Runs a use-case's work in a transaction, once more when it lost a race: then it sees what the other one wrote. */
  async function settle(tenantId: string, work: Work<KeptAnswer>, grouped: boolean): Promise<KeptAnswer> {
    const attempt = () => services.database.transact(tenantId, (transaction) => work(transaction).catch((error: unknown) => {
      if (error instanceof Refusal && error.keepsWrites) return error;
      throw error;
    }), { grouped });
    const outcome = await attempt().catch((error: unknown) => {
      if (isLostRace(error)) return attempt();
      throw error;
    });
    if (outcome instanceof Refusal) throw outcome;
    return outcome;
  }

  async function runUseCase(request: FastifyRequest, route: Route, handler: UseCase, checkAnswers: boolean): Promise<AnswerOutside & { replayed: boolean }> {
    const input = {
      params: request.params as never, query: request.query as never, body: request.body as never,
      ifMatch: readIfMatch(request.headers['if-match']),
    };
    if (handler.versioned && request.headers['if-match'] === undefined) throw new Refusal('version_required');
    const { tenantId } = request.identified;
    const key = route.method === 'POST' ? readIdempotencyKey(request.headers['idempotency-key']) : null;
    let cookie: CookieChange | undefined;
    const effect = async (transaction: Transaction): Promise<KeptAnswer> => {
      const context: Context = { ...contextFor(request, transaction), ...(key === null || tenantId === '' ? {} : { idempotentId: idOf(`${route.path} ${tenantId} ${senderOf(request.identified.caller)} ${key}`) }) };
      const answer = await handler.run(context, input as never) as Record<string, unknown> | undefined;
      if (checkAnswers && handler.answer) ensureAnswer(handler.answer, answer, route);
      cookie = cookieChanges.get(context);
      return toAnswer(handler, answer);
    };
    const once = (present: string): IdempotentRequest => ({
      caller: tenantId === '' ? `network ${networkOf(request.ip)}` : senderOf(request.identified.caller), key: present, now: services.clock.now(),
      // Keyed, as a request may hold a password.
      fingerprint: services.secrets.digest('idempotency', `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`).toString('base64'),
      sealWith: handler.secret ? services.secrets : undefined,
    });
    // Sign-in belongs to no organization yet; it opens its own transactions through the services.
    if (tenantId === '') {
      const outside = async (): Promise<AnswerOutside> => ({ ...await effect(undefined as never), ...(cookie ? { cookie } : {}) });
      return key === null ? { ...await outside(), replayed: false } : onceOutside(services.database, services.secrets, once(key), outside);
    }
    const transact = (work: Work<KeptAnswer>) => settle(tenantId, work, handler.grouped);
    if (key === null) {
      const answer = await transact(effect);
      return { ...answer, replayed: false, ...(cookie ? { cookie } : {}) };
    }
    const answer = await onceOnly(tenantId, once(key), transact, effect);
    return { ...answer, ...(cookie && !answer.replayed ? { cookie } : {}) };
  }
}

/** Somebody else wrote the same at the same moment, or both waited for each other. */
const isLostRace = (error: unknown): boolean => ['23505', '40P01', '40001'].some((code) => isDatabaseError(error, code));

const noBody = Type.Object({}, { additionalProperties: false });

/** The addresses of the routes, so that a method one does not take is told from an address that names nothing. */
function addressesOf(routes: readonly Route[]): { method: string; pattern: RegExp }[] {
  return routes.map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/?#]+')}/?(?:[?#].*)?$`) }));
}

const cookieChanges = new WeakMap<Context, CookieChange>();

/** Lets a use-case set the session cookie of its answer, or take it away. */
export function changeSessionCookie(context: Context, change: CookieChange): void {
  cookieChanges.set(context, change);
}

/** The token a page of ours must send along with every change, as no foreign page can read it. */
export function csrfToken(services: Services, sessionToken: string): string {
  return services.secrets.digest('csrf', sessionToken).toString('base64url').slice(0, 32);
}

/** The version If-Match names; null for any. RFC 9110, 13.1.1: compared strongly, so a weak tag matches nothing. */
function readIfMatch(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  const version = /^"(\d{1,9})"$/.exec(header.trim())?.[1];
  // Not a version of ours: it cannot be the present one.
  return version === undefined ? -1 : Number(version);
}

function toAnswer(handler: UseCase, answer: Record<string, unknown> | undefined): KeptAnswer {
  if (handler.answer === null) return { status: 204, body: null, headers: {} };
  const headers: Record<string, string> = {};
  if (typeof answer?.['version'] === 'number') headers['etag'] = `"${answer['version']}"`;
  return { status: handler.status, body: JSON.stringify(answer), headers };
}

function send(request: FastifyRequest, reply: FastifyReply, answer: AnswerOutside & { replayed: boolean }, secure: boolean): FastifyReply {
  if (answer.cookie) {
    if (answer.cookie.token === null) reply.clearCookie(sessionCookie, { path: '/' });
    else reply.setCookie(sessionCookie, answer.cookie.token, { path: '/', httpOnly: true, sameSite: 'lax', secure, ...(answer.cookie.expiresAt ? { expires: answer.cookie.expiresAt } : {}) });
  }
  for (const [name, value] of Object.entries(answer.headers)) reply.header(name, value);
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  if (answer.body === null) return reply.status(answer.status).send();
  if (request.method === 'GET') addNextLink(request, reply, answer.body);
  return reply.status(answer.status).type('application/json; charset=utf-8').send(answer.body);
}

/** RFC 8288: the next page as a link, for callers that follow links instead of reading nextCursor. */
function addNextLink(request: FastifyRequest, reply: FastifyReply, body: string): void {
  const cursor = /"nextCursor":"([A-Za-z0-9_-]+)"\}$/.exec(body.slice(-1_100))?.[1];
  if (cursor === undefined) return;
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.set('cursor', cursor);
  reply.header('link', `<${url.pathname}${url.search}>; rel="next"`);
}

function ensureAnswer(schema: TSchema, answer: unknown, route: Route): void {
  // As it will travel: dates as text, undefined members gone.
  const check = validator(schema, 'json');
  if (!check(JSON.parse(JSON.stringify(answer ?? null)))) {
    throw new Error(`${route.method} ${route.path} answers what its schema does not allow: ${JSON.stringify(check.errors?.slice(0, 5))}`);
  }
}
