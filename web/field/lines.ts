import { needLimits } from '../../contract/visit.ts';

/** What was typed into a box, a line each (每行一项), as far as the server takes it. */
export const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim().slice(0, needLimits.line)).filter((line) => line !== '').slice(0, needLimits.lines);
