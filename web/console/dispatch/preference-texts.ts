import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';

const preferencePhrases = phrases({
  'wish.title': ['指定工程师', 'Technicians'],
  'wish.hint': ['派单、抢单和排程都照此执行；「优先派」只影响评分。', 'Proposals, offers and plans keep to it; “preferred” only counts in the score.'],
  'wish.none': ['没有指定或拒绝的工程师', 'Nobody is asked for or refused'],
  'wish.add': ['添加', 'Add'],
  'wish.who': ['选择工程师', 'Choose a technician'],
  'wish.kind': ['怎么派', 'How'],
  'wish.reason': ['原因（选填）', 'Reason (optional)'],
  'wish.save': ['保存', 'Save'],
  'wish.remove': ['取消对 {{name}} 的指定', 'Take back what was said of {{name}}'],
  'wish.preferred': ['优先派', 'Preferred'],
  'wish.required': ['只派', 'Nobody but'],
  'wish.banned': ['不派', 'Not to be sent'],
  'override.needed': ['不符合派单规则，仍要派的原因', 'A rule speaks against it: why all the same'],
  'override.may': ['不在推荐之列，原因（选填）', 'Not among those proposed: why (optional)'],
  'override.placeholder': ['例如：客户已电话同意', 'As: the customer has agreed by phone'],
  'crew.title': ['同行人员', 'Who comes along'],
  'crew.need': ['这类工作要 {{count}} 个人', 'This work takes {{count}} people'],
  'crew.missing': ['还差 {{count}} 人同行', '{{count}} more should come along'],
  'crew.choose': ['选择同行人员', 'Choose who comes along'],
  'crew.nobody': ['这个时间没有可同行的人', 'Nobody can come along at that time'],
  'crew.change': ['安排同行', 'Who comes along'],
  'crew.saved': ['同行人员已安排', 'Saved who comes along'],
});

/** The texts of whom customers want, and of who comes along (指定与同行文案). */
export const { useTexts: usePreferenceTexts } = ownTexts(preferencePhrases);
