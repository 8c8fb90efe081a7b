import { build, type Compilable, type Transaction } from '../../platform/db/database.ts';

/** What the planner expects of a query: rows, and its cost in the planner's own unit (a page read in order is 1). */
export interface Estimate {
  rows: number;
  cost: number;
}

interface PlanRow {
  'QUERY PLAN': { Plan: { 'Plan Rows': number; 'Total Cost': number } }[];
}

/** Asks the planner about a query, without running it (代价估计). */
export async function estimate<Row>(transaction: Transaction, query: Compilable<Row>): Promise<Estimate> {
  const { sql, parameters } = query.compile(build);
  // Without a name: such texts are as many as the questions.
  const [row] = await transaction.query<PlanRow>({ name: '', text: `EXPLAIN (FORMAT JSON) ${sql}` }, parameters);
  const plan = row!['QUERY PLAN'][0]!.Plan;
  return { rows: plan['Plan Rows'], cost: plan['Total Cost'] };
}
