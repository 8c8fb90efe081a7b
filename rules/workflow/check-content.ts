import { checkRule, type Known } from '../conditions/check-rule.ts';
import { isObject, type Rule } from '../conditions/json.ts';
import { formVariables } from '../forms/form-variables.ts';
import type { FieldDefinition } from '../forms/form.ts';
import { ticketStatuses } from '../ticket/lifecycle.ts';
import type { Find } from './finding.ts';
import { isActivity, isHuman, outcomesOf, type Due, type FlowDefinition, type FlowNode, type Performer } from './definition.ts';
import { placeholdersIn } from './placeholders.ts';

/** What surrounds a flow. What is absent is not checked. */
export interface FlowSurroundings {
  /** The fields of the forms of the ticket types that go through it. */
  fields?: readonly FieldDefinition[];
  isPerson?: (id: string) => boolean;
  isTeam?: (id: string) => boolean;
  /** Whether there is an own status of this id. */
  isStatus?: (id: string) => boolean;
  /** By id or key. */
  isTicketType?: (name: string) => boolean;
  /** Whether a flow is published; `circular` where it calls this one, directly or through others. */
  subflow?: (id: string) => 'published' | 'circular' | null;
  isFact?: (kind: string) => boolean;
  /** Whether a language model is set up and in use. */
  hasLlm?: boolean;
}

/** Conditions, people and whatever else a node names. */
export function checkContent(flow: FlowDefinition, around: FlowSurroundings, find: Find): void {
  const ids = new Set(flow.nodes.map((node) => node.id));
  const known = knownBy(flow, around);
  for (const node of flow.nodes) checkNode(node, flow, around, known, ids, find);
  const hosts = new Map(flow.nodes.flatMap((node) => (isActivity(node) ? (node.timers ?? []).map((timer): [string, string] => [timer.id, node.id]) : [])));
  for (const edge of flow.edges) {
    const node = hosts.get(edge.from) ?? edge.from;
    if (edge.condition !== undefined) rule(edge.condition, known, node, '/condition', find, edge.id);
  }
}

/** What conditions of a flow may read (流程变量树). */
export function knownBy(flow: Pick<FlowDefinition, 'nodes' | 'variables'>, around: Pick<FlowSurroundings, 'fields'>): Record<string, Known> {
  const form = formVariables(around.fields ?? []) as Record<string, Known>;
  return {
    fields: around.fields ? form['fields']! : 'any',
    ticket: { ...(form['ticket'] as Record<string, Known>), number: 'value', id: 'value', createdAt: 'value' },
    vars: Object.fromEntries((flow.variables ?? []).map((variable): [string, Known] => [variable.key, variable.kind === 'any' ? 'any' : 'value'])),
    steps: Object.fromEntries(flow.nodes.map((node): [string, Known] => [node.id, { outcome: 'value', by: 'value', at: 'value' }])),
    outcome: 'value', by: 'value', now: 'value', today: 'value', item: 'any', index: 'value',
  };
}

function rule(condition: Rule, known: Readonly<Record<string, Known>>, node: string, at: string, find: Find, edge?: string): void {
  for (const problem of checkRule(condition, known, at)) {
    const more = { at: problem.path, ...(edge === undefined ? {} : { edge }) };
    if (problem.code === 'unknown_variable') find(node, 'unknown_variable', { ...more, params: { variable: String(problem.params?.['variable'] ?? '') } });
    else find(node, 'bad_condition', { ...more, params: { detail: [problem.code, ...Object.values(problem.params ?? {})].join(' ').slice(0, 200) } });
  }
}

function checkNode(node: FlowNode, flow: FlowDefinition, around: FlowSurroundings, known: Readonly<Record<string, Known>>, ids: ReadonlySet<string>, find: Find): void {
  if ('status' in node && node.status && !(ticketStatuses as readonly string[]).includes(node.status.status) && around.isStatus && !around.isStatus(node.status.status)) find(node.id, 'unknown_status', { at: '/status' });
  if (!isActivity(node)) return;
  const check = (condition: Rule, at: string, extra: Record<string, Known> = {}) => rule(condition, { ...known, ...extra }, node.id, at, find);
  const due = (value: Due, at: string) => ('at' in value ? check(value.at, `${at}/at`) : undefined);
  const people = (performers: readonly Performer[], at: string) => performers.forEach((performer, index) => checkPerformer(performer, `${at}/${index}`, node, around, ids, known, find));
  for (const [index, timer] of (node.timers ?? []).entries()) due(timer.due, `/timers/${index}/due`);
  if (node.multi) {
    check('count' in node.multi.over ? node.multi.over.count : node.multi.over.items, '/multi/over');
    if (node.multi.until !== undefined) check(node.multi.until, '/multi/until', { instances: 'any' });
  }
  if (isHuman(node)) {
    if (node.performers.length === 0) find(node.id, 'missing_assignee', { at: '/performers' });
    people(node.performers, '/performers');
    for (const [index, asked] of (node.fields ?? []).entries()) field(asked.key, asked.readOnly !== true, `/fields/${index}`, node, around, find);
    const then = node.limit?.then;
    if (then && then.do !== 'complete') {
      if (then.to.length === 0) find(node.id, 'missing_assignee', { at: '/limit/then/to' });
      people(then.to, '/limit/then/to');
    } else if (then?.do === 'complete') {
      const outcomes = outcomesOf(node);
      if (outcomes.length > 0 ? !outcomes.includes(then.outcome ?? '') : then.outcome !== undefined) find(node.id, 'unknown_outcome', { at: '/limit/then/outcome', params: { outcome: then.outcome ?? '' } });
    }
    if (node.kind === 'approval' && node.mode === 'quorum' && !node.quorum) find(node.id, 'quorum', { at: '/quorum' });
    return;
  }
  switch (node.kind) {
    case 'wait':
      if (node.for.kind === 'timer') return due(node.for.due, '/for/due');
      if (around.isFact && !around.isFact(node.for.fact)) find(node.id, 'unknown_fact', { at: '/for/fact', params: { fact: node.for.fact } });
      if (node.for.condition !== undefined) check(node.for.condition, '/for/condition', { fact: 'any' });
      return;
    case 'subflow': {
      const found = around.subflow?.(node.flow);
      if (found === null) find(node.id, 'unknown_flow', { at: '/flow' });
      if (found === 'circular') find(node.id, 'circular_subflow', { at: '/flow' });
      return;
    }
    case 'action':
      checkAction(node, flow, around, known, ids, find);
  }
}

function checkPerformer(performer: Performer, at: string, node: FlowNode, around: FlowSurroundings, ids: ReadonlySet<string>, known: Readonly<Record<string, Known>>, find: Find): void {
  if (performer.kind === 'person' && around.isPerson && !around.isPerson(performer.id)) find(node.id, 'unknown_person', { at });
  if (performer.kind === 'team' && around.isTeam && !around.isTeam(performer.id)) find(node.id, 'unknown_team', { at });
  if (performer.kind === 'rule') rule(performer.rule, known, node.id, `${at}/rule`, find);
  if (performer.kind !== 'expression') return;
  const { expression } = performer;
  if ((expression === 'performer_of' || expression === 'manager_of_performer') && !ids.has(performer.node ?? '')) find(node.id, 'unknown_step', { at, params: { id: performer.node ?? '' } });
  if (expression === 'item' && !('multi' in node && node.multi)) find(node.id, 'item_outside', { at });
  if (expression !== 'field' || !around.fields) return;
  const named = around.fields.find((one) => one.key === performer.field);
  if (!named) find(node.id, 'unknown_field', { at, params: { field: performer.field ?? '' } });
  else if (named.kind !== 'person') find(node.id, 'not_a_person_field', { at, params: { field: named.key } });
}

function field(key: string, isSet: boolean, at: string, node: FlowNode, around: FlowSurroundings, find: Find): void {
  if (!around.fields) return;
  const found = around.fields.find((one) => one.key === key);
  if (!found) find(node.id, 'unknown_field', { at, params: { field: key } });
  else if (isSet && found.kind === 'formula') find(node.id, 'field_not_settable', { at, params: { field: key } });
}

function checkAction(node: Extract<FlowNode, { kind: 'action' }>, flow: FlowDefinition, around: FlowSurroundings, known: Readonly<Record<string, Known>>, ids: ReadonlySet<string>, find: Find): void {
  const { action } = node;
  const all = (rules: Readonly<Record<string, Rule>> | undefined, at: string) => Object.entries(rules ?? {}).forEach(([key, value]) => rule(value, known, node.id, `${at}/${key}`, find));
  const words = (text: string, at: string) => {
    for (const name of placeholdersIn(text)) if (!isReadable(known, name)) find(node.id, 'unknown_placeholder', { at, params: { variable: name.slice(0, 100) } });
  };
  const variable = (key: string | undefined, at: string) => {
    if (key !== undefined && !flow.variables?.some((one) => one.key === key)) find(node.id, 'unknown_variable', { at, params: { variable: `vars.${key}` } });
  };
  switch (action.do) {
    case 'notify':
      if (action.to.length === 0) find(node.id, 'missing_assignee', { at: '/action/to' });
      action.to.forEach((performer, index) => checkPerformer(performer, `/action/to/${index}`, node, around, ids, known, find));
      words(action.text.zh, '/action/text/zh');
      return words(action.text.en ?? '', '/action/text/en');
    case 'set_fields':
      for (const key of Object.keys(action.fields ?? {})) field(key, true, `/action/fields/${key}`, node, around, find);
      for (const key of Object.keys(action.vars ?? {})) variable(key, `/action/vars/${key}`);
      all(action.fields, '/action/fields');
      all(action.vars, '/action/vars');
      return all(Object.fromEntries(Object.entries(action.ticket ?? {}).filter(([key]) => key !== 'addTags')) as Record<string, Rule>, '/action/ticket');
    case 'http_call':
      if (!isUsableUrl(action.url)) find(node.id, 'bad_url', { at: '/action/url' });
      words(action.url, '/action/url');
      for (const [index, header] of (action.headers ?? []).entries()) words(header.value, `/action/headers/${index}`);
      for (const key of Object.keys(action.into ?? {})) variable(key, `/action/into/${key}`);
      return all(action.body, '/action/body');
    case 'create_child':
      if (action.type !== undefined && around.isTicketType && !around.isTicketType(action.type)) find(node.id, 'unknown_type', { at: '/action/type' });
      if (action.team !== undefined && around.isTeam && !around.isTeam(action.team)) find(node.id, 'unknown_team', { at: '/action/team' });
      variable(action.into, '/action/into');
      words(action.subject, '/action/subject');
      words(action.description ?? '', '/action/description');
      return all(action.fields, '/action/fields');
    case 'request_parts':
      for (const [index, line] of action.lines.entries()) {
        words(line.part, `/action/lines/${index}/part`);
        rule(line.quantity, known, node.id, `/action/lines/${index}/quantity`, find);
      }
      return words(action.note ?? '', '/action/note');
    case 'ask_llm':
      if (around.hasLlm === false) find(node.id, 'llm_off', { level: 'warning', at: '/action' });
      variable(action.into, '/action/into');
      for (const key of Object.keys(action.answers ?? {})) variable(key, `/action/answers/${key}`);
      return words(action.prompt, '/action/prompt');
  }
}

function isReadable(known: Readonly<Record<string, Known>>, path: string): boolean {
  let found: Known = known;
  for (const name of path.split('.')) {
    if (found === 'any') return true;
    if (!isObject(found) || !Object.hasOwn(found, name)) return false;
    found = (found as Record<string, Known>)[name]!;
  }
  return true;
}

/** http or https, and a host that stands written: nobody's answers decide where a call goes. */
function isUsableUrl(url: string): boolean {
  const host = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
  if (!host || /[{}@\s\\]/.test(host)) return false;
  try {
    return new URL(url.replace(/\{\{[^{}]*\}\}/g, 'x')).hostname !== '';
  } catch {
    return false;
  }
}
