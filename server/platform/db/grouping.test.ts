import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { CommitUnanswered, openGrouping, type Member } from './grouping.ts';

const work = async (): Promise<null> => null;

/** Commits that last until they are let go. */
function commits(groups = 2, whileAlone: () => Promise<void> = async () => {}) {
  const begun: { tenantId: string; size: number; finish: (outcome?: boolean | Error) => void }[] = [];
  const alone: string[] = [];
  const group = openGrouping({
    groups,
    together: (tenantId, members) => hold(tenantId, members),
    alone: async (tenantId) => {
      alone.push(tenantId);
      await whileAlone();
      return 'alone';
    },
  });
  function hold(tenantId: string, members: readonly Member[]): Promise<boolean> {
    return new Promise((resolve, reject) => {
      begun.push({ tenantId, size: members.length, finish: (outcome = true) => {
        if (outcome === true) members.forEach((member) => member.resolve('together'));
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      } });
    });
  }
  const call = (tenantId: string, count: number) => Array.from({ length: count }, () => group(tenantId, work));
  const until = async (holds: () => boolean) => {
    while (!holds()) await setTimeout(1);
  };
  return { begun, alone, call, until };
}

describe('calls that arrive together', { timeout: 20_000 }, () => {
  test('are committed as one group; what comes meanwhile is the next', async () => {
    const { begun, call, until } = commits();
    const first = call('a', 5);
    await until(() => begun.length === 1);
    const second = call('a', 3);
    await setTimeout(30);
    assert.deepEqual(begun.map(({ size }) => size), [5], 'while one is under way, a few wait');
    begun[0]!.finish();
    assert.deepEqual(await Promise.all(first), Array(5).fill('together'));
    await until(() => begun.length === 2);
    assert.equal(begun[1]!.size, 3);
    begun[1]!.finish();
    await Promise.all(second);
  });

  test('a full group does not wait for the one before it; a third does', async () => {
    const { begun, call, until } = commits();
    const all = call('a', 100);
    await until(() => begun.length === 2);
    await setTimeout(20);
    assert.deepEqual(begun.map(({ size }) => size), [32, 32]);
    begun[0]!.finish();
    await until(() => begun.length === 3);
    begun[1]!.finish();
    begun[2]!.finish();
    await until(() => begun.length === 4);
    assert.deepEqual(begun.map(({ size }) => size), [32, 32, 32, 4]);
    begun[3]!.finish();
    await Promise.all(all);
  });

  test('a lone call is alone, and at once', async () => {
    const { begun, alone, call } = commits();
    assert.deepEqual(await Promise.all(call('a', 1)), ['alone']);
    assert.deepEqual([begun.length, alone], [0, ['a']]);
  });

  test('tenants do not wait for one another, and take turns', async () => {
    const { begun, call, until } = commits();
    const busy = call('a', 40);
    const other = call('b', 2);
    const third = call('c', 2);
    await until(() => begun.length === 2);
    assert.deepEqual(begun.map(({ tenantId }) => tenantId), ['a', 'b']);
    begun[1]!.finish();
    await until(() => begun.length === 3);
    assert.equal(begun[2]!.tenantId, 'c');
    begun[0]!.finish();
    begun[2]!.finish();
    await until(() => begun.length === 4);
    begun[3]!.finish();
    await Promise.all([...busy, ...other, ...third]);
  });

  test('a group that cannot be committed is taken apart; one whose commit was not answered is not', async () => {
    const { begun, alone, call, until } = commits();
    const spoiled = call('a', 2);
    await until(() => begun.length === 1);
    begun[0]!.finish(false);
    assert.deepEqual(await Promise.all(spoiled), ['alone', 'alone']);
    const failed = call('a', 2);
    await until(() => begun.length === 2);
    begun[1]!.finish(new Error('disk full'));
    assert.deepEqual(await Promise.all(failed), ['alone', 'alone']);
    const open = call('a', 2);
    await until(() => begun.length === 3);
    begun[2]!.finish(new CommitUnanswered('gone'));
    const outcomes = await Promise.allSettled(open);
    assert.deepEqual(outcomes.map(({ status }) => status), ['rejected', 'rejected']);
    assert.equal(alone.length, 4);
  });

  test('a call alone that waits for a lock holds nobody up: not those who come behind it, nor those it was together with', async () => {
    let first = true;
    let letGo = (): void => {};
    const { begun, call, until } = commits(2, () => (first ? new Promise((resolve) => [first, letGo] = [false, resolve]) : Promise.resolve()));
    const stuck = call('a', 1);
    await until(() => !first);
    const behind = call('a', 3);
    await until(() => begun.length === 1);
    begun[0]!.finish();
    assert.deepEqual(await Promise.all(behind), Array(3).fill('together'));
    letGo();
    await Promise.all(stuck);
    first = true;
    const spoiled = call('a', 3);
    await until(() => begun.length === 2);
    begun[1]!.finish(false);
    assert.deepEqual(await Promise.all(spoiled.slice(1)), ['alone', 'alone'], 'the first still waits');
    letGo();
    assert.equal(await spoiled[0], 'alone');
  });

  test('generated arrivals: everybody is answered once, no group is larger than allowed, nor more at once', async () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let underWay = 0;
    let most = 0;
    const group = openGrouping({
      groups: 3,
      together: async (_tenantId, members) => {
        assert.ok(members.length <= 32);
        most = Math.max(most, ++underWay);
        await setTimeout(random() * 5);
        underWay -= 1;
        if (random() < 0.2) return false;
        members.forEach((member) => void member.work({} as never).then(member.resolve));
        return true;
      },
      alone: (_tenantId, member) => member({} as never),
    });
    const runs = Array.from({ length: 600 }, () => 0);
    const answers = await Promise.all(runs.map(async (_, index) => {
      await setTimeout(random() * 200);
      return group(`tenant ${index % 7}`, async () => {
        runs[index]! += 1;
        return index;
      });
    }));
    assert.deepEqual(answers, runs.map((_, index) => index));
    assert.ok(runs.every((times) => times === 1));
    assert.ok(most <= 3);
  });
});
