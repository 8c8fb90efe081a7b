import type { Arrival, Weather } from './arrivals.ts';
import { teamFor } from './company.ts';
import { offset } from './places.ts';
import type { Random } from './random.ts';
import { onDuty, type Booking, type Roster } from './roster.ts';
import { demoStaff, staffOf } from './staff.ts';
import * as phrases from './texts/life.ts';
import { englishReplies } from './texts/english.ts';
import { symptomTexts } from './texts/index.ts';
import { render } from './texts/render.ts';
import { day, hour, iso, localTime, minute, onShift, shiftStretches, startOfDay } from './time.ts';
import type { DemoChannel, DemoEvent, DemoPriority } from './types.ts';
import { likeness, type Wording } from './wording.ts';

type EventBody = DemoEvent extends infer One ? One extends DemoEvent ? Omit<One, 'at'> : never : never;

/** The life of one ticket, told without an end; the caller cuts it at `now`. */
export interface Life {
  events: DemoEvent[];
  tags: string[];
}

const expectedHours: Record<DemoPriority, number> = { urgent: 2.2, high: 9, normal: 28, low: 64 };
const queueMinutes: Record<DemoPriority, number> = { urgent: 1, high: 24, normal: 110, low: 560 };
const waitShare: Record<string, number> = { water: 0.14, power: 0.14, lift: 0.2, smart: 0.19, hvac: 0.2, house: 0.34, env: 0.1, order: 0.06 };
const repairTeams = ['repair-1', 'repair-2', 'repair-3'];

const dispatchers = demoStaff.filter((one) => one.role === 'dispatcher');
const agents = demoStaff.filter((one) => one.teamKeys.includes('service-1') && one.role === 'agent');
const butlers = demoStaff.filter((one) => one.teamKeys.includes('butlers') && one.role === 'agent');
const nightDesk = demoStaff.filter((one) => ['cao-bo', 'pei-yulong', 'gu-dashan'].includes(one.key));

/** Who takes a call or a message at this moment: an agent, or at the dead of a weekend night whoever keeps the control room. */
export function recorderAt(instant: number, channel: DemoChannel): string | null {
  if (channel === 'alarm') return 'system';
  if (channel === 'wecom') return (onDuty(butlers, instant) ?? onDuty(agents, instant) ?? onDuty(nightDesk, instant) ?? staffOf('han-lei')).key;
  if (channel === 'phone') return (onDuty(agents, instant) ?? onDuty(nightDesk, instant) ?? staffOf('han-lei')).key;
  return null;
}

function windowLabel(window: { start: number; end: number }, at: number): string {
  const days = Math.round((startOfDay(window.start) - startOfDay(at)) / day);
  const clock = (instant: number): string => `${localTime(instant).hour}:${String(localTime(instant).minute).padStart(2, '0')}`;
  const date = localTime(window.start);
  return `${days === 0 ? '今天' : days === 1 ? '明天' : `${date.month}月${date.date}日`} ${clock(window.start)}—${clock(window.end)}`;
}

/** What happened to one request, step by step, with the people and the time that were really there. */
export function liveOf(random: Random, arrival: Arrival, wording: Wording, roster: Roster, weather: Weather, now: number, where: { lat: number; lng: number }): Life {
  const { at: createdAt, category, requester, demand, priority } = arrival;
  const trade = category.key.split('.')[0] ?? '';
  const area = category.parentKey ?? '';
  const inHome = demand.scope === 'home' && trade !== 'order';
  const { channel, words } = wording;
  const english = requester.language === 'en';
  const customerWrites = channel !== 'phone' && channel !== 'alarm' && channel !== 'qr';
  const stormy = startOfDay(createdAt) === weather.storm;
  const strain = stormy ? 1.9 : createdAt >= weather.spellFrom ? 1.5 : 1;
  const team = teamFor(category.key, arrival.where.key);
  const events: DemoEvent[] = [];
  const tags: string[] = [];
  if (stormy && demand.rain !== 1) tags.push('暴雨');
  if (createdAt >= weather.spellFrom && demand[weather.spell] > 1) tags.push(weather.spell === 'cold' ? '降温' : '高温');
  if (requester.tier === 'vip') tags.push('VIP');
  if (requester.elderly) tags.push('老人');
  if (english) tags.push('英文沟通');
  if (arrival.asset !== null && arrival.asset.warrantyUntil > iso(createdAt).slice(0, 10)) tags.push('质保期内');

  words['part'] = random.pick((phrases.parts[area] ?? '配件').split('|'));
  const tell = (instant: number, body: EventBody): void => { events.push({ ...body, at: iso(instant) } as DemoEvent); };
  const say = (lines: readonly string[], more: Record<string, string> = {}): string => {
    const all = { ...words, ...more };
    return render(random, random.pick(lines), all);
  };
  const reply = (instant: number, body: string, actorKey: string): void => {
    if (body !== '') tell(instant, { kind: 'comment', actorKey, visibility: 'public', direction: 'outbound', channel, body });
  };
  const heard = (instant: number, body: string): void => {
    if (body !== '') tell(instant, { kind: 'comment', actorKey: requester.key, visibility: 'public', direction: 'inbound', channel, body });
  };
  const note = (instant: number, body: string, actorKey: string): void => tell(instant, { kind: 'comment', actorKey, visibility: 'internal', direction: 'outbound', channel: null, body });
  const agentAt = (instant: number): string => (onDuty(agents, instant) ?? onDuty(nightDesk, instant) ?? staffOf('han-lei')).key;
  const dispatcherAt = (instant: number): string => random.chance(0.25) ? 'system' : (onDuty(dispatchers, instant)?.key ?? 'system');
  const solutionText = (): string => {
    const about = wording.subject + wording.description;
    const lines = (symptomTexts[category.key]?.solutions ?? []).map((line) => render(random, line, words)).filter((line) => inHome || !line.includes('业主自备'));
    const ranked = lines.map((line) => ({ line, like: likeness(line, about) + random.between(0, 0.09) })).sort((one, other) => other.like - one.like);
    const text = ranked[0]?.line ?? '';
    return requester.kind === 'company-contact' || requester.kind === 'shopkeeper' ? text.replaceAll('业主', '客户') : text;
  };

  // Nobody hands out ordinary work between half past ten and half past seven.
  const awake = (instant: number): number => {
    const time = localTime(instant);
    const clock = time.hour + time.minute / 60;
    if (priority === 'urgent' || (trade === 'order' && !category.key.startsWith('order.help')) || (clock >= 7.5 && clock < 22.5)) return instant;
    return startOfDay(instant) + (clock >= 22.5 ? day : 0) + 7.5 * hour + random.between(2, 45) * minute;
  };

  const cancelShare = arrival.byDevice ? 0.14 : category.key === 'service.voice.praise' ? 0 : priority === 'urgent' ? 0.015 : 0.037;
  if (random.chance(cancelShare) && now - createdAt > 2 * hour) {
    const at = createdAt + Math.min(random.delay(70, 0.8) * minute, 9 * hour);
    const lines = arrival.byDevice ? phrases.falseAlarms : phrases.cancelReasons.filter((one) => demand.scope === 'home' || !one.includes('改约'));
    tell(at, { kind: 'cancelled', actorKey: arrival.byDevice || random.chance(0.7) ? agentAt(at) : requester.key, reason: say(lines) });
    return { events, tags };
  }

  // The spell that still lasts has left a backlog: what came in lately waits longer for a person, and longer still for the visit.
  const age = now - createdAt;
  const essential = /power\.outage\.(home|unit)|water\.(leak|supply)|water\.drain\.(floor|toilet|sewer)|lift\.stop|house\.lock\.stuck/.test(category.key);
  const recent = priority === 'urgent' ? 1 : essential ? (age < 9 * hour ? 3 : 1.4) : age < 9 * hour ? (priority === 'high' ? 7 : 24) : age < 48 * hour ? 2.2 : 1;
  const backlog = priority === 'urgent' || age > 4 * day ? 1 : essential ? 2 : priority === 'high' ? 6 : 15;
  const dispatchedAt = awake(createdAt + (priority === 'urgent' ? random.between(1, 5) : random.delay(priority === 'high' ? 9 : 24, 0.7) * recent * strain) * minute);

  /** Acceptance by the customer, rating, silence; returns whether the work must be done again. */
  const settleWith = (resolvedAt: number, onSite: boolean, again: boolean): boolean => {
    if (arrival.byDevice) {
      const at = Math.max(resolvedAt + random.between(20, 240) * minute, 0);
      tell(at, { kind: 'closed', actorKey: onDuty(dispatchers, at)?.key ?? 'system', reason: 'checked' });
      return false;
    }
    const first = events.find((event) => event.kind === 'checked_in' || event.kind === 'work_logged');
    const hours = (resolvedAt - createdAt) / hour;
    const lateness = Math.log2(Math.max(0.25, hours / (expectedHours[priority] * (wording.promised === null ? 1 : 1.4))));
    const mark = 4.8 - Math.min(2.6, Math.max(0, lateness * 0.85)) - (wording.mood === 'angry' ? 0.7 : 0) - (tags.includes('催单') ? 0.5 : 0) - (again ? 0.3 : 0) + random.between(-1, 0.6) - (random.chance(0.05) ? random.between(1, 2.4) : 0);
    const rating = Math.round(Math.min(5, Math.max(1, mark))) as 1 | 2 | 3 | 4 | 5;
    const chance = random.next();
    const signed = onSite && inHome && chance < 0.4;
    let confirmedAt: number | null = null;
    if (signed) {
      confirmedAt = resolvedAt + random.between(1, 5) * minute;
      tell(confirmedAt, { kind: 'confirmed', actorKey: requester.key, by: 'signature' });
    } else if (chance < 0.62 && channel !== 'phone') {
      confirmedAt = resolvedAt + Math.min(70 * hour, random.delay(260, 1.1) * minute);
      if (localTime(confirmedAt).hour < 7) confirmedAt += 5 * hour;
      tell(confirmedAt, { kind: 'confirmed', actorKey: requester.key, by: 'link' });
    } else if (chance < 0.7) {
      const [shift] = shiftStretches(staffOf('jiang-peipei').shift, resolvedAt + 16 * hour);
      confirmedAt = Math.max(resolvedAt + 16 * hour, (shift?.start ?? 0) + random.between(60, 300) * minute);
      note(confirmedAt, say(phrases.followUps.filter((one) => !one.includes('无人接听'))), agentAt(confirmedAt));
      tell(confirmedAt + 30_000, { kind: 'confirmed', actorKey: requester.key, by: 'phone' });
    }
    const ratedAt = confirmedAt !== null && random.chance(0.66) ? confirmedAt + random.between(1, 12) * minute : confirmedAt === null && random.chance(0.09) ? resolvedAt + random.between(3, 40) * hour : null;
    if (ratedAt !== null && first !== undefined) {
      const comments = english ? (rating >= 4 ? englishReplies.praise : rating === 3 ? englishReplies.fair : englishReplies.poor) : phrases.ratingComments[rating].filter((one) => commentFits(one) && (ratedAt - resolvedAt > 20 * hour || !/第二天/.test(one)));
      const assignee = events.findLast((event) => event.kind === 'assigned')?.assigneeKey ?? null;
      const comment = say(comments.length > 0 ? comments : [''], { assignee: assignee === null ? '' : staffOf(assignee).name.slice(0, 1) });
      tell(ratedAt, { kind: 'rated', actorKey: requester.key, rating, comment: comment === '' ? null : comment });
      if (rating <= 2 && !again && onSite && random.chance(0.55)) return true;
    }
    if (!again && onSite && priority !== 'urgent' && random.chance(0.018)) return true;
    if (confirmedAt !== null) tell(Math.max(confirmedAt, ratedAt ?? 0) + random.between(1, 30) * minute, { kind: 'closed', actorKey: random.chance(0.8) ? 'system' : agentAt(confirmedAt), reason: 'confirmed' });
    else tell(Math.max(resolvedAt + 7 * day, (ratedAt ?? 0) + minute), { kind: 'closed', actorKey: 'system', reason: 'silence' });
    return false;
  };

  if (demand.scope === 'desk') {
    deskWork();
    return { events: inOrder(events), tags };
  }
  fieldWork();
  return { events: inOrder(events), tags };

  /** Praise and blame must be for something that took place. */
  function commentFits(line: string): boolean {
    const arrived = events.find((event) => event.kind === 'checked_in');
    const gap = ((arrived === undefined ? Date.parse(events.findLast((event) => event.kind === 'resolved')?.at ?? iso(createdAt)) : Date.parse(arrived.at)) - createdAt) / hour;
    if (arrived === undefined && /师傅|修|上门|工具|配件|鞋套|地上|墙面|楼上|半小时|跑一趟|再坏|又坏|收拾|保养|收费|怎么用|白请假/.test(line)) return false;
    if (!inHome && /鞋套|地上|墙面|收拾|我妈|保养|收费|价格|上门|教我/.test(line)) return false;
    if (/配件/.test(line)) return events.some((event) => event.kind === 'waiting' && event.waitingFor === 'part');
    if (/半小时|比预想的快|反应迅速|效率高/.test(line)) return gap < (line.includes('半小时') ? 0.6 : 5);
    if (/大晚上/.test(line)) return arrived !== undefined && (localTime(Date.parse(arrived.at)).hour >= 20 || localTime(Date.parse(arrived.at)).hour < 6);
    if (/等了\[/.test(line)) return gap > 36;
    if (/等了整整一天|等了太久|等得稍微|久了/.test(line)) return gap > 7;
    if (/太慢了|催了好几次|下次快一点/.test(line)) return gap > 3;
    if (/约的时间|约好的时间/.test(line)) return events.some((event) => event.kind === 'assigned' && event.window !== null);
    if (/楼上/.test(line)) return category.key === 'water.leak.ceiling';
    if (/前台转了/.test(line)) return channel === 'phone';
    return true;
  }

  function deskWork(): void {
    const crew = team.key === 'butlers' ? butlers : agents;
    const picks = random.shuffle(crew).map((one) => ({ one, from: Math.max(dispatchedAt, (shiftStretches(one.shift, dispatchedAt)[0]?.start ?? dispatchedAt) + 4 * minute) })).sort((a, b) => a.from - b.from);
    const chosen = picks[0];
    if (chosen === undefined) return;
    const { one: handler, from } = chosen;
    tell(from, { kind: 'assigned', actorKey: random.chance(0.5) ? handler.key : 'system', teamKey: team.key, assigneeKey: handler.key, window: null, reason: null });
    tell(from + random.between(0.5, 6) * minute, { kind: 'accepted', actorKey: handler.key });
    let clock = from + random.delay(14, 0.6) * minute;
    const lines = category.key === 'service.voice.complaint' ? phrases.complaintReplies : phrases.desks;
    if (category.key === 'service.voice.complaint') tags.push('投诉');
    if (customerWrites) reply(clock, english ? random.pick(englishReplies.acknowledged) : say(lines, { window: windowLabel({ start: clock + 4 * hour, end: clock + 6 * hour }, clock) }), handler.key);
    else if (random.chance(0.4)) note(clock, say(['已电话联系，了解具体情况。', '电话沟通约{3~15}分钟，客户诉求已记录。', '回电未接，{20~60}分钟后再打。']), handler.key);
    const deskWaits = (phrases.waits['service'] ?? []).filter((one) => one.for === 'customer' ? /paper|account|invoice/.test(category.key) : area === 'service.fee');
    if (deskWaits.length > 0 && random.chance(0.14)) {
      const wait = random.pick(deskWaits);
      clock += random.between(5, 20) * minute;
      tell(clock, { kind: 'waiting', actorKey: handler.key, waitingFor: wait.for, reason: say([wait.reason]) });
      clock = atDesk(clock + random.delay(26, 0.7) * hour, handler.key);
      tell(clock, { kind: 'resumed', actorKey: handler.key, reason: say([wait.resumed]) });
    }
    clock = atDesk(clock + random.delay(category.key === 'service.voice.complaint' ? 380 : 110, 0.9) * minute * strain * Math.min(3, backlog), handler.key);
    tell(clock, { kind: 'work_logged', actorKey: handler.key, text: say(phrases.workLogs[area]?.[random.integer(0, 1)] ?? []), minutes: Math.max(3, Math.round(random.delay(demand.minutes, 0.4))) });
    clock += random.between(1, 8) * minute;
    tell(clock, { kind: 'resolved', actorKey: handler.key, solution: solutionText() });
    if (customerWrites && random.chance(0.7)) reply(clock + 20_000, english ? random.pick(englishReplies.done) : say(phrases.deskDone), handler.key);
    settleWith(clock, false, false);
  }

  function atDesk(instant: number, staffKey: string): number {
    const shift = shiftStretches(staffOf(staffKey).shift, instant)[0];
    return shift === undefined ? instant : Math.max(instant, shift.start + random.between(5, 60) * minute);
  }

  function fieldWork(): void {
    // Guards are on the spot; masons and gardeners plan their week.
    const planned = /house\.(wall|proof)|env\.green\.(prune|lawn)|house\.public\.paving|env\.clean\.bulky/.test(category.key) ? 9 : 1;
    const reluctance = (priority === 'urgent' ? random.between(0.5, 3) : trade === 'order' || category.key === 'house.lock.stuck' ? random.delay(9, 0.8) * strain : random.delay(queueMinutes[priority], 0.85) * strain * Math.max(backlog, planned)) * minute;
    let from = dispatchedAt + 3 * minute + reluctance;
    let window: { start: number; end: number } | null = null;
    if (wording.promised !== null && inHome && priority !== 'urgent') {
      window = { start: wording.promised.start, end: wording.promised.end };
      from = Math.max(dispatchedAt + 5 * minute, window.start + random.between(-5, 70) * minute);
    } else if (inHome && priority !== 'urgent' && random.chance(category.key === 'house.lock.stuck' ? 0 : essential ? 0.15 : 0.42)) {
      const start = Math.ceil((from + 40 * minute) / (30 * minute)) * 30 * minute;
      window = { start, end: start + 2 * hour };
      from = start + random.between(0, 60) * minute;
    }
    const minutes = Math.max(8, Math.round(random.delay(demand.minutes, 0.38)));
    const urgentTeams = priority === 'urgent' && repairTeams.includes(team.key) ? [team.key, ...repairTeams.filter((one) => one !== team.key)] : [team.key];
    const need = { teamKeys: urgentTeams, skillKey: category.skillKey ?? '', minutes, to: where, urgent: priority === 'urgent', hours: workingHours(), prefer: null, not: null };
    let booking = roster.book({ ...need, from });
    if (window !== null && booking.arriveAt > window.end + 30 * minute) {
      const start = Math.floor(booking.arriveAt / (30 * minute)) * 30 * minute;
      window = { start, end: start + 2 * hour };
    }
    assign(booking, dispatchedAt, window);
    acknowledge(booking, window);
    remember(booking);
    const waits = random.chance(waitShare[trade] ?? 0.06) && priority !== 'urgent';
    let endedAt = visit(booking, minutes, waits ? 'look' : 'first');

    if (waits) {
      const wait = random.pick((phrases.waits[trade] ?? []).filter((one) => (one.for !== 'customer' || (inHome && window === null)) && (demand.rain === 'only' || !one.reason.includes('雨后')) && (!one.reason.includes('楼上') || category.key === 'water.leak.ceiling') && (!one.reason.includes('桩企') || category.key.includes('charger'))));
      const at = endedAt;
      tell(at, { kind: 'waiting', actorKey: booking.technician.key, waitingFor: wait.for, reason: say([wait.reason]) });
      if (customerWrites && random.chance(0.4)) heard(at + random.between(10, 40) * hour, english ? 'Any update?' : say(['配件到了吗？', '请问还要等多久？', '进度怎么样了？', '好的，等通知。', '麻烦尽快，已经好几天了。']));
      const resumedAt = awake(at + random.delay(trade === 'house' ? 230 : 80, 0.75) * hour);
      tell(resumedAt, { kind: 'resumed', actorKey: agentOrLead(resumedAt), reason: say([wait.resumed]) });
      booking = roster.book({ ...need, from: resumedAt + random.between(20, 200) * minute, prefer: booking.technician.key });
      if (booking.technician.key !== lastAssignee()) assign(booking, resumedAt + 4 * minute, null, '原师傅休息，改派当班');
      endedAt = visit(booking, Math.max(10, Math.round(minutes * 0.6)), 'again');
    }
    tell(endedAt, { kind: 'resolved', actorKey: booking.technician.key, solution: solutionText() });
    if (customerWrites && random.chance(0.5)) reply(endedAt + random.between(0.3, 2.5) * minute, english ? random.pick(englishReplies.done) : say(phrases.doneReplies.filter((one) => inHome || !/修好|返修/.test(one))), agentAt(endedAt + 10 * minute));

    if (settleWith(endedAt, true, false)) {
      const lastAt = Math.max(...events.map((event) => Date.parse(event.at)));
      const reopenedAt = awake(lastAt + random.delay(100, 0.6) * minute);
      tags.push('返工');
      tell(reopenedAt, { kind: 'reopened', actorKey: agentAt(reopenedAt), reason: say(phrases.reopenReasons) });
      const redo = roster.book({ ...need, from: reopenedAt + random.delay(130, 0.6) * minute, not: random.chance(0.4) ? booking.technician.key : null });
      assign(redo, reopenedAt + random.between(5, 25) * minute, null, redo.technician.key === booking.technician.key ? '返工，由原师傅处理' : '返工，改派他人');
      const redoneAt = visit(redo, minutes, 'redo');
      tell(redoneAt, { kind: 'resolved', actorKey: redo.technician.key, solution: say(phrases.rework) });
      settleWith(redoneAt, true, true);
    }
  }

  /** The hours of the day in which this kind of work may be done: nobody mends a tap at three in the morning. */
  function workingHours(): [number, number] {
    if (priority === 'urgent' || trade === 'order') return [0, 24];
    if (priority === 'high' && (trade === 'lift' || area === 'power.outage')) return [0, 24];
    if (trade === 'house' || area === 'env.green') return demand.scope === 'home' ? [8, 20.5] : [7.5, 18];
    return demand.scope === 'home' ? [8, 21.5] : [7, 22.5];
  }

  function lastAssignee(): string | null {
    return events.findLast((event) => event.kind === 'assigned')?.assigneeKey ?? null;
  }

  function agentOrLead(instant: number): string {
    return onDuty(dispatchers, instant)?.key ?? agentAt(instant);
  }

  function assign(booking: Booking, at: number, window: { start: number; end: number } | null, reason: string | null = null): void {
    const assignedAt = Math.min(at, booking.travelAt - 2 * minute);
    const slot = window === null ? null : { start: iso(window.start), end: iso(window.end) };
    const teamKey = booking.technician.teamKeys[0] ?? team.key;
    const actorKey = dispatcherAt(assignedAt);
    const why = booking.calledOut ? '夜间应急叫班' : reason ?? (teamKey === team.key ? null : '本组无人当班，就近支援');
    if (reason === null && !booking.calledOut && priority !== 'urgent' && booking.travelAt - assignedAt > 70 * minute && random.chance(0.16)) {
      // first to the team, whose lead then hands it on
      tell(assignedAt, { kind: 'assigned', actorKey, teamKey, assigneeKey: null, window: null, reason: null });
      const handedAt = assignedAt + random.between(15, 55) * minute;
      tell(handedAt, { kind: 'assigned', actorKey: onShift(leadOf().shift, handedAt) ? leadOf().key : actorKey, teamKey, assigneeKey: booking.technician.key, window: slot, reason: null });
      accept(booking, handedAt);
      return;
    }
    tell(assignedAt, { kind: 'assigned', actorKey, teamKey, assigneeKey: booking.technician.key, window: slot, reason: why });
    accept(booking, assignedAt);
  }

  function leadOf(): typeof demoStaff[number] {
    return staffOf(team.leadKey);
  }

  function accept({ technician, travelAt, calledOut }: Booking, assignedAt: number): void {
    const shift = shiftStretches(technician.shift, assignedAt)[0];
    const start = calledOut || shift === undefined ? assignedAt : Math.max(assignedAt, shift.start);
    tell(Math.min(travelAt - 30_000, start + (priority === 'urgent' ? random.between(0.3, 1.5) : random.delay(6, 0.8)) * minute), { kind: 'accepted', actorKey: technician.key });
  }

  function acknowledge(booking: Booking, window: { start: number; end: number } | null): void {
    const repliedAt = dispatchedAt + random.between(1, 9) * minute;
    const more = { assignee: booking.technician.name.slice(0, 1), team: staffTeamName(), window: windowLabel(window ?? { start: Math.floor(booking.arriveAt / (30 * minute)) * 30 * minute, end: Math.floor(booking.arriveAt / (30 * minute)) * 30 * minute + hour }, repliedAt) };
    if (customerWrites && random.chance(0.72)) {
      const lines = stormy && demand.rain !== 1 && random.chance(0.5) ? phrases.rainReplies : phrases.acknowledgements.filter((one) => inHome || !/约在|上门|总阀/.test(one)).filter((one) => one.includes('总阀') ? priority === 'urgent' : true);
      reply(repliedAt, english ? random.pick(englishReplies.acknowledged) : say(lines, more), agentAt(repliedAt));
      if (random.chance(0.34)) {
        const lines = phrases.inbound.filter((one) => inHome || !/在家|敲门|接孩子|上门|师傅|门铃|我爱人|收费|门卫/.test(one));
        heard(repliedAt + random.delay(11, 0.7) * minute, english ? random.pick(englishReplies.asked) : say(lines, more));
      }
    } else if (random.chance(0.22)) note(repliedAt, say(phrases.internalNotes.filter(noteFits)), agentAt(repliedAt));
    if (random.chance(0.08)) note(repliedAt + random.between(10, 60) * minute, say(phrases.internalNotes.filter(noteFits)), agentAt(repliedAt + 30 * minute));

    const patience = (wording.promised === null ? 1 : 3) * expectedHours[priority] * hour * 0.55;
    const gap = booking.arriveAt - createdAt;
    if (!arrival.byDevice && gap > patience && random.chance(window === null ? 0.5 : 0.2)) {
      const at = awake(createdAt + gap * random.between(0.55, 0.85));
      if (at < booking.travelAt - 10 * minute) {
        tags.push('催单');
        if (customerWrites) {
          heard(at, english ? 'Any update? Nobody has contacted me yet.' : say(phrases.urging.filter((one) => inHome || !/在家|找外面/.test(one)), more));
          reply(at + random.between(3, 14) * minute, english ? 'Sorry for the wait, today is very busy. The engineer is on the way to you next.' : say(phrases.apologies.filter((one) => !one.includes('配件')), { ...more, window: windowLabel({ start: Math.floor(booking.arriveAt / (30 * minute)) * 30 * minute, end: Math.floor(booking.arriveAt / (30 * minute)) * 30 * minute + hour }, at) }), agentAt(at + 8 * minute));
        } else note(at, say(['客户来电催促，已安抚，请尽快联系。', '二次来电催单，询问具体上门时间。', '客户催办，已电话转告当班师傅。']), agentAt(at));
      }
    }
    if (priority === 'urgent' && random.chance(0.12)) note(createdAt + random.between(6, 20) * minute, say(phrases.escalations.filter((one) => !one.includes('超时') && !one.includes('12345'))), agentAt(createdAt + 12 * minute));
  }

  function noteFits(line: string): boolean {
    if (/楼上/.test(line) && category.key !== 'water.leak.ceiling') return false;
    if (/质保|该设备/.test(line) && !tags.includes('质保期内')) return false;
    if (/管道|测漏|疏通/.test(line) && trade !== 'water') return false;
    if (/老人/.test(line) && !requester.elderly) return false;
    if (/业主/.test(line) && (requester.kind === 'company-contact' || requester.kind === 'shopkeeper' || arrival.byDevice)) return false;
    if (/上门|有狗|此户|收费|费用|钥匙|入户|师傅/.test(line) && !inHome) return false;
    if (/业委会/.test(line) && demand.scope !== 'public') return false;
    if (/业委会/.test(line) && arrival.where.kind !== 'residential') return false;
    if (/收费/.test(line) && trade !== 'water') return false;
    return !(/带\[|两人作业/.test(line) && !['water', 'power', 'house'].includes(trade));
  }

  function staffTeamName(): string {
    return team.name;
  }

  function remember(booking: Booking): void {
    words['assignee'] = booking.technician.name.slice(0, 1);
    words['team'] = team.name;
    words['window'] = windowLabel({ start: booking.arriveAt, end: booking.arriveAt + hour }, createdAt);
  }

  function visit(booking: Booking, minutes: number, stage: 'first' | 'look' | 'again' | 'redo'): number {
    const actorKey = booking.technician.key;
    tell(booking.travelAt, { kind: 'travel_started', actorKey, location: offset(booking.travelFrom, random.between(-30, 30), random.between(-30, 30)) });
    tell(booking.arriveAt, { kind: 'checked_in', actorKey, location: offset(where, random.between(-22, 22), random.between(-22, 22)), accuracyMeters: random.integer(5, 32) });
    const [found, done] = phrases.workLogs[area] ?? [[], []];
    if (stage === 'first' || stage === 'look') tell(booking.arriveAt + minutes * minute * random.between(0.2, 0.45), { kind: 'work_logged', actorKey, text: say(found), minutes: Math.max(3, Math.round(minutes * 0.4)) });
    if (stage === 'again' || (stage === 'first' && minutes > 25 && random.chance(0.6))) tell(booking.arriveAt + minutes * minute * random.between(0.6, 0.9), { kind: 'work_logged', actorKey, text: say(done), minutes: Math.max(3, Math.round(minutes * 0.5)) });
    return booking.endAt;
  }
}

function inOrder(events: DemoEvent[]): DemoEvent[] {
  return events.map((event, index) => ({ event, index })).sort((one, other) => Date.parse(one.event.at) - Date.parse(other.event.at) || one.index - other.index).map(({ event }) => event);
}
