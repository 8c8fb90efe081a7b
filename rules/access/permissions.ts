/**
 * What a role may allow (权限). A grant is a permission with the scope it reaches; a permission marked `scoped`
 * concerns tickets and what hangs on them, the others hold for the whole organization or not at all.
 */
export const permissions = {
  'ticket.read': { scoped: true, zh: '查看工单', en: 'See tickets' },
  'ticket.create': { scoped: false, zh: '新建工单', en: 'Create tickets' },
  'ticket.update': { scoped: true, zh: '修改工单', en: 'Change tickets' },
  'ticket.assign': { scoped: true, zh: '派单与转派', en: 'Assign and transfer' },
  'ticket.resolve': { scoped: true, zh: '处理与解决', en: 'Work on and resolve' },
  'ticket.close': { scoped: true, zh: '关闭与重新打开', en: 'Close and reopen' },
  'ticket.cancel': { scoped: true, zh: '取消工单', en: 'Cancel tickets' },
  'ticket.reply': { scoped: true, zh: '回复客户', en: 'Reply to customers' },
  'ticket.note': { scoped: true, zh: '添加内部备注', en: 'Write internal notes' },
  'visit.work': { scoped: true, zh: '上门服务', en: 'Carry out visits' },
  'customer.read': { scoped: false, zh: '查看客户', en: 'See customers' },
  'customer.write': { scoped: false, zh: '维护客户', en: 'Maintain customers' },
  'personal_data.reveal': { scoped: true, zh: '查看完整联系方式', en: 'Reveal masked contact data' },
  'asset.read': { scoped: false, zh: '查看设备', en: 'See assets' },
  'asset.write': { scoped: false, zh: '维护设备', en: 'Maintain assets' },
  'organization.read': { scoped: false, zh: '查看组织与同事', en: 'See the organization and colleagues' },
  'organization.write': { scoped: false, zh: '维护组织、员工与角色', en: 'Maintain the organization, staff and roles' },
  'settings.write': { scoped: false, zh: '维护分类、类型与设置', en: 'Maintain categories, types and settings' },
  'import.run': { scoped: false, zh: '批量导入数据', en: 'Import data' },
  'insight.read': { scoped: true, zh: '查看数据看板', en: 'See the boards' },
  'view.share': { scoped: true, zh: '维护班组视图', en: 'Maintain views of teams' },
  'macro.share': { scoped: true, zh: '维护共享的快捷回复与宏', en: 'Maintain shared canned replies and macros' },
  'automation.manage': { scoped: false, zh: '维护自动化规则', en: 'Maintain automation rules' },
  'audit.read': { scoped: false, zh: '查看审计日志与规则运行记录', en: 'See the audit trail and what became of rules' },
  'api_key.manage': { scoped: false, zh: '管理接口密钥', en: 'Manage API keys' },
} as const satisfies Record<string, { scoped: boolean; zh: string; en: string }>;

/** The name of a permission. */
export type Permission = keyof typeof permissions;

/** How far a grant reaches, from narrow to wide: 本人 / 本班组 / 本部门及下级 / 全企业. */
export type Scope = 'own' | 'team' | 'department' | 'organization';

/** One line of a role: this permission, this far; `ticketTypeIds` narrows it to some ticket types. */
export interface Grant {
  permission: Permission;
  scope: Scope;
  ticketTypeIds?: readonly string[];
}

const scopeOrder: readonly Scope[] = ['own', 'team', 'department', 'organization'];

/** Whether scope `a` reaches at least as far as scope `b`. */
export function reaches(a: Scope, b: Scope): boolean {
  return scopeOrder.indexOf(a) >= scopeOrder.indexOf(b);
}

/** The standard roles every new organization starts with (标准角色). */
export const standardRoles: readonly { key: string; name: string; nameEn: string; grants: readonly Grant[] }[] = [
  {
    key: 'administrator', name: '管理员', nameEn: 'Administrator',
    grants: (Object.keys(permissions) as Permission[]).map((permission) => ({ permission, scope: 'organization' as const })),
  },
  {
    key: 'manager', name: '管理者', nameEn: 'Manager',
    grants: [
      ...(['ticket.read', 'ticket.update', 'ticket.assign', 'ticket.resolve', 'ticket.close', 'ticket.cancel', 'ticket.reply', 'ticket.note', 'insight.read', 'personal_data.reveal', 'view.share', 'macro.share'] as const)
        .map((permission) => ({ permission, scope: 'department' as const })),
      ...(['ticket.create', 'customer.read', 'customer.write', 'asset.read', 'asset.write', 'organization.read', 'audit.read'] as const)
        .map((permission) => ({ permission, scope: 'organization' as const })),
    ],
  },
  {
    key: 'dispatcher', name: '调度', nameEn: 'Dispatcher',
    grants: (['ticket.read', 'ticket.create', 'ticket.update', 'ticket.assign', 'ticket.resolve', 'ticket.close', 'ticket.cancel', 'ticket.reply', 'ticket.note', 'insight.read', 'personal_data.reveal', 'customer.read', 'customer.write', 'asset.read', 'organization.read'] as const)
      .map((permission) => ({ permission, scope: 'organization' as const })),
  },
  {
    key: 'agent', name: '坐席', nameEn: 'Agent',
    grants: (['ticket.read', 'ticket.create', 'ticket.update', 'ticket.assign', 'ticket.resolve', 'ticket.close', 'ticket.cancel', 'ticket.reply', 'ticket.note', 'personal_data.reveal', 'customer.read', 'customer.write', 'asset.read', 'organization.read'] as const)
      .map((permission) => ({ permission, scope: 'organization' as const })),
  },
  {
    key: 'technician', name: '工程师', nameEn: 'Technician',
    grants: [
      ...(['ticket.read', 'ticket.note', 'ticket.reply', 'ticket.resolve', 'visit.work', 'personal_data.reveal'] as const).map((permission) => ({ permission, scope: 'own' as const })),
      ...(['asset.read', 'organization.read', 'ticket.create'] as const).map((permission) => ({ permission, scope: 'organization' as const })),
    ],
  },
];
