import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { keepDraft } from './kept-draft.ts';

interface Server { version: number; text: string }
class Conflict extends Error {}

/** A server with versions, whose answers take as long as they are held. */
function scene(rest = 5) {
  let stored: Server = { version: 1, text: 'a' };
  let down: Error | null = null;
  const sent: string[] = [];
  const held: (() => void)[] = [];
  let holding = false;
  const keeping = keepDraft<string, Server>({
    text: 'a', server: stored, rest,
    send: async (text, base) => {
      sent.push(text);
      if (holding) await new Promise<void>((resolve) => held.push(resolve));
      if (down) throw down;
      if (base.version !== stored.version) throw new Conflict();
      return (stored = { version: stored.version + 1, text });
    },
    fetch: async () => stored,
    isConflict: (problem) => problem instanceof Conflict,
  });
  return {
    keeping, sent, held,
    hold: (on: boolean) => (holding = on),
    break: (error: Error | null) => (down = error),
    somebodyElse: (text: string) => (stored = { version: stored.version + 1, text }),
    stored: () => stored,
    until: async (holds: () => boolean) => {
      while (!holds()) await setTimeout(1);
    },
  };
}

describe('a draft kept as one goes', { timeout: 20_000 }, () => {
  test('is kept after a moment of rest, once', async () => {
    const { keeping, sent, until, stored } = scene();
    keeping.change(() => 'b');
    keeping.change(() => 'c');
    assert.equal(keeping.current().state, 'waiting');
    await until(() => keeping.current().state === 'saved');
    assert.deepEqual([sent, stored().text], [['c'], 'c']);
  });

  test('saved by hand while a save is under way, it waits for that one and goes on from its answer', async () => {
    const { keeping, sent, held, hold, until, stored } = scene();
    hold(true);
    keeping.change(() => 'b');
    await until(() => held.length === 1);
    keeping.change(() => 'c');
    const saved = keeping.save();
    hold(false);
    held[0]!();
    assert.deepEqual(await saved, { version: 3, text: 'c' });
    assert.deepEqual(sent, ['b', 'c']);
    assert.deepEqual([keeping.current().state, stored().text], ['saved', 'c']);
  });

  test('two who save at once send it once', async () => {
    const { keeping, sent } = scene(1_000);
    keeping.change(() => 'b');
    const answers = await Promise.all([keeping.save(), keeping.save()]);
    assert.deepEqual(answers.map(({ version }) => version), [2, 2]);
    assert.deepEqual(sent, ['b']);
  });

  test('what is typed while it is being kept is kept next', async () => {
    const { keeping, held, hold, until, stored } = scene();
    hold(true);
    keeping.change(() => 'b');
    await until(() => held.length === 1);
    keeping.change(() => 'bc');
    hold(false);
    held[0]!();
    await until(() => keeping.current().state === 'saved');
    assert.equal(stored().text, 'bc');
  });

  test('taken back before it was sent, there is nothing to keep', async () => {
    const { keeping, sent } = scene();
    keeping.change(() => 'b');
    keeping.change(() => 'a');
    assert.equal(keeping.current().state, 'saved');
    await setTimeout(30);
    assert.deepEqual(sent, []);
  });

  test('a failure is said and thrown; trying again keeps it', async () => {
    const scenery = scene();
    const { keeping, until } = scenery;
    scenery.break(new Error('no network'));
    keeping.change(() => 'b');
    await assert.rejects(keeping.save(), /no network/);
    assert.equal(keeping.current().state, 'failed');
    scenery.break(null);
    keeping.retry();
    await until(() => keeping.current().state === 'saved');
    assert.equal(scenery.stored().text, 'b');
  });

  test('somebody else was faster: it asks, and what is typed meanwhile is not sent', async () => {
    const scenery = scene();
    const { keeping, sent, until } = scenery;
    scenery.somebodyElse('theirs');
    keeping.change(() => 'b');
    await until(() => keeping.current().state === 'conflict');
    assert.equal(keeping.current().theirs?.text, 'theirs');
    keeping.change(() => 'bc');
    await setTimeout(30);
    assert.deepEqual(sent, ['b']);
    keeping.keepMine();
    await until(() => keeping.current().state === 'saved');
    assert.equal(scenery.stored().text, 'bc');
    scenery.somebodyElse('again');
    keeping.change(() => 'd');
    await until(() => keeping.current().state === 'conflict');
    keeping.adopt(keeping.current().theirs!, keeping.current().theirs!.text);
    assert.deepEqual([keeping.current().text, keeping.current().state], ['again', 'saved']);
  });

  test('whoever leaves at once loses nothing', async () => {
    const { keeping, until, stored } = scene(60_000);
    keeping.change(() => 'b');
    keeping.leave();
    await until(() => stored().text === 'b');
  });
});
