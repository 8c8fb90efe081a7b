import { checkFilter } from '../conditions/check-filter.ts';
import type { Properties } from '../conditions/filter.ts';
import { isObject, pointer, type DefinitionProblem } from '../conditions/json.ts';
import { priorities, ticketStatuses, waitingReasons } from '../ticket/lifecycle.ts';
import { slaLimits, slaMetrics, slaRecipientKinds, type SlaPolicy, type SlaScope, type SlaTarget } from './policy.ts';

export const slaProblems = {
  not_a_policy: { zh: '不是 SLA 策略', en: 'is not an SLA policy' },
  text: { zh: '应为不超过 {limit} 个字的文字', en: 'must be a text of at most {limit} characters' },
  version: { zh: '版本应为正整数', en: 'must be a whole number from 1' },
  flag: { zh: '应为是或否', en: 'must be true or false' },
  list: { zh: '应为不重复的列表，最多 {limit} 项；不限制时请留空', en: 'must be a list without repetition, at most {limit} entries; leave it out for any' },
  priority: { zh: '没有这个优先级', en: 'is no priority' },
  targets: { zh: '至少要有一个时限，最多 {limit} 个', en: 'needs at least one target and takes at most {limit}' },
  key: { zh: '标识不能为空，也不能重复', en: 'needs a key that no other target has' },
  metric: { zh: '没有这个指标', en: 'is no metric' },
  party: { zh: '应为对客户或班组内部', en: 'must be customer or team' },
  step: { zh: '只有环节时限可以指定环节', en: 'belongs to step targets only' },
  minutes: { zh: '时限应为 1 到 {limit} 的整数分钟（最长约一年）', en: 'must be whole minutes from 1 to {limit} (about a year)' },
  unknown_calendar: { zh: '没有这个工作日历', en: 'is no business calendar' },
  starts_with: { zh: '这个指标不能从这里开始计时', en: 'is no start for this metric' },
  choice: { zh: '没有这个选项', en: 'is no known choice' },
  pause: { zh: '暂停条件应为一个状态', en: 'must name a status' },
  percent: { zh: '预警应为 1 到 99 的整数百分比，由小到大', en: 'must be whole percentages from 1 to 99, rising' },
  rung: { zh: '升级应写明超时后多少分钟，或用到百分之几', en: 'must say how many minutes after, or at which percentage' },
  rung_order: { zh: '升级应按时间先后排列', en: 'must come in order of time' },
  recipients: { zh: '请写明通知谁（最多 {limit} 个）', en: 'needs to say whom to tell (at most {limit})' },
  too_many: { zh: '最多 {limit} 项', en: 'takes at most {limit} entries' },
  unknown: { zh: '“{id}”已不存在，请重新选择', en: 'names “{id}”, which does not exist; choose again' },
  never_reached: { zh: '永远轮不到：前面的“{by}”已经包含了它', en: 'is never reached: “{by}” before it covers it all' },
  condition: { zh: '条件有误', en: 'has a condition that cannot be read' },
} as const satisfies Record<string, { zh: string; en: string }>;
type Code = keyof typeof slaProblems;
type Report = (path: string, code: Code, params?: Record<string, string | number>) => void;

/** What a policy may mention. */
export interface PolicyVocabulary {
  readonly properties: Properties;
  /** Whether there is a business calendar of this id. */
  readonly isCalendar: (id: string) => boolean;
  /** Whether there is one of this id; absent: ids are not looked up. */
  readonly isKnown?: (what: MentionedKind, id: string) => boolean;
}

/** What a policy names by id. */
export type MentionedKind = 'staff' | 'team' | 'role' | 'type' | 'status' | 'channel';

/** All that a policy names by id (策略引用), with its place. The policy must be without problems of its own. */
export function mentionedIn(policy: Pick<SlaPolicy, 'types' | 'targets'>): { path: string; what: MentionedKind; id: string }[] {
  const found: { path: string; what: MentionedKind; id: string }[] = [];
  const all = (path: string, what: MentionedKind, ids: readonly string[] | undefined) => found.push(...(ids ?? []).map((id, index) => ({ path: pointer(path, index), what, id })));
  all('/types', 'type', policy.types);
  for (const [index, target] of policy.targets.entries()) {
    const path = pointer('/targets', index);
    all(pointer(path, 'types'), 'type', target.types);
    if (target.team !== undefined) found.push({ path: pointer(path, 'team'), what: 'team', id: target.team });
    for (const [place, pause] of target.pauses.entries()) if ('statusId' in pause) found.push({ path: pointer(pointer(path, 'pauses'), place), what: 'status', id: pause.statusId });
    for (const [place, { whom, channels }] of target.ladder.entries()) {
      const at = pointer(pointer(path, 'ladder'), place);
      for (const [turn, one] of whom.entries()) if ('id' in one) found.push({ path: pointer(pointer(at, 'whom'), turn), what: one.kind, id: one.id });
      all(pointer(at, 'channels'), 'channel', channels);
    }
  }
  return found;
}

/**
 * Whether a policy is well formed (策略检查). Nothing is too strange to be checked: it may be any value of JSON.
 *
 * @returns problems beside what they concern; without problems it is an {@link SlaPolicy}. Codes: {@link slaProblems}, and
 *   below `/condition` those of filters (checkFilter)
 */
export function checkPolicy(policy: unknown, { properties, isCalendar, isKnown }: PolicyVocabulary): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const report: Report = (path, code, params) => void problems.push({ path, code, ...(params ? { params } : {}) });
  if (!isObject(policy)) return [{ path: '', code: 'not_a_policy' }];
  const { id, version, name, nameEn, active, condition, targets } = policy;
  if (!isText(id)) report('/id', 'text', { limit: slaLimits.text });
  if (!isText(name)) report('/name', 'text', { limit: slaLimits.text });
  if (nameEn !== undefined && nameEn !== null && !isText(nameEn)) report('/nameEn', 'text', { limit: slaLimits.text });
  if (!Number.isSafeInteger(version) || (version as number) < 1) report('/version', 'version');
  if (typeof active !== 'boolean') report('/active', 'flag');
  checkScope(policy, '', report);
  if (condition !== undefined) problems.push(...checkFilter(condition, properties, '/condition'));
  if (!Array.isArray(targets) || targets.length === 0 || targets.length > slaLimits.targets) {
    report('/targets', 'targets', { limit: slaLimits.targets });
    return problems;
  }
  const keys = new Set<unknown>();
  for (const [index, target] of (targets as unknown[]).entries()) {
    const path = pointer('/targets', index);
    if (!isObject(target)) {
      report(path, 'not_a_policy');
      continue;
    }
    if (!isText(target['key']) || keys.has(target['key'])) report(pointer(path, 'key'), 'key');
    keys.add(target['key']);
    checkTarget(target, path, isCalendar, report);
  }
  if (problems.length === 0) {
    const sound = policy as unknown as SlaPolicy;
    checkTargetReach(sound.targets, report);
    if (isKnown) for (const { path, what, id } of mentionedIn(sound)) if (!isKnown(what, id)) report(path, 'unknown', { id: id.slice(0, 40) });
  }
  return problems;
}

/** Policies that are never chosen because one before them takes every ticket they would (策略顺序检查). All must be without problems of their own. */
export function checkPolicyOrder(policies: readonly SlaPolicy[]): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  for (const [index, policy] of policies.entries()) {
    const cover = policies.slice(0, index).find((before) => before.active && before.condition === undefined && covers(before, policy));
    if (policy.active && cover) problems.push({ path: pointer('', index), code: 'never_reached', params: { by: cover.name } });
  }
  return problems;
}

/** What is wrong, in a sentence (策略问题说明). */
export function describeSlaProblem(problem: DefinitionProblem, language: 'zh' | 'en'): string {
  const words = slaProblems[problem.code as Code] ?? slaProblems.condition;
  return words[language].replace(/\{(\w+)\}/g, (_, name: string) => String(problem.params?.[name] ?? ''));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= slaLimits.text;
}

function checkScope(scope: Record<string, unknown>, path: string, report: Report): void {
  for (const name of ['types', 'priorities', 'tiers'] as const) {
    const list = scope[name];
    if (list === undefined) continue;
    const at = pointer(path, name);
    if (!Array.isArray(list) || list.length === 0 || list.length > slaLimits.list || new Set(list).size < list.length || !list.every(isText)) report(at, 'list', { limit: slaLimits.list });
    else if (name === 'priorities') for (const [index, priority] of list.entries()) if (!(priorities as readonly string[]).includes(priority)) report(pointer(at, index), 'priority');
  }
}

const startable: ReadonlySet<unknown> = new Set(['acceptance', 'arrival', 'resolution']);

function checkTarget(target: Record<string, unknown>, path: string, isCalendar: PolicyVocabulary['isCalendar'], report: Report): void {
  const at = (name: string) => pointer(path, name);
  const { metric, party, team, step, minutes, calendar, startsWith, warnings, whenReopened, whenChanged } = target;
  if (!(slaMetrics as readonly unknown[]).includes(metric)) report(at('metric'), 'metric');
  if (party !== 'customer' && party !== 'team') report(at('party'), 'party');
  if (team !== undefined && (party !== 'team' || !isText(team))) report(at('team'), 'party');
  if (step !== undefined && (metric !== 'step' || !isText(step))) report(at('step'), 'step');
  checkScope(target, path, report);
  if (!Number.isInteger(minutes) || (minutes as number) < 1 || (minutes as number) > slaLimits.minutes) report(at('minutes'), 'minutes', { limit: slaLimits.minutes });
  if (!isText(calendar) || !isCalendar(calendar)) report(at('calendar'), 'unknown_calendar');
  if (startsWith !== undefined && startsWith !== 'created') {
    const known = startsWith === 'assigned' || startsWith === 'accepted';
    if (!known || !startable.has(metric) || (metric === 'acceptance' && startsWith === 'accepted')) report(at('startsWith'), 'starts_with');
  }
  if (whenReopened !== undefined && whenReopened !== 'go_on' && whenReopened !== 'start_anew') report(at('whenReopened'), 'choice');
  if (whenChanged !== undefined && whenChanged !== 'keep_used' && whenChanged !== 'start_anew') report(at('whenChanged'), 'choice');
  checkPauses(target['pauses'], at('pauses'), report);
  if (!Array.isArray(warnings) || warnings.length > slaLimits.warnings || !warnings.every((percent, index) => Number.isInteger(percent) && percent >= 1 && percent <= 99 && (index === 0 || percent > warnings[index - 1]))) report(at('warnings'), 'percent');
  checkLadder(target['ladder'], at('ladder'), minutes, report);
}

function checkPauses(pauses: unknown, path: string, report: Report): void {
  if (!Array.isArray(pauses) || pauses.length > slaLimits.pauses) return report(path, 'too_many', { limit: slaLimits.pauses });
  for (const [index, pause] of (pauses as unknown[]).entries()) {
    const at = pointer(path, index);
    if (!isObject(pause)) report(at, 'pause');
    else if ('statusId' in pause) {
      if (!isText(pause['statusId']) || Object.keys(pause).length > 1) report(at, 'pause');
    } else {
      const { status, waitingFor } = pause;
      // A settled ticket has no clocks to stop.
      if (!(ticketStatuses as readonly unknown[]).slice(0, 3).includes(status)) report(at, 'pause');
      const reasons = waitingFor === undefined || (status === 'waiting' && Array.isArray(waitingFor) && waitingFor.length > 0 && waitingFor.every((reason) => (waitingReasons as readonly unknown[]).includes(reason)));
      if (!reasons) report(pointer(at, 'waitingFor'), 'pause');
    }
  }
}

function checkLadder(ladder: unknown, path: string, minutes: unknown, report: Report): void {
  if (!Array.isArray(ladder) || ladder.length > slaLimits.rungs) return report(path, 'too_many', { limit: slaLimits.rungs });
  let before = 0;
  for (const [index, rung] of (ladder as unknown[]).entries()) {
    const at = pointer(path, index);
    const time = isObject(rung) ? rungMinutes(rung, minutes) : null;
    if (!isObject(rung) || time === null) {
      report(at, 'rung');
      continue;
    }
    if (time < before) report(at, 'rung_order');
    before = Math.max(before, time);
    const { whom, channels } = rung;
    if (!Array.isArray(whom) || whom.length === 0 || whom.length > slaLimits.recipients || !whom.every(isRecipient)) report(pointer(at, 'whom'), 'recipients', { limit: slaLimits.recipients });
    if (channels !== undefined && (!Array.isArray(channels) || channels.length === 0 || channels.length > slaLimits.channels || !channels.every(isText))) report(pointer(at, 'channels'), 'list', { limit: slaLimits.channels });
  }
}

/** In minutes from the clock's start; null for no rung. */
function rungMinutes(rung: Record<string, unknown>, minutes: unknown): number | null {
  const { afterMinutes, percent } = rung;
  const target = Number.isInteger(minutes) ? minutes as number : 0;
  if (percent === undefined) return Number.isInteger(afterMinutes) && (afterMinutes as number) >= 0 && (afterMinutes as number) <= slaLimits.minutes ? target + (afterMinutes as number) : null;
  return afterMinutes === undefined && Number.isInteger(percent) && (percent as number) >= 1 && (percent as number) <= slaLimits.percent ? target * (percent as number) / 100 : null;
}

function isRecipient(recipient: unknown): boolean {
  if (!isObject(recipient) || !(slaRecipientKinds as readonly unknown[]).includes(recipient['kind'])) return false;
  const named = recipient['kind'] === 'staff' || recipient['kind'] === 'team' || recipient['kind'] === 'role';
  return named ? isText(recipient['id']) : recipient['id'] === undefined;
}

function checkTargetReach(targets: readonly SlaTarget[], report: Report): void {
  for (const [index, target] of targets.entries()) {
    const cover = targets.slice(0, index).find((before) => before.metric === target.metric && before.party === target.party
      && (before.team === undefined || before.team === target.team) && (before.step === undefined || before.step === target.step) && covers(before, target));
    if (cover) report(pointer('/targets', index), 'never_reached', { by: cover.key });
  }
}

/** Whether every ticket the second is meant for is one the first is meant for. */
function covers(one: SlaScope, other: SlaScope): boolean {
  const within = (wide: readonly string[] | undefined, narrow: readonly string[] | undefined) => !wide || (narrow !== undefined && narrow.every((item) => wide.includes(item)));
  return within(one.types, other.types) && within(one.priorities, other.priorities) && within(one.tiers, other.tiers);
}
