import { Type, type Static } from 'typebox';
import { Closed, Id, limits, Nullable, OneOf, Reference, visible } from './common.ts';

export const territoryLimits = { territories: 100, polygons: 20, rings: 20, positions: 500, assigned: 200 } as const;
export const territoryColors = ['blue', 'green', 'orange', 'red', 'purple', 'cyan', 'pink', 'grey'] as const;
export type TerritoryColor = (typeof territoryColors)[number];

const Position = Type.Array(Type.Number({ minimum: -180, maximum: 180 }), { minItems: 2, maxItems: 2, description: 'Longitude, then latitude' });
const Ring = Type.Array(Position, { minItems: 3, maxItems: territoryLimits.positions + 1 });
/** The coordinates of a GeoJSON MultiPolygon (区域范围), RFC 7946. */
export const TerritoryShape = Type.Array(Type.Array(Ring, { minItems: 1, maxItems: territoryLimits.rings }), {
  minItems: 1, maxItems: territoryLimits.polygons, description: `The coordinates of a GeoJSON MultiPolygon: polygons of rings, of which the first is the outer one and the others are holes; ${territoryLimits.positions} positions in all at most. A ring neither crosses nor touches itself`,
});
export type TerritoryShape = Static<typeof TerritoryShape>;

/** An area that teams and technicians serve (服务区域). */
export const Territory = Closed({
  id: Id, name: Type.String(), nameEn: Nullable(Type.String()), color: OneOf(territoryColors), shape: TerritoryShape,
  teams: Type.Array(Reference, { description: 'Whose members serve it; new tickets there go to the team, where there is only one and nothing else says another' }),
  staff: Type.Array(Reference, { description: 'Technicians who serve it beside' }),
  active: Type.Boolean(), version: Type.Integer(),
}, { title: 'Territory' });
export type Territory = Static<typeof Territory>;
export const Territories = Closed({ items: Type.Array(Territory) }, { title: 'Territories' });
export const ListTerritories = Closed({ archived: Type.Optional(Type.Boolean({ description: 'Also those out of use' })) });

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const nameEn = Type.Optional(Nullable(Type.String({ maxLength: limits.name })));
const crs = Type.Optional(OneOf(['WGS84', 'GCJ02', 'BD09'], { description: 'Coordinate system of the shape; WGS-84 when absent' }));
const ids = Type.Optional(Type.Array(Id, { maxItems: territoryLimits.assigned, uniqueItems: true }));
export const CreateTerritory = Closed({ name, nameEn, color: Type.Optional(OneOf(territoryColors)), shape: TerritoryShape, crs, teamIds: ids, staffIds: ids }, { title: 'CreateTerritory' });
export type CreateTerritory = Static<typeof CreateTerritory>;
export const UpdateTerritory = Closed({
  name: Type.Optional(name), nameEn, color: Type.Optional(OneOf(territoryColors)), shape: Type.Optional(TerritoryShape), crs, teamIds: ids, staffIds: ids, active: Type.Optional(Type.Boolean()),
}, { title: 'UpdateTerritory', minProperties: 1 });
export type UpdateTerritory = Static<typeof UpdateTerritory>;

/** What a team keeps to when its work is given out (班组派单规则). */
const Rules = Closed({
  reservePercent: Type.Integer({ minimum: 0, maximum: 80, description: 'Of the working time of its people, kept for what is urgent' }),
  withinTerritory: Type.Boolean({ description: 'Nobody is sent from outside of the territories a ticket lies in; else it counts in the score' }),
});
export type DispatchRuleSettings = Static<typeof Rules>;
export const usualRules: DispatchRuleSettings = { reservePercent: 0, withinTerritory: false };
export const DispatchRules = Closed({ team: Reference, rules: Rules, version: Type.Integer({ description: '0 while nothing was ever entered' }) }, { title: 'DispatchRules' });
export type DispatchRules = Static<typeof DispatchRules>;
export const UpdateDispatchRules = Closed({ rules: Rules }, { title: 'UpdateDispatchRules' });
