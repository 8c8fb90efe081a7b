/**
 * How the texts of one symptom are written. `[a|b]` is a choice, `{name}` a slot filled from the ticket, `{0.2~0.4}` a
 * number from that range. A line of `own` may begin with a mark: `!` angry, `~` an elderly neighbour, `.` left as short
 * as it stands, `=` complete as it stands; every other line may get a greeting before it and a request after it.
 */
export interface SymptomTexts {
  /** Words that subject, description and solution must share, as choices: `{ spot: '厨房|阳台' }`. */
  vars?: Record<string, string>;
  /** The same for offices and shops, where a home's words would not fit. */
  workVars?: Record<string, string>;
  subjects: string[];
  /** As residents write. */
  own: string[];
  /** Facts only, as agents, building managers and company clerks put them; they follow 反映. */
  noted: string[];
  solutions: string[];
}

export type TextBank = Record<string, SymptomTexts>;
