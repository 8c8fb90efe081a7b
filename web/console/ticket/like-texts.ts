import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';

/** The texts of tickets that may be one matter (查重文案). */
export const likeTexts = ownTexts(phrases({
  'label': ['可能重复', 'Possible duplicates'],
  'same': ['可能是同一件事', 'Maybe the same matter'],
  'sameNew': ['可能已经有这张工单', 'There may be a ticket of it already'],
  'score': ['相似 {{score}} 分', 'likeness {{score}}'],
  'merge': ['合并', 'Merge'],
  'mergeHint': ['较新的并入较早的，可以撤销', 'The newer into the older; can be undone'],
  'apart': ['不是同一件事', 'Another matter'],
  'merged': ['已合并到 {{number}}', 'Merged into {{number}}'],
  'crowd.same_asset': ['{{count}} 人反映同一设备的问题', '{{count}} people on the same asset'],
  'crowd.same_place': ['{{count}} 人反映同一处的同类问题', '{{count}} people on the same at one place'],
  'crowd.same_words': ['{{count}} 人反映同样的问题', '{{count}} people on the same'],
  'crowd.hint': ['归到一张父工单下，进展和结果一次告诉所有人。', 'Below one parent, all of them are told at once.'],
  'crowd.gather': ['归到一张父工单', 'Gather below a parent'],
  'crowd.join': ['归到 {{number}}', 'Put below {{number}}'],
  'crowd.joinWith': ['连同另外 {{count}} 张归到 {{number}}', 'Put below {{number}} with {{count}} more'],
  'crowd.take': ['把另外 {{count}} 张归到本单', 'Put {{count}} more below this one'],
  'crowd.unsure': ['{{count}} 人反映同类问题，不确定是不是同一处', '{{count}} people on the same, perhaps not at one place'],
  'crowd.title': ['归到一张工单下', 'Gather below one ticket'],
  'crowd.choose': ['勾选同一起因的工单。没有勾选的不动。', 'Tick those that come of the same cause. The others stay as they are.'],
  'crowd.this': ['本单', 'This one'],
  'crowd.noPlace': ['没有填写地点', 'No place said'],
  'crowd.perhaps': ['不确定是不是这里', 'Perhaps elsewhere'],
  'crowd.do': ['归并 {{count}} 张', 'Gather {{count}}'],
  'crowd.done': ['已把 {{count}} 张工单归到 {{number}}', '{{count}} tickets are below {{number}} now', '{{count}} ticket is below {{number}} now'],
  'crowd.left': ['有 {{count}} 张没有归入：已办结、已有父工单，或您不能修改', '{{count}} were left: done, below another, or not yours to change'],
  'hide': ['先不管', 'Not now'],
}));
