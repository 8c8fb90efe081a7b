import { Type, type Static, type TSchema } from 'typebox';

/** A UUIDv7 in lower case. */
export const Id = Type.String({ format: 'uuid', description: 'UUIDv7' });
/** RFC 3339 in UTC. */
export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' });
export const NullableTimestamp = Type.Union([Timestamp, Type.Null()]);

/**
 * A pattern for texts that must have something to see: more than spaces, control characters and characters without a shape
 * (zero-width ones, fillers of Hangul and Braille).
 */
export const visible = '[^\\s\\p{Cc}\\p{Cf}\\u115F\\u1160\\u2800\\u3164\\uFFA0]';
/** A pattern for phone numbers as people type them. */
export const phonePattern = '^\\+?[0-9 ()-]+$';

/** A union of fixed words, kept as a JSON Schema enum. */
export function OneOf<const Words extends readonly string[]>(words: Words, options: Record<string, unknown> = {}) {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...options });
}

/** A record or null. */
export function Nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** An object that refuses properties it does not name. */
export function Closed<Properties extends Record<string, TSchema>>(properties: Properties, options: Record<string, unknown> = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** A place (地点): WGS-84 unless `crs` says otherwise on input; answers are always WGS-84. */
export const Location = Closed({
  lat: Type.Optional(Nullable(Type.Number({ minimum: -90, maximum: 90 }))),
  lng: Type.Optional(Nullable(Type.Number({ minimum: -180, maximum: 180 }))),
  address: Type.Optional(Nullable(Type.String({ maxLength: 300 }))),
  crs: Type.Optional(OneOf(['WGS84', 'GCJ02', 'BD09'], { description: 'Coordinate system of lat/lng on input; WGS-84 when absent' })),
}, { title: 'Location' });
export type Location = Static<typeof Location>;

/** A name beside an identifier, as lists and cards show it. */
export const Reference = Closed({ id: Id, name: Type.String() }, { title: 'Reference' });
export type Reference = Static<typeof Reference>;

/** One page of a list; `nextCursor` is null on the last one. */
export function Page<Schema extends TSchema>(item: Schema) {
  return Closed({ items: Type.Array(item), nextCursor: Nullable(Type.String()) });
}

export const limits = { page: 200, defaultPage: 50, subject: 200, description: 20_000, comment: 20_000, name: 100, reason: 1_000, tags: 20, attachments: 20 } as const;

/** Query parameters every list takes. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.page, description: 'How many at most; 50 when absent, 200 for lists of the configuration' })),
  cursor: Type.Optional(Type.String({ maxLength: 1_000, description: 'nextCursor of the page before' })),
};
export const PageQuery = Closed(pageQuery);

/** RFC 9457 problem details: what every refusal and error answers. */
export const Problem = Type.Object({
  type: Type.String({ description: 'URI of the documentation of the code' }),
  title: Type.String({ description: 'Sentence for a person, in the language of Accept-Language' }),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable code' }),
  detail: Type.Optional(Type.String()),
  requestId: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), code: Type.String(), message: Type.String() }))),
}, { title: 'Problem' });
export type Problem = Static<typeof Problem>;
