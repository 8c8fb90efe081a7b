/**
 * Every kind of fact (事件) that can stand in the fact log, with a title for the timeline in both languages.
 *
 * Facts are named in the past tense. server/reactions.ts must say for each kind who reacts to it (possibly nobody
 * beyond the timeline); the program refuses to start when a kind is missing there or unknown here.
 */
export const factKinds = {
  'organization.created': { zh: '企业已建立', en: 'Organization created' },
  'organization.changed': { zh: '企业设置已修改', en: 'Organization settings changed' },
  'department.created': { zh: '部门已建立', en: 'Department created' },
  'department.changed': { zh: '部门已修改', en: 'Department changed' },
  'team.created': { zh: '班组已建立', en: 'Team created' },
  'team.changed': { zh: '班组已修改', en: 'Team changed' },
  'staff.created': { zh: '员工已加入', en: 'Staff member added' },
  'staff.changed': { zh: '员工资料已修改', en: 'Staff member changed' },
  'role.created': { zh: '角色已建立', en: 'Role created' },
  'role.changed': { zh: '角色权限已修改', en: 'Role changed' },
  'category.created': { zh: '分类已建立', en: 'Category created' },
  'category.changed': { zh: '分类已修改', en: 'Category changed' },
  'ticket_type.created': { zh: '工单类型已建立', en: 'Ticket type created' },
  'customer.created': { zh: '客户已建档', en: 'Customer added' },
  'customer.changed': { zh: '客户资料已修改', en: 'Customer changed' },
  'customer.signed_in': { zh: '客户用手机验证码登录', en: 'Customer signed in by phone code' },
  'asset.created': { zh: '设备已登记', en: 'Asset added' },
  'asset.changed': { zh: '设备资料已修改', en: 'Asset changed' },
  'personal_data.revealed': { zh: '查看了隐藏的联系方式', en: 'Masked personal data revealed' },

  'session.started': { zh: '登录', en: 'Signed in' },
  'session.refused': { zh: '登录失败', en: 'Sign-in refused' },
  'session.ended': { zh: '退出登录', en: 'Signed out' },
  'session.revoked': { zh: '登录被撤销', en: 'Session revoked' },
  'second_factor.enabled': { zh: '已开启两步验证', en: 'Two-factor sign-in turned on' },
  'second_factor.disabled': { zh: '已关闭两步验证', en: 'Two-factor sign-in turned off' },
  'password.changed': { zh: '密码已修改', en: 'Password changed' },
  'api_key.created': { zh: '接口密钥已建立', en: 'API key created' },
  'api_key.revoked': { zh: '接口密钥已撤销', en: 'API key revoked' },
  'phone_code.requested': { zh: '已请求手机验证码', en: 'Phone code requested' },

  'ticket.created': { zh: '工单已建立', en: 'Ticket created' },
  'ticket.changed': { zh: '工单已修改', en: 'Ticket changed' },
  'ticket.assigned': { zh: '已派单', en: 'Assigned' },
  'ticket.transferred': { zh: '已转派班组', en: 'Transferred' },
  'ticket.accepted': { zh: '已接单', en: 'Accepted' },
  'ticket.declined': { zh: '已退回派单', en: 'Declined' },
  'ticket.waiting_started': { zh: '开始等待', en: 'Waiting' },
  'ticket.waiting_ended': { zh: '继续处理', en: 'Resumed' },
  'ticket.resolved': { zh: '已解决', en: 'Resolved' },
  'ticket.confirmed': { zh: '客户已确认', en: 'Confirmed by the customer' },
  'ticket.reopened': { zh: '已重新打开', en: 'Reopened' },
  'ticket.closed': { zh: '已关闭', en: 'Closed' },
  'ticket.cancelled': { zh: '已取消', en: 'Cancelled' },
  'ticket.rated': { zh: '客户已评价', en: 'Rated by the customer' },
  'comment.added': { zh: '新的回复', en: 'Comment added' },

  'visit.scheduled': { zh: '已安排上门', en: 'Visit scheduled' },
  'visit.accepted': { zh: '工程师已接单', en: 'Technician accepted' },
  'visit.declined': { zh: '工程师已退单', en: 'Technician declined' },
  'visit.travel_started': { zh: '工程师已出发', en: 'Technician on the way' },
  'visit.checked_in': { zh: '工程师已到场', en: 'Technician arrived' },
  'visit.work_logged': { zh: '工作记录', en: 'Work logged' },
  'visit.completed': { zh: '上门服务已完成', en: 'Visit completed' },
  'visit.cancelled': { zh: '上门已取消', en: 'Visit cancelled' },

  'file.uploaded': { zh: '已上传文件', en: 'File uploaded' },
  'file.attached': { zh: '已添加附件', en: 'File attached' },
} as const satisfies Record<string, { zh: string; en: string }>;

/** A kind of fact, for instance `ticket.created`. */
export type FactKind = keyof typeof factKinds;
