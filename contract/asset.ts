import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { assetSorts } from './record-sorts.ts';
import { Scans, renewCode } from './scan.ts';

export const assetLimits = { attributes: 50, attributeName: 60, attributeText: 500, depth: 20, labels: 200 } as const;

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const code = Type.String({ minLength: 1, maxLength: 64, pattern: '^\\S+$' });
const text = (maxLength: number) => Type.Optional(Nullable(Type.String({ maxLength })));
const day = Type.String({ format: 'date', description: 'YYYY-MM-DD' });
export const criticalities = ['low', 'normal', 'high'] as const;
const criticality = OneOf(criticalities);
/** Properties of an organization's own, each a text, a number, yes or no (自定义属性). */
export const Attributes = Type.Record(
  Type.String({ minLength: 1, maxLength: assetLimits.attributeName, pattern: visible }),
  Type.Union([Type.String({ maxLength: assetLimits.attributeText }), Type.Number(), Type.Boolean()]),
  { maxProperties: assetLimits.attributes, propertyNames: { minLength: 1, maxLength: assetLimits.attributeName, pattern: visible } },
);

const CodedReference = Closed({ id: Id, code: Type.String(), name: Type.String() }, { title: 'AssetReference' });
/** A piece of equipment (设备). */
export const Asset = Closed({
  id: Id, code: Type.String(), name: Type.String(), model: Nullable(Type.String()), serialNumber: Nullable(Type.String()), customer: Nullable(Reference),
  account: Nullable(Reference), site: Nullable(Reference), parent: Nullable(CodedReference), childCount: Type.Integer({ description: 'Up to 1,000' }),
  address: Nullable(Type.String()), location: Nullable(Closed({ lat: Type.Number(), lng: Type.Number() })), criticality, warrantyUntil: Nullable(day), installedOn: Nullable(day),
  attributes: Attributes, externalId: Nullable(Type.String()),
  scanUrl: Type.String({ description: 'What the QR code on the asset opens' }), scans: Scans, archivedAt: NullableTimestamp, createdAt: Timestamp, version: Type.Integer(),
}, { title: 'Asset' });
export type Asset = Static<typeof Asset>;
export const AssetPage = Page(Asset);

export const ListAssets = Closed({
  ...pageQuery, sort: Type.Optional(OneOf(assetSorts, { description: '-createdAt when absent; names by pinyin; those without a warranty come last in either order of it' })),
  q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of the name, code, model or serial number' })),
  customer: Type.Optional(Id), account: Type.Optional(Id), site: Type.Optional(Id), parent: Type.Optional(Id), criticality: Type.Optional(criticality),
  warranty: Type.Optional(OneOf(['valid', 'expired', 'none'], { description: 'By today, in the organization’s time zone' })), archived: Type.Optional(Type.Boolean({ description: 'Those taken out of use instead' })),
}, { title: 'ListAssets' });
export type ListAssets = Static<typeof ListAssets>;

const parts = {
  model: text(100), serialNumber: text(100), customerId: Type.Optional(Nullable(Id)), accountId: Type.Optional(Nullable(Id)), siteId: Type.Optional(Nullable(Id)), parentId: Type.Optional(Nullable(Id)),
  address: text(300), lat: Type.Optional(Nullable(Type.Number({ minimum: -90, maximum: 90 }))), lng: Type.Optional(Nullable(Type.Number({ minimum: -180, maximum: 180 }))),
  criticality: Type.Optional(criticality), warrantyUntil: Type.Optional(Nullable(day)), installedOn: Type.Optional(Nullable(day)), attributes: Type.Optional(Attributes),
  externalId: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 120, pattern: visible }))),
};
export const CreateAsset = Closed({ code, name, ...parts }, { title: 'CreateAsset' });
export type CreateAsset = Static<typeof CreateAsset>;
export const UpdateAsset = Closed({
  code: Type.Optional(code), name: Type.Optional(name), ...parts,
  archived: Type.Optional(Type.Boolean({ description: 'true takes it out of use: its code opens nothing any more, its history stays; false takes it back' })),
  renewCode,
}, { title: 'UpdateAsset', minProperties: 1 });
export type UpdateAsset = Static<typeof UpdateAsset>;

/** `40x30`, `60x40`, `80x50`: one label of so many millimetres a page, for label printers; `a4`, `a4_24`, `a4_40`: 21, 24 or 40 labels on a sheet of A4. */
export const labelSizes = ['40x30', '60x40', '80x50', 'a4', 'a4_24', 'a4_40'] as const;
/** How many labels are on a page of each. */
export const labelsOnPage = { '40x30': 1, '60x40': 1, '80x50': 1, a4: 21, a4_24: 24, a4_40: 40 } as const satisfies Record<(typeof labelSizes)[number], number>;
/** Printable labels with QR codes (设备标签): an HTML page, to be printed as it is. */
export const PrintLabels = Closed({ ids: Type.Array(Id, { minItems: 1, maxItems: assetLimits.labels, uniqueItems: true }), size: Type.Optional(OneOf(labelSizes, { description: 'a4 when absent' })), skip: Type.Optional(Type.Integer({ minimum: 0, maximum: 39, description: 'So many places of the first sheet are used up already' })) }, { title: 'PrintLabels' });
export type PrintLabels = Static<typeof PrintLabels>;
