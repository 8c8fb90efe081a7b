/**
 * Every expected failure (可预期的拒绝) the program answers with.
 *
 * A refusal is a stable `code`, the HTTP status it travels under and a sentence in both languages. Words in
 * {braces} are filled from the refusal's parameters. Whatever is not in this table is a bug and answers 500.
 * docs/refusals.md lists the same codes; a test compares the two.
 */
export const refusals = {
  // The request itself
  malformed_request: { status: 400, zh: '收到的不是有效的 HTTP 请求。', en: 'What was sent is not a valid HTTP request.' },
  headers_too_large: { status: 431, zh: '请求头太大，上限为 {limit}。', en: 'The headers of the request are too large. The limit is {limit}.' },
  request_timed_out: { status: 408, zh: '请求内容没有及时传完，请重试。', en: 'The request did not arrive in time. Please try again.' },
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
  api_key_ended: { status: 401, zh: '这把接口密钥已失效（被撤销或已到期），请换一把。', en: 'This API key has ended: it was revoked or has expired. Use another one.' },
  password_change_required: { status: 403, zh: '这个密码是同事设的，请先改成自己的密码。', en: 'A colleague set this password: choose your own first.' },
  wrong_credentials: { status: 401, zh: '账号或密码不对。', en: 'The account or the password is not right.' },
  password_needed: { status: 403, zh: '为了您的账号安全，请再输入一次当前密码。', en: 'To keep your account safe, enter your present password once more.' },
  second_factor_required: { status: 401, zh: '请输入动态验证码。', en: 'Enter the code from your authenticator app.' },
  second_factor_wrong: { status: 401, zh: '动态验证码不对或已用过，请等下一个。', en: 'The code is wrong or was used already. Wait for the next one.' },
  account_locked: { status: 429, zh: '尝试次数过多，请在 {minutes} 分钟后再试。', en: 'Too many attempts. Try again in {minutes} minutes.' },
  organization_ambiguous: { status: 409, zh: '这个账号属于多个企业，请选择要进入的企业。', en: 'This account belongs to several organizations. Choose one.' },
  csrf_token_missing: { status: 403, zh: '页面已过期，请刷新后重试。', en: 'This page is out of date. Reload it and try again.' },
  forbidden: { status: 403, zh: '您没有做这件事的权限，可联系管理员。', en: 'You may not do this. Your administrator can help.' },
  link_invalid: { status: 404, zh: '这个链接无效或已过期。', en: 'This link is not valid or has expired.' },
  origin_not_allowed: { status: 403, zh: '这个网站不在聊天渠道的允许名单里。', en: 'This website is not on the list of those that may hold the chat.' },
  chat_closed: { status: 403, zh: '聊天暂时关闭了，请用其他方式联系我们。', en: 'The chat is closed at present. Please reach us another way.' },
  user_not_proven: { status: 403, zh: '用户签名不对或已过期：应为渠道密钥对“标识.签名时间”的 HMAC-SHA256，24 小时内有效。请刷新网页。', en: 'The signature of the user is wrong or has ended: it is the HMAC-SHA256 of “id.at” under the channel’s secret, and holds for 24 hours. Load the page anew.' },
  chat_too_fast: { status: 429, zh: '消息发得太快了，请稍等片刻。', en: 'Messages come too fast. Please wait a moment.' },
  phone_code_wrong: { status: 401, zh: '验证码不对或已过期。', en: 'The code is wrong or has expired.' },
  phone_code_too_soon: { status: 429, zh: '验证码已发送，请在 {seconds} 秒后再试。', en: 'A code was just sent. Try again in {seconds} s.' },
  sms_not_configured: { status: 503, zh: '本企业尚未开通短信，请使用工单链接查看进度。', en: 'Text messages are not set up here. Use the link of your ticket.' },
  second_factor_already_on: { status: 409, zh: '两步验证已经开启。', en: 'Two-factor sign-in is on already.' },
  second_factor_not_started: { status: 409, zh: '请先开始设置两步验证。', en: 'Start setting up two-factor sign-in first.' },

  // Tickets
  status_not_reachable: { status: 409, zh: '工单现在是“{status}”，不能直接改为“{wanted}”。', en: 'The ticket is “{status}” now, so it cannot become “{wanted}” directly.' },
  action_not_open: { status: 409, zh: '工单现在是“{status}”，不能{action}。', en: 'The ticket is “{status}” now, so it cannot be {action}.' },
  unknown_reference: { status: 422, zh: '{field} 指向的内容不存在。', en: '{field} points at something that does not exist.' },
  reference_inactive: { status: 422, zh: '{field} 指向的内容已停用。', en: '{field} points at something that is no longer in use.' },
  unknown_field: { status: 422, zh: '工单类型“{type}”没有字段 {field}。', en: 'The ticket type “{type}” has no field {field}.' },
  too_many_reports: { status: 429, zh: '从您的网络提交的报修太多，请在 {minutes} 分钟后再试；情况紧急请直接打电话。', en: 'Too many reports came from your network. Try again in {minutes} minutes; if it is urgent, please call.' },
  too_many_views: { status: 409, zh: '最多可以保存 {limit} 个这样的视图。', en: 'At most {limit} views of this kind can be kept.' },
  selection_empty: { status: 422, zh: '没有选中任何工单。', en: 'No ticket is selected.' },
  selection_too_large: { status: 422, zh: '一次最多处理 {limit} 张工单，请先缩小范围。', en: 'At most {limit} tickets can be worked on at once. Narrow the selection first.' },
  filter_too_slow: { status: 422, zh: '按这些条件查找太久，请把条件写窄一些（例如加上时间范围、状态或班组）。', en: 'It takes too long to find tickets by these conditions. Narrow them, for instance by time, status or team.' },
  too_many_slow_filters: { status: 429, zh: '正在进行的慢查询太多，请在 {seconds} 秒后再试，或把条件写窄一些。', en: 'Too many slow searches are running. Try again in {seconds} seconds, or narrow the conditions.' },
  selection_changed: { status: 409, zh: '选中的工单现在是 {actual} 张，不再是 {expected} 张，请重新确认。', en: 'The selection holds {actual} tickets now, not {expected}. Please check it again.' },
  bulk_id_reused: { status: 409, zh: '这个批量操作编号已用于另一份内容。', en: 'This id was used for another bulk run.' },
  bulk_run_over: { status: 409, zh: '这个批量操作已经结束。', en: 'This bulk run is over already.' },
  too_many_exports: { status: 429, zh: '正在进行的导出太多，请稍后再试。', en: 'Too many exports are running. Try again later.' },
  staff_on_link: { status: 403, zh: '您正以员工身份登录，不能替客户操作。', en: 'You are signed in as a member of staff and cannot act as the customer.' },
  already_rated: { status: 409, zh: '您已经评价过了，谢谢。', en: 'You have rated this already. Thank you.' },
  nothing_to_change: { status: 422, zh: '没有要修改的内容。', en: 'There is nothing to change.' },
  ticket_merged: { status: 409, zh: '这张工单已并入 {number}，请到那张工单上处理，或先撤销合并。', en: 'This ticket was merged into {number}. Work on that one, or undo the merge first.' },
  already_merged: { status: 409, zh: '工单 {number} 已经并入别的工单，请先撤销那次合并。', en: 'Ticket {number} was merged into another one already. Undo that merge first.' },
  merge_into_itself: { status: 409, zh: '不能把工单并入它自己：{number} 最终就是这张工单。', en: 'A ticket cannot be merged into itself: {number} leads to this very ticket.' },
  merge_into_descendant: { status: 409, zh: '不能把父工单并入它的下级：请先解除 {number} 的父子关系。', en: 'A ticket cannot be merged into one below it. Remove the parent link of {number} first.' },
  too_many_merged: { status: 409, zh: '并入同一张工单的最多 {limit} 张。', en: 'At most {limit} tickets can be merged into one.' },
  not_merged: { status: 409, zh: '这张工单没有并入别的工单，或合并已经撤销。', en: 'This ticket is not merged into another one, or the merge was undone already.' },
  already_linked: { status: 409, zh: '与 {number} 已经是这种关系。', en: 'It is linked with {number} in this way already.' },
  link_to_itself: { status: 409, zh: '不能与自己关联：{number} 就是这张工单，或已并入这张工单。', en: 'A ticket cannot be linked with itself: {number} is this ticket, or was merged into it.' },
  link_circle: { status: 409, zh: '这样关联会与 {number} 形成循环。', en: 'Linked in this way with {number}, the tickets would go round in a circle.' },
  has_parent: { status: 409, zh: '{number} 已有父工单，请先解除原来的关系。', en: '{number} has a parent already. Remove that link first.' },
  too_many_links: { status: 409, zh: '一张工单最多 {limit} 个这样的关联。', en: 'A ticket takes at most {limit} such links.' },
  checklist_open: { status: 409, zh: '还有 {count} 个必做的检查项没有完成，完成后才能解决工单。', en: '{count} required checklist items are still open. Finish them before resolving the ticket.' },
  checklist_item_required: { status: 409, zh: '这是工单类型要求的检查项，不能删除或改写。', en: 'The ticket type requires this checklist item: it can be neither removed nor reworded.' },
  checklist_changed: { status: 409, zh: '检查清单刚被别人改过，请先查看最新内容。', en: 'Somebody changed the checklist meanwhile. Look at it first.' },
  assigned_meanwhile: { status: 409, zh: '这张工单刚被派给 {name}。确定要改派吗？', en: 'This ticket was just given to {name}. Reassign it all the same?' },
  offer_taken: { status: 409, zh: '手慢了一步，已被 {name} 接下。', en: 'Too late: {name} has it.' },
  offer_over: { status: 409, zh: '这次派单已经结束，不用再接了。', en: 'This offer is over: nobody is needed any more.' },
  offer_passed_on: { status: 409, zh: '接单时限已过，已转给下一位。', en: 'The time to answer is over: it went on to the next.' },
  offer_declined: { status: 409, zh: '您已经回复不接这一单。', en: 'You have declined this one.' },
  offer_ruled_out: { status: 409, zh: '您现在不能接这一单：{reason}。', en: 'You cannot take this one now: {reason}.' },
  offer_running: { status: 409, zh: '这张工单正在派单中，请先收回。', en: 'This ticket is being offered already. Withdraw that first.' },
  offer_nobody: { status: 409, zh: '现在没有可派的人，可在派单建议里查看原因。', en: 'Nobody can be sent now. The proposals say why.' },
  offer_has_assignee: { status: 409, zh: '这张工单已有处理人，请先收回派单。', en: 'Somebody has this ticket already. Take it back first.' },
  taken_back_meanwhile: { status: 409, zh: '这张工单刚被收回派单。确定要派出吗？', en: 'This ticket was just taken back. Assign it all the same?' },
  side_mail_not_configured: { status: 409, zh: '还没有能发信的邮件渠道，旁路会话不能发往外部邮箱。请在“设置 → 接入渠道”里给邮箱填上发件服务器，或改为向班组或部门发起。', en: 'No mailbox of yours sends mail yet, so a side conversation cannot leave the house. Fill in a server for answers under Settings → Channels, or ask a team or a department instead.' },
  sign_in_needed: { status: 422, zh: '邮箱和电话至少留一个，否则无法登录。', en: 'An e-mail address or a phone number has to stay, or nobody could sign in by it.' },
  ticket_in_flow: { status: 409, zh: '工单的流程还在运行，不能更换类型。请先办完或取消流程。', en: 'A flow is under way on the ticket: its type cannot be changed before the flow is over.' },
  too_many_checklist_items: { status: 409, zh: '一张工单最多 {limit} 个检查项。', en: 'A ticket takes at most {limit} checklist items.' },
  too_many_templates: { status: 409, zh: '最多 {limit} 个在用的检查清单模板。', en: 'At most {limit} checklist templates can be in use.' },
  side_conversation_closed: { status: 409, zh: '这个旁路会话已结束，请先重新打开。', en: 'This side conversation is closed. Open it again first.' },
  side_conversation_open: { status: 409, zh: '这个旁路会话正在进行。', en: 'This side conversation is open already.' },
  too_many_side_conversations: { status: 409, zh: '一张工单最多 {limit} 个旁路会话。', en: 'A ticket takes at most {limit} side conversations.' },

  // The desk
  held_reply_sent: { status: 409, zh: '这条回复已经发出，不能再撤回。', en: 'This reply was sent already and cannot be taken back.' },
  draft_conflict: { status: 409, zh: '这份草稿在另一台设备上改过，请选择保留哪一份。', en: 'This draft was changed on another device. Choose which one to keep.' },
  macro_step_refused: { status: 409, zh: '宏“{macro}”没有执行：第 {step} 步不能完成。{reason}', en: 'The macro “{macro}” was not applied: step {step} cannot be taken. {reason}' },
  call_signature: { status: 401, zh: '这次调用的令牌或签名不对，没有受理。', en: 'The token or the signature of this call is missing or wrong. Nothing was taken.' },
  call_stale: { status: 401, zh: '这次调用签名的时间相差超过五分钟，没有受理。请检查两边的时钟。', en: 'This call was signed more than five minutes ago, or in the future. Nothing was taken; compare the clocks.' },
  call_malformed: { status: 400, zh: '这次调用的内容无法读取，没有受理。', en: 'What this call holds cannot be read. Nothing was taken.' },
  cannot_dial: { status: 409, zh: '还不能从这里拨号：要有 Asterisk（ARI）电话渠道，并给您登记分机。', en: 'Calls cannot be made from here: it takes a telephone channel of Asterisk (ARI), and an extension of yours.' },
  no_phone_number: { status: 409, zh: '这里没有可以拨打的电话号码。', en: 'There is no number to call.' },
  call_has_ticket: { status: 409, zh: '这通电话已经关联到一张工单。', en: 'This call belongs to a ticket already.' },
  hotline_action_not_open: { status: 409, zh: '热线工单当前的状态不能做这个操作。', en: 'This cannot be done with the case as it stands.' },
  hotline_extension_not_later: { status: 422, zh: '申请的期限要晚于现在的期限。', en: 'The new deadline has to be later than the present one.' },
  hotline_report_not_failed: { status: 409, zh: '这次回报没有失败，不用重发。', en: 'This report did not fail: there is nothing to send again.' },
  call_method: { status: 405, zh: '这个地址只接受 POST。', en: 'This address takes POST only.' },
  nothing_to_gather: { status: 409, zh: '这些工单已办结、已归在别的工单下，或您不能修改。', en: 'These tickets are done, below another one already, or not yours to change.' },
  nobody_to_tell: { status: 409, zh: '这张工单没有可以通知的客户。', en: 'There is nobody on this ticket who could be told.' },
  delivery_not_open: { status: 409, zh: '这条回复不需要处理：它已发出，或正在发送。', en: 'There is nothing to settle: this answer went out, or is on its way.' },
  message_not_quarantined: { status: 409, zh: '这条消息不在隔离中，可能已有人处理。', en: 'This message is not put aside; somebody may have dealt with it.' },
  message_not_settled: { status: 409, zh: '这条消息还没有处理完，不能重放。', en: 'This message has not been dealt with yet; only one that has can be replayed.' },
  rule_not_published: { status: 409, zh: '这条规则还没有发布，请先发布再启用。', en: 'This rule has not been published yet. Publish it before switching it on.' },
  rule_not_enabled: { status: 409, zh: '这条规则已关闭，请先启用再重试。', en: 'This rule is switched off. Switch it on before trying again.' },
  rule_unchanged: { status: 409, zh: '没有要发布的改动。', en: 'There is nothing to publish: it says what is in force already.' },
  address_code_wrong: { status: 422, zh: '验证码不对或已过期，请核对或重新获取。', en: 'The code is wrong or has expired. Check it, or have another one sent.' },
  notice_channel_off: { status: 409, zh: '这个通知渠道还没有设置好，或已停用。', en: 'This channel of notices is not set up, or is switched off.' },
  nothing_to_publish: { status: 409, zh: '没有草稿可以发布，用的就是标准文案。', en: 'There is no draft to publish: the standard words are in use.' },
  too_many_devices: { status: 409, zh: '最多登记 {limit} 个推送设备，请先删除不用的。', en: 'At most {limit} browsers can take pushes. Remove one that is not used.' },
  delivery_not_retryable: { status: 409, zh: '只有没送到的通知可以重新投递。', en: 'Only a notice that did not get there can be sent once more.' },
  calendar_not_published: { status: 409, zh: '这个日历还没有发布，或已停用。', en: 'This calendar has not been published yet, or is archived.' },
  calendar_unchanged: { status: 409, zh: '日历没有要发布的改动。', en: 'There is nothing to publish: the calendar says what is in force already.' },
  calendar_has_problems: { status: 422, zh: '日历还有问题，改好标出的地方才能发布。', en: 'The calendar has problems. Mend the marked places before publishing it.' },
  calendar_in_use: { status: 409, zh: '日历还在使用（{by}），不能停用。', en: 'The calendar cannot be archived: it is used by {by}.' },
  policy_not_published: { status: 409, zh: '这个策略还没有发布，请先发布再启用。', en: 'This policy has not been published yet. Publish it before switching it on.' },
  policy_unchanged: { status: 409, zh: '策略没有要发布的改动。', en: 'There is nothing to publish: the policy says what is in force already.' },
  policy_has_problems: { status: 422, zh: '策略还有问题，改好标出的地方才能发布。', en: 'The policy has problems. Mend the marked places before publishing it.' },
  clock_not_breached: { status: 409, zh: '这个时限没有超时，不需要填写原因。', en: 'This promise was not broken: there is no reason to give.' },
  simulation_under_way: { status: 409, zh: '已有一个模拟正在运行，请等它结束或先取消。', en: 'A simulation is under way. Wait for it, or cancel it.' },
  simulation_ended: { status: 409, zh: '模拟已经结束。', en: 'The simulation has ended.' },
  rule_has_problems: { status: 422, zh: '规则还有问题，改好标出的地方才能发布。', en: 'The rule has problems. Mend the marked places before publishing it.' },
  run_not_parked: { status: 409, zh: '这次运行没有失败，或已有人重试过。', en: 'This run did not fail, or somebody has had it tried again already.' },
  preview_too_slow: { status: 409, zh: '符合条件的工单算得太久，请把条件写窄一些（例如加上时间范围）。', en: 'It takes too long to find these tickets. Narrow the conditions, for instance by time.' },
  macro_not_available: { status: 409, zh: '宏“{macro}”不适用于这张工单。', en: 'The macro “{macro}” is not meant for this ticket.' },
  watcher_cannot_read: { status: 409, zh: '{name} 无权查看这张工单，不能关注。', en: '{name} may not see this ticket and so cannot watch it.' },
  absence_overlaps: { status: 409, zh: '这段时间已登记过请假，请修改原来的那条。', en: 'An absence is planned for part of this time already. Change that one.' },

  // Visits
  no_report_yet: { status: 409, zh: '这次上门还没有完成，还没有服务报告。', en: 'This visit is not completed: there is no service report of it yet.' },
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
  upload_allowance_used: { status: 429, zh: '从您的网络上传、还没有随报修提交的文件太多（每小时上限 {limit}），请先提交报修，或在 {minutes} 分钟后再试。', en: 'Too many files were sent from your network without a report (the limit is {limit} an hour). Send the report first, or try again in {minutes} minutes.' },

  // Customers and what they may show
  customer_merged: { status: 409, zh: '这位客户已并入“{name}”，请到那里处理，或先撤销合并。', en: 'This customer was merged into “{name}”. Work there, or undo the merge first.' },
  customer_already_merged: { status: 409, zh: '客户“{name}”已经并入别的客户，请先撤销那次合并。', en: 'Customer “{name}” was merged into another one already. Undo that merge first.' },
  customer_merge_circle: { status: 409, zh: '不能把客户并入自己：“{name}”最终就是这位客户。', en: 'A customer cannot be merged into themselves: “{name}” leads to this very customer.' },
  customer_not_merged: { status: 409, zh: '客户“{name}”没有并入别的客户，或合并已经撤销。', en: 'Customer “{name}” is not merged into another one, or the merge was undone already.' },
  too_many_merged_customers: { status: 409, zh: '合并在一起的客户最多 {limit} 位。', en: 'At most {limit} customers can be merged into one.' },
  too_many_contact_points: { status: 409, zh: '一位客户最多 {limit} 个联系方式。', en: 'A customer takes at most {limit} contact points.' },
  too_many_tiers: { status: 409, zh: '最多 {limit} 个客户等级。', en: 'At most {limit} customer tiers can be defined.' },
  too_many_sites: { status: 409, zh: '一个客户单位最多 {limit} 个在用的地点。', en: 'An account takes at most {limit} sites in use.' },
  too_many_reveals: { status: 429, zh: '您一小时内查看完整信息的次数已达上限（{limit} 次），请在 {minutes} 分钟后再试。', en: 'You have revealed masked data {limit} times within an hour, which is the limit. Try again in {minutes} minutes.' },

  // Imports
  import_unreadable: { status: 422, zh: '读不懂这个文件：{reason}。', en: 'This file cannot be read: {reason}.' },
  import_no_columns: { status: 422, zh: '文件里没有表头，第一行应为各列的名称。', en: 'The file has no heading: its first line should name the columns.' },
  import_targets_missing: { status: 422, zh: '还没有哪一列对应：{targets}。', en: 'No column says yet: {targets}.' },
  import_too_many_rows: { status: 422, zh: '一次最多导入 {limit} 行，请把文件拆开。', en: 'At most {limit} rows can be imported at once. Split the file.' },
  import_finished: { status: 409, zh: '导入已经结束，不能取消。', en: 'The import is over, so it cannot be cancelled.' },
  too_many_imports: { status: 409, zh: '同时进行的导入最多 {limit} 个，请等前面的结束。', en: 'At most {limit} imports run at once. Wait for one of them to end.' },
  import_not_allowed: { status: 403, zh: '提交导入的人已没有这项权限，导入已停止。', en: 'Whoever asked for the import may not do this any more, so it was stopped.' },

  // Administration
  name_taken: { status: 409, zh: '{field} 已被使用。', en: '{field} is taken.' },
  still_in_use: { status: 409, zh: '“{name}”还在使用中（{uses}），请先移走再停用。', en: '“{name}” is still in use ({uses}). Move them first, then archive it.' },
  role_protected: { status: 409, zh: '标准角色“{name}”不能这样修改。', en: 'The standard role “{name}” cannot be changed in this way.' },
  limit_reached: { status: 409, zh: '最多 {limit} 个，已经满了。请先停用或整理一些。', en: 'There can be {limit} at most, and there are. Tidy up first.' },
  default_type_needed: { status: 409, zh: '默认工单类型不能停用，请先把另一个类型设为默认。', en: 'The default ticket type cannot be archived. Make another one the default first.' },
  form_has_problems: { status: 422, zh: '表单草稿还有问题，改好标出的地方才能发布。', en: 'The draft of the form has problems. Mend the marked places before publishing it.' },
  flow_unchanged: { status: 409, zh: '流程没有改动，不需要发布。', en: 'The flow is what is published already.' },
  flow_has_problems: { status: 422, zh: '流程还有问题，不能发布。', en: 'The flow cannot be published while it has problems.' },
  flow_not_published: { status: 409, zh: '流程还没有发布。', en: 'The flow is not published yet.' },
  flow_cannot_run: { status: 422, zh: '流程还有错误，不能试运行。', en: 'The flow has errors: it cannot be tried.' },
  flow_running: { status: 409, zh: '工单已有一个正在运行的流程。', en: 'A flow is under way on the ticket already.' },
  flow_not_running: { status: 409, zh: '流程已经结束。', en: 'The flow is over.' },
  flow_not_held: { status: 409, zh: '流程没有停住的地方，不需要重试。', en: 'Nothing in the flow is held: there is nothing to try again.' },
  task_not_open: { status: 409, zh: '任务已经处理完了，或已被取消。', en: 'The task has been done already, or was called off.' },
  task_claimed: { status: 409, zh: '任务已由其他同事认领。', en: 'A colleague has claimed the task.' },
  task_not_claimed: { status: 409, zh: '任务没有人认领。', en: 'Nobody has claimed the task.' },
  vote_given: { status: 409, zh: '已经投过票了，或这个人已经在审批人当中。', en: 'The vote has been given already, or that person is among the signers.' },
  vote_not_open: { status: 409, zh: '还没有轮到，或要等加签的人先投票。', en: 'It is not their turn yet.' },
  task_action_not_allowed: { status: 409, zh: '这一步不能这样做。', en: 'The step does not allow this.' },
  task_touched: { status: 409, zh: '后面的步骤已经开始，不能撤回。', en: 'It cannot be taken back: what follows has begun.' },
  form_unchanged: { status: 409, zh: '表单没有改动，不需要发布。', en: 'The form is what is published already.' },
  import_too_large: { status: 422, zh: '一次最多导入 {limit} 行，这份有 {rows} 行，请拆分后再导入。', en: 'At most {limit} rows can be imported at once, and this has {rows}. Split it.' },
  last_administrator: { status: 409, zh: '至少要保留一位管理员。', en: 'At least one administrator has to remain.' },
  grant_exceeds_own: { status: 403, zh: '不能授予自己没有的权限：{permission}。', en: 'You cannot grant what you do not hold yourself: {permission}.' },
  password_unchanged: { status: 422, zh: '新密码不能和现在的一样。', en: 'The new password has to differ from the present one.' },
  password_too_weak: { status: 422, zh: '密码太弱：至少 10 个字符，且不能是常见密码。', en: 'The password is too weak: at least 10 characters, and not a common one.' },

  // The program
  not_ready: { status: 503, zh: '系统正在启动，请稍候。', en: 'The program is starting. Please wait.' },
  unavailable: { status: 503, zh: '系统暂时无法服务，请在 {seconds} 秒后再试。您填写的内容没有丢。', en: 'The program cannot answer just now. Try again in {seconds} s; nothing you typed is lost.' },
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
  accountId: { zh: '客户单位', en: 'The account' },
  assetId: { zh: '设备', en: 'The asset' },
  assignee: { zh: '受理人', en: 'The assignee' },
  attachments: { zh: '附件', en: 'One of the attachments' },
  category: { zh: '分类', en: 'The category' },
  customerId: { zh: '客户', en: 'The customer' },
  department: { zh: '部门', en: 'The department' },
  fileIds: { zh: '文件', en: 'One of the files' },
  flowId: { zh: '流程', en: 'The flow' },
  flow: { zh: '流程', en: 'The flow' },
  fieldKeys: { zh: '字段', en: 'One of the fields' },
  into: { zh: '目标工单', en: 'The target ticket' },
  parent: { zh: '父工单', en: 'The parent ticket' },
  itemIds: { zh: '检查项', en: 'One of the checklist items' },
  departmentId: { zh: '部门', en: 'The department' },
  memberIds: { zh: '班组成员', en: 'One of the members' },
  fileId: { zh: '文件', en: 'The file' },
  mentions: { zh: '提到的同事', en: 'One of the mentions' },
  coverId: { zh: '代理人', en: 'The cover' },
  mentionTeams: { zh: '提到的班组', en: 'One of the mentioned teams' },
  staffId: { zh: '员工', en: 'The member of staff' },
  typeId: { zh: '工单类型', en: 'The ticket type' },
  messageIds: { zh: '沟通记录', en: 'One of the messages' },
  quoteIds: { zh: '引用的沟通记录', en: 'One of the quotes' },
  parentId: { zh: '上级', en: 'The parent' },
  shareFileIds: { zh: '共享的文件', en: 'One of the shared files' },
  roleIds: { zh: '角色', en: 'One of the roles' },
  channel: { zh: '热线渠道', en: 'The hotline' },
  status: { zh: '状态', en: 'The status' },
  siteId: { zh: '地点', en: 'The site' },
  signatureFileId: { zh: '签名', en: 'The signature' },
  template: { zh: '检查清单模板', en: 'The checklist template' },
  ticket: { zh: '关联的工单', en: 'The linked ticket' },
  ticketTypeIds: { zh: '工单类型', en: 'One of the ticket types' },
  team: { zh: '班组', en: 'The team' },
  skillId: { zh: '技能', en: 'The skill' },
  teamId: { zh: '班组', en: 'The team' },
  teamIds: { zh: '班组', en: 'One of the teams' },
  tier: { zh: '客户等级', en: 'The customer tier' },
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
