import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newsChoiceIn, ratingIn } from './short-answers.ts';

test('a number, stars or a word for it rate; anything that says more rates nothing', () => {
  const rated: Record<number, string[]> = {
    5: ['5', '５', '5分', '五分', '5星', '五星', '5 颗星', '⭐⭐⭐⭐⭐', '★★★★★', '非常满意', '很满意！', '打5分', '我给5分', '评分：5', '5 非常满意', '五星好评', '好评', '很好', 'Very good', '5 stars', '5/5', '非常满意，谢谢'],
    4: ['4', '4分', '满意', '满意。', '挺好的', '不错', '4 满意', '比较满意', 'good'],
    3: ['3', '一般', '一般般吧', '还行', 'ok', '3 一般'],
    2: ['2', '两星', '不满意', '不太满意', '不是很满意', '较差', '2 较差', 'bad'],
    1: ['1', '一星', '非常不满意', '很不满意', '差评', '太差了', '1 很差', 'terrible'],
  };
  for (const [rating, texts] of Object.entries(rated)) for (const text of texts) assert.equal(ratingIn(text), Number(rating), text);
  for (const text of ['', '0', '6', '10', '55', '1号楼', '5分钟前', '5楼漏水', '1-2-301', '满意度怎么填', '不满意，马桶还是漏', '还是不好用', '一直漏水', '二楼', '好的收到', '3月3日', '师傅什么时候来', '⭐⭐⭐⭐⭐⭐', '5'.repeat(60)]) assert.equal(ratingIn(text), null, text);
});

test('what somebody wants to hear is said by a whole message only', () => {
  for (const text of ['退订', 'TD', 'td', 't', 'T', '退订。', '取消订阅', '别再通知了', 'STOP', 'unsubscribe', '“退订”']) assert.equal(newsChoiceIn(text), 'answers', text);
  for (const text of ['只要结果', '结果通知', 'results', 'Only results']) assert.equal(newsChoiceIn(text), 'results', text);
  for (const text of ['订阅', '恢复通知', 'start', 'Subscribe']) assert.equal(newsChoiceIn(text), 'all', text);
  for (const text of ['', '我要退订宽带', '怎么退订', 'TD-LTE', '通知', '结果呢', 'please start the heating', '订阅号进不去']) assert.equal(newsChoiceIn(text), null, text);
});
