import type { FlowDefinition, FlowNode } from './definition.ts';
import { earlierSteps } from './forks.ts';
import { prepareFlow, type FlowBundle } from './prepare.ts';
import { stepsToTakeBack } from './returning.ts';
import { burstSteps, copyOf, flowOf, type Run } from './run.ts';
import type { FlowState, Hold, Token } from './state.ts';

/** How a flow stands, for people to look at (流程现状). */

const looking = (bundle: FlowBundle, state: FlowState): Run => ({ bundle, state: copyOf(state), view: { fields: {}, ticket: {}, now: '', today: '' }, effects: [], explanations: [], queue: [], budget: { left: burstSteps } });

/** The steps that what stands somewhere may be sent back to (可退回的步骤), the latest first. */
export function returnTargets(bundle: FlowBundle, state: FlowState, activation: string): { node: string; name: FlowNode['name'] }[] {
  const run = looking(bundle, state);
  const found = run.state.tokens.find((token) => token.id === activation);
  const token = found?.instanceOf === undefined ? found : run.state.tokens.find((one) => one.id === found.instanceOf);
  if (!token) return [];
  const flow = flowOf(run, token.scope)!;
  return earlierSteps(run, token).map((step) => ({ node: step.node, name: flow.nodes.get(step.node)?.name ?? { zh: step.node } }));
}

/** The steps that whoever did them can take back now (可撤回的步骤): activations, with who did each. */
export function takeBackable(bundle: FlowBundle, state: FlowState): { activation: string; by: string | null }[] {
  return stepsToTakeBack(looking(bundle, state)).map((entry) => ({ activation: entry.activation, by: entry.by }));
}

/** A step on the line. */
export interface LineStep {
  node: string;
  /** The sub-flow it stands in; null in the flow itself. */
  flow: string | null;
  kind: FlowNode['kind'];
  name: FlowNode['name'];
  state: 'done' | 'current' | 'held' | 'next';
  at: string | null;
  by: string | null;
  outcome: string | null;
  dueAt: string | null;
  hold: Hold | null;
  activation: string | null;
}

const mostAhead = 12;
const shown = (node: FlowNode) => node.kind !== 'start' && node.kind !== 'exclusive' && node.kind !== 'inclusive' && node.kind !== 'parallel';

/**
 * A flow as a line (流程进度): what was done, in the order it ended; where it stands; and what may come, as far as one can see
 * without knowing how conditions will turn out.
 */
export function lineOf(bundle: FlowBundle, state: FlowState): LineStep[] {
  const flowOfScope = (scope: string) => (scope === '' ? null : (state.scopes.find((one) => one.id === scope)?.flow ?? null));
  const definitionOf = (flow: string | null): FlowDefinition | undefined => (flow === null ? bundle.definition : bundle.subflows?.[flow]);
  const line: LineStep[] = [];
  const present = new Set(state.tokens.map((token) => `${token.scope}/${token.node}`));
  const done = Object.entries(state.steps).map(([key, result]) => {
    const [scope, node] = key.includes('/') ? [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)] : ['', key];
    return { scope, node, result };
  }).sort((a, b) => a.result.order - b.result.order);
  for (const { scope, node, result } of done) {
    const flow = flowOfScope(scope);
    const definition = definitionOf(flow);
    const found = definition && prepareFlow(definition).nodes.get(node);
    // What is being done again stands where it is now.
    if (found && !present.has(`${scope}/${node}`)) line.push({ node, flow, kind: found.kind, name: found.name, state: 'done', at: result.at, by: result.by, outcome: result.outcome, dueAt: null, hold: null, activation: null });
  }
  for (const token of state.tokens) {
    const flow = flowOfScope(token.scope);
    const definition = definitionOf(flow);
    const found = definition && prepareFlow(definition).nodes.get(token.node);
    if (!found || token.phase === 'instances' || token.phase === 'child' || (token.phase === 'joining' && !token.hold)) continue;
    line.push({ node: token.node, flow, kind: found.kind, name: found.name, state: token.hold ? 'held' : 'current', at: token.since, by: null, outcome: null, dueAt: duesOf(token)[0] ?? null, hold: token.hold ?? null, activation: token.id });
  }
  if (state.status === 'running') line.push(...ahead(bundle, state));
  return line;
}

const duesOf = (token: Token): string[] => [...(token.timers ?? []).map((timer) => timer.dueAt), ...(token.limitAt === undefined ? [] : [token.limitAt]), ...(token.dueAt === undefined ? [] : [token.dueAt])].sort();

function ahead(bundle: FlowBundle, state: FlowState): LineStep[] {
  const flow = prepareFlow(bundle.definition);
  const from = state.tokens.filter((token) => token.scope === '').map((token) => token.node);
  const seen = new Set(from);
  const found: LineStep[] = [];
  const next = [...from];
  for (let id = next.shift(); id !== undefined && found.length < mostAhead; id = next.shift()) {
    for (const edge of flow.out.get(id) ?? []) {
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      next.push(edge.to);
      const node = flow.nodes.get(edge.to)!;
      const wasDone = Object.hasOwn(state.steps, node.id);
      if (shown(node) && !wasDone) found.push({ node: node.id, flow: null, kind: node.kind, name: node.name, state: 'next', at: null, by: null, outcome: null, dueAt: null, hold: null, activation: null });
    }
  }
  return found;
}

