import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';

const offerPhrases = phrases({
  'how.label': ['派单方式', 'How it is given out'],
  'how.direct': ['直接指派', 'To a person'], 'how.grab': ['抢单', 'First come'], 'how.in_turn': ['依次派单', 'In turn'], 'how.by_load': ['按负荷', 'By load'], 'how.nearest': ['就近', 'Nearest'], 'how.best_match': ['最佳匹配', 'Best match'],
  'what.grab': ['先开放给第一圈的人，过一会儿没人接就扩大范围，最后是整个班组。谁先抢到就是谁的。', 'It is open to the first ring, after a while to the wider ones, and at last to the whole team. Whoever is first has it.'],
  'what.in_turn': ['一次只问一个人：谁最久没被派过，就先问谁。不接或超时，转给下一位。', 'One person is asked at a time, whoever was asked longest ago first. A decline or silence leads to the next.'],
  'what.by_load': ['一次只问一个人：当天上门最少的先问。不接或超时，转给下一位。', 'One person is asked at a time, whoever has the fewest visits that day first. A decline or silence leads to the next.'],
  'what.nearest': ['一次只问一个人：路程最短的先问。不接或超时，转给下一位。', 'One person is asked at a time, whoever has the shortest way first. A decline or silence leads to the next.'],
  'what.best_match': ['一次只问一个人：派单评分最高的先问。不接或超时，转给下一位。', 'One person is asked at a time, the best score first. A decline or silence leads to the next.'],
  'what.direct': ['由调度选人指派。', 'A dispatcher chooses somebody.'],
  'what.hard': ['不上班、技能不够或排不下的人不会看到，也不能接。', 'Whoever is off duty, lacks a skill or has no room neither sees nor gets it.'],
  'what.rings': ['第一圈 {{first}}；每 {{count}} 分钟扩大一次', 'First {{first}}; wider every {{count}} min'],
  'what.atOnce': ['一开始就开放给整个班组，{{count}} 分钟没人接就转调度', 'Open to the whole team at once; after {{count}} min without anybody it is a dispatcher’s'],
  'what.limit': ['每人 {{count}} 分钟内答复，最多问 {{most}} 人', '{{count}} min to answer, {{most}} people at most'],
  'open.grab': ['发起抢单', 'Open it to the team'], 'open.other': ['开始派单', 'Start asking'],
  'part.title': ['派单进行中', 'Being offered'], 'part.lapsed': ['派单无人接', 'Nobody took it'],
  'part.left.widen': ['{{time}} 后扩大范围', 'Wider in {{time}}'], 'part.left.next': ['{{time}} 后转给下一位', 'The next in {{time}}'], 'part.left.lapse': ['{{time}} 后转调度', 'To a dispatcher in {{time}}'],
  'part.ring': ['第 {{ring}} 圈，共 {{count}} 圈', 'Ring {{ring}} of {{count}}'], 'part.team': ['已开放给整个班组', 'Open to the whole team'],
  'part.automatic': ['自动发起', 'By itself'], 'part.withdraw': ['收回', 'Withdraw'], 'part.again': ['重新派单', 'Offer it again'],
  'part.state.offered': ['等待答复', 'May answer'], 'part.state.declined': ['不接', 'Declined'], 'part.state.passed': ['超时', 'Too late'], 'part.state.missed': ['已结束', 'Over'], 'part.state.taken': ['已接', 'Took it'],
  'part.more': ['还有 {{count}} 人', 'and {{count}} more'],
  'part.withdrawn': ['已收回', 'Withdrawn'],
  'strip.title': ['无人接', 'Unclaimed'], 'strip.label': ['{{count}} 张工单派单无人接', '{{count}} tickets nobody took', '1 ticket nobody took'],
  'strip.asked': ['问过 {{count}} 人', '{{count}} asked'],
  'fact.people': ['{{names}} 等 {{count}} 人', '{{names}} and others, {{count}} in all'], 'fact.team': ['整个班组', 'The whole team'], 'fact.until': ['到 {{time}}', 'until {{time}}'],
  'fact.given': ['工单已有处理人', 'Somebody has the ticket'], 'fact.moved': ['工单转到了别的班组', 'The ticket went to another team'], 'fact.settled': ['工单不再需要派人', 'Nobody is needed any more'], 'fact.window_over': ['上门时段已过', 'The window of the visit is over'],
  'modes.title': ['派单方式', 'How tickets are given out'], 'modes.hint': ['工单进入这个班组后怎样找到处理人。除“直接指派”外，工单一到就自动派出；无人接时通知调度或班组长。', 'How tickets of this team find whoever does them. But for “To a person” they are offered as soon as they come; where nobody takes one, a dispatcher or the lead is told.'],
  'modes.mode': ['默认方式', 'Usual way'], 'modes.types': ['个别类型', 'Other types'], 'modes.addType': ['添加类型', 'Add a type'], 'modes.type': ['工单类型', 'Type'],
  'modes.rings': ['抢单范围', 'Rings of a grab'], 'modes.addRing': ['再加一圈', 'Add a ring'], 'modes.ring': ['第 {{count}} 圈', 'Ring {{count}}'], 'modes.lastRing': ['最后：整个班组', 'At last: the whole team'],
  'modes.people': ['人', 'people'], 'modes.kilometres': ['公里内', 'km'], 'modes.minutes': ['分钟车程内', 'min away'], 'modes.remove': ['删除', 'Remove'],
  'modes.ringOrder': ['先选谁', 'Who comes first'], 'modes.widen': ['扩大间隔（分钟）', 'Minutes between rings'], 'modes.accept': ['答复时限（分钟）', 'Minutes to answer'], 'modes.most': ['最多问几人', 'People asked at most'],
  'modes.escalate': ['无人接时通知', 'When nobody takes it, tell'], 'modes.escalate.dispatchers': ['调度', 'dispatchers'], 'modes.escalate.lead': ['班组长', 'the team’s lead'], 'modes.escalate.both': ['调度和班组长', 'both'],
  'modes.place': ['接单前能看到的地址', 'Shown of the place before'], 'modes.place.area': ['大致区域', 'the area'], 'modes.place.address': ['完整地址', 'the full address'],
  'modes.save': ['保存', 'Save'], 'modes.saved': ['派单方式已保存', 'Saved'], 'modes.undo': ['放弃修改', 'Discard changes'], 'modes.back': ['恢复通用设置', 'Back to the usual'], 'modes.own': ['本班组自己的设置', 'The team’s own'], 'modes.usual': ['通用设置', 'The usual ones'],
});

/** The texts of offers and of how teams give out tickets (派单邀约文案). */
export const { useTexts: useOfferTexts } = ownTexts(offerPhrases);
