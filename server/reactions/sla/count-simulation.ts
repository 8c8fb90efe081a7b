import type { Language } from '../../../contract/refusals.ts';
import type { SimulationUnknown } from '../../../contract/sla.ts';
import type { Columns } from '../../../rules/automation/replay.ts';
import { slaMetricNames, type SlaMetric } from '../../../rules/sla/policy.ts';
import { attainmentOf, compareSimulations, type Attainment, type AttainmentBy, type SimulatedClock, type SimulatedTicket, type TicketDifference } from '../../../rules/sla/simulate.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import { nameIn, type Configuration } from '../../records/organization/configuration.ts';
import { clockName } from '../../records/sla/clock-name.ts';
import type { StoredResult } from '../../records/sla/simulations.ts';

const mostExamples = 200;
const groupings = ['all', 'metric', 'priority', 'team'] as const satisfies readonly AttainmentBy[];

type Sides = { before: Attainment; after: Attainment };
const nothing: Attainment = { judged: 0, met: 0, breached: 0, rate: null, running: 0, void: 0 };

function sum(one: Attainment, other: Attainment): Attainment {
  const [judged, met] = [one.judged + other.judged, one.met + other.met];
  return { judged, met, breached: one.breached + other.breached, rate: judged === 0 ? null : met / judged, running: one.running + other.running, void: one.void + other.void };
}

export interface Ticket { readonly id: string; readonly number: string; readonly subject: string }
/** How a ticket stands at the end, on both sides: what rules or a flow would have made of it. */
export interface Ends { readonly before: Columns; readonly after: Columns; /** Something else is different: what was told, how often a rule acted, which steps there were. */ readonly otherwise: boolean }
export interface Left { readonly why: SimulationUnknown; readonly key: string; readonly name: string; readonly nameEn: string }

type Example = { difference: TicketDifference; ticket: Ticket; ends: Ends | null };
const watched = { team: 'teamId', assignee: 'assigneeId', priority: 'priority', status: 'status', category: 'categoryId', tags: 'tags' } as const;

/** What pages of tickets come to together (模拟计数). */
export class SimulationCount {
  readonly #groups = new Map<string, Map<string, Sides>>();
  readonly #load = new Map<string, { ticketsBefore: number; tickets: number; before: number; after: number }>();
  readonly #examples: Example[] = [];
  readonly #left = new Map<string, Left & { tickets: number }>();
  #tickets = 0;
  #affected = 0;
  #worse = 0;
  #better = 0;
  #unknown = 0;

  /** Tickets of whom both sides are known. */
  add(before: readonly SimulatedTicket[], after: readonly SimulatedTicket[], known: ReadonlyMap<string, Ticket>, ends: ReadonlyMap<string, Ends>): void {
    this.#tickets += after.length;
    for (const by of groupings) this.#sum(by, attainmentOf(before, by), attainmentOf(after, by));
    this.#sum('internal', attainmentOf(before, 'team', 'team'), attainmentOf(after, 'team', 'team'));
    for (const ticket of before) this.#carry(ticket, 'ticketsBefore', 'before');
    for (const ticket of after) this.#carry(ticket, 'tickets', 'after');
    const differences = new Map(compareSimulations(before, after).map((difference) => [difference.id, difference]));
    for (const [id, end] of ends) if (!differences.has(id) && (end.otherwise || changesOf(end).length > 0)) differences.set(id, { id, policy: { before: null, after: null }, clocks: [], effect: 'other' });
    for (const difference of differences.values()) {
      this.#affected += 1;
      if (difference.effect === 'now_breached' || difference.effect === 'both') this.#worse += 1;
      if (difference.effect === 'no_longer_breached' || difference.effect === 'both') this.#better += 1;
      this.#keep({ difference, ticket: known.get(difference.id)!, ends: ends.get(difference.id) ?? null });
    }
  }

  /** Tickets of which one side is not known. */
  leaveOut(reasons: readonly Left[]): void {
    this.#unknown += 1;
    for (const reason of new Map(reasons.map((one) => [`${one.why} ${one.key}`, one])).values()) {
      const key = `${reason.why} ${reason.key}`;
      this.#left.set(key, { ...reason, tickets: (this.#left.get(key)?.tickets ?? 0) + 1 });
    }
  }

  #carry(ticket: SimulatedTicket, tickets: 'ticketsBefore' | 'tickets', broken: 'before' | 'after'): void {
    const key = ticket.team ?? 'none';
    const load = this.#load.get(key) ?? { ticketsBefore: 0, tickets: 0, before: 0, after: 0 };
    this.#load.set(key, { ...load, [tickets]: load[tickets] + 1, [broken]: load[broken] + brokenOf(ticket) });
  }

  #keep(example: Example): void {
    if (this.#examples.length < mostExamples) return void this.#examples.push(example);
    // Those that come out differently are what people look for.
    const place = example.difference.effect === 'other' ? -1 : this.#examples.findIndex(({ difference }) => difference.effect === 'other');
    if (place >= 0) this.#examples[place] = example;
  }

  #sum(name: string, before: Map<string, Attainment>, after: Map<string, Attainment>): void {
    const groups = this.#groups.get(name) ?? new Map<string, Sides>();
    this.#groups.set(name, groups);
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const present = groups.get(key) ?? { before: nothing, after: nothing };
      groups.set(key, { before: sum(present.before, before.get(key) ?? nothing), after: sum(present.after, after.get(key) ?? nothing) });
    }
  }

  /** Everybody who is named among the examples, to be looked up. */
  people(): string[] {
    return [...new Set(this.#examples.flatMap(({ ends }) => (ends ? [ends.before['assigneeId'], ends.after['assigneeId']] : [])).filter((id): id is string => typeof id === 'string'))];
  }

  result(configuration: Configuration, people: ReadonlyMap<string, string>): Omit<StoredResult, 'seconds'> {
    const teamIn = (language: Language) => (key: string) => {
      const found = configuration.teams.get(key);
      return found ? nameIn(language, found) : key !== 'none' ? key : language === 'en' ? 'No team' : '未分派';
    };
    const team = (key: string) => both((language) => teamIn(language)(key));
    const asItIs = (key: string) => both(() => key);
    const metric = (key: string) => both((language) => slaMetricNames[key as SlaMetric]?.[language === 'en' ? 'en' : 'zh'] ?? key);
    const groups = (name: string, namesOf: (key: string) => { name: string; nameEn: string }, order?: readonly string[]) => {
      const all = [...this.#groups.get(name) ?? []].map(([key, sides]) => ({ key, ...namesOf(key), ...sides }));
      return order ? all.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key)) : all.toSorted((a, b) => b.after.judged - a.after.judged);
    };
    const named = (property: keyof typeof watched, value: unknown) => {
      if (value === null || value === undefined) return null;
      if (property === 'tags') return { key: '', ...asItIs((value as string[]).join(' ')) };
      const key = property === 'priority' ? priorities[Number(value) - 1] ?? '' : value as string;
      if (property === 'team') return { key, ...team(key) };
      if (property === 'assignee') return { key, ...asItIs(people.get(key) ?? key) };
      const category = property === 'category' ? configuration.categories.get(key) : undefined;
      return { key, ...(category ? both((language) => nameIn(language, category)) : asItIs(key)) };
    };
    return {
      tickets: this.#tickets, affected: this.#affected, nowBreached: this.#worse, noLongerBreached: this.#better,
      all: groups('all', asItIs)[0] ?? { key: 'all', ...asItIs('all'), before: nothing, after: nothing },
      byMetric: groups('metric', metric, Object.keys(slaMetricNames)), byPriority: groups('priority', asItIs, priorities), byTeam: groups('team', team), internal: groups('internal', team),
      load: [...this.#load].map(([key, load]) => ({ key, ...team(key), ...load })).toSorted((a, b) => b.tickets - a.tickets),
      unknownTickets: this.#unknown, unknown: [...this.#left.values()].toSorted((a, b) => b.tickets - a.tickets).slice(0, 50),
      examples: this.#examples.toSorted((a, b) => Number(a.difference.effect === 'other') - Number(b.difference.effect === 'other')).map(({ difference, ticket, ends }) => ({
        id: ticket.id, number: ticket.number, subject: ticket.subject, effect: difference.effect,
        clocks: difference.clocks.slice(0, 20).map(({ key, before, after }) => ({ key, ...both((language) => clockName((after ?? before)!, teamIn(language), language)), before: side(before), after: side(after) })),
        ...(ends ? { changes: changesOf(ends).map((property) => ({ property, before: named(property, ends.before[watched[property]]), after: named(property, ends.after[watched[property]]) })) } : {}),
      })),
    };
  }
}

// Kept in both languages: who reads it is not known yet.
const both = (nameOf: (language: Language) => string) => ({ name: nameOf('zh-CN'), nameEn: nameOf('en') });

/** What of a ticket is different at the end. */
function changesOf({ before, after }: Ends): (keyof typeof watched)[] {
  return (Object.keys(watched) as (keyof typeof watched)[]).filter((property) => JSON.stringify(before[watched[property]] ?? null) !== JSON.stringify(after[watched[property]] ?? null));
}

function brokenOf(ticket: SimulatedTicket): number {
  return ticket.clocks.filter((clock) => clock.breachedAt !== null && clock.team === null).length;
}

function side(clock: SimulatedClock | null): StoredResult['examples'][number]['clocks'][number]['before'] {
  const text = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return clock && { dueAt: text(clock.dueAt), breachedAt: text(clock.breachedAt), outcome: clock.outcome };
}

