import { isHuman, outcomesOf, type FlowNode } from './definition.ts';
import { quit } from './activities.ts';
import { settle } from './advance.ts';
import { prepareFlow, type FlowBundle } from './prepare.ts';
import { burstSteps, copyOf, newToken, type Run } from './run.ts';
import type { Effect, Explanation, FlowState, FlowView, Token } from './state.ts';

/** Where a token of the old version continues in the new one (落点). */
export interface Landing { activation: string; node: string; name: FlowNode['name']; lands: string | null; landsName: FlowNode['name'] | null; /** It begins the node anew, instead of going on in it. */ anew: boolean }
export interface Move {
  stands: Landing[];
  problems: { code: MoveProblem; node: string; name: FlowNode['name'] }[];
}
export const moveProblems = {
  node_gone: { zh: '步骤“{node}”在新版本里没有了，请指定落到哪一步', en: 'The step “{node}” is gone: say where it is to continue' },
  target_unknown: { zh: '指定的步骤“{node}”在新版本里不存在', en: 'The step “{node}” does not exist in the new version' },
  target_kind: { zh: '不能落到“{node}”：请选择一个需要处理或等待的步骤', en: 'It cannot continue at “{node}”: choose a step that people do, or that waits' },
  join_changed: { zh: '汇合“{node}”的连线变了，已到达的分支无法对应', en: 'The edges into the join “{node}” have changed: what waits there has no place' },
  inside_subflow: { zh: '正在执行子流程“{node}”，请等它结束', en: 'A sub-flow runs at “{node}”: wait until it has ended' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type MoveProblem = keyof typeof moveProblems;

/**
 * Where a run would stand in another version of its flow (迁移预览): a token stays in the node it is in where the new version
 * has it in the same kind, and goes where `map` says otherwise. With problems it does not move.
 */
export function planMove(from: FlowBundle, to: FlowBundle, state: FlowState, map: Readonly<Record<string, string>> = {}): Move {
  const [old, next] = [prepareFlow(from.definition), prepareFlow(to.definition)];
  const move: Move = { stands: [], problems: [] };
  const problem = (code: MoveProblem, node: string, name = (old.nodes.get(node) ?? next.nodes.get(node))?.name ?? { zh: node }) => void move.problems.push({ code, node, name });
  for (const token of state.tokens) {
    if (token.scope !== '' || token.instanceOf !== undefined) continue;
    const node = old.nodes.get(token.node)!;
    const named = Object.hasOwn(map, token.node) ? map[token.node]! : null;
    const landing: Landing = { activation: token.id, node: node.id, name: node.name, lands: null, landsName: null, anew: false };
    move.stands.push(landing);
    if (token.phase === 'child') {
      problem('inside_subflow', node.id);
      continue;
    }
    const target = next.nodes.get(named ?? node.id);
    if (!target) {
      problem(named === null ? 'node_gone' : 'target_unknown', named ?? node.id);
      continue;
    }
    const stays = target.id === node.id && target.kind === node.kind;
    if (token.phase === 'joining') {
      if (!stays || !next.into.get(node.id)?.some((edge) => edge.id === token.edge)) {
        problem('join_changed', node.id);
        continue;
      }
    } else if (!stays && !isHuman(target) && target.kind !== 'wait') {
      problem('target_kind', target.id, target.name);
      continue;
    }
    Object.assign(landing, { lands: target.id, landsName: target.name, anew: !stays || changes(node, target) });
  }
  return move;
}

/** What makes it impossible to simply go on in a node: others decide, in another way or between other things, or it waits for something else. */
function changes(node: FlowNode, target: FlowNode): boolean {
  const essence = (one: FlowNode) => JSON.stringify([
    isHuman(one) ? one.performers : null, one.kind === 'approval' ? [one.mode, one.quorum] : null, one.kind === 'wait' ? one.for : null, one.kind === 'action' ? one.action : null, 'multi' in one ? one.multi : null, 'timers' in one ? one.timers : null,
    isHuman(one) ? one.limit : null, outcomesOf(one),
  ]);
  return essence(node) !== essence(target);
}

/**
 * Moves a run to another version (迁移). What goes on in the same node keeps its votes, claims and moments; what is mapped or has
 * changed in its essence begins the node anew.
 */
export function carryOutMove(to: FlowBundle, from: FlowBundle, state: FlowState, move: Move, view: FlowView): { state: FlowState; effects: Effect[]; explanations: Explanation[] } {
  const run: Run = { bundle: from, view, state: copyOf(state), effects: [], explanations: [], queue: [], budget: { left: burstSteps } };
  run.state.burst = 0;
  const landing: [Token, Landing][] = move.stands.filter((stand) => stand.anew).map((stand) => [run.state.tokens.find((token) => token.id === stand.activation)!, stand]);
  for (const [token] of landing) quit(run, token, 'superseded');
  run.bundle = to;
  for (const [token, stand] of landing) {
    run.state.tokens = run.state.tokens.filter((one) => one !== token);
    run.queue.push({ token: newToken(run, { scope: '', node: stand.lands!, fork: token.fork, trail: token.trail }), do: 'enter' });
  }
  const { nodes } = prepareFlow(to.definition);
  for (const token of run.state.tokens) token.trail = token.trail.filter((entry) => token.scope !== '' || nodes.has(entry.node));
  for (const fork of run.state.forks) fork.trail = fork.trail.filter((entry) => nodes.has(entry.node));
  settle(run);
  return { state: run.state, effects: run.effects, explanations: run.explanations };
}
