/**
 * What is wrong with a flow (流程检查结果). An error keeps it from being published, a warning does not. `at`: where in the
 * node or edge, as a JSON pointer into it.
 */
export interface FlowFinding {
  level: 'error' | 'warning';
  /** Id of the node it is shown beside; null where the whole flow is meant. */
  node: string | null;
  /** Id of the edge it concerns. */
  edge?: string;
  at?: string;
  code: FlowFindingCode;
  params?: Readonly<Record<string, string | number>>;
}

/** Every finding with its sentence; {name} is replaced by a parameter. */
export const findingWords = {
  shape: { zh: '内容不完整或格式不正确：{detail}', en: 'Something is missing or not well formed: {detail}' },
  too_large: { zh: '流程太大：{what} 最多 {limit}', en: 'The flow is too large: at most {limit} {what}' },
  no_start: { zh: '缺少开始节点', en: 'There is no start' },
  several_starts: { zh: '只能有一个开始节点', en: 'There can be one start only' },
  no_end: { zh: '缺少结束节点', en: 'There is no end' },
  duplicate_id: { zh: '编号“{id}”重复', en: 'The id “{id}” is used twice' },
  unknown_node: { zh: '连线指向不存在的节点“{id}”', en: 'An edge leads to “{id}”, which is not there' },
  edge_into_start: { zh: '连线不能进入开始节点', en: 'No edge may lead into the start' },
  edge_from_end: { zh: '结束节点之后不能再有连线', en: 'No edge may leave an end' },
  duplicate_edge: { zh: '两个节点之间有重复的连线', en: 'There are two edges between the same nodes' },
  unreachable: { zh: '从开始节点无法到达这里', en: 'This cannot be reached from the start' },
  dead_end: { zh: '这里之后没有出路', en: 'Nothing comes after this' },
  never_ends: { zh: '从这里无法到达结束', en: 'No end can be reached from here' },
  join_never_fires: { zh: '汇合等不齐：进入的分支中最多只有一条会走到（{edges}）', en: 'This join waits for ways of which only some are ever taken ({edges})' },
  join_too_often: { zh: '这里会被重复执行：几条并行分支没有先汇合', en: 'This is carried out once for each of several parallel ways: they were not joined before' },
  missing_assignee: { zh: '没有指定处理人', en: 'Nobody is named to act' },
  unknown_person: { zh: '处理人不存在或已离职', en: 'The person named does not exist or has left' },
  unknown_team: { zh: '班组不存在或已停用', en: 'The team named does not exist or is archived' },
  unknown_variable: { zh: '条件引用了不存在的字段“{variable}”', en: 'A condition looks at “{variable}”, which does not exist' },
  bad_condition: { zh: '条件有误：{detail}', en: 'A condition cannot work: {detail}' },
  unknown_field: { zh: '表单中没有字段“{field}”', en: 'The form has no field “{field}”' },
  field_not_settable: { zh: '字段“{field}”由公式计算，不能填写', en: 'The field “{field}” is reckoned and cannot be set' },
  not_a_person_field: { zh: '字段“{field}”不是人员字段', en: 'The field “{field}” does not name a person' },
  unknown_step: { zh: '引用了不存在的步骤“{id}”', en: 'It names the step “{id}”, which is not there' },
  unknown_status: { zh: '状态不存在或已停用', en: 'The status does not exist or is archived' },
  unknown_type: { zh: '工单类型不存在或已停用', en: 'The ticket type does not exist or is archived' },
  unknown_flow: { zh: '子流程不存在或尚未发布', en: 'The sub-flow does not exist or is not published' },
  circular_subflow: { zh: '子流程又调用了本流程', en: 'The sub-flow calls this flow in turn' },
  unknown_fact: { zh: '没有事件“{fact}”', en: 'There is no fact “{fact}”' },
  unknown_outcome: { zh: '没有处理结果“{outcome}”', en: 'There is no outcome “{outcome}”' },
  outcome_unhandled: { zh: '处理结果“{outcome}”没有出路', en: 'The outcome “{outcome}” leads nowhere' },
  rejection_unhandled: { zh: '没有说明不同意时怎么走', en: 'Nothing says where a refusal leads' },
  condition_missing: { zh: '分支的连线没有条件', en: 'An edge of the branch has no condition' },
  condition_ignored: { zh: '这里的条件不起作用：并行分支总是全部执行', en: 'The condition has no effect: all parallel ways are always taken' },
  no_default: { zh: '没有默认出路：都不满足时会停在这里', en: 'There is no default: where nothing holds, the flow is held here' },
  several_defaults: { zh: '只能有一条默认连线', en: 'There can be one default only' },
  quorum: { zh: '通过票数设置不正确', en: 'The quorum cannot be met' },
  item_outside: { zh: '“当前条目”只能用于多实例步骤', en: '“The present item” exists in multi-instance steps only' },
  endless_loop: { zh: '循环里没有需要等待的步骤，会无限循环', en: 'The loop holds no step that waits: it would go on for ever' },
  bad_url: { zh: '网址不正确：须以 https:// 或 http:// 开头，主机名不能含变量', en: 'Not a usable address: it has to begin with https:// or http://, and its host may not hold variables' },
  header_again: { zh: '请求头“{name}”不是为现在的地址填写的，请重新填写', en: 'The header “{name}” was not written for the present address; write it anew' },
  llm_off: { zh: '大模型尚未接入：流程会停在这里，等接入后重试', en: 'No language model is set up: the flow would be held here until there is one' },
  unknown_placeholder: { zh: '文字中的变量“{variable}”不存在', en: 'The text holds the variable “{variable}”, which does not exist' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type FlowFindingCode = keyof typeof findingWords;

/** Takes a finding down. */
export type Find = (node: string | null, code: FlowFindingCode, more?: Partial<Omit<FlowFinding, 'node' | 'code'>>) => void;

/** A finding as a sentence (检查结果的文字). */
export function findingSentence(finding: Pick<FlowFinding, 'code' | 'params'>, language: 'zh-CN' | 'en'): string {
  const words = findingWords[finding.code];
  return (language === 'en' ? words.en : words.zh).replace(/\{(\w+)\}/g, (_whole, name: string) => String(finding.params?.[name] ?? ''));
}
