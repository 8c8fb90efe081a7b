import type { FlowDefinition } from '../../../rules/workflow/definition.ts';
import type { Transaction } from '../../platform/db/database.ts';
import { nameIn } from '../../records/organization/configuration.ts';
import type { SimulationRequest, StoredResult } from '../../records/sla/simulations.ts';
import type { Ends, Left } from './count-simulation.ts';
import { surroundingsThen } from './histories.ts';
import { pastsOf } from './past.ts';
import type { Game } from './play-rules.ts';
import { replayFlow, rewritten, type PlayedRun } from './replay-flow.ts';
import { asItWas, historyOf, ruleSurroundings } from './replay-rules.ts';
import type { PlayedPage } from './run-simulation.ts';

interface Side { ended: number; minutes: number; steps: Map<string, { entered: number; ended: number; minutes: number }>; teams: Map<string, number> }
const newSide = (): Side => ({ ended: 0, minutes: 0, steps: new Map(), teams: new Map() });

/** Plays tickets that went through a flow through another definition of it (流程模拟); all others are as they were, on both sides. */
export function playFlow({ configuration, needs, until }: Game, flow: NonNullable<SimulationRequest['flow']>): { play: (transaction: Transaction, ids: readonly string[]) => Promise<PlayedPage>; more: () => Pick<StoredResult, 'flow'> } {
  const bundle = { id: flow.id, definition: flow.definition, subflows: flow.subflows };
  const [before, after] = [newSide(), newSide()];
  const names = new Map<string, { name: string; nameEn: string }>();
  const learn = ({ nodes }: FlowDefinition): void => {
    for (const node of nodes) if (!names.has(node.id)) names.set(node.id, { name: node.name.zh, nameEn: node.name.en ?? node.name.zh });
  };
  [flow.definition, ...Object.values(flow.subflows)].forEach(learn);
  let runs = 0;
  return {
    async play(within, ids) {
      const pasts = await pastsOf(within, ids);
      const { parties: then, steps } = await surroundingsThen(within, pasts, { step: true });
      const played = await replayFlow(within, configuration, bundle, pasts, then, until);
      const { teamOfPerson } = await ruleSurroundings(within, configuration, until);
      const left = new Map<string, readonly Left[]>();
      const ends = new Map<string, Ends>();
      const page: PlayedPage = { before: [], after: [], ends, left };
      for (const past of pasts) {
        const own = played.get(past.id) ?? [];
        for (const run of own) [run.past.played.definition, ...Object.values(run.past.played.subflows ?? {})].forEach(learn);
        const lost = own.flatMap(({ replayed: { unknown } }) => (unknown ? [unknown] : []));
        if (lost.length > 0) {
          left.set(past.id, lost.map(({ node, why }) => ({ why, key: node, ...names.get(node) ?? { name: node, nameEn: node } })));
          continue;
        }
        const then_ = asItWas(past);
        page.before.push(historyOf(past, then_, then, { steps }, needs.record));
        if (own.length === 0) {
          page.after.push(page.before.at(-1)!);
          continue;
        }
        const changed = rewritten(past, own, configuration);
        const would = asItWas(changed.past);
        page.after.push(historyOf(changed.past, would, then, { steps: changed.steps }, needs.record));
        ends.set(past.id, { before: then_.columns, after: would.columns, otherwise: own.some((run) => outlineThen(run) !== outlineNow(run)) });
        for (const run of own) {
          runs += 1;
          const teamsOf = (who: readonly { kind: string; id: string }[]) => who.map((one) => (one.kind === 'team' ? one.id : teamOfPerson(one.id) ?? 'none'));
          noteEnd(before, run.past.startedAt, run.status, run.endedAt);
          for (const step of run.past.steps) noteStep(before, step.node, step.openedAt, step.endedAt, teamsOf(step.seats.map((seat) => seat.who)));
          noteEnd(after, run.past.startedAt, run.replayed.status, run.replayed.endedAt);
          for (const step of run.replayed.steps) noteStep(after, step.node, step.openedAt, step.endedAt, teamsOf(step.who));
        }
      }
      return page;
    },
    more: () => {
      const mean = ({ ended, minutes }: { ended: number; minutes: number }) => (ended === 0 ? null : Math.round(minutes / ended * 10) / 10);
      const step = (side: Side, key: string) => {
        const found = side.steps.get(key);
        return found ? { entered: found.entered, minutes: mean(found) } : null;
      };
      const order = [...flow.definition.nodes.map((node) => node.id), ...before.steps.keys(), ...after.steps.keys()];
      const teams = [...new Set([...before.teams.keys(), ...after.teams.keys()])];
      return { flow: {
        runs, before: { ended: before.ended, minutes: mean(before) }, after: { ended: after.ended, minutes: mean(after) },
        steps: [...new Set(order)].filter((key) => before.steps.has(key) || after.steps.has(key)).map((key) => ({ key, ...names.get(key) ?? { name: key, nameEn: key }, before: step(before, key), after: step(after, key) })),
        teams: teams.map((key) => {
          const team = configuration.teams.get(key);
          return { key, name: team ? nameIn('zh-CN', team) : '没有班组', nameEn: team ? nameIn('en', team) : 'No team', before: before.teams.get(key) ?? 0, after: after.teams.get(key) ?? 0 };
        }).toSorted((one, other) => other.after - one.after),
      } };
    },
  };
}

function noteEnd(side: Side, startedAt: number, status: string, endedAt: number | null): void {
  if (status === 'running' || endedAt === null) return;
  side.ended += 1;
  side.minutes += (endedAt - startedAt) / 60_000;
}

function noteStep(side: Side, node: string, openedAt: number, endedAt: number | null, teams: readonly string[]): void {
  const { entered, ended, minutes } = side.steps.get(node) ?? { entered: 0, ended: 0, minutes: 0 };
  side.steps.set(node, { entered: entered + 1, ended: ended + (endedAt === null ? 0 : 1), minutes: minutes + (endedAt === null ? 0 : (endedAt - openedAt) / 60_000) });
  for (const team of new Set(teams)) side.teams.set(team, (side.teams.get(team) ?? 0) + 1);
}

const outlineThen = ({ past, status, endedAt }: PlayedRun): string => JSON.stringify([status, endedAt, past.steps.map((step) => [step.node, step.openedAt, step.endedAt])]);
const outlineNow = ({ replayed }: PlayedRun): string => JSON.stringify([replayed.status, replayed.endedAt, replayed.steps.map((step) => [step.node, step.openedAt, step.endedAt])]);
