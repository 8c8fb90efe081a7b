import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Permission } from '../../../rules/access/permissions.ts';
import type { Context, Caller, Services } from '../context.ts';

type Of<Schema> = Schema extends TSchema ? Static<Schema> : undefined;

/** What a use-case is given: parts of the request that passed their schemas. */
export interface Input<Params, Query, Body> {
  params: Of<Params>;
  query: Of<Query>;
  body: Of<Body>;
  /** The version of If-Match; null for any, or when it was not sent. */
  ifMatch: number | null;
}

/** One thing the program can be asked to do over HTTP (用例), run in one transaction of the caller's organization. */
export interface UseCase {
  kind: 'use-case';
  /** One line for the API documentation. */
  summary: string;
  params?: TSchema;
  query?: TSchema;
  body?: TSchema;
  /** Schema of the answer; null answers 204. */
  answer: TSchema | null;
  status: number;
  /** Calls that arrive together may share a commit: see `Database.transact`. */
  grouped: boolean;
  /** If-Match is needed. */
  versioned: boolean;
  /** The answer holds a secret: what is kept for Idempotency-Key is sealed. */
  secret: boolean;
  /** Open to whoever has yet to choose a password of their own. */
  whilePasswordDue: boolean;
  run(context: Context, input: Input<TSchema, TSchema, TSchema>): Promise<unknown>;
}

/** Declares a use-case; the types of its input and answer follow from its schemas. */
export function useCase<
  Params extends TSchema | undefined = undefined, Query extends TSchema | undefined = undefined,
  Body extends TSchema | undefined = undefined, Answer extends TSchema | null = null,
>(definition: {
  summary: string; params?: Params; query?: Query; body?: Body; answer: Answer; status?: number;
  grouped?: boolean; versioned?: boolean; secret?: boolean; whilePasswordDue?: boolean;
  run(context: Context, input: Input<Params, Query, Body>): Promise<Answer extends TSchema ? Static<Answer> : void>;
}): UseCase {
  return {
    kind: 'use-case', status: definition.answer === null ? 204 : 200, grouped: false, versioned: false, secret: false, whilePasswordDue: false,
    ...definition,
  } as unknown as UseCase;
}

/** What a stream is given: its request passed no transaction, it opens its own. */
export interface StreamContext {
  tenantId: string;
  caller: Caller;
  language: Context['language'];
  requestId: string;
  configurationVersion: number;
  services: Services;
  /** Who asks, looked up anew: what was found out before a stream began may be true no longer. Throws as at first. */
  identify(): Promise<Caller>;
  /** Runs work in a transaction, with the context a use-case gets. */
  transact<Result>(work: (context: Context) => Promise<Result>): Promise<Result>;
}

/** An exchange that is no JSON in, JSON out: uploads, downloads, server-sent events. */
export interface Stream {
  kind: 'stream';
  summary: string;
  params?: TSchema;
  query?: TSchema;
  /** The JSON it takes; checked before it runs. */
  body?: TSchema;
  /** The fields that the multipart form it takes may have beside the file. */
  form?: TSchema;
  produces: string;
  answer?: TSchema;
  status: number;
  run(context: StreamContext, request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

export function stream(definition: Omit<Stream, 'kind' | 'status'> & { status?: number }): Stream {
  return { kind: 'stream', status: 200, ...definition };
}

/**
 * Who may use a route (访问要求): a permission; `signed_in` for all staff; `session` for staff who signed in themselves, as
 * an API key must not change how its owner signs in; `customer` for a customer's session; `leaving_customer` for the
 * same, and for one that has ended already, as nobody; `link`
 * for the holder of a ticket's signed link (`:token`); `portal` for anybody at an organization's portal (`:org`);
 * `scan` for whoever scanned an asset's code (`:token`); `chat` for anybody at a chat on a website (`:channel`) and `visit` for the
 * holder of a visit's token (`:token`) there, both from the origins that channel allows; `public` for anybody, in no organization; `maybe_signed_in`
 * for staff or nobody.
 */
export type Access = Permission | 'signed_in' | 'session' | 'maybe_signed_in' | 'customer' | 'leaving_customer' | 'link' | 'portal' | 'scan' | 'chat' | 'visit' | 'public';

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  access: Access;
  handler: UseCase | Stream;
}

/** One line of routes.ts. */
export function route(method: Route['method'], path: string, access: Access, handler: UseCase | Stream): Route {
  return { method, path, access, handler };
}
