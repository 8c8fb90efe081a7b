import type { CallEvent, Segment } from '../../../rules/telephony/call.ts';
import { createRandom } from './random.ts';
import type { DemoTicket } from './types.ts';

/** A call of the demonstration company (演示通话). */
export interface DemoCall {
  /** The ticket that was opened of it; null where none was. */
  ticket: DemoTicket | null;
  customerKey: string;
  /** Who was on the telephone, or at whose it rang last. */
  agentKey: string;
  direction: 'inbound' | 'outbound';
  /** In the order in which a telephone system would tell them; without numbers and extensions. */
  events: CallEvent[];
  segments: Segment[] | null;
}

const historyDays = 21;
const secondsASyllable = 0.24;

const spoken = {
  'zh-CN': {
    greeting: '您好，安居里物业，请问有什么可以帮您？', tells: ['你好，我们这边{subject}。', '喂，物业吗？{subject}。', '你好，麻烦看一下，{subject}。'],
    asks: ['好的，这种情况多久了？', '明白，现在方便师傅上门吗？', '收到，家里或者现场有人吗？'], answers: ['刚刚才发现的，麻烦快一点。', '有人的，随时可以来。', '方便，来之前打个电话就行。'],
    address: '跟您核对一下地址：{address}，对吗？', yes: ['对的。', '对，没错。', '嗯，是这里。'],
    ends: ['已经给您登记了，师傅会先跟您联系。', '工单已经派出去了，师傅到之前会给您打电话。', '记下来了，进度会发短信给您，有变化随时打我们电话。'],
  },
  en: {
    greeting: 'Good day, Anju Property Services, how can I help you?', tells: ['Hello, I am calling about this: {subject}.', 'Hi, could somebody have a look? {subject}.'],
    asks: ['I see. Since when?', 'Understood. Is somebody at home?'], answers: ['I only noticed it just now.', 'Yes, all day.'],
    address: 'Let me check the address: {address}. Is that right?', yes: ['Yes, it is.', 'That is right.'], ends: ['It is noted, and the technician will call you first.', 'It is on its way to the team. You will get a text message.'],
  },
};

/** What was said when a request was taken down, as a machine would write it (转写). */
function saidOf({ subject, place, language }: DemoTicket, chance: ReturnType<typeof createRandom>): Segment[] {
  let at = 0.6;
  const say = (speaker: string, text: string): Segment => {
    const t0 = Math.round(at * 10) / 10;
    const t1 = Math.round((at + Math.max(1.2, text.length * (language === 'en' ? secondsASyllable / 3 : secondsASyllable))) * 10) / 10;
    at = t1 + 0.4;
    return { t0, t1, speaker, text, confidence: Math.round(chance.between(0.86, 0.99) * 100) / 100 };
  };
  const words = spoken[language];
  return [
    say('agent', words.greeting), say('customer', chance.pick(words.tells).replace('{subject}', subject)), say('agent', chance.pick(words.asks)), say('customer', chance.pick(words.answers)),
    say('agent', words.address.replace('{address}', place.address)), say('customer', chance.pick(words.yes)), say('agent', chance.pick(words.ends)),
  ];
}

/**
 * The calls of the last three weeks (演示通话记录): of what was reported by telephone each one, every third with its words; some that nobody
 * took at first, and some that went out.
 */
export function makeDemoCalls(tickets: readonly DemoTicket[], now: number): DemoCall[] {
  const chance = createRandom('anju/calls');
  const from = now - historyDays * 86_400_000;
  const reported = tickets.filter((ticket) => ticket.channel === 'phone' && ticket.recordedByKey !== null && ticket.requesterKey !== null && Date.parse(ticket.createdAt) > from && Date.parse(ticket.createdAt) < now - 120_000);
  return reported.flatMap((ticket, index) => {
    const opened = Date.parse(ticket.createdAt);
    const segments = index % 3 === 0 ? saidOf(ticket, chance) : null;
    const talk = Math.round((segments?.at(-1)?.t1 ?? chance.between(50, 200)) * 1_000) + 1_500;
    const answered = opened - Math.round(talk * chance.between(0.5, 0.9));
    const rang = answered - chance.integer(3, 19) * 1_000;
    const common = { customerKey: ticket.requesterKey, agentKey: ticket.recordedByKey! };
    const calls: DemoCall[] = [{
      ...common, ticket, direction: 'inbound', segments,
      events: [{ type: 'call.ringing', seq: 1, at: rang }, { type: 'call.answered', seq: 2, at: answered }, { type: 'call.ended', seq: 3, at: answered + talk }, ...(segments ? [{ type: 'asr.ready' as const, seq: 4, at: answered + talk + 20_000, segments }] : [])],
    }];
    // They did not get through at first, and tried again.
    if (index % 9 === 4) {
      const tried = rang - chance.integer(70, 280) * 1_000;
      calls.unshift({ ...common, ticket: null, direction: 'inbound', segments: null, events: [{ type: 'call.ringing', seq: 1, at: tried }, { type: 'call.missed', seq: 2, at: tried + chance.integer(12, 40) * 1_000 }] });
    }
    const asked = opened + chance.integer(90, 400) * 60_000;
    if (index % 7 === 2 && asked < now - 600_000) {
      const taken = asked + chance.integer(5, 20) * 1_000;
      calls.push({ ...common, ticket, direction: 'outbound', segments: null, events: [{ type: 'call.ringing', seq: 1, at: asked }, { type: 'call.answered', seq: 2, at: taken }, { type: 'call.ended', seq: 3, at: taken + chance.integer(30, 150) * 1_000 }] });
    }
    return calls;
  });
}
