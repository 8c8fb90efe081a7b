import type { MacroStep } from '../../../contract/desk.ts';

/** The steps a macro can be put together from (宏步骤类型), as they are offered; several are one kind for the API. */
export const stepKinds = ['reply', 'note', 'assign', 'transfer', 'status', 'act', 'priority', 'category', 'subject', 'field', 'tag', 'untag', 'checklist', 'template'] as const;
export type StepKind = (typeof stepKinds)[number];

/** A step as it begins. */
export function begun(kind: StepKind): MacroStep {
  switch (kind) {
    case 'reply': case 'note': return { kind, body: '' };
    case 'assign': return { kind: 'act', action: 'assign', assignee: 'me' };
    case 'transfer': return { kind: 'act', action: 'transfer' };
    case 'status': return { kind: 'act', action: 'set_status' };
    case 'act': return { kind: 'act', action: 'resolve' };
    case 'priority': return { kind: 'set', priority: 'high' };
    case 'category': return { kind: 'set', category: null };
    case 'subject': return { kind: 'set', subject: '' };
    case 'field': return { kind: 'set', fields: {} };
    case 'tag': case 'untag': return { kind, tags: [] };
    case 'checklist': return { kind: 'checklist', items: [] };
    case 'template': return { kind: 'checklist', template: '' };
  }
}

/** Under which name a step is offered; `set` for one that changes several properties at once. */
export function kindOf(step: MacroStep): StepKind | 'set' {
  if (step.kind === 'act') return step.action === 'assign' ? 'assign' : step.action === 'transfer' ? 'transfer' : step.action === 'set_status' ? 'status' : 'act';
  if (step.kind === 'checklist') return step.template === undefined ? 'checklist' : 'template';
  if (step.kind !== 'set') return step.kind;
  const { kind: _kind, ...properties } = step;
  const names = Object.keys(properties);
  if (names.length !== 1) return 'set';
  if (names[0] === 'fields') return Object.keys(step.fields ?? {}).length <= 1 ? 'field' : 'set';
  return names[0] === 'priority' || names[0] === 'category' || names[0] === 'subject' ? names[0] : 'set';
}

const blank = (text: string | undefined): boolean => text === undefined || text.trim() === '';

/** Whether a step says all that it needs (步骤是否完整), as the server will ask. */
export function isComplete(step: MacroStep): boolean {
  switch (step.kind) {
    case 'reply': case 'note': return !blank(step.body);
    case 'tag': case 'untag': return (step.tags ?? []).length > 0;
    case 'checklist': return step.template === undefined ? (step.items ?? []).some((item) => !blank(item)) : step.template !== '';
    case 'set': return kindOf(step) === 'field' ? Object.keys(step.fields ?? {}).length > 0 : step.subject === undefined || !blank(step.subject);
    case 'act':
      switch (step.action) {
        case 'assign': return step.assignee !== undefined || step.team !== undefined;
        case 'transfer': return step.team !== undefined;
        case 'set_status': return step.status !== undefined;
        case 'wait': return step.for !== undefined || step.status !== undefined;
        case 'resolve': return !blank(step.resolution) || !blank(step.note);
        case 'decline': case 'reopen': case 'cancel': return !blank(step.reason);
        default: return step.action !== undefined;
      }
  }
}
