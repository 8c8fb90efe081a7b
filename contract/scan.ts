import { Type } from 'typebox';
import { Closed, NullableTimestamp } from './common.ts';

/** How often a code on an asset or at a place was scanned (扫码次数). */
export const Scans = Closed({ count: Type.Integer(), lastAt: NullableTimestamp }, { description: 'How often its code was scanned, and when last' });
/** Makes a new code (换码). */
export const renewCode = Type.Optional(Type.Literal(true, { description: 'Makes a new code: those printed so far open nothing any more' }));
