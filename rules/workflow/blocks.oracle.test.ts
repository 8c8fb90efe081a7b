// oxlint-disable unicorn/no-thenable -- `then` says what happens when a limit passes; nobody awaits a definition
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFlow } from './check.ts';
import type { FlowDefinition, FlowEdge, FlowNode } from './definition.ts';
import { Play, node } from './sample-flows.ts';
import { step } from './step.ts';
import type { FlowEvent, FlowState } from './state.ts';

/**
 * Well-formed flows made at random, run in random order, against an oracle that knows neither tokens nor gateways: it
 * walks the tree the flow was made from. ORACLE_CASES says how many; crashes and repeated events come in between.
 */

const cases = Number(process.env['ORACLE_CASES'] ?? 400);

/** A generator of numbers from a seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

type Block =
  | { kind: 'task'; id: string; late: { id: string; interrupting: boolean; then: Block } | null; count: number | null; sequential: boolean }
  | { kind: 'seq'; blocks: Block[] }
  | { kind: 'and' | 'xor' | 'or'; id: string; ways: Block[] }
  /** First the body, then again as long as the field of its id holds. */
  | { kind: 'loop'; id: string; body: Block }
  | { kind: 'sub'; id: string; body: Block };

function makeTree(pick: (below: number) => number): { tree: Block; subflows: Map<string, Block> } {
  let count = 0;
  const id = (prefix: string) => `${prefix}${(count += 1)}`;
  const subflows = new Map<string, Block>();
  const task = (depth: number): Block => ({ kind: 'task', id: id('t'), count: pick(6) === 0 ? pick(4) : null, sequential: pick(2) === 0, late: depth > 0 && pick(5) === 0 ? late(depth) : null });
  const late = (depth: number) => {
    const interrupting = pick(2) === 0;
    // In a circle, what does not interrupt may run twice at once: plain steps, so that one is like the other.
    return { id: id('late'), interrupting, then: interrupting ? block(depth - 1) : { kind: 'seq' as const, blocks: Array.from({ length: 1 + pick(2) }, waits) } };
  };
  const waits = (): Block => ({ kind: 'task', id: id('t'), count: null, sequential: false, late: null });
  const block = (depth: number): Block => {
    if (depth <= 0) return task(0);
    switch (pick(8)) {
      case 0: case 1: return task(depth);
      case 2: case 3: return { kind: 'seq', blocks: Array.from({ length: 1 + pick(3) }, () => block(depth - 1)) };
      // A body that always waits somewhere: what goes round without a pause would be held.
      case 4: return { kind: 'loop', id: id('again'), body: { kind: 'seq', blocks: [waits(), block(depth - 1)] } };
      case 5: {
        if (pick(3) > 0) return task(depth);
        const sub: Block = { kind: 'sub', id: id('sub'), body: block(depth - 1) };
        subflows.set(sub.id, sub.body);
        return sub;
      }
      default: return { kind: (['and', 'xor', 'or'] as const)[pick(3)]!, id: id('g'), ways: Array.from({ length: 2 + pick(2) }, () => block(depth - 1)) };
    }
  };
  return { tree: block(4), subflows };
}

/** The graph a tree stands for. */
function draw(tree: Block): FlowDefinition {
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  const link = (from: string, to: string, more: Partial<FlowEdge> = {}) => void edges.push({ id: `e${edges.length}`, from, to, ...more });
  const put = (id: string, kind: FlowNode['kind'], more: Record<string, unknown> = {}) => {
    nodes.push(node(id, kind, more));
    return id;
  };
  // Draws a block behind a place, and gives the place behind it.
  const after = (from: string, block: Block, first: Partial<FlowEdge> = {}): string => {
    switch (block.kind) {
      case 'task': {
        const timers = block.late ? [{ id: block.late.id, due: { after: { amount: 1, unit: 'hours' } }, interrupting: block.late.interrupting }] : [];
        put(block.id, 'task', { ...(timers.length > 0 ? { timers } : {}), ...(block.count === null ? {} : { multi: { mode: block.sequential ? 'sequential' : 'parallel', over: { count: block.count } } }) });
        link(from, block.id, first);
        if (!block.late) return block.id;
        const end = after(block.late.id, block.late.then);
        if (!block.late.interrupting) {
          link(end, put(`${block.late.id}_end`, 'end'));
          return block.id;
        }
        const merge = put(`${block.id}_m`, 'exclusive');
        link(block.id, merge);
        link(end, merge);
        return merge;
      }
      case 'seq': {
        let place = from;
        let more = first;
        for (const inner of block.blocks) {
          place = after(place, inner, more);
          more = {};
        }
        return place;
      }
      case 'and': case 'xor': case 'or': {
        const kind = block.kind === 'and' ? 'parallel' : block.kind === 'xor' ? 'exclusive' : 'inclusive';
        link(from, put(block.id, kind), first);
        const join = put(`${block.id}_j`, kind);
        block.ways.forEach((way, index) => {
          const last = index === block.ways.length - 1;
          const more: Partial<FlowEdge> = kind === 'parallel' ? {} : last ? { isDefault: true } : { condition: { var: `fields.${block.id}_${index}` } };
          link(after(block.id, way, more), join);
        });
        return join;
      }
      case 'loop': {
        link(from, put(`${block.id}_in`, 'exclusive'), first);
        link(after(`${block.id}_in`, block.body), put(block.id, 'exclusive'));
        link(block.id, `${block.id}_in`, { condition: { var: `fields.${block.id}` } });
        const out = put(`${block.id}_out`, 'exclusive');
        link(block.id, out, { isDefault: true });
        return out;
      }
      case 'sub':
        link(from, put(block.id, 'subflow', { flow: block.id }), first);
        return block.id;
    }
  };
  put('start', 'start');
  link(after('start', tree), put('end', 'end'));
  return { nodes, edges };
}

/** What waits in the oracle: a task by its id, with what its end or its timer sets going. */
interface Waiting { id: string; end: () => void; late: (() => void) | null }

interface Life { running: number; end: () => void }

/** The oracle: the tree walked with what comes afterwards in hand. */
class Oracle {
  waiting: Waiting[] = [];
  done = false;
  fields: Record<string, unknown>;
  constructor(tree: Block, fields: Record<string, unknown>) {
    this.fields = fields;
    this.#alone(tree, () => (this.done = true));
  }
  /** A flow or sub-flow: over when all of it is, also what runs beside. */
  #alone(block: Block, next: () => void): void {
    const life: Life = { running: 1, end: () => ((life.running -= 1) === 0 ? next() : undefined) };
    this.#walk(block, life.end, life);
  }
  #walk(block: Block, next: () => void, life: Life): void {
    switch (block.kind) {
      case 'task':
        return this.#task(block, next, life);
      case 'seq': {
        const from = (index: number): void => (index === block.blocks.length ? next() : this.#walk(block.blocks[index]!, () => from(index + 1), life));
        return from(0);
      }
      case 'sub':
        return this.#alone(block.body, next);
      case 'loop': {
        const round = (): void => this.#walk(block.body, () => (this.fields[block.id] ? round() : next()), life);
        return round();
      }
      default: {
        const open = block.ways.filter((_way, index) => block.kind === 'and' || (index < block.ways.length - 1 && this.fields[`${block.id}_${index}`]));
        const chosen = open.length === 0 ? [block.ways.at(-1)!] : block.kind === 'xor' ? [open[0]!] : open;
        let left = chosen.length;
        for (const way of chosen) this.#walk(way, () => ((left -= 1) === 0 ? next() : undefined), life);
      }
    }
  }
  #task(block: Block & { kind: 'task' }, next: () => void, life: Life): void {
    const total = block.count ?? 1;
    if (total === 0) return next();
    let left = total;
    let armed = block.late !== null;
    const mine: Waiting[] = [];
    const remove = (one: Waiting) => void this.waiting.splice(this.waiting.indexOf(one), 1);
    const open = () => {
      const one: Waiting = {
        id: block.id,
        end: () => {
          remove(one);
          mine.splice(mine.indexOf(one), 1);
          left -= 1;
          if (left === 0) next();
          else if (block.sequential) open();
        },
        get late() {
          return armed ? late : null;
        },
      };
      mine.push(one);
      this.waiting.push(one);
    };
    const late = () => {
      armed = false;
      if (block.late!.interrupting) {
        for (const one of [...mine]) remove(one);
        mine.length = 0;
        this.#walk(block.late!.then, next, life);
      } else {
        life.running += 1;
        this.#walk(block.late!.then, life.end, life);
      }
    };
    for (let count = block.sequential ? 1 : total; count > 0; count -= 1) open();
  }
}

const names = (list: readonly string[]) => [...list].sort().join(' ');

test(`${cases} random flows with crashes: no token lost, none doubled, never stuck`, { timeout: 120_000 }, () => {
  let most = 0;
  for (let seed = 1; seed <= cases; seed += 1) {
    const pick = random(seed);
    const { tree, subflows } = makeTree(pick);
    const definition = draw(tree);
    most = Math.max(most, definition.nodes.length);
    assert.deepEqual(checkFlow(definition), [], `flow ${seed} is well formed`);
    const play = new Play(definition, {}, Object.fromEntries([...subflows].map(([id, body]) => [id, draw(body)])));
    const fields: Record<string, unknown> = {};
    const shuffle = () => {
      for (const { nodes } of [definition, ...Object.values(play.bundle.subflows!)]) {
        for (const one of nodes) {
          fields[one.id] = pick(3) === 0;
          for (let index = 0; index < 3; index += 1) fields[`${one.id}_${index}`] = pick(2) === 0;
        }
      }
    };
    shuffle();
    play.fields = fields;
    play.start();
    const oracle = new Oracle(tree, fields);
    const sent: FlowEvent[] = [];
    for (let move = 0; !oracle.done; move += 1) {
      assert.equal(names(play.open()), names(oracle.waiting.map((one) => one.id)), `flow ${seed}, move ${move}`);
      assert.deepEqual(play.state!.tokens.filter((token) => token.hold), [], `flow ${seed}: nothing is held`);
      assert.ok(oracle.waiting.length > 0 && move < 2_000, `flow ${seed}: never stuck`);
      shuffle();
      if (move > 60) for (const key of Object.keys(fields)) if (key.startsWith('again')) fields[key] = false;
      // Of several that wait at the same node, the first on both sides: they are alike.
      const chosen = oracle.waiting[pick(oracle.waiting.length)]!;
      const alike = oracle.waiting.find((one) => one.id === chosen.id)!;
      const token = play.state!.tokens.find((one) => one.phase === 'open' && one.node === chosen.id)!;
      const host = token.instanceOf === undefined ? token : play.state!.tokens.find((one) => one.id === token.instanceOf)!;
      const timer = host.timers?.[0];
      const fires = alike.late !== null && timer !== undefined && pick(4) === 0;
      const event = { id: `${seed}.${move}`, ...(fires ? { kind: 'timer' as const, activation: host.id, timer: timer.id } : { kind: 'complete' as const, activation: token.id, by: 'p' }) };
      // A crash before anything was written: it all happens again, from the same state, and comes to the same.
      if (pick(3) === 0) assert.deepEqual(step(play.bundle, play.state, event, play.view()), step(play.bundle, structuredClone(play.state), event, play.view()));
      const before: FlowState = play.state!;
      assert.equal(play.send(event).answer, 'applied');
      sent.push(event);
      if (fires) alike.late!();
      else alike.end();
      // Whatever was sent before comes again, under its own name or another: nothing happens.
      const old = sent[pick(sent.length)]!;
      const after = structuredClone(play.state);
      assert.notEqual(play.send(old).answer, 'applied');
      assert.notEqual(play.send({ ...old, id: `again ${old.id}` }).answer, 'applied');
      assert.deepEqual(play.state, after);
      assert.notEqual(play.state!.sequence, before.sequence - 1);
    }
    assert.deepEqual([play.state!.status, play.state!.tokens, play.state!.scopes, play.state!.forks], ['completed', [], [], []], `flow ${seed}`);
    // Every task that was opened was closed, every timer that was set fired or was called off.
    const opened = play.effects.filter((effect) => effect.do === 'open_task').map((effect) => effect.activation);
    const closed = play.effects.filter((effect) => effect.do === 'close_task').map((effect) => effect.activation);
    assert.deepEqual([...closed].sort(), [...opened].sort());
    assert.equal(new Set(opened).size, opened.length);
    assert.equal(play.effects.filter((effect) => effect.do === 'end').length, 1);
  }
  assert.ok(most > 30, 'some of them are large');
});
