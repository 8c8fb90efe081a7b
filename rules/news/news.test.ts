import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWanted, latestOf, newsChoices, newsEvents } from './events.ts';
import { fillNews, newsVariables, standardNews, unknownNewsVariables } from './words.ts';

test('whoever wants less hears less, and answers never pass by here', () => {
  const heard = newsChoices.map((choice) => newsEvents.filter((event) => isWanted(choice, event)));
  assert.deepEqual(heard, [[...newsEvents], ['resolved', 'closed', 'cancelled', 'survey'], []]);
});

test('of any steps at one moment the furthest is told, with the survey; none is lost or told twice', () => {
  for (let mask = 0; mask < 2 ** newsEvents.length; mask += 1) {
    const waiting = newsEvents.filter((_, index) => mask & (2 ** index)).map((event) => ({ event }));
    const { told, overtaken } = latestOf(waiting);
    assert.deepEqual([...told, ...overtaken].map(({ event }) => event).sort(), waiting.map(({ event }) => event).sort());
    assert.ok(told.filter(({ event }) => event !== 'survey').length <= 1);
    assert.equal(told.some(({ event }) => event === 'survey'), waiting.some(({ event }) => event === 'survey'));
    const places = (list: typeof told) => list.filter(({ event }) => event !== 'survey').map(({ event }) => newsEvents.indexOf(event));
    if (places(overtaken).length > 0) assert.ok(Math.max(...places(told)) >= Math.max(...places(overtaken)));
  }
});

test('values are put in as they are; a line that only asked for what is missing goes', () => {
  assert.equal(fillNews('好：{{resolution}}\n链接 {{link}}\n再见', { link: '{{name}}', name: '王' }), '链接 {{name}}\n再见');
  assert.equal(fillNews('{{technician|工程师}}来', {}), '工程师来');
  assert.deepEqual(unknownNewsVariables('{{name}} {{nobody}} {{ ticket.number | x }}'), ['nobody']);
  for (const event of newsEvents) {
    for (const language of ['zh', 'en'] as const) {
      assert.deepEqual(unknownNewsVariables(standardNews[event][language]), []);
      const full = fillNews(standardNews[event][language], Object.fromEntries(Object.keys(newsVariables).map((name) => [name, '值'])));
      assert.ok(full.length > 0 && !full.includes('{{'), full);
    }
  }
});
