import type { DefinitionProblem } from '../rules/conditions/json.ts';
import type { FormulaFailure, TextFormat, ValueProblem, ValueProblemCode } from '../rules/forms/form.ts';

type Params = Readonly<Record<string, string | number>>;
type Sentence = (params: Params) => { zh: string; en: string };

const formatNames: Record<TextFormat, { zh: string; en: string }> = {
  phone: { zh: '电话号码', en: 'phone number' }, email: { zh: '邮箱地址', en: 'e-mail address' }, url: { zh: '网址（以 http:// 或 https:// 开头）', en: 'web address (beginning with http:// or https://)' },
  cn_id: { zh: '居民身份证号', en: 'citizen identification number' }, cn_uscc: { zh: '统一社会信用代码', en: 'unified social credit code' }, cn_plate: { zh: '车牌号', en: 'licence plate number' },
  cn_postcode: { zh: '邮政编码', en: 'postcode' }, digits: { zh: '数字', en: 'number of digits only' },
};
const kindNames: Readonly<Record<string, { zh: string; en: string }>> = {
  text: { zh: '文本', en: 'a text' }, number: { zh: '数字', en: 'a number' }, money: { zh: '金额', en: 'a sum of money' }, date: { zh: '日期', en: 'a date' }, time: { zh: '时间', en: 'a time' }, date_time: { zh: '日期和时间', en: 'a date and time' },
  boolean: { zh: '是或否', en: 'yes or no' }, choice: { zh: '一个选项', en: 'one of the options' }, choices: { zh: '若干选项', en: 'some of the options' }, tree: { zh: '一个分类', en: 'an entry of the tree' }, person: { zh: '一位员工', en: 'a member of staff' },
  customer: { zh: '一位客户', en: 'a customer' }, asset: { zh: '一台设备', en: 'an asset' }, place: { zh: '一个地点', en: 'a place' }, file: { zh: '文件', en: 'files' }, signature: { zh: '签名', en: 'a signature' }, table: { zh: '明细行', en: 'rows' }, row: { zh: '一行明细', en: 'a row' },
};
const kindName = ({ kind }: Params) => kindNames[String(kind)] ?? { zh: '别的内容', en: 'something else' };

const valueSentences: Record<ValueProblemCode, Sentence> = {
  required: () => ({ zh: '必须填写', en: 'is required' }),
  type: (params) => ({ zh: `应为${kindName(params).zh}`, en: `must be ${kindName(params).en}` }),
  unknown_field: () => ({ zh: '表单中没有这个字段', en: 'is not a field of this form' }),
  read_only: () => ({ zh: '不能修改', en: 'cannot be changed' }),
  hidden: () => ({ zh: '按其他答案不需要填写，表单没有显示它', en: 'is not asked for, as other answers are: the form hides it' }),
  minLength: ({ limit }) => ({ zh: `至少 ${limit} 个字`, en: `needs at least ${limit} characters` }),
  maxLength: ({ limit }) => ({ zh: `最多 ${limit} 个字`, en: `takes at most ${limit} characters` }),
  minimum: ({ limit }) => ({ zh: `不能小于 ${limit}`, en: `must not be less than ${limit}` }),
  maximum: ({ limit }) => ({ zh: `不能大于 ${limit}`, en: `must not be more than ${limit}` }),
  decimals: ({ limit }) => (Number(limit) === 0 ? { zh: '应为整数', en: 'must be a whole number' } : { zh: `最多 ${limit} 位小数`, en: `takes at most ${limit} decimal places` }),
  minItems: ({ limit }) => ({ zh: `至少 ${limit} 项`, en: `needs at least ${limit} entries` }),
  maxItems: ({ limit }) => ({ zh: `最多 ${limit} 项`, en: `takes at most ${limit} entries` }),
  minRows: ({ limit }) => ({ zh: `至少 ${limit} 行`, en: `needs at least ${limit} rows` }),
  maxRows: ({ limit }) => ({ zh: `最多 ${limit} 行`, en: `takes at most ${limit} rows` }),
  format: ({ format }) => ({ zh: `不是正确的${formatNames[format as TextFormat]?.zh ?? '格式'}`, en: `is not a valid ${formatNames[format as TextFormat]?.en ?? 'value'}` }),
  mask: ({ mask }) => ({ zh: `应符合格式 ${mask}`, en: `must have the form ${mask}` }),
  text: () => ({ zh: '含有不能保存的字符', en: 'holds characters that cannot be stored' }),
  option: ({ value }) => ({ zh: `没有“${value}”这个选项`, en: `there is no option “${value}”` }),
  option_retired: () => ({ zh: '这个选项已停用', en: 'this option is no longer in use' }),
  leaf: () => ({ zh: '请选到最后一级', en: 'choose an entry of the last level' }),
  currency: ({ currencies }) => ({ zh: `币种应为 ${currencies}`, en: `the currency must be ${currencies}` }),
  date: () => ({ zh: '没有这一天', en: 'is no day of the calendar' }),
  time: () => ({ zh: '不是正确的时间', en: 'is no time of day' }),
  date_time: () => ({ zh: '不是正确的日期和时间', en: 'is no date and time' }),
  step: ({ step }) => ({ zh: `应为 ${step} 分钟的整数倍`, en: `must be a multiple of ${step} minutes` }),
  place: ({ needs }) => (needs === 'coordinates' ? { zh: '请在地图上选择位置', en: 'choose the position on the map' } : { zh: '坐标不对', en: 'the coordinates are not right' }),
  too_long: () => ({ zh: '这些内容让表单的公式和条件算不完，请缩短较长的文字或减少明细行', en: 'makes the form’s formulas and conditions take too long; shorten long texts or leave out rows' }),
  reference: () => ({ zh: '指向的内容不存在', en: 'what it refers to is not there' }),
};

/** What is wrong with an answer, in a sentence (填写问题说明). */
export function describeValueProblem({ code, params = {} }: Pick<ValueProblem, 'code' | 'params'>): { zh: string; en: string } {
  return valueSentences[code](params);
}

const failureSentences: Record<FormulaFailure, { zh: string; en: string }> = {
  missing: { zh: '还缺少计算所需的内容', en: 'something it is reckoned from is missing' },
  division_by_zero: { zh: '除数为零', en: 'division by zero' },
  not_a_number: { zh: '有内容不是数字', en: 'something is not a number' },
  too_large: { zh: '结果太大', en: 'the result is too large' },
  wrong_type: { zh: '内容的类型不适合这个公式', en: 'the formula does not fit what it is reckoned from' },
  too_long: { zh: '公式太复杂', en: 'the formula is too complex' },
  bad_rule: { zh: '公式有误', en: 'the formula is not right' },
};

/** Why a formula has no value (公式失败原因). */
export function describeFormulaFailure(failure: FormulaFailure): { zh: string; en: string } {
  return failureSentences[failure];
}

const definitionSentences: Readonly<Record<string, Sentence>> = {
  type: ({ expected }) => ({ zh: `类型不对，应为 ${expected}`, en: `must be of type ${expected}` }),
  required: () => ({ zh: '必须填写', en: 'is required' }),
  unknown_property: ({ property }) => ({ zh: `不认识“${property}”这一项`, en: `“${property}” is not a known property here` }),
  one_of: ({ allowed }) => ({ zh: `应为其中之一：${allowed}`, en: `must be one of: ${allowed}` }),
  key: () => ({ zh: '标识应以小写字母开头，只含字母、数字和下划线，最多 63 个字符', en: 'a key begins with a small letter and holds letters, digits and underscores only, 63 at most' }),
  reserved_key: ({ key }) => ({ zh: `“${key}”不能用作标识`, en: `“${key}” cannot be a key` }),
  option_key: () => ({ zh: '选项标识只含字母、数字、下划线、点和连字符，最多 63 个字符', en: 'the key of an option holds letters, digits, underscores, dots and hyphens only, 63 at most' }),
  duplicate_key: ({ key }) => ({ zh: `标识“${key}”重复`, en: `the key “${key}” is there twice` }),
  duplicate_option: ({ key }) => ({ zh: `选项标识“${key}”重复`, en: `the option “${key}” is there twice` }),
  unknown_section: ({ section }) => ({ zh: `没有“${section}”这个分组`, en: `there is no section “${section}”` }),
  minimum: ({ limit }) => ({ zh: `不能小于 ${limit}`, en: `must not be less than ${limit}` }),
  maximum: ({ limit }) => ({ zh: `不能大于 ${limit}`, en: `must not be more than ${limit}` }),
  maxLength: ({ limit }) => ({ zh: `最多 ${limit} 个字`, en: `takes at most ${limit} characters` }),
  maxItems: ({ limit }) => ({ zh: `最多 ${limit} 项`, en: `takes at most ${limit} entries` }),
  uniqueItems: () => ({ zh: '不能重复', en: 'must not repeat' }),
  decimals: ({ limit }) => ({ zh: `最多 ${limit} 位小数`, en: `takes at most ${limit} decimal places` }),
  order: ({ limit }) => ({ zh: `下限不能大于上限 ${limit}`, en: `the lower limit must not be more than the upper one, ${limit}` }),
  format_or_mask: () => ({ zh: '格式和掩码只能选一种', en: 'a text has either a format or a mask' }),
  mask: () => ({ zh: '掩码里至少要有一个占位符：9、A、a 或 *', en: 'a mask needs at least one place to fill in: 9, A, a or *' }),
  text: () => ({ zh: '含有不能保存的字符', en: 'holds characters that cannot be stored' }),
  time: () => ({ zh: '应为 HH:MM', en: 'must be HH:MM' }),
  day_limit: () => ({ zh: '应为日期，或 today、today+7、today-30', en: 'must be a date, or today, today+7, today-30' }),
  currency: () => ({ zh: '应为三个大写字母的币种代码', en: 'must be the three letters of a currency' }),
  color: () => ({ zh: '颜色应为 #RRGGBB', en: 'a colour is #RRGGBB' }),
  no_options: () => ({ zh: '至少要有一个可选的选项', en: 'at least one option must be open' }),
  no_columns: () => ({ zh: '至少要有一列', en: 'at least one column is needed' }),
  default: () => ({ zh: '默认值不符合这个字段的要求', en: 'the default does not meet the field’s own limits' }),
  circle: ({ fields }) => ({ zh: `互相依赖，成了死循环：${fields}`, en: `these depend on each other in a circle: ${fields}` }),
  retyped: ({ key }) => ({ zh: `“${key}”已按另一种类型发布过，请换一个标识`, en: `“${key}” was published with another kind; take another key` }),
  option_removed: ({ option }) => ({ zh: `选项“${option}”可能已被使用，只能停用，不能删除`, en: `the option “${option}” may be in use: retire it instead of removing it` }),
  too_large: ({ limit }) => ({ zh: `太大，最多 ${limit}`, en: `is too large, ${limit} at most` }),
  too_deep: ({ limit }) => ({ zh: `嵌套太深，最多 ${limit} 层`, en: `may be nested ${limit} deep at most` }),
  unknown_operator: ({ operator }) => ({ zh: `不认识运算“${operator}”`, en: `“${operator}” is no operator` }),
  arguments: ({ operator, least, most }) => (least === most ? { zh: `运算“${operator}”需要 ${least} 个参数`, en: `“${operator}” takes ${least} arguments` } : { zh: `运算“${operator}”至少需要 ${least} 个参数`, en: `“${operator}” needs at least ${least} arguments` }),
  list_needed: ({ operator }) => ({ zh: `运算“${operator}”的参数应是一个列表`, en: `“${operator}” takes its arguments as a list` }),
  unknown_variable: ({ variable }) => ({ zh: `没有“${variable}”可以引用`, en: `there is no “${variable}” to refer to` }),
  computed_variable: () => ({ zh: '引用的名称必须直接写明，不能计算得出', en: 'the name of what is referred to must be written out, not computed' }),
  whole_data: () => ({ zh: '不能整体引用，请指明具体字段', en: 'refer to single fields, not to all of them' }),
};

/** What is wrong with a form's definition or one of its rules, in a sentence (表单问题说明). */
export function describeFormProblem({ code, params = {} }: Pick<DefinitionProblem, 'code' | 'params'>): { zh: string; en: string } {
  return (definitionSentences[code] ?? (() => ({ zh: '定义有误', en: 'is not right' })))(params);
}

/** The codes of definitions' problems there are sentences for. */
export const formProblemCodes: readonly string[] = Object.keys(definitionSentences);
