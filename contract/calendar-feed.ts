import { Type, type Static } from 'typebox';
import { Closed, NullableTimestamp } from './common.ts';

/** Whether one's visits can be read by a calendar (日历订阅), and since when. */
export const CalendarFeed = Closed({ active: Type.Boolean(), createdAt: NullableTimestamp, lastReadAt: Type.Union([NullableTimestamp], { description: 'About when a calendar last asked' }) }, { title: 'CalendarFeed' });
export type CalendarFeed = Static<typeof CalendarFeed>;
/** The secret address, shown once. */
export const CalendarFeedMade = Closed({ url: Type.String({ description: 'Whoever has it reads the visits; made anew, the one before opens nothing' }) }, { title: 'CalendarFeedMade' });
export type CalendarFeedMade = Static<typeof CalendarFeedMade>;
