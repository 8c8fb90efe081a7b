/**
 * How what a technician did without a network comes together with what happened at the office meanwhile (现场同步规则). Each rule has a name, so that
 * whoever reads of it later knows why something holds; nothing goes without a word.
 */

/** Why one of two answers to the same field holds (字段冲突规则). */
export const answerRules = {
  technician_later: { zh: '现场填写在后，以现场为准', en: 'Answered on site later than it was changed at the office: the answer of the site holds' },
  office_later: { zh: '办公室修改在后，以办公室为准', en: 'Changed at the office later than it was answered on site: the office’s holds' },
  office_kept_value: { zh: '现场清空、办公室填写了新内容，保留办公室填写的', en: 'Emptied on site and filled in at the office: what was filled in stays' },
  technician_kept_value: { zh: '办公室清空、现场填写了内容，保留现场填写的', en: 'Emptied at the office and filled in on site: what was filled in stays' },
  item_removed: { zh: '检查项已被删除，不再需要', en: 'The item was taken off the checklist and is not needed any more' },
} as const;
export type AnswerRule = keyof typeof answerRules;
/** The same where the other answer is the technician's own, from another device. */
export const ownAnswerRules: Record<AnswerRule, { zh: string; en: string }> = {
  technician_later: { zh: '这台设备填写在后，以这里为准', en: 'Answered later on this device: that answer holds' },
  office_later: { zh: '另一台设备填写在后，以另一台为准', en: 'Answered later on the other device: that answer holds' },
  office_kept_value: { zh: '这里清空、另一台设备填写了内容，保留填写的', en: 'Emptied here and filled in on the other device: what was filled in stays' },
  technician_kept_value: { zh: '另一台设备清空、这里填写了内容，保留填写的', en: 'Emptied on the other device and filled in here: what was filled in stays' },
  item_removed: { zh: '检查项已被删除，不再需要', en: 'The item was taken off the checklist and is not needed any more' },
};

/** A field that both sides changed, each to something else, and which of the two holds (字段冲突). */
export interface AnswerConflict {
  field: string;
  /** What the technician saw when they answered. */
  seen: unknown;
  technician: unknown;
  office: unknown;
  kept: 'technician' | 'office';
  rule: AnswerRule;
}

/**
 * Brings the technician's answers together with what the office changed since they saw the fields, field by field (逐字段合并).
 *
 * @param answers what was answered on site, by field
 * @param seen what the technician saw of these fields then; a field that is missing was seen as it is now
 * @param present what the fields hold now
 * @param when the moment of the answers, and of the office's last change of a field where that is known; RFC 3339
 * @returns what is to be taken of the answers, and what was in conflict
 */
export function mergeAnswers(
  answers: Readonly<Record<string, unknown>>, seen: Readonly<Record<string, unknown>>, present: Readonly<Record<string, unknown>>,
  when: { answeredAt: string; changedAt: (field: string) => string | null },
): { taken: Record<string, unknown>; conflicts: AnswerConflict[] } {
  const taken: Record<string, unknown> = {};
  const conflicts: AnswerConflict[] = [];
  for (const [field, technician] of Object.entries(answers)) {
    const office = present[field];
    const untouched = !Object.hasOwn(seen, field) || same(office, seen[field]);
    if (untouched || same(technician, office)) {
      taken[field] = technician;
      continue;
    }
    // Nobody meant to change what they left as they saw it.
    if (same(technician, seen[field])) continue;
    const changedAt = when.changedAt(field);
    const rule: AnswerRule = isNothing(technician) ? 'office_kept_value' : isNothing(office) ? 'technician_kept_value'
      : changedAt !== null && Date.parse(changedAt) > Date.parse(when.answeredAt) ? 'office_later' : 'technician_later';
    const kept = rule === 'technician_later' || rule === 'technician_kept_value' ? 'technician' : 'office';
    if (kept === 'technician') taken[field] = technician;
    conflicts.push({ field, seen: seen[field] ?? null, technician: technician ?? null, office: office ?? null, kept, rule });
  }
  return { taken, conflicts };
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Whether two answers say the same: nothing is nothing, and the order of members says nothing. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || (isNothing(a) && isNothing(b))) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, index) => same(value, b[index]));
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) || Array.isArray(b)) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => same(one[key], other[key]));
}

/** What somebody can do about a step that did not go through (处理办法). */
export type Remedy = 'retry' | 'mend' | 'give_up' | 'copy' | 'sign_in';

interface StepRule {
  remedies: readonly Remedy[];
  zh: string;
  en: string;
}

/** Why a step that was taken on the phone is not taken by the server, and what to do (未通过原因). */
export const stepRules = {
  reassigned: { remedies: ['copy', 'give_up'], zh: '任务已改派给别人。已做的工作请复制下来发给调度，再放弃这一步。', en: 'The job went to somebody else. Copy what you did for the dispatcher, then give the step up.' },
  cancelled: { remedies: ['copy', 'give_up'], zh: '这次上门已被取消或结束。已做的工作请复制下来发给调度，再放弃这一步。', en: 'The visit was called off or has ended. Copy what you did for the dispatcher, then give the step up.' },
  moved_on: { remedies: ['give_up'], zh: '任务的状态已经变化，这一步不再需要。', en: 'The job stands differently by now, and the step is not needed any more.' },
  answers_refused: { remedies: ['mend', 'give_up'], zh: '有些内容不符合表单要求，请去修改后重新提交。', en: 'Some of the answers do not fit the form. Put them right and send them again.' },
  position_needed: { remedies: ['mend', 'give_up'], zh: '签到位置需要核对：请重新签到并写明原因。', en: 'The place of the check-in has to be looked at: check in again and say why.' },
  file_refused: { remedies: ['give_up', 'copy'], zh: '有照片或文件不被接受，请放弃后换一个重新提交。', en: 'A photo or file is not accepted. Give the step up and choose another.' },
  number_reused: { remedies: ['retry', 'give_up'], zh: '这台手机的操作序号重复了，重试会换一个新序号。', en: 'This phone gave one number to two steps. Trying again takes a new one.' },
  other: { remedies: ['retry', 'give_up'], zh: '可以重试；多次不成功请联系调度。', en: 'Try again; if it fails time and again, call the dispatcher.' },
} as const satisfies Record<string, StepRule>;
export type StepRuleName = keyof typeof stepRules;

const endedStatuses = new Set(['cancelled', 'declined', 'completed', 'incomplete']);
const fileCodes = new Set(['file_type_refused', 'file_type_mismatch', 'file_too_large', 'file_empty', 'signature_empty', 'file_already_attached']);

/**
 * Which rule a refusal falls under (拒绝归类).
 *
 * @param refusal the server's code, with the paths of the input it found fault with
 * @param visitStatus how the visit stands as far as is known
 */
export function ruleOfRefusal(refusal: { code: string; paths?: readonly string[] }, visitStatus: string | null): StepRuleName {
  switch (refusal.code) {
    case 'visit_not_yours': case 'not_found': return 'reassigned';
    case 'visit_step_not_open': return visitStatus !== null && endedStatuses.has(visitStatus) ? 'cancelled' : 'moved_on';
    case 'check_in_far': case 'check_in_unplaced': return 'position_needed';
    case 'field_sequence_reused': return 'number_reused';
    case 'invalid_input': case 'unknown_field': return refusal.paths?.some((path) => path.startsWith('/location')) ? 'position_needed' : 'answers_refused';
    default: return fileCodes.has(refusal.code) ? 'file_refused' : 'other';
  }
}

/** A command as a device tells it: its own number, the visit, and the number of the one before it on the same visit that it has no answer to. */
export interface NumberedCommand {
  sequence: number;
  visitId: string;
  previous?: number | null | undefined;
}

/** What is to be done with each command, in the order of the device (指令排序): taken, known already, or waited with, as one before it has not come. */
export function planCommands<Command extends NumberedCommand>(commands: readonly Command[], applied: ReadonlySet<number>): { command: Command; verdict: 'take' | 'already' | 'early' }[] {
  const coming = new Set(commands.map(({ sequence }) => sequence));
  return commands.toSorted((a, b) => a.sequence - b.sequence).map((command) => {
    if (applied.has(command.sequence)) return { command, verdict: 'already' };
    const { previous } = command;
    const early = previous != null && !applied.has(previous) && !coming.has(previous);
    return { command, verdict: early ? 'early' : 'take' };
  });
}
