import type { Filter, FilterContext, FilterTest, Properties } from '../conditions/filter.ts';
import type { FilterRecord } from '../conditions/filter-to-logic.ts';
import { isOpen, stepBetween, type TicketStatus, type WaitingFor } from '../ticket/lifecycle.ts';
import { stretchMilliseconds, automationLimits, type Action, type Count, type Definition, type Whom } from './definition.ts';
import { explainConditions, UnreadableCondition } from './explain.ts';
import { guard, nextCause } from './guard.ts';
import { nextOccurrence } from './recurrence.ts';

/**
 * What happened to a ticket, played again under other rules (规则回放). What people did is taken as it was; what rules did is left
 * out and reckoned anew. Columns are spelled as facts spell them (`teamId`, `priority` from 1 to 4).
 */
export type Columns = Readonly<Record<string, unknown>>;

/** Something that happened. */
export interface PastFact {
  readonly kind: string;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly at: number;
  /** What was done in one go, at one moment, has the same number. */
  readonly turn: string;
  readonly after: Columns;
  /** A rule did it, or it came along with what a rule did. */
  readonly byRule: boolean;
  /** It was only looked at: the ticket does not count as touched. */
  readonly quiet: boolean;
  /** What conditions can ask of it beside what changed: `event.actor`, `event.person`, `event.text`, … */
  readonly event: Readonly<Record<string, unknown>>;
}

/** A rule as it is played. */
export interface ReplayRule {
  readonly id: string;
  readonly definition: Definition;
  readonly stopAfterMatch: boolean;
}

/** What a replay takes from the organization. */
export interface ReplaySetting {
  readonly rules: readonly ReplayRule[];
  readonly timeZone: string;
  /** Where the replay ends. */
  readonly until: number;
  properties(definition: Definition): Properties;
  context(now: number): FilterContext;
  /** A ticket as conditions see it, of its columns at a moment. */
  record(ticketId: string, columns: Columns, at: number): FilterRecord;
  /** How many tickets there were alike. */
  count(ticketId: string, count: Count, at: number): number;
  /** A status by id or class; null when there is none. */
  status(id: string): { readonly status: TicketStatus; readonly statusId: string | null; readonly waitingFor: WaitingFor | null } | null;
  team(id: string): { readonly departmentId: string; readonly leadId: string | null } | null;
  teamOfCategory(id: string): string | null;
  teamOfPerson(id: string): string | null;
  /** When a rule last acted for an asset or a customer; shared by all tickets of a replay. */
  readonly claims: Map<string, number>;
}

/** A fact as it would have been. */
export interface ReplayedFact {
  readonly kind: string;
  readonly at: number;
  /** Where in the given facts it stands; null when a rule did it. */
  readonly place: number | null;
  readonly before: Columns;
  readonly after: Columns;
  /** The ticket after it. */
  readonly columns: Columns;
}

/** What would have become of a ticket. */
export interface ReplayedTicket {
  readonly facts: readonly ReplayedFact[];
  readonly columns: Columns;
  /** What rules did: each of their actions that changed something or told somebody. */
  readonly effects: readonly { readonly ruleId: string; readonly at: number; readonly kind: Action['kind']; readonly to?: unknown }[];
  /** How often each rule acted. */
  readonly matched: readonly { readonly ruleId: string; readonly at: number }[];
  /** Actions that would have been refused. */
  readonly refused: readonly { readonly ruleId: string; readonly at: number }[];
  /** What cannot be told from here, so that the ticket's numbers are none: by rule and reason. */
  readonly unknown: readonly { readonly ruleId: string; readonly why: UnknownReason }[];
}
/** macro, flow: what they do is not played · person: whom an expression meant then is not known · condition: it asks for something whose past is not known, or means nothing any more. */
export type UnknownReason = 'macro' | 'flow' | 'person' | 'condition' | 'pace';

/** Times a schedule is played in one replay; a rule that is due more often is said to be unknown. */
export const mostOccurrences = 2_000;
/** What conditions ask for and nobody kept. */
const withoutPast: ReadonlySet<string> = new Set(['dueAt', 'breachedAt']);

interface Work { readonly at: number; readonly rules: readonly ReplayRule[]; readonly fact: Told | null; readonly cause: readonly string[]; readonly silentSince?: number }
interface Told { readonly kind: string; readonly event: Readonly<Record<string, unknown>> }

class Refused extends Error {}
class Unknown extends Error {
  readonly why: UnknownReason;
  constructor(why: UnknownReason) {
    super(why);
    this.why = why;
  }
}

/** Plays one ticket (单张工单回放). `facts` in their order, the first being its creation, with the columns it was made with. */
export function replayTicket(ticketId: string, made: Columns, facts: readonly PastFact[], setting: ReplaySetting): ReplayedTicket {
  const { rules } = setting;
  let columns: Columns = made;
  let touched = 0;
  const played: ReplayedFact[] = [];
  const effects: ReplayedTicket['effects'][number][] = [];
  const matched: ReplayedTicket['matched'][number][] = [];
  const refused: ReplayedTicket['refused'][number][] = [];
  const unknown: ReplayedTicket['unknown'][number][] = [];
  let waiting: Work[] = [];
  const claims = new Map<string, number>();
  const missed = new Map<string, Columns>();
  const put = (work: Work): void => {
    // By moment, and of one moment in the order they came.
    const at = waiting.findLastIndex((one) => one.at <= work.at) + 1;
    waiting.splice(at, 0, work);
  };

  const tell = (kind: string, at: number, wanted: Columns, place: number | null, event: Readonly<Record<string, unknown>>, quiet: boolean): Told => {
    const after = differing(columns, wanted);
    const before = Object.fromEntries(Object.keys(after).map((column) => [column, column === 'fields' ? only(columns['fields'], after['fields']) : columns[column] ?? null]));
    columns = { ...columns, ...after, ...(after['fields'] ? { fields: laid(columns['fields'], after['fields']) } : {}) };
    if (!quiet) {
      touched = at;
      columns = { ...columns, updatedAt: new Date(at).toISOString() };
    }
    played.push({ kind, at, place, before, after, columns });
    return { kind, event: { ...event, changed: Object.keys(after), statusBefore: before['status'] ?? null, priorityBefore: before['priority'] ?? null, teamBefore: before['teamId'] ?? null, assigneeBefore: before['assigneeId'] ?? null } };
  };

  const listen = (fact: Told, at: number, cause: readonly string[]): void => {
    const listening = rules.filter(({ definition: { trigger } }) => trigger.kind === 'facts' && (trigger.facts as readonly string[]).includes(fact.kind));
    const soon = listening.filter((rule) => waitOf(rule) === 0);
    if (soon.length > 0) put({ at, rules: soon, fact, cause });
    for (const rule of listening) if (waitOf(rule) > 0) put({ at: at + waitOf(rule), rules: [rule], fact, cause });
  };

  /** Rules that wait for silence look again after everything that touches a ticket. */
  const expectSilence = (): void => {
    for (const rule of rules) {
      if (rule.definition.trigger.kind !== 'untouched') continue;
      put({ at: touched + stretchMilliseconds(rule.definition.trigger.for) + 1, rules: [rule], fact: null, cause: [], silentSince: touched });
    }
  };

  const act = (rule: ReplayRule, at: number, cause: readonly string[]): void => {
    const kept = { columns, touched, played: played.length, effects: effects.length, waiting: [...waiting] };
    const next = nextCause(rule.id, cause).rules;
    const told: Told[] = [];
    const put_ = (kind: string, after: Columns): void => void told.push(tell(kind, at, after, null, { actor: 'rule', person: null, text: null, visibility: null, direction: null }, false));
    try {
      for (const action of rule.definition.actions) {
        const did = take(action, columns, setting, at, put_, (event, kind) => void told.push(tell(kind, at, {}, null, { actor: 'rule', person: null, ...event }, false)));
        if (did !== null) effects.push({ ruleId: rule.id, at, kind: action.kind, ...(did === true ? {} : { to: did }) });
      }
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unknown)) throw error;
      // What a rule cannot do to the end it has not done at all.
      columns = kept.columns;
      touched = kept.touched;
      played.length = kept.played;
      effects.length = kept.effects;
      waiting = kept.waiting;
      if (error instanceof Unknown) unknown.push({ ruleId: rule.id, why: error.why });
      else refused.push({ ruleId: rule.id, at });
      return;
    }
    matched.push({ ruleId: rule.id, at });
    for (const fact of told) listen(fact, at, next);
    if (touched !== kept.touched || told.length > 0) expectSilence();
  };

  const ask = ({ at, rules: asked, fact, cause, silentSince }: Work): void => {
    if (silentSince !== undefined && silentSince !== touched) return;
    for (const rule of asked) {
      if (columns['mergedInto'] !== null && columns['mergedInto'] !== undefined) return;
      const { definition } = rule;
      if (guard(rule.id, cause) !== null) continue;
      // By the clock it is asked again and again about a ticket that nothing has happened to.
      const lasting = fact === null && isLasting(definition);
      if (lasting && missed.get(rule.id) === columns) continue;
      const holds = fulfils(ticketId, definition, columns, fact, at, setting);
      if (lasting && holds === false) missed.set(rule.id, columns);
      if (holds instanceof Unknown) {
        unknown.push({ ruleId: rule.id, why: holds.why });
        continue;
      }
      if (!holds) continue;
      if (matched.filter((one) => one.ruleId === rule.id && one.at > at - 3_600_000).length >= automationLimits.perTicketAnHour) continue;
      const unclaim = claim(rule, ticketId, columns, at, silentSince, claims, setting.claims);
      if (unclaim === null) continue;
      const before = matched.length;
      act(rule, at, cause);
      if (matched.length === before) unclaim();
      else if (rule.stopAfterMatch) return;
    }
  };

  const run = (until: number): void => {
    for (;;) {
      const [next] = waiting;
      if (!next || next.at > until) return;
      waiting.shift();
      ask(next);
    }
  };

  const start = facts[0]?.at ?? 0;
  for (const rule of rules) {
    const { trigger } = rule.definition;
    if (trigger.kind !== 'schedule') continue;
    const times = occurrences(trigger.every, start, setting);
    if (times === null) unknown.push({ ruleId: rule.id, why: 'pace' });
    else for (const at of times) put({ at, rules: [rule], fact: null, cause: [] });
  }
  for (let place = 0; place < facts.length;) {
    const { turn, at } = facts[place]!;
    // What was due before this happened was done before it.
    run(at - 1);
    const told: { fact: Told; at: number }[] = [];
    for (; place < facts.length && facts[place]!.turn === turn && facts[place]!.at === at; place += 1) {
      const fact = facts[place]!;
      if (!fact.byRule) told.push({ fact: tell(fact.kind, fact.at, place === 0 ? {} : fact.after, place, fact.event, fact.quiet), at: fact.at });
    }
    for (const { fact, at: moment } of told) listen(fact, moment, []);
    if (told.length > 0) expectSilence();
    run(at);
  }
  run(setting.until);
  return { facts: played, columns, effects, matched, refused, unknown };
}

const waitOf = ({ definition: { trigger } }: ReplayRule): number => (trigger.kind === 'facts' && trigger.after ? stretchMilliseconds(trigger.after) : 0);

function occurrences(every: Parameters<typeof nextOccurrence>[0], from: number, { until, timeZone }: ReplaySetting): number[] | null {
  const times: number[] = [];
  for (let at = Date.parse(nextOccurrence(every, new Date(from).toISOString(), timeZone)); at <= until; at = Date.parse(nextOccurrence(every, new Date(at).toISOString(), timeZone))) {
    if (times.length >= mostOccurrences) return null;
    times.push(at);
  }
  return times;
}

/** Whether the conditions of a rule held then; an Unknown where that cannot be told. */
function fulfils(ticketId: string, definition: Definition, columns: Columns, fact: Told | null, at: number, setting: ReplaySetting): boolean | Unknown {
  const { trigger, counts = [] } = definition;
  if (trigger.kind === 'untouched' && !['new', 'open', 'waiting'].includes(String(columns['status']))) return false;
  if (tests(definition.conditions).some(({ property }) => withoutPast.has(property))) return new Unknown('condition');
  const record = {
    ...setting.record(ticketId, columns, at), ...(fact ? { event: { ...fact.event, priorityBefore: priorityWord(fact.event['priorityBefore']) } } : {}),
    count: Object.fromEntries(counts.map((count) => [count.key, setting.count(ticketId, count, at)])),
  };
  try {
    return explainConditions(definition.conditions, record, setting.properties(definition), setting.context(at)).holds;
  } catch (error) {
    if (error instanceof UnreadableCondition) return new Unknown('condition');
    throw error;
  }
}

const words = ['urgent', 'high', 'normal', 'low'] as const;
const priorityWord = (rank: unknown): string | null => (typeof rank === 'number' ? words[rank - 1] ?? null : null);

/** The tests of a filter. */
function tests(filter: Filter): FilterTest[] {
  if ('all' in filter) return filter.all.flatMap(tests);
  if ('any' in filter) return filter.any.flatMap(tests);
  return 'not' in filter ? tests(filter.not) : [filter];
}

const ofTime: ReadonlySet<string> = new Set(['during', 'within_last', 'older_than', 'within_next']);
/** Whether time alone changes nothing about its conditions. */
const isLasting = ({ conditions, counts = [] }: Definition): boolean => counts.length === 0 && !tests(conditions).some(({ operator }) => ofTime.has(operator));

/** As automation claims the right to act once: how to give it back, null where it was claimed before. */
function claim({ id, definition: { once, trigger } }: ReplayRule, ticketId: string, columns: Columns, at: number, silentSince: number | undefined, own: Map<string, number>, shared: Map<string, number>): (() => void) | null {
  if (!once && trigger.kind !== 'untouched') return () => undefined;
  const of = once?.per === 'asset' ? columns['assetId'] : once?.per === 'customer' ? columns['customerId'] : null;
  const key = typeof of === 'string' ? `${id} ${once!.per} ${of}` : `${id} ticket ${ticketId}`;
  const kept = typeof of === 'string' ? shared : own;
  const last = kept.get(key);
  const since = once ? (once.within ? at - stretchMilliseconds(once.within) : Number.NEGATIVE_INFINITY) : (silentSince ?? at) - 1;
  if (last !== undefined && last > since) return null;
  kept.set(key, at);
  return () => void (last === undefined ? kept.delete(key) : kept.set(key, last));
}

type Write = (kind: string, after: Columns) => void;
type Say = (event: Readonly<Record<string, unknown>>, kind: string) => void;

/** Takes an action. Null: it changed nothing; true: it was done; else what it came to. */
function take(action: Action, columns: Columns, setting: ReplaySetting, at: number, write: Write, say: Say): unknown {
  switch (action.kind) {
    case 'set': {
      const wanted = { ...(action.priority ? { priority: words.indexOf(action.priority) + 1 } : {}), ...(action.category === undefined ? {} : { categoryId: action.category }), ...(action.fields ? { fields: { ...action.fields } } : {}) };
      if (Object.keys(differing(columns, wanted)).length === 0) return null;
      write('ticket.changed', wanted);
      return action.priority ?? true;
    }
    case 'tag': case 'untag': {
      const tags = (columns['tags'] ?? []) as string[];
      const next = action.kind === 'tag' ? [...new Set([...tags, ...action.tags])] : tags.filter((tag) => !action.tags.includes(tag));
      if (next.length === tags.length) return null;
      write('ticket.changed', { tags: next });
      return action.tags;
    }
    case 'status': return setStatus(action, columns, setting, at, write);
    case 'assign': return assign(action.to, columns, setting, write);
    case 'comment':
      say({ text: action.body, visibility: action.visibility, direction: action.visibility === 'public' ? 'outbound' : 'internal' }, 'comment.added');
      return action.visibility;
    case 'macro': case 'flow': throw new Unknown(action.kind);
    case 'notify': case 'watch': case 'checklist': case 'create': case 'call': return true;
  }
}

function setStatus(action: Extract<Action, { kind: 'status' }>, columns: Columns, setting: ReplaySetting, at: number, write: Write): unknown {
  const found = setting.status(action.status);
  if (!found) throw new Refused();
  const from = columns['status'] as TicketStatus;
  if (from === found.status && (columns['statusId'] ?? null) === found.statusId) return null;
  const step = stepBetween(from, found.status);
  if (!step) throw new Refused();
  const after = statusAfter(step.action, columns, { ...found, waitingFor: found.waitingFor ?? (action.for as WaitingFor | undefined) ?? null }, at);
  if (after.columns['status'] === 'waiting' && after.columns['waitingFor'] === null) throw new Refused();
  write(after.kind, after.columns);
  return found.status;
}

const kinds = { keep: 'ticket.status_changed', start: 'ticket.status_changed', resume: 'ticket.waiting_ended', wait: 'ticket.waiting_started', resolve: 'ticket.resolved', close: 'ticket.closed', reopen: 'ticket.reopened', cancel: 'ticket.cancelled' } as const;

/** What a step from one status to another changes, and what is told of it. */
export function statusAfter(action: keyof typeof kinds, columns: Columns, { status, statusId, waitingFor }: { status: TicketStatus; statusId: string | null; waitingFor: WaitingFor | null }, at: number): { kind: string; columns: Columns } {
  const moment = new Date(at).toISOString();
  const more: Record<keyof typeof kinds, Columns> = {
    keep: status === 'waiting' && waitingFor !== null ? { waitingFor } : {}, start: {}, resume: { waitingFor: null }, wait: { waitingFor }, resolve: { resolvedAt: moment, waitingFor: null },
    close: { closedAt: moment, waitingFor: null, ...(columns['resolvedAt'] ? {} : { resolvedAt: moment }) }, cancel: { closedAt: moment, waitingFor: null },
    reopen: { resolvedAt: null, closedAt: null, rating: null, acceptedAt: null, reopenedCount: Number(columns['reopenedCount'] ?? 0) + 1 },
  };
  return { kind: kinds[action], columns: { status, statusId, ...more[action] } };
}

function assign(to: Whom, columns: Columns, setting: ReplaySetting, write: Write): unknown {
  const found = whom(to, columns, setting);
  if (found === null) return null;
  const status = columns['status'] as TicketStatus;
  if ('team' in found) {
    if (columns['teamId'] === found.team) return null;
    const team = setting.team(found.team);
    if (!team || !isOpen('transfer', { status, assigneeId: null, acceptedAt: null })) throw new Refused();
    write('ticket.transferred', { teamId: found.team, departmentId: team.departmentId, assigneeId: null, acceptedAt: null });
    return found.team;
  }
  if (columns['assigneeId'] === found.person) return null;
  if (!isOpen('assign', { status, assigneeId: null, acceptedAt: null })) throw new Refused();
  const followed = columns['teamId'] ? null : setting.teamOfPerson(found.person);
  write('ticket.assigned', {
    assigneeId: found.person, acceptedAt: null, ...(status === 'waiting' ? { status: 'open', statusId: null, waitingFor: null } : status === 'new' ? { status: 'open', statusId: null } : {}),
    ...(followed === null ? {} : { teamId: followed, departmentId: setting.team(followed)?.departmentId ?? null }),
  });
  return found.person;
}

function whom(to: Whom, columns: Columns, setting: ReplaySetting): { person: string } | { team: string } | null {
  if ('person' in to) return { person: to.person };
  if ('team' in to) return { team: to.team };
  const person = (id: unknown) => (typeof id === 'string' ? { person: id } : null);
  const team = (id: unknown) => (typeof id === 'string' ? { team: id } : null);
  switch (to.expression) {
    case 'creator': return person(columns['createdBy']);
    case 'assignee': return person(columns['assigneeId']);
    case 'team_lead': return typeof columns['teamId'] === 'string' ? person(setting.team(columns['teamId'])?.leadId) : null;
    case 'category_team': return typeof columns['categoryId'] === 'string' ? team(setting.teamOfCategory(columns['categoryId'])) : null;
    case 'ticket_team': return team(columns['teamId']);
    case 'last_for_asset': case 'last_for_customer': throw new Unknown('person');
  }
}

/** Of what is wanted only what is different. */
function differing(columns: Columns, wanted: Columns): Columns {
  return Object.fromEntries(Object.entries(wanted).flatMap(([column, value]) => {
    if (column !== 'fields') return same(columns[column], value) ? [] : [[column, value]];
    const present = (columns['fields'] ?? {}) as Columns;
    const changed = Object.fromEntries(Object.entries((value ?? {}) as Columns).filter(([key, answer]) => !same(present[key], answer)));
    return Object.keys(changed).length === 0 ? [] : [['fields', changed]];
  }));
}

/** Answers of a form with others laid over them; null takes one away. */
export function laid(fields: unknown, over: unknown): Columns {
  return Object.fromEntries(Object.entries({ ...fields as Columns, ...over as Columns }).filter(([, value]) => value !== null && value !== undefined));
}

const only = (fields: unknown, keys: unknown): Columns => Object.fromEntries(Object.keys(keys as Columns).map((key) => [key, ((fields ?? {}) as Columns)[key] ?? null]));
const same = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
