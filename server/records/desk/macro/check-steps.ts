import { Refusal, invalidInput, missingInput, refuseInput } from '../../../platform/errors/refusal.ts';
import type { MacroStep } from '../../../../contract/desk.ts';
import { ticketStatuses } from '../../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { configurationOf } from '../../organization/configuration.ts';
import { ensureFilter } from '../../ticket/filter-problems.ts';
import { filterProperties } from '../../ticket/filter-setting.ts';
import { findCategory } from '../../ticket/references.ts';
import { ensureVariablesKnown } from '../check-text.ts';

/**
 * Refuses steps that could never be taken (宏步骤校验): variables that stand for nothing, records that are not there, steps that
 * lack what their action needs. Whether a step can be taken on a ticket is seen on the ticket.
 */
export async function ensureSteps(context: Context, steps: readonly MacroStep[]): Promise<void> {
  for (const [index, step] of steps.entries()) await ensureStep(context, step, `/steps/${index}`);
}

/** What each kind of step takes. */
const takes: Record<MacroStep['kind'], readonly (keyof MacroStep)[]> = {
  reply: ['body'], note: ['body'], set: ['priority', 'status', 'category', 'fields', 'subject'], tag: ['tags'], untag: ['tags'],
  act: ['action', 'assignee', 'team', 'reason', 'note', 'for', 'resolution', 'status'], checklist: ['items', 'template'],
};
const isStatus = (word: string) => (ticketStatuses as readonly string[]).includes(word);

async function ensureStep(context: Context, step: MacroStep, path: string): Promise<void> {
  const { transaction, tenantId } = context;
  const configuration = await configurationOf(context);
  const given = (Object.keys(step) as (keyof MacroStep)[]).filter((property) => property !== 'kind');
  const stray = given.find((property) => !takes[step.kind].includes(property));
  if (stray) throw invalidInput(`${path}/${stray}`, 'additionalProperties', { zh: '这种步骤不用填写', en: 'is not for this kind of step' });
  for (const property of ['body', 'subject', 'reason', 'note', 'resolution'] as const) ensureVariablesKnown(step[property], `${path}/${property}`);
  if (step.status !== undefined && !isStatus(step.status) && !configuration.statuses.has(step.status)) throw refuseInput(`${path}/status`, 'unknown_reference', { field: 'status' });
  if (step.team !== undefined && !configuration.teams.has(step.team)) throw refuseInput(`${path}/team`, 'unknown_reference', { field: 'team' });
  switch (step.kind) {
    case 'reply': case 'note':
      if (step.body === undefined) throw missingInput(`${path}/body`);
      return;
    case 'tag': case 'untag':
      if (step.tags === undefined) throw missingInput(`${path}/tags`);
      return;
    case 'set':
      if (given.length === 0) throw missingInput(`${path}/priority`);
      if (step.category) try {
        findCategory(configuration, step.category);
      } catch (error) {
        throw error instanceof Refusal ? refuseInput(`${path}/category`, error.code, error.parameters) : error;
      }
      return;
    case 'act': {
      if (step.assignee && step.assignee !== 'me') {
        const known = await transaction.first(build.selectFrom('staff').select('id').where('tenant_id', '=', tenantId).where('id', '=', step.assignee));
        if (!known) throw refuseInput(`${path}/assignee`, 'unknown_reference', { field: 'assignee' });
      }
      return ensureNeeds(step, path);
    }
    case 'checklist': {
      if ((step.items === undefined) === (step.template === undefined)) throw missingInput(`${path}/items`);
      if (step.template === undefined) return;
      const known = await transaction.first(build.selectFrom('checklist_template').select('id').where('tenant_id', '=', tenantId).where('id', '=', step.template));
      if (!known) throw refuseInput(`${path}/template`, 'unknown_reference', { field: 'template' });
    }
  }
}

/** What the action itself would ask for is asked for when the macro is made. */
function ensureNeeds(step: MacroStep, path: string): void {
  const { action } = step;
  const lacks = (property: keyof MacroStep) => step[property] === undefined;
  if (action === undefined) throw missingInput(`${path}/action`);
  if (['decline', 'reopen', 'cancel'].includes(action) && lacks('reason')) throw missingInput(`${path}/reason`);
  if (action === 'wait' && lacks('for') && lacks('status')) throw missingInput(`${path}/for`);
  if (action === 'set_status' && lacks('status')) throw missingInput(`${path}/status`);
  if (action === 'transfer' && lacks('team')) throw missingInput(`${path}/team`);
  if (action === 'resolve' && lacks('resolution') && lacks('note')) throw missingInput(`${path}/resolution`);
  if (action === 'assign' && lacks('assignee') && lacks('team')) throw missingInput(`${path}/assignee`);
}

/** Refuses a condition that could not be read. */
export async function ensureCondition(context: Context, condition: unknown): Promise<void> {
  if (condition === null || condition === undefined) return;
  ensureFilter(condition, filterProperties(await configurationOf(context)), '/condition');
}
