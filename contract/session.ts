import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, OneOf, Page, Timestamp, visible } from './common.ts';
import { permissions, type Permission } from '../rules/access/permissions.ts';

const PermissionName = OneOf(Object.keys(permissions) as Permission[]);
const ScopeName = OneOf(['own', 'team', 'department', 'organization']);

/** Who is signed in, and what they may do: the console shows only what is allowed. */
export const Me = Closed({
  id: Id,
  name: Type.String(),
  email: Nullable(Type.String()),
  roles: Type.Array(Type.String(), { description: 'Keys of their roles (ids of those that have none), as the rules of forms see them' }),
  job: Type.String({ description: 'agent, technician, dispatcher, manager or administrator' }),
  organization: Closed({ id: Id, name: Type.String(), slug: Type.String(), timeZone: Type.String(), photoWatermark: Type.Boolean({ description: 'Time, place and number are written into photos taken on visits' }) }),
  teams: Type.Array(Closed({ id: Id, name: Type.String() })),
  department: Nullable(Closed({ id: Id, name: Type.String() })),
  permissions: Type.Array(Closed({ permission: PermissionName, scope: ScopeName })),
  secondFactor: Type.Boolean(),
  passwordChangeDue: Type.Boolean({ description: 'The password was set by a colleague: until it is changed, everything but that, showing the session and signing out is refused with password_change_required' }),
}, { title: 'Me' });
export type Me = Static<typeof Me>;

export const SignIn = Closed({
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 254, description: 'E-mail address or phone number' })),
  phone: Type.Optional(Type.String({ minLength: 3, maxLength: 30 })),
  password: Type.String({ minLength: 1, maxLength: 200 }),
  code: Type.Optional(Type.String({ minLength: 6, maxLength: 10, description: 'Code of the authenticator app, when two-factor sign-in is on' })),
  organization: Type.Optional(Type.String({ maxLength: 63, description: 'Slug, where one account belongs to several organizations' })),
}, { title: 'SignIn' });
export type SignIn = Static<typeof SignIn>;

const FeedPlace = Type.String({ description: 'Where the feed stood when this was answered: to be sent to it as Last-Event-ID, so that a page misses nothing of what happens while it asks for the rest' });

export const SessionStarted = Closed({
  token: Type.String({ description: 'Bearer token; the same session is also set as a cookie' }),
  csrfToken: Type.String({ description: 'Send as X-CSRF-Token with every change when using the cookie' }),
  expiresAt: Timestamp,
  staff: Me,
  feedPlace: FeedPlace,
}, { title: 'SessionStarted' });
export const CurrentSession = Closed({ csrfToken: Nullable(Type.String()), staff: Nullable(Me), feedPlace: Nullable(FeedPlace) }, { title: 'CurrentSession', description: 'staff is null when nobody is signed in' });

export const SessionSummary = Closed({
  id: Id,
  current: Type.Boolean(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
  expiresAt: Timestamp,
  userAgent: Nullable(Type.String()),
  address: Nullable(Type.String()),
});
export const SessionPage = Page(SessionSummary);

export const SecondFactorSetup = Closed({ secret: Type.String({ description: 'Base32' }), uri: Type.String({ description: 'otpauth:// address' }), qrCode: Type.String({ description: 'The address as an SVG picture' }) });
export const StartSecondFactor = Closed({ currentPassword: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Needed unless the session was started within the last five minutes' })) });
export const SecondFactorCode = Closed({ code: Type.String({ minLength: 6, maxLength: 10 }) });
export const ChangePassword = Closed({ currentPassword: Type.String({ minLength: 1, maxLength: 200 }), newPassword: Type.String({ minLength: 1, maxLength: 200 }) });

export const CreateApiKey = Closed({
  name: Type.String({ minLength: 1, maxLength: 100, pattern: visible }),
  permissions: Type.Optional(Type.Array(PermissionName, { maxItems: 100, uniqueItems: true, description: 'What the key may do; never more than its owner. All of the owner’s when absent' })),
  expiresAt: Type.Optional(Timestamp),
}, { title: 'CreateApiKey' });
export const ApiKeySummary = Closed({
  id: Id, name: Type.String(), prefix: Type.String(), permissions: Nullable(Type.Array(Type.String())), createdAt: Timestamp,
  expiresAt: Nullable(Timestamp), lastUsedAt: Nullable(Timestamp), revokedAt: Nullable(Timestamp), staff: Closed({ id: Id, name: Type.String() }),
}, { title: 'ApiKey' });
export const ApiKeyCreated = Closed({ ...ApiKeySummary.properties, key: Type.String({ description: 'Shown only now' }) }, { title: 'ApiKeyCreated' });
export const ApiKeyPage = Page(ApiKeySummary);
