import { checkPlan, type PlanFault } from './check-plan.ts';
import type { Plan, PlanDraft, PlanProblem } from './problem.ts';
import { schedule } from './schedule.ts';

/** What a person's plan comes to (人工方案评估): when everything would be, what it costs, and which rules it breaks. */
export interface Evaluation {
  plan: Plan;
  faults: PlanFault[];
}

/** Judges a plan somebody has put together, by the same measure as the planner's own. */
export function evaluate(problem: PlanProblem, draft: PlanDraft): Evaluation {
  const plan = schedule(problem, draft);
  const known = new Set(plan.routes.map(({ technician, shift }) => `${technician} ${shift}`));
  const lost = draft.routes.filter(({ technician, shift, stops }) => stops.some(({ kind }) => kind !== 'break') && !known.has(`${technician} ${shift}`));
  return { plan, faults: [...lost.map(({ technician, shift }): PlanFault => ({ code: 'unknown_route', technician, shift })), ...checkPlan(problem, plan)] };
}
