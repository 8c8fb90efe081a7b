import { Type, type Static } from 'typebox';
import { Closed, Id, limits, Nullable, NullableTimestamp, OneOf, Reference, Timestamp, visible } from './common.ts';
import { isMappingTarget, Mapping } from './channel.ts';
import { noticeLimits, type AccountField } from './notice.ts';

/** Other systems that are asked about a ticket (连接器): anything that answers JSON over HTTP; Kuaidi100 for parcels. */
export const connectorKinds = ['http', 'kuaidi100'] as const;
export type ConnectorKind = (typeof connectorKinds)[number];

export const connectorLimits = { connectors: 30, pages: 10, items: 1_000, answer: 1_000_000, sample: 60_000 } as const;

const url = '^https?://[^\\s]{1,480}$';
const path = '^[^\\s.]+(\\.[^\\s.]+){0,9}$';
const seconds = (most: number): Pick<AccountField, 'pattern'> => ({ pattern: most > 1_000 ? '^[0-9]{1,6}$' : '^[0-9]{1,2}$' });
const common: readonly AccountField[] = [{ name: 'cacheSeconds', standard: '300', ...seconds(86_400) }, { name: 'timeoutSeconds', standard: '10', ...seconds(30) }];

/** What a connector of each kind takes (连接器表单). `{{…}}` in addresses and bodies are of the ticket: `ticket.number`, `fields.<key>`, `requester.phone`, `asset.code`, … */
export const connectorForms: Record<ConnectorKind, readonly AccountField[]> = {
  http: [
    { name: 'url', pattern: url }, { name: 'method', choices: ['GET', 'POST'], standard: 'GET' }, { name: 'body', optional: true }, { name: 'bodyType', choices: ['json', 'form'], standard: 'json' },
    { name: 'auth', choices: ['none', 'header', 'basic', 'oauth2'], standard: 'none' },
    { name: 'headerName', optional: true, pattern: '^[A-Za-z0-9-]{1,60}$' }, { name: 'headerValue', secret: true, optional: true },
    { name: 'user', optional: true }, { name: 'password', secret: true, optional: true },
    { name: 'tokenUrl', optional: true, pattern: url }, { name: 'clientId', optional: true }, { name: 'clientSecret', secret: true, optional: true }, { name: 'scope', optional: true },
    // An error within a 200, as many answer: `code=0` says when it is none.
    { name: 'succeeds', optional: true, pattern: '^[^\\s=]{1,100}=[^=]{0,100}$' }, { name: 'items', optional: true, pattern: path }, { name: 'next', optional: true, pattern: path },
    ...common,
  ],
  // https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc
  kuaidi100: [
    { name: 'customer' }, { name: 'key', secret: true }, { name: 'company', standard: '{{fields.courier}}' }, { name: 'number', standard: '{{fields.tracking_no}}' }, { name: 'phone', optional: true },
    { name: 'baseUrl', standard: 'https://poll.kuaidi100.com', pattern: url }, ...common,
  ],
};
/** Which settings each way to say who we are needs. */
export const authFields: Readonly<Record<string, readonly string[]>> = { none: [], header: ['headerName', 'headerValue'], basic: ['user', 'password'], oauth2: ['tokenUrl', 'clientId', 'clientSecret'] };

/** What a connector's mapping may fill in. */
const targets = new Set(['category', 'priority', 'requester.name', 'requester.phone', 'requester.email', 'location.address', 'location.lat', 'location.lng', 'assetCode', 'subject']);
export const isConnectorTarget = (target: string): boolean => isMappingTarget(target) && (targets.has(target) || target.startsWith('fields.'));
export const connectorTargets = [...targets];

const Values = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: noticeLimits.secret }), { maxProperties: 30 });

export const Connector = Closed({
  id: Id, kind: OneOf(connectorKinds), name: Type.String(), active: Type.Boolean(), type: Nullable(Reference),
  settings: Type.Record(Type.String(), Type.String(), { description: 'What is no secret' }), secrets: Type.Array(Type.String(), { description: 'Which secrets are kept; none is ever shown again' }), mapping: Mapping,
  asksFor: Type.Array(Type.String(), { description: 'What of a ticket it asks with: it is asked once all of it is there, and anew when any of it changes' }),
  health: Closed({ filled: Type.Integer(), failed: Type.Integer(), waiting: Type.Integer(), lastAt: NullableTimestamp, lastFailure: Nullable(Type.String()) }, { description: 'Of the last seven days; counted up to 1,000' }),
  version: Type.Integer(), createdAt: Timestamp,
}, { title: 'Connector' });
export type Connector = Static<typeof Connector>;
export const ConnectorList = Closed({ items: Type.Array(Connector), nextCursor: Type.Null() }, { title: 'ConnectorList' });
const settings = Type.Optional(Type.Unsafe<Static<typeof Values>>({ ...Values, description: 'A secret that is left out stays as it is' }));
export const CreateConnector = Closed({
  kind: OneOf(connectorKinds), name: Type.String({ minLength: 1, maxLength: limits.name, pattern: visible }), type: Type.Optional(Nullable(Id)), settings, mapping: Type.Optional(Mapping), active: Type.Optional(Type.Boolean()),
}, { title: 'CreateConnector' });
export const UpdateConnector = Closed({
  name: Type.Optional(CreateConnector.properties.name), type: Type.Optional(Nullable(Id)), settings, mapping: Type.Optional(Mapping), active: Type.Optional(Type.Boolean()),
  archived: Type.Optional(Type.Literal(true, { description: 'Takes it away for good; what it filled in stays' })),
}, { title: 'UpdateConnector', minProperties: 1 });

/** Asks another system with sample values or for a ticket, and fills in nothing (试一试). */
export const TryConnector = Closed({
  connector: Type.Optional(Id), kind: OneOf(connectorKinds), settings, mapping: Type.Optional(Mapping),
  ticket: Type.Optional(Type.String({ maxLength: 64, description: 'Id or number of a ticket to ask for' })),
  values: Type.Optional(Type.Record(Type.String({ maxLength: 80 }), Type.String({ maxLength: 500 }), { maxProperties: 30, description: 'Values of what it asks with, by path' })),
}, { title: 'TryConnector' });
export type TryConnector = Static<typeof TryConnector>;
export const TriedConnector = Closed({
  outcome: OneOf(['answered', 'missing', 'failed']), missing: Type.Array(Type.String()), reason: Nullable(Type.String()), said: Nullable(Type.String()), milliseconds: Type.Integer(),
  answer: Nullable(Type.String({ description: 'What it answered, up to 60,000 characters' })), values: Type.Record(Type.String(), Type.Unknown(), { description: 'What the mapping makes of it, by target' }),
}, { title: 'TriedConnector' });
export type TriedConnector = Static<typeof TriedConnector>;
