/**
 * Every expected failure (可预期的拒绝) the program answers with.
 *
 * A refusal is a stable `code`, the HTTP status it travels under and a sentence in both languages. Words in
 * {braces} are filled from the refusal's parameters. Whatever is not in this table is a bug and answers 500.
 * docs/refusals.md lists the same codes; a test compares the two.
 */
export const refusals = {
  // The request itself
  malformed_json: { status: 400, zh: '请求内容不是有效的 JSON。', en: 'The request body is not valid JSON.' },
  invalid_input: { status: 422, zh: '有些内容填写得不对，请检查标出的地方。', en: 'Some of the input is not right. Please check the marked places.' },
  invalid_cursor: { status: 400, zh: '翻页位置已失效，请从第一页重新开始。', en: 'The page cursor is not valid. Start again from the first page.' },
  invalid_identifier: { status: 404, zh: '找不到您要的内容，它可能已被移走，或您无权查看。', en: 'There is nothing here that you may see.' },
  not_found: { status: 404, zh: '找不到您要的内容，它可能已被移走，或您无权查看。', en: 'There is nothing here that you may see.' },
  method_not_allowed: { status: 405, zh: '这个地址不支持这种请求方式。', en: 'This address does not take that method.' },
  body_too_large: { status: 413, zh: '内容太大，上限为 {limit}。', en: 'The content is too large. The limit is {limit}.' },
  unsupported_media_type: { status: 415, zh: '不支持这种内容类型：{mediaType}。', en: 'This kind of content is not accepted: {mediaType}.' },
  rate_limited: { status: 429, zh: '请求太频繁，请在 {seconds} 秒后再试。', en: 'Too many requests. Try again in {seconds} s.' },
  idempotency_key_invalid: { status: 400, zh: 'Idempotency-Key 应为 1 到 128 个可见字符。', en: 'Idempotency-Key takes 1 to 128 visible characters.' },
  idempotency_key_reused: { status: 422, zh: '同一个 Idempotency-Key 已用于另一份内容。', en: 'This Idempotency-Key was used with another body.' },
  idempotency_key_in_flight: { status: 409, zh: '同一个请求正在处理，请稍候。', en: 'The same request is being processed. Please wait.' },
  stale_version: { status: 412, zh: '这条记录刚被别人修改过，请先查看最新内容。', en: 'Somebody changed this record meanwhile. Look at the latest version first.' },
  version_required: { status: 428, zh: '修改前请带上 If-Match（记录的版本）。', en: 'Send If-Match with the version you are changing.' },

  // Who is asking
  not_signed_in: { status: 401, zh: '请先登录。', en: 'Please sign in.' },
  session_expired: { status: 401, zh: '登录已过期，请重新登录。', en: 'Your session has ended. Please sign in again.' },
  wrong_credentials: { status: 401, zh: '账号或密码不对。', en: 'The account or the password is not right.' },
  second_factor_required: { status: 401, zh: '请输入动态验证码。', en: 'Enter the code from your authenticator app.' },
  second_factor_wrong: { status: 401, zh: '动态验证码不对或已用过，请等下一个。', en: 'The code is wrong or was used already. Wait for the next one.' },
  account_locked: { status: 429, zh: '尝试次数过多，请在 {minutes} 分钟后再试。', en: 'Too many attempts. Try again in {minutes} minutes.' },
  organization_ambiguous: { status: 409, zh: '这个账号属于多个企业，请选择要进入的企业。', en: 'This account belongs to several organizations. Choose one.' },
  csrf_token_missing: { status: 403, zh: '页面已过期，请刷新后重试。', en: 'This page is out of date. Reload it and try again.' },
  forbidden: { status: 403, zh: '您没有做这件事的权限，可联系管理员。', en: 'You may not do this. Your administrator can help.' },
  link_invalid: { status: 404, zh: '这个链接无效或已过期。', en: 'This link is not valid or has expired.' },
  phone_code_wrong: { status: 401, zh: '验证码不对或已过期。', en: 'The code is wrong or has expired.' },
  phone_code_too_soon: { status: 429, zh: '验证码已发送，请在 {seconds} 秒后再试。', en: 'A code was just sent. Try again in {seconds} s.' },
  sms_not_configured: { status: 503, zh: '本企业尚未开通短信，请使用工单链接查看进度。', en: 'Text messages are not set up here. Use the link of your ticket.' },
  second_factor_already_on: { status: 409, zh: '两步验证已经开启。', en: 'Two-factor sign-in is on already.' },
  second_factor_not_started: { status: 409, zh: '请先开始设置两步验证。', en: 'Start setting up two-factor sign-in first.' },

  // Tickets
  action_not_open: { status: 409, zh: '工单现在是“{status}”，不能{action}。', en: 'The ticket is “{status}” now, so it cannot be {action}.' },
  unknown_reference: { status: 422, zh: '{field} 指向的内容不存在。', en: '{field} points at something that does not exist.' },
  reference_inactive: { status: 422, zh: '{field} 指向的内容已停用。', en: '{field} points at something that is no longer in use.' },
  unknown_field: { status: 422, zh: '工单类型“{type}”没有字段 {field}。', en: 'The ticket type “{type}” has no field {field}.' },
  already_rated: { status: 409, zh: '您已经评价过了，谢谢。', en: 'You have rated this already. Thank you.' },
  nothing_to_change: { status: 422, zh: '没有要修改的内容。', en: 'There is nothing to change.' },

  // Visits
  visit_not_yours: { status: 403, zh: '这是别人的上门任务。', en: 'This visit belongs to somebody else.' },
  visit_step_not_open: { status: 409, zh: '上门任务现在是“{status}”，不能{action}。', en: 'The visit is “{status}” now, so it cannot {action}.' },
  signature_empty: { status: 422, zh: '签名是空白的，请客户重新签名。', en: 'The signature is blank. Ask the customer to sign again.' },

  // Files
  file_type_refused: { status: 415, zh: '不接受这种文件：{mediaType}。', en: 'This kind of file is not accepted: {mediaType}.' },
  file_type_mismatch: { status: 415, zh: '文件内容（{detected}）与名称或声明的类型（{declared}）不符。', en: 'The file is really {detected}, not {declared}.' },
  file_too_large: { status: 413, zh: '文件太大，上限为 {limit}。', en: 'The file is too large. The limit is {limit}.' },
  file_empty: { status: 422, zh: '文件是空的。', en: 'The file is empty.' },
  file_missing: { status: 422, zh: '请求里没有文件。', en: 'There is no file in the request.' },
  file_already_attached: { status: 409, zh: '这个文件已经附在别处。', en: 'This file is attached elsewhere already.' },

  // Administration
  name_taken: { status: 409, zh: '{field} 已被使用。', en: '{field} is taken.' },
  last_administrator: { status: 409, zh: '至少要保留一位管理员。', en: 'At least one administrator has to remain.' },
  grant_exceeds_own: { status: 403, zh: '不能授予自己没有的权限：{permission}。', en: 'You cannot grant what you do not hold yourself: {permission}.' },
  password_too_weak: { status: 422, zh: '密码太弱：至少 10 个字符，且不能是常见密码。', en: 'The password is too weak: at least 10 characters, and not a common one.' },

  // The program
  not_ready: { status: 503, zh: '系统正在启动，请稍候。', en: 'The program is starting. Please wait.' },
  internal_error: { status: 500, zh: '系统出了问题，我们已记录（编号 {requestId}）。您填写的内容没有丢，请稍后再试。', en: 'Something went wrong and was recorded ({requestId}). Please try again later.' },
} as const satisfies Record<string, { status: number; zh: string; en: string }>;

/** The stable code of an expected failure. */
export type RefusalCode = keyof typeof refusals;

/** The languages a person may read Bihuan in. */
export type Language = 'zh-CN' | 'en';

/** A value put into a refusal's sentence; words that differ by language come as a pair. */
export type RefusalParameter = string | number | { zh: string; en: string };

/** The inputs that may name what is not there, as people call them (字段名称). */
const inputNames: Readonly<Record<string, { zh: string; en: string }>> = {
  assetId: { zh: '设备', en: 'The asset' },
  assignee: { zh: '受理人', en: 'The assignee' },
  attachments: { zh: '附件', en: 'One of the attachments' },
  category: { zh: '分类', en: 'The category' },
  customerId: { zh: '客户', en: 'The customer' },
  departmentId: { zh: '部门', en: 'The department' },
  memberIds: { zh: '班组成员', en: 'One of the members' },
  mentions: { zh: '提到的同事', en: 'One of the mentions' },
  parentId: { zh: '上级', en: 'The parent' },
  roleIds: { zh: '角色', en: 'One of the roles' },
  signatureFileId: { zh: '签名', en: 'The signature' },
  team: { zh: '班组', en: 'The team' },
  teamId: { zh: '班组', en: 'The team' },
  teamIds: { zh: '班组', en: 'One of the teams' },
  type: { zh: '工单类型', en: 'The ticket type' },
  uploads: { zh: '上传的文件', en: 'One of the uploads' },
};
const namesInputs: ReadonlySet<RefusalCode> = new Set(['unknown_reference', 'reference_inactive']);

/**
 * The sentence for a refusal in the reader's language, its {parameters} filled in.
 * The input that a reference stood in is called what people call it, not by its property's name.
 * A parameter that was not given stays visible as `{name}`, so a missing one shows in tests.
 */
export function describeRefusal(code: RefusalCode, parameters: Record<string, RefusalParameter>, language: Language): string {
  const text = language === 'en' ? refusals[code].en : refusals[code].zh;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const given = parameters[name];
    const value = name === 'field' && namesInputs.has(code) && typeof given === 'string' ? inputNames[given] ?? given : given;
    if (value === undefined) return whole;
    return typeof value === 'object' ? (language === 'en' ? value.en : value.zh) : String(value);
  });
}
