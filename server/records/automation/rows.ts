import type { Selectable } from 'kysely';
import type { Definition } from '../../../rules/automation/definition.ts';
import type { AutomationRuleTable, AutomationRunTable, AutomationWorkTable } from '../../platform/db/tables.ts';
import type { RunExplanation } from './runs.ts';

/** A rule as it lies in the database. */
export type RuleRow = Omit<Selectable<AutomationRuleTable>, 'draft' | 'definition' | 'suspended_reason'> & {
  draft: Definition | null;
  definition: Definition | null;
  suspended_reason: { code: string; parameters: Record<string, unknown> } | null;
};
export type RunRow = Omit<Selectable<AutomationRunTable>, 'explanation'> & { explanation: RunExplanation };
export type WorkRow = Omit<Selectable<AutomationWorkTable>, 'data' | 'kind'> & { kind: 'fact' | 'after' | 'ticket' | 'retry'; data: { cause?: string[]; attempts?: number; runId?: string } };
