import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mergeEdits } from './merge-edits.ts';

describe('an edit and what others changed meanwhile', () => {
  test('goes through where they changed something else, is settled where both said the same, and is a conflict otherwise', () => {
    const changes = [
      { property: 'subject', before: '漏水', after: '水管漏水' }, { property: 'subject', before: '水管漏水', after: '水管爆裂' },
      { property: 'priority', before: 'normal', after: 'high' }, { property: 'fields.floor', before: 3, after: 4 }, { property: 'location', before: { address: '3幢', lat: null }, after: { lat: null, address: '4幢' } },
      { property: 'status', before: 'new', after: 'open' },
    ];
    assert.deepEqual(mergeEdits({ subject: '厨房漏水', priority: 'high', description: '新', fields: { floor: 5, room: '501' } }, changes), {
      clean: { description: '新', fields: { room: '501' } },
      conflicts: [{ property: 'subject', base: '漏水', mine: '厨房漏水', theirs: '水管爆裂' }, { property: 'fields.floor', base: 3, mine: 5, theirs: 4 }],
    });
    assert.deepEqual(mergeEdits({ location: { address: '4幢', lat: null } }, changes), { clean: {}, conflicts: [] }, 'whatever the order of members');
    assert.deepEqual(mergeEdits({ fields: { floor: 4 } }, changes), { clean: {}, conflicts: [] });
    assert.deepEqual(mergeEdits({ subject: 'x' }, []), { clean: { subject: 'x' }, conflicts: [] });
  });

  test('that was changed and changed back is no conflict', () => {
    const changes = [{ property: 'subject', before: 'a', after: 'b' }, { property: 'subject', before: 'b', after: 'a' }];
    assert.deepEqual(mergeEdits({ subject: 'c' }, changes), { clean: { subject: 'c' }, conflicts: [] });
  });

  test('of tags takes in what each added and loses what each took away', () => {
    const tags = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e'));
    fc.assert(fc.property(tags, tags, tags, (base, mine, theirs) => {
      const { clean, conflicts } = mergeEdits({ tags: mine }, [{ property: 'tags', before: base, after: theirs }]);
      assert.deepEqual(conflicts, []);
      const merged = (clean['tags'] ?? theirs) as string[];
      for (const tag of ['a', 'b', 'c', 'd', 'e']) {
        const [was, here, there] = [base.includes(tag), mine.includes(tag), theirs.includes(tag)];
        // Whoever changed it decides; two who both changed it agree.
        assert.equal(merged.includes(tag), here === was ? there : here, tag);
      }
      assert.equal(new Set(merged).size, merged.length);
    }));
  });

  test('never loses a word: what is neither sent nor a conflict is there already', () => {
    const property = fc.constantFrom('subject', 'description', 'priority');
    const value = fc.constantFrom('x', 'y', 'z');
    fc.assert(fc.property(fc.dictionary(property, value), fc.array(fc.tuple(property, value), { maxLength: 6 }), (mine, steps) => {
      const state: Record<string, string> = { subject: 'base', description: 'base', priority: 'base' };
      const changes = steps.map(([name, after]) => {
        const change = { property: name, before: state[name], after };
        state[name] = after;
        return change;
      });
      const { clean, conflicts } = mergeEdits(mine, changes);
      for (const [name, wanted] of Object.entries(mine)) {
        const [sent, conflict] = [name in clean, conflicts.some((one) => one.property === name)];
        assert.ok(!(sent && conflict));
        if (sent) assert.equal(clean[name], wanted);
        else if (!conflict) assert.equal(state[name], wanted);
        else assert.ok(state[name] !== 'base' && state[name] !== wanted);
      }
    }));
  });
});
