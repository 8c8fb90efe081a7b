import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Timestamp, limits } from './common.ts';
import { TakeVisitAction, Visit } from './visit.ts';
import { stepRules, type StepRuleName } from '../rules/ticket/field-sync.ts';
import { visitActions, visitObstacles } from '../rules/ticket/visit-lifecycle.ts';
import { ticketStatuses } from '../rules/ticket/lifecycle.ts';

export const fieldLimits = { commands: 50, points: 60, history: 20 } as const;

const sequence = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The device’s own count of its steps, rising' });

/** Steps that a device took, perhaps without a network (现场同步). */
export const SyncCommands = Closed({
  sentAt: Type.Optional(Timestamp),
  deviceId: Type.String({ format: 'uuid', description: 'Made by the device once, and kept' }),
  commands: Type.Array(Closed({
    sequence,
    visitId: Id,
    action: OneOf(visitActions),
    previous: Type.Optional(Nullable(Type.Integer({ minimum: 1, description: 'The number of the step before it on the same visit that the device has no answer to; null when there is none' }))),
    body: Type.Optional(TakeVisitAction),
  }), { minItems: 1, maxItems: fieldLimits.commands }),
}, { title: 'SyncCommands', description: 'sentAt is when it was sent by the clock of the device: with it the times of the steps are put right where that clock is wrong' });
export type SyncCommands = Static<typeof SyncCommands>;

/** What became of one of them. */
export const SyncResult = Closed({
  sequence,
  outcome: OneOf(['applied', 'already_applied', 'held', 'refused'], { description: 'held: a step before it on the same visit was refused or has not come, or the server failed with it; send it again later' }),
  visit: Nullable(Visit),
  problem: Nullable(Closed({
    status: Type.Integer(), code: Type.String(), title: Type.String(),
    errors: Type.Array(Closed({ path: Type.String(), code: Type.String(), message: Type.String() })),
    rule: OneOf(Object.keys(stepRules) as StepRuleName[], { description: 'What kind of conflict it is, with a way out of each' }),
  })),
}, { title: 'SyncResult' });
export type SyncResult = Static<typeof SyncResult>;
export const SyncResults = Closed({
  results: Type.Array(SyncResult, { description: 'In the order of their numbers' }),
  clockBehindSeconds: Type.Integer({ description: 'By how much the clock of the device was found to be behind, below zero ahead; 0 within a minute. The times of the steps were put right by as much' }),
}, { title: 'SyncResults' });
export type SyncResults = Static<typeof SyncResults>;

/** Where a phone was during a visit (上门定位). */
export const SendPositions = Closed({
  visitId: Id,
  crs: Type.Optional(OneOf(['WGS84', 'GCJ02', 'BD09'], { description: 'WGS-84 when absent' })),
  sentAt: Type.Optional(Timestamp),
  points: Type.Array(Closed({
    lat: Type.Number({ minimum: -90, maximum: 90 }), lng: Type.Number({ minimum: -180, maximum: 180 }),
    accuracy: Type.Number({ minimum: 0, maximum: 100_000, description: 'Metres' }),
    at: Timestamp,
  }), { minItems: 1, maxItems: fieldLimits.points }),
}, { title: 'SendPositions', description: 'sentAt is when it was sent by the clock of the phone: with it the times of the points are put right where that clock is wrong' });
export type SendPositions = Static<typeof SendPositions>;
export const PositionsTaken = Closed({
  kept: Type.Integer({ description: 'How many were worth keeping' }),
  near: Type.Boolean({ description: 'The place of the visit is near: the customer has been told' }),
  nextInSeconds: Type.Integer({ description: 'When the next are wanted' }),
  stopped: Nullable(OneOf(['too_long', 'left'], { description: 'Why nothing is kept any more, although the visit was not ended: it has gone on for longer than work does (6 hours on the way, 12 on site), or the phone is more than 2 km from where it checked in' })),
}, { title: 'PositionsTaken' });
export type PositionsTaken = Static<typeof PositionsTaken>;

const point = { lat: Type.Number(), lng: Type.Number(), accuracy: Type.Number(), at: Timestamp };
/** Where somebody was last, during a visit under way. */
export const StaffPosition = Closed({ staffId: Id, visitId: Id, ...point }, { title: 'StaffPosition' });
export type StaffPosition = Static<typeof StaffPosition>;
export const StaffPositions = Closed({ items: Type.Array(StaffPosition) }, { title: 'StaffPositions' });
export const VisitTrack = Closed({ items: Type.Array(Closed(point)) }, { title: 'VisitTrack' });
export type VisitTrack = Static<typeof VisitTrack>;

const share = Closed({ of: Type.Integer(), count: Type.Integer() });
const figures = Closed({
  completed: Type.Integer(),
  onTime: Closed({ ...share.properties }, { description: 'Of visits with a promised window, those checked in before its end' }),
  fixedAtOnce: Closed({ ...share.properties }, { description: 'Of tickets with a completed visit, those that took one visit and were not opened again' }),
  rating: Closed({ count: Type.Integer(), average: Nullable(Type.Number()) }),
});
/** One's own figures (我的指标), by the organization’s calendar. */
export const OwnFigures = Closed({ today: figures, week: figures, at: Timestamp }, { title: 'OwnFigures' });
export type OwnFigures = Static<typeof OwnFigures>;

export const FindFieldAsset = Closed({ code: Type.String({ minLength: 1, maxLength: 300, description: 'What the scanned code holds, or the asset’s own code' }) });
/** An asset as whoever stands before it wants to know it (现场设备卡), with what was done to it before. */
export const FieldAsset = Closed({
  id: Id, code: Type.String(), name: Type.String(), model: Nullable(Type.String()), serialNumber: Nullable(Type.String()), address: Nullable(Type.String()),
  criticality: Type.String(), warrantyUntil: Nullable(Type.String()), installedOn: Nullable(Type.String()),
  attributes: Type.Record(Type.String(), Type.Unknown()),
  history: Type.Array(Closed({
    ticketId: Id, number: Type.String(), subject: Type.String(), status: OneOf(ticketStatuses), createdAt: Timestamp, resolution: Nullable(Type.String({ maxLength: limits.description })),
    visits: Type.Array(Closed({ technician: Type.String(), at: NullableTimestamp, workSummary: Nullable(Type.String()), obstacle: Nullable(OneOf(visitObstacles)), note: Nullable(Type.String()) })),
  }), { description: 'The latest first; without anything of the customers' }),
}, { title: 'FieldAsset' });
export type FieldAsset = Static<typeof FieldAsset>;
export const FieldAssets = Closed({ items: Type.Array(FieldAsset, { description: 'One, or none where the code opens nothing' }) }, { title: 'FieldAssets' });
export type FieldAssets = Static<typeof FieldAssets>;
