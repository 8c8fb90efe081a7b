import { checkFilter } from '../conditions/check-filter.ts';
import { isTime } from '../conditions/days.ts';
import type { Properties } from '../conditions/filter.ts';
import { pointer, type DefinitionProblem } from '../conditions/json.ts';
import { unknownVariables } from '../text/variables.ts';
import { automationLimits, countedBy, stretchMilliseconds, type Action, type Definition, type Stretch } from './definition.ts';
import { ruleProperties } from './properties.ts';

/**
 * What is wrong with a rule, each with its place (规则校验): nothing when it can be published. Its shape is taken for granted
 * (contract/automation.ts); whether what it names is there, the server looks up.
 *
 * @param ofTickets the properties of the organization's tickets
 */
export function checkDefinition(definition: Definition, ofTickets: Properties): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const told = (path: string, code: string, params?: DefinitionProblem['params']) => problems.push({ path, code, ...(params ? { params } : {}) });
  const { trigger, counts = [], actions, once } = definition;

  if (trigger.kind === 'facts') {
    if (trigger.facts.length === 0) told('/trigger/facts', 'no_facts');
    if (trigger.after) checkStretch(trigger.after, '/trigger/after');
  } else if (trigger.kind === 'untouched') {
    checkStretch(trigger.for, '/trigger/for');
  } else {
    const { every } = trigger;
    if (every.kind === 'interval' && (every.n < 1 || every.n * (every.unit === 'hour' ? 60 : 1) > 1_440)) told('/trigger/every/n', 'interval');
    if (every.kind !== 'interval' && !isTime(every.at)) told('/trigger/every/at', 'time');
    if (every.kind === 'weekly' && every.days.length === 0) told('/trigger/every/days', 'no_days');
    // Every time it would find the same tickets and do the same again.
    if (!once) told('/once', 'once_needed');
  }

  const keys = new Set<string>();
  for (const [index, count] of counts.entries()) {
    const path = pointer('/counts', index);
    if (keys.has(count.key)) told(pointer(path, 'key'), 'key_taken', { key: count.key });
    keys.add(count.key);
    if (!countedBy.includes(count.same)) told(pointer(path, 'same'), 'value');
    checkStretch(count.within, pointer(path, 'within'));
  }
  problems.push(...checkFilter(definition.conditions, ruleProperties(ofTickets, definition), '/conditions'));

  if (actions.length === 0) told('/actions', 'no_actions');
  for (const [index, action] of actions.entries()) checkAction(action, pointer('/actions', index));
  if (once?.within) checkStretch(once.within, '/once/within');
  return problems;

  function checkStretch(stretch: Stretch, path: string): void {
    if (stretch.n < 1 || stretchMilliseconds(stretch) > automationLimits.days * 86_400_000) told(path, 'stretch', { limit: automationLimits.days });
  }

  function checkAction(action: Action, path: string): void {
    const text = (property: string, value: string | undefined) => {
      if (value === undefined) return;
      const unknown = unknownVariables(value);
      if (unknown.length > 0) told(pointer(path, property), 'unknown_variable', { names: unknown.slice(0, 5).join(', ') });
    };
    switch (action.kind) {
      case 'set':
        if (action.priority === undefined && action.category === undefined && Object.keys(action.fields ?? {}).length === 0) told(path, 'sets_nothing');
        return;
      case 'status':
        text('reason', action.reason);
        text('resolution', action.resolution);
        if (action.status === 'resolved' && !action.resolution?.trim()) told(pointer(path, 'resolution'), 'required');
        if (action.status === 'waiting' && action.for === undefined) told(pointer(path, 'for'), 'required');
        if (action.status === 'cancelled' && !action.reason?.trim()) told(pointer(path, 'reason'), 'required');
        return;
      case 'tag': case 'untag':
        if (action.tags.length === 0) told(pointer(path, 'tags'), 'required');
        return;
      case 'assign':
        text('note', action.note);
        return;
      case 'comment':
        if (action.body.trim() === '') told(pointer(path, 'body'), 'required');
        text('body', action.body);
        return;
      case 'notify':
        if (action.whom.length === 0) told(pointer(path, 'whom'), 'required');
        if (action.text.trim() === '') told(pointer(path, 'text'), 'required');
        text('text', action.text);
        return;
      case 'watch':
        if (action.whom.length === 0) told(pointer(path, 'whom'), 'required');
        return;
      case 'checklist':
        if ((action.items?.length ?? 0) === 0 && action.template === undefined) told(pointer(path, 'items'), 'required');
        return;
      case 'create':
        if (action.subject.trim() === '') told(pointer(path, 'subject'), 'required');
        text('subject', action.subject);
        text('description', action.description);
        return;
      case 'call':
        if (!/^https?:\/\/[^/?#\s]+/i.test(action.url)) told(pointer(path, 'url'), 'url');
        if (action.method === 'GET' && action.body !== undefined) told(pointer(path, 'body'), 'no_body');
        text('body', action.body);
        return;
      case 'macro':
        if (action.macro === '') told(pointer(path, 'macro'), 'required');
        return;
      case 'flow':
        if (action.flow.trim() === '') told(pointer(path, 'flow'), 'required');
    }
  }
}
