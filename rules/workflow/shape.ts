// oxlint-disable unicorn/no-thenable -- `then` says what happens when a limit passes; nobody awaits a definition
import { isKeepable, isObject, isStorable, pointer } from '../conditions/json.ts';
import { flowLimits as limits, idPattern, keyPattern, minutesOf, nodeKinds, performerExpressions, type ActionKind, type TimeSpan } from './definition.ts';
import { waitingReasons } from '../ticket/lifecycle.ts';

/** Whether parts of a flow are well formed (结构检查): what is not is told by JSON pointer and a few words. */

export type Complain = (at: string, detail: string) => void;
type Shape = (value: unknown, at: string, complain: Complain) => void;

const text = (most: number, least = 0, pattern?: RegExp): Shape => (value, at, complain) => {
  if (typeof value !== 'string') complain(at, 'text');
  else if (value.length < least || value.length > most || !isStorable(value)) complain(at, `length ${least}–${most}`);
  else if (pattern && !pattern.test(value)) complain(at, String(value).slice(0, 63));
};
const whole = (least: number, most: number): Shape => (value, at, complain) => {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) complain(at, `${least}–${most}`);
};
const flag: Shape = (value, at, complain) => {
  if (typeof value !== 'boolean') complain(at, 'true / false');
};
const oneOf = (words: readonly string[]): Shape => (value, at, complain) => {
  if (typeof value !== 'string' || !words.includes(value)) complain(at, words.join(' / '));
};
const list = (item: Shape, most: number, least = 0): Shape => (value, at, complain) => {
  if (!Array.isArray(value)) return complain(at, 'list');
  if (value.length < least || value.length > most) return complain(at, `${least}–${most}`);
  for (const [index, one] of value.entries()) item(one, pointer(at, index), complain);
};
const record = (item: Shape, most: number): Shape => (value, at, complain) => {
  if (!isObject(value)) return complain(at, 'object');
  const names = Object.keys(value);
  if (names.length > most) return complain(at, `0–${most}`);
  for (const name of names) {
    if (!keyPattern.test(name)) complain(pointer(at, name.slice(0, 63)), 'key');
    else item(value[name], pointer(at, name), complain);
  }
};
const object = (needed: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape => (value, at, complain) => {
  if (!isObject(value)) return complain(at, 'object');
  for (const [name, shape] of Object.entries(needed)) {
    if (value[name] === undefined) complain(pointer(at, name), 'missing');
    else shape(value[name], pointer(at, name), complain);
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(needed, name)) continue;
    if (!Object.hasOwn(optional, name)) complain(pointer(at, name.slice(0, 63)), 'unknown property');
    else if (value[name] !== undefined) optional[name]!(value[name], pointer(at, name), complain);
  }
};
/** One of several objects, told apart by a property. */
const byProperty = (property: string, shapes: Readonly<Record<string, Shape>>): Shape => (value, at, complain) => {
  if (!isObject(value)) return complain(at, 'object');
  const name = value[property];
  if (typeof name !== 'string' || !Object.hasOwn(shapes, name)) return complain(pointer(at, property), Object.keys(shapes).join(' / '));
  shapes[name]!(value, at, complain);
};
/** One of two objects, told apart by which property they have. */
const either = (shapes: Readonly<Record<string, Shape>>): Shape => (value, at, complain) => {
  if (!isObject(value)) return complain(at, 'object');
  const name = Object.keys(shapes).find((one) => Object.hasOwn(value, one));
  if (name === undefined) return complain(at, Object.keys(shapes).join(' / '));
  object({ [name]: shapes[name]! })(value, at, complain);
};
/** Rules are checked by what they may read, elsewhere; here only that they are JSON of a bearable size. */
const rule: Shape = (value, at, complain) => {
  if (value === undefined || typeof value === 'function' || !isKeepable(value) || JSON.stringify(value).length > 20_000) complain(at, 'rule');
};

const id = text(63, 1, idPattern);
const key = text(63, 1, keyPattern);
const words = (most: number) => object({ zh: text(most) }, { en: text(most) });
const coordinate = whole(-limits.coordinate, limits.coordinate);
const point = object({ x: coordinate, y: coordinate });
const box = object({ x: coordinate, y: coordinate }, { width: whole(1, 5_000), height: whole(1, 5_000) });
const parts = object({ amount: whole(1, limits.minutes), unit: oneOf(['minutes', 'hours', 'days']) }, { calendar: oneOf(['elapsed', 'working']) });
const span: Shape = (value, at, complain) => {
  let isSound = true;
  parts(value, at, (...problem) => {
    isSound = false;
    complain(...problem);
  });
  if (isSound && minutesOf(value as TimeSpan) > limits.minutes) complain(pointer(at, 'amount'), `1–${limits.minutes} min`);
};
const due = either({ after: span, at: rule });
const performer = byProperty('kind', {
  person: object({ kind: text(20), id: text(63, 1) }), team: object({ kind: text(20), id: text(63, 1) }, { each: flag }),
  expression: object({ kind: text(20), expression: oneOf(performerExpressions) }, { node: id, field: key }), rule: object({ kind: text(20), rule }),
});
const performers = list(performer, limits.performers);
const status = object({ status: text(63, 1) }, { waitingFor: oneOf(waitingReasons), resolution: words(1_000), reason: words(1_000) });
const timer = object({ id, due, interrupting: flag }, { name: words(limits.name), times: whole(1, 100), at: point });
const multi = object({ mode: oneOf(['parallel', 'sequential']), over: either({ count: rule, items: rule }) }, { until: rule });
const limit = object({
  span, then: byProperty('do', { notify: object({ do: text(20), to: performers }), reassign: object({ do: text(20), to: performers }), complete: object({ do: text(20) }, { outcome: text(63) }) }),
});
const base = { id, kind: oneOf(nodeKinds), name: words(limits.name) };
const drawn = { description: words(limits.words), box };
const activity = { ...drawn, status, timers: list(timer, limits.timersPerNode), multi };
const asked = list(object({ key }, { required: flag, readOnly: flag }), limits.fieldsPerNode);
const template = text(limits.prompt);
const rules = record(rule, limits.body);
const actionShapes = {
  notify: object({ do: text(20), to: performers, text: words(limits.words) }),
  set_fields: object({ do: text(20) }, { fields: rules, vars: rules, ticket: object({}, { priority: rule, team: rule, assignee: rule, addTags: list(text(40, 1), 20) }) }),
  http_call: object({ do: text(20), method: oneOf(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']), url: text(limits.url, 1) }, {
    headers: list(object({ name: text(100, 1, /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/), value: text(12_000) }), limits.headers), body: rules, into: record(text(200, 1), limits.body), timeoutSeconds: whole(1, 30), attempts: whole(1, 10),
  }),
  create_child: object({ do: text(20), subject: text(200, 1) }, { type: text(64), description: text(5_000), fields: rules, team: text(63), into: key }),
  request_parts: object({ do: text(20), lines: list(object({ part: text(200, 1), quantity: rule }), limits.lines, 1) }, { note: text(1_000) }),
  ask_llm: object({ do: text(20), prompt: template, into: key }, { answers: record(text(200, 1), limits.body) }),
} satisfies Record<ActionKind, Shape>;

const task = object(
  { ...base, performers },
  { ...activity, fields: asked, outcomes: list(object({ key, name: words(limits.name) }), limits.outcomes), limit, mayReturn: flag, instructions: words(limits.words) });
const gateway = object(base, drawn);
const nodeShapes: Readonly<Record<(typeof nodeKinds)[number], Shape>> = {
  start: object(base, { ...drawn, status }), end: object(base, { ...drawn, status }), terminate: object(base, { ...drawn, status }),
  task, onsite_task: task,
  approval: object({ ...base, performers, mode: oneOf(['all', 'any', 'sequence', 'quorum']) }, {
    ...activity, quorum: either({ count: whole(1, limits.seats), percent: whole(1, 100) }), fields: asked, limit, mayReturn: flag, mayAddSigner: flag, mayHandOver: flag, whenRejected: oneOf(['terminate']), instructions: words(limits.words),
  }),
  exclusive: gateway, inclusive: gateway, parallel: gateway,
  wait: object({ ...base, for: byProperty('kind', { timer: object({ kind: text(20), due }), fact: object({ kind: text(20), fact: text(63, 1) }, { of: oneOf(['ticket', 'children']), condition: rule }) }) }, activity),
  action: object({ ...base, action: byProperty('do', actionShapes) }, { ...activity, whenFailed: oneOf(['park', 'continue']) }),
  subflow: object({ ...base, flow: text(63, 1) }, activity),
};

/** Whether a node is well formed. */
export function checkNodeShape(value: unknown, complain: Complain): void {
  byProperty('kind', nodeShapes)(value, '', complain);
}

const edge = object({ id, from: id, to: id }, { name: words(limits.name), condition: rule, outcome: text(63, 1), isDefault: flag, points: list(point, limits.points) });

/** Whether an edge is well formed. */
export function checkEdgeShape(value: unknown, complain: Complain): void {
  edge(value, '', complain);
}

const variable = object({ key, name: words(limits.name), kind: oneOf(['text', 'number', 'boolean', 'any']) });

/** Whether a variable of a flow is well formed. */
export function checkVariableShape(value: unknown, complain: Complain): void {
  variable(value, '', complain);
}
