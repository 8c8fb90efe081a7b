import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowEdge, FlowNode } from './definition.ts';
import { Play, node } from './sample-flows.ts';

/**
 * Graphs without any structure, with circles, joins that starve and steps that are entered several times, against a token
 * game on edges that is as simple as the text of BPMN 2.0: it tries every order in which inclusive joins may fire. Where the
 * text leaves several outcomes open, the engine's has to be one of them.
 */

const cases = Number(process.env['ORACLE_CASES'] ?? 400);

function random(seed: number): (below: number) => number {
  let state = seed * 7_919;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

interface Graph { kinds: Map<string, FlowNode['kind']>; edges: FlowEdge[] }

function makeGraph(pick: (below: number) => number): Graph {
  const kinds = new Map<string, FlowNode['kind']>([['n0', 'start']]);
  const count = 6 + pick(9);
  for (let index = 1; index < count; index += 1) kinds.set(`n${index}`, (['task', 'task', 'exclusive', 'parallel', 'inclusive', 'inclusive'] as const)[pick(6)]!);
  kinds.set(`n${count}`, 'end');
  const edges: FlowEdge[] = [];
  const link = (from: number, to: number) => void edges.push({ id: `e${edges.length}`, from: `n${from}`, to: `n${to}` });
  for (let index = 1; index <= count; index += 1) {
    // Everything can be reached; gateways get a few ways in and out.
    const sources = [...kinds.keys()].slice(0, index).filter((id) => id !== 'n0' || index === 1 || !edges.some((edge) => edge.from === 'n0')).filter((id) => kinds.get(id) !== 'task' || !edges.some((edge) => edge.from === id));
    const from = sources.length > 0 ? Number(sources[pick(sources.length)]!.slice(1)) : -1;
    if (from >= 0) link(from, index);
  }
  for (let extra = 3 + pick(6); extra > 0; extra -= 1) {
    const [from, to] = [1 + pick(count - 1), 1 + pick(count)];
    const gateway = kinds.get(`n${from}`) !== 'task';
    const back = to <= from;
    // A circle always holds a task: it would go round for ever otherwise.
    if (gateway && (!back || kinds.get(`n${to}`) === 'task')) link(from, to);
  }
  for (const [id, kind] of kinds) if (kind !== 'end' && !edges.some((edge) => edge.from === id)) link(Number(id.slice(1)), count);
  for (const [id, kind] of kinds) {
    if (kind !== 'exclusive' && kind !== 'inclusive') continue;
    const out = edges.filter((edge) => edge.from === id);
    for (const edge of out.slice(0, -1)) edge.condition = { var: `fields.${edge.id}` };
    out.at(-1)!.isDefault = true;
  }
  return { kinds, edges: edges.filter((edge) => edge.to !== 'n0') };
}

/** Tokens on edges, and tasks at work; as sorted texts, so that equal markings are equal. */
interface Marking { edges: string[]; tasks: string[] }
const keyOf = (marking: Marking) => JSON.stringify([[...marking.edges].sort(), [...marking.tasks].sort()]);
const without = (list: readonly string[], one: string) => {
  const copy = [...list];
  copy.splice(copy.indexOf(one), 1);
  return copy;
};

/** Every marking in which nothing moves by itself any more. */
function settled(graph: Graph, from: Marking, fields: Record<string, unknown>): Map<string, Marking> {
  const into = (id: string) => graph.edges.filter((edge) => edge.to === id);
  const chosen = (id: string): string[] => {
    const out = graph.edges.filter((edge) => edge.from === id);
    const kind = graph.kinds.get(id);
    if (kind !== 'exclusive' && kind !== 'inclusive') return out.map((edge) => edge.id);
    const open = out.filter((edge) => !edge.isDefault && fields[edge.id]);
    return open.length === 0 ? [out.at(-1)!.id] : kind === 'exclusive' ? [open[0]!.id] : open.map((edge) => edge.id);
  };
  /** Edges into a join that can be reached from a place without passing the join. */
  const reached = (start: readonly string[], join: string): Set<string> => {
    const seen = new Set<string>();
    const found = new Set<string>();
    const visit = (id: string) => {
      for (const edge of graph.edges.filter((one) => one.from === id)) {
        if (edge.to === join) found.add(edge.id);
        else if (!seen.has(edge.to)) {
          seen.add(edge.to);
          visit(edge.to);
        }
      }
    };
    start.forEach(visit);
    return found;
  };
  const results = new Map<string, Marking>();
  const done = new Set<string>();
  const explore = (marking: Marking): void => {
    if (done.has(keyOf(marking))) return;
    done.add(keyOf(marking));
    for (const id of marking.edges) {
      const edge = graph.edges.find((one) => one.id === id)!;
      const kind = graph.kinds.get(edge.to)!;
      const edges = without(marking.edges, id);
      if (kind === 'end') return explore({ ...marking, edges });
      if (kind === 'task') return explore({ edges, tasks: [...marking.tasks, edge.to] });
      if (kind === 'exclusive' || into(edge.to).length === 1) return explore({ ...marking, edges: [...edges, ...chosen(edge.to)] });
      if (kind === 'parallel' && into(edge.to).every((one) => marking.edges.includes(one.id))) {
        return explore({ ...marking, edges: [...into(edge.to).reduce((list, one) => without(list, one.id), marking.edges), ...chosen(edge.to)] });
      }
    }
    const joins = [...graph.kinds.keys()].filter((id) => graph.kinds.get(id) === 'inclusive' && into(id).length > 1 && into(id).some((edge) => marking.edges.includes(edge.id)));
    const ready = joins.filter((id) => {
      const filled = into(id).filter((edge) => marking.edges.includes(edge.id)).map((edge) => edge.id);
      const places = [...marking.tasks, ...marking.edges.map((edge) => graph.edges.find((one) => one.id === edge)!.to).filter((place) => place !== id)];
      return !places.some((place) => {
        const can = reached([place], id);
        return [...can].some((edge) => !filled.includes(edge)) && !filled.some((edge) => can.has(edge));
      });
    });
    if (ready.length === 0) results.set(keyOf(marking), marking);
    for (const id of ready) {
      const taken = into(id).filter((edge) => marking.edges.includes(edge.id));
      explore({ ...marking, edges: [...taken.reduce((list, edge) => without(list, edge.id), marking.edges), ...chosen(id)] });
    }
  };
  explore(from);
  return results;
}

test(`${cases} random graphs without structure do what the text of BPMN allows`, { timeout: 120_000 }, () => {
  let [starved, inclusive] = [0, 0];
  for (let seed = 1; seed <= cases; seed += 1) {
    const pick = random(seed);
    const graph = makeGraph(pick);
    if ([...graph.kinds].some(([id, kind]) => kind === 'inclusive' && graph.edges.filter((edge) => edge.to === id).length > 1)) inclusive += 1;
    const play = new Play({ nodes: [...graph.kinds].map(([id, kind]) => node(id, kind)), edges: graph.edges });
    const shuffle = () => (play.fields = Object.fromEntries(graph.edges.map((edge) => [edge.id, pick(2) === 0])));
    shuffle();
    play.start();
    let possible = settled(graph, { edges: graph.edges.filter((edge) => edge.from === 'n0').map((edge) => edge.id), tasks: [] }, play.fields);
    for (let move = 0; ; move += 1) {
      const tokens = play.state!.tokens;
      const marking: Marking = { edges: tokens.filter((token) => token.phase === 'joining').map((token) => token.edge!), tasks: play.open() };
      assert.ok(possible.has(keyOf(marking)), `graph ${seed}, move ${move}: ${keyOf(marking)} is none of ${[...possible.keys()].join(' ')}`);
      assert.equal(tokens.length, marking.edges.length + marking.tasks.length);
      assert.equal(play.state!.status, tokens.length === 0 ? 'completed' : 'running');
      if (marking.tasks.length === 0) {
        // Nobody can do anything: what still waits says so.
        assert.ok(tokens.every((token) => token.hold?.code === 'join_starved'));
        if (tokens.length > 0) starved += 1;
        break;
      }
      if (move > 40 || tokens.length > 12) break;
      shuffle();
      const task = marking.tasks[pick(marking.tasks.length)]!;
      play.complete(task);
      const out = graph.edges.filter((edge) => edge.from === task).map((edge) => edge.id);
      possible = settled(graph, { edges: [...marking.edges, ...out], tasks: without(marking.tasks, task) }, play.fields);
    }
  }
  assert.ok(starved > 0 && inclusive > cases / 4, `${starved} starved, ${inclusive} with inclusive joins`);
});
