/** Every kind of timer (定时器). The program refuses to start unless each has exactly one handler in server/timers.ts. */
export const timerKinds = ['ticket.close_after_silence', 'import.continue', 'held_reply.release', 'automation.sweep', 'flow.due', 'flow.deliver', 'offer.due', 'offer.open'] as const;

/** A kind of timer. */
export type TimerKind = (typeof timerKinds)[number];
