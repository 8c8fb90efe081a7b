import { actionKinds } from '../../../rules/automation/definition.ts';
import type { ReplayedTicket, ReplayRule } from '../../../rules/automation/replay.ts';
import type { Transaction } from '../../platform/db/database.ts';
import { activeRules } from '../../records/automation/active-rules.ts';
import type { Configuration } from '../../records/organization/configuration.ts';
import type { SlaNeeds } from '../../records/sla/active-policies.ts';
import type { SimulationRequest, StoredResult } from '../../records/sla/simulations.ts';
import type { Ends, Left } from './count-simulation.ts';
import { surroundingsThen } from './histories.ts';
import { pastsOf } from './past.ts';
import { countsThen, historyOf, replayRules, ruleSurroundings } from './replay-rules.ts';
import type { PlayedPage } from './run-simulation.ts';

/** What every game is played with. */
export interface Game { configuration: Configuration; needs: SlaNeeds; until: number }
type NamedRule = ReplayRule & { name: string };
type Acted = { tickets: number; times: number; refused: number };

/** Plays tickets under the rules that hold and under those that are tried (规则模拟): what people did is as it was on both sides. */
export async function playRules(transaction: Transaction, { configuration, needs, until }: Game, wanted: NonNullable<SimulationRequest['rules']>): Promise<{ play: (transaction: Transaction, ids: readonly string[]) => Promise<PlayedPage>; more: () => Pick<StoredResult, 'rules'> }> {
  const present: NamedRule[] = ((await activeRules(transaction, [transaction.tenantId])).get(transaction.tenantId) ?? []).map(({ id, name, definition, stopAfterMatch }) => ({ id, name, definition, stopAfterMatch }));
  const tried: NamedRule[] = wanted.map(({ id, name, definition, stopAfterMatch = false }, index) => ({ id: id ?? `draft:${index}`, name, definition, stopAfterMatch }));
  const common = await ruleSurroundings(transaction, configuration, until);
  const texts = [...present, ...tried].some(({ definition }) => JSON.stringify(definition.conditions).includes('event.text'));
  const sides = [{ rules: present, claims: new Map<string, number>(), acted: new Map<string, Acted>(), effects: new Map<string, number>() }, { rules: tried, claims: new Map<string, number>(), acted: new Map<string, Acted>(), effects: new Map<string, number>() }] as const;
  const nameOf = new Map([...present, ...tried].map((rule) => [rule.id, rule.name]));
  return {
    async play(within, ids) {
      const pasts = await pastsOf(within, ids, texts);
      const { parties: then, steps } = await surroundingsThen(within, pasts, needs);
      const count = await countsThen(within, ids, [...present, ...tried]);
      const [before, after] = sides.map(({ rules, claims }) => replayRules(pasts, then, { ...common, rules, claims, count })) as [Map<string, ReplayedTicket>, Map<string, ReplayedTicket>];
      const left = new Map<string, readonly Left[]>();
      const ends = new Map<string, Ends>();
      for (const { id } of pasts) {
        const [one, other] = [before.get(id)!, after.get(id)!];
        const unknown = [...one.unknown, ...other.unknown];
        if (unknown.length > 0) left.set(id, unknown.map(({ ruleId, why }) => ({ why, key: ruleId, name: nameOf.get(ruleId) ?? '', nameEn: nameOf.get(ruleId) ?? '' })));
        else {
          ends.set(id, { before: one.columns, after: other.columns, otherwise: outline(one) !== outline(other) });
          note(sides[0], one);
          note(sides[1], other);
        }
      }
      const known = pasts.filter(({ id }) => ends.has(id));
      const histories = (side: ReadonlyMap<string, ReplayedTicket>) => known.map((past) => historyOf(past, side.get(past.id)!, then, { steps }, needs.record));
      return { before: histories(before), after: histories(after), ends, left };
    },
    more: () => ({ rules: {
      rules: [...tried, ...present.filter((rule) => !tried.some((one) => one.id === rule.id))].map(({ id, name }) => ({
        key: id, name, before: actedOn(sides[0], id), after: actedOn(sides[1], id),
      })),
      effects: actionKinds.map((kind) => ({ kind, before: sides[0].effects.get(kind) ?? 0, after: sides[1].effects.get(kind) ?? 0 })).filter(({ before, after }) => before + after > 0),
    } }),
  };
}

interface Side { rules: readonly NamedRule[]; acted: Map<string, Acted>; effects: Map<string, number> }
const none: Acted = { tickets: 0, times: 0, refused: 0 };
const actedOn = ({ rules, acted }: Side, id: string): Acted | null => (rules.some((rule) => rule.id === id) ? acted.get(id) ?? none : null);

function note({ acted, effects }: Side, { matched, refused, effects: done }: ReplayedTicket): void {
  for (const [id, times] of Map.groupBy(matched, (one) => one.ruleId)) {
    const present = acted.get(id) ?? none;
    acted.set(id, { ...present, tickets: present.tickets + 1, times: present.times + times.length });
  }
  for (const { ruleId } of refused) acted.set(ruleId, { ...acted.get(ruleId) ?? none, refused: (acted.get(ruleId)?.refused ?? 0) + 1 });
  for (const { kind } of done) effects.set(kind, (effects.get(kind) ?? 0) + 1);
}

/** What rules did on a ticket, to be compared; which of them did it does not matter. */
const outline = ({ effects }: ReplayedTicket): string => JSON.stringify(effects.map(({ at, kind, to }) => [at, kind, to ?? null]));
