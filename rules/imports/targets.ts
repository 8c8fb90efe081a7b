/** What a column of an imported file can say about a record (导入字段), by kind of record. */
export interface Target {
  key: string;
  zh: string;
  en: string;
  /** Other names people give the column, in either language. */
  aliases: readonly string[];
  required?: true;
  /** Where what it says stands in the request that is checked, as a JSON pointer; `/key` when absent. */
  path?: string;
  help?: { zh: string; en: string };
  example?: string;
  /** A list of objects: JSON, in a cell too. */
  json?: true;
}

/** The kinds of records that can be imported (导入对象). */
export type ImportKind = 'tickets' | 'customers' | 'accounts' | 'assets' | 'staff' | 'hotline_cases';

const externalId: Target = { key: 'externalId', zh: '外部编号', en: 'External id', aliases: ['原系统编号', '来源编号', 'external id', 'source id', 'crm id', 'legacy id'], help: { zh: '在原系统里的编号；再次导入时按它认出同一条', en: 'The id it has elsewhere; by it the same record is known when it is imported again' }, example: 'CRM-1024' };
const address: Target = { key: 'address', zh: '地址', en: 'Address', aliases: ['详细地址', '住址', '联系地址', 'location address'], example: '西畔花园3幢2单元501室' };
const lat: Target = { key: 'lat', zh: '纬度', en: 'Latitude', aliases: ['lat'], example: '30.2741' };
const lng: Target = { key: 'lng', zh: '经度', en: 'Longitude', aliases: ['lng', 'lon', 'long'], example: '120.1551' };
const tags = (zh: string): Target => ({ key: 'tags', zh, en: 'Tags', aliases: ['标签', 'tag', 'labels'], help: { zh: '多个用逗号或分号隔开', en: 'Several separated by commas or semicolons' }, example: '老客户;怕狗' });

/** All targets of each kind, in the order a template shows them. Columns for properties of one's own are `attributes.…` (assets) and `fields.…` (tickets). */
export const importTargets: Readonly<Record<ImportKind, readonly Target[]>> = {
  customers: [
    { key: 'name', zh: '姓名', en: 'Name', aliases: ['客户', '客户姓名', '客户名称', '联系人', '业主', '业主姓名', 'customer', 'customer name', 'full name', 'contact'], required: true, example: '王芳' },
    { key: 'phone', zh: '电话', en: 'Phone', aliases: ['手机', '手机号', '手机号码', '联系电话', '电话号码', '移动电话', 'mobile', 'phone number', 'cell', 'telephone', 'tel'], example: '13812345678' },
    { key: 'otherPhone', zh: '其他电话', en: 'Other phone', aliases: ['备用电话', '第二电话', '固定电话', '座机', 'phone 2', 'alternate phone', 'landline'], example: '0571-88886666' },
    { key: 'email', zh: '邮箱', en: 'E-mail', aliases: ['电子邮箱', '邮件', '电子邮件', 'email', 'mail', 'email address'], example: 'wang@example.com' },
    { key: 'tier', zh: '客户等级', en: 'Tier', aliases: ['等级', '级别', 'vip', 'level', 'customer tier'], example: 'VIP' },
    { key: 'account', zh: '客户单位', en: 'Account', aliases: ['单位', '单位名称', '公司', '公司名称', 'company', 'organization', 'account name'], path: '/accountId', help: { zh: '按名称、编号或外部编号查找；没有就新建', en: 'Found by name, code or external id; made when there is none' }, example: '江畔国际中心' },
    { key: 'accountRole', zh: '单位职务', en: 'Role in the account', aliases: ['职务', '身份', '关系', 'title', 'position', 'role'], example: '行政主管' },
    address, lat, lng,
    { key: 'language', zh: '语言', en: 'Language', aliases: ['lang'], help: { zh: '中文 或 英文', en: 'Chinese or English' }, example: '中文' },
    tags('客户标签'),
    { key: 'idNumber', zh: '证件号', en: 'ID number', aliases: ['身份证', '身份证号', '证件号码', '身份证号码', 'id card', 'passport'], help: { zh: '加密保存，只显示脱敏后的样子', en: 'Kept sealed, shown masked' }, example: '330105199001011234' },
    { key: 'note', zh: '备注', en: 'Note', aliases: ['说明', '客户备注', 'notes', 'remark', 'remarks', 'comment'], example: '上门前先打电话' },
    externalId,
  ],
  accounts: [
    { key: 'name', zh: '单位名称', en: 'Name', aliases: ['名称', '客户单位', '公司', '公司名称', '小区', 'account', 'account name', 'company', 'company name'], required: true, example: '江畔国际中心' },
    { key: 'kind', zh: '单位类型', en: 'Kind', aliases: ['类型', '性质', 'type', 'account type'], help: { zh: '企业、家庭、楼宇、小区、商铺、机关事业单位、其他', en: 'Company, household, building, community, shop, institution, other' }, example: '楼宇' },
    { key: 'code', zh: '单位编号', en: 'Code', aliases: ['编号', '客户编号', '合同号', '合同编号', 'account code', 'account number', 'customer number'], example: 'HT-2026-01' },
    { key: 'tier', zh: '客户等级', en: 'Tier', aliases: ['等级', '级别', 'level'], example: 'VIP' },
    address,
    { key: 'description', zh: '说明', en: 'Description', aliases: ['备注', '描述', 'notes', 'remark', 'remarks'], example: '甲级写字楼，两梯四户' },
    externalId,
  ],
  assets: [
    { key: 'code', zh: '设备编号', en: 'Code', aliases: ['编号', '资产编号', '编码', '设备编码', 'asset code', 'asset number', 'asset id', 'tag'], required: true, example: 'XP-DT-01' },
    { key: 'name', zh: '设备名称', en: 'Name', aliases: ['名称', '设备', '资产名称', 'asset', 'asset name'], required: true, example: '1号客梯' },
    { key: 'model', zh: '型号', en: 'Model', aliases: ['规格型号', '设备型号', 'model number'], example: 'TKJ1000/1.75-VF' },
    { key: 'serialNumber', zh: '序列号', en: 'Serial number', aliases: ['出厂编号', 'sn', 's/n', 'serial', 'serial no'], example: 'DT20260117' },
    { key: 'account', zh: '客户单位', en: 'Account', aliases: ['所属单位', '单位', '公司', '小区', 'company'], path: '/accountId', help: { zh: '名称、编号或外部编号', en: 'Name, code or external id' }, example: '西畔花园' },
    { key: 'site', zh: '地点', en: 'Site', aliases: ['所在地点', '位置', 'location', 'place'], path: '/siteId', help: { zh: '该客户单位的地点名称', en: 'Name of a site of the account' }, example: '3幢' },
    { key: 'customer', zh: '客户', en: 'Customer', aliases: ['所属客户', '客户电话', '业主', 'owner', 'customer phone'], path: '/customerId', help: { zh: '电话、邮箱、外部编号，或唯一的姓名', en: 'Phone, e-mail, external id, or a name that only one has' }, example: '13812345678' },
    { key: 'parent', zh: '上级设备', en: 'Parent asset', aliases: ['上级', '上级编号', '父设备', 'parent', 'parent code'], path: '/parentId', help: { zh: '上级设备的编号，要排在本行之前', en: 'The code of the asset it is part of, which has to stand before it' }, example: 'XP-DT' },
    address, lat, lng,
    { key: 'criticality', zh: '重要性', en: 'Criticality', aliases: ['重要程度', '等级', 'importance'], help: { zh: '高、普通、低', en: 'High, normal, low' }, example: '高' },
    { key: 'installedOn', zh: '安装日期', en: 'Installed on', aliases: ['启用日期', '投用日期', 'installation date', 'installed', 'install date'], example: '2024-05-01' },
    { key: 'warrantyUntil', zh: '保修截止', en: 'Warranty until', aliases: ['质保到期', '保修期至', '保修到期', '质保截止', 'warranty', 'warranty end', 'warranty expiry'], example: '2027-04-30' },
    externalId,
  ],
  staff: [
    { key: 'name', zh: '姓名', en: 'Name', aliases: ['员工', '员工姓名', 'staff', 'full name', 'employee'], required: true, example: '陈师傅' },
    { key: 'email', zh: '邮箱', en: 'E-mail', aliases: ['电子邮箱', '工作邮箱', 'email', 'mail'], example: 'chen@example.com' },
    { key: 'phone', zh: '手机', en: 'Phone', aliases: ['电话', '手机号', '手机号码', '联系电话', 'mobile', 'phone number'], example: '13900001234' },
    { key: 'job', zh: '岗位', en: 'Job', aliases: ['职位', '角色类型', 'position', 'job title'], required: true, help: { zh: '坐席、工程师、调度、管理者、管理员', en: 'Agent, technician, dispatcher, manager, administrator' }, example: '工程师' },
    { key: 'department', zh: '部门', en: 'Department', aliases: ['所属部门', 'dept'], path: '/departmentId', help: { zh: '名称，或用 / 连接的路径', en: 'Its name, or its path joined by /' }, example: '工程部' },
    { key: 'teams', zh: '班组', en: 'Teams', aliases: ['团队', '所属班组', 'team', 'groups'], path: '/teamIds', help: { zh: '多个用分号隔开', en: 'Several separated by semicolons' }, example: '水电班;电梯班' },
    { key: 'roles', zh: '角色', en: 'Roles', aliases: ['权限角色', 'role', 'permissions'], path: '/roleIds', help: { zh: '多个用分号隔开；不能超过自己的权限', en: 'Several separated by semicolons; none that grants more than you hold' }, example: '工程师' },
    { key: 'skills', zh: '技能', en: 'Skills', aliases: ['技能等级', 'skill'], help: { zh: '技能:等级，多个用分号隔开', en: 'Skill:level, several separated by semicolons' }, example: '电工:3;水暖:2' },
  ],
  hotline_cases: [
    { key: 'caseNumber', zh: '热线工单编号', en: 'Case number', aliases: ['工单编号', '编号', '受理编号', '案件编号', '单号', 'case no', 'case number', 'number'], required: true, help: { zh: '再次导入时按它认出同一件', en: 'By it the same case is known when it is imported again' }, example: 'HZ-2026-00123' },
    { key: 'title', zh: '标题', en: 'Title', aliases: ['主题', '事项', '诉求标题', '工单标题', 'subject', 'summary'], required: true, example: '小区路灯不亮' },
    { key: 'content', zh: '诉求内容', en: 'Content', aliases: ['内容', '问题描述', '反映内容', '描述', 'description', 'details'], example: '3 幢门口路灯坏了三天' },
    { key: 'code', zh: '分类代码', en: 'Category code', aliases: ['类别代码', '事项代码', 'code'], help: { zh: '按该热线的分类对照表归类', en: 'Goes by the table of that hotline' }, example: '040302' },
    { key: 'codeName', zh: '热线分类', en: 'Category name', aliases: ['分类', '类别', '事项类别', 'category'], example: '物业服务' },
    { key: 'citizenName', zh: '来电人', en: 'Citizen', aliases: ['市民', '诉求人', '姓名', '反映人', '联系人', 'name', 'caller'], example: '李先生' },
    { key: 'citizenPhone', zh: '联系电话', en: 'Phone', aliases: ['电话', '来电号码', '手机号', 'phone', 'tel'], example: '13812345678' },
    address,
    { key: 'dispatchedAt', zh: '派单时间', en: 'Dispatched at', aliases: ['转办时间', '交办时间', '受理时间', 'dispatched'], example: '2026-11-21 09:30' },
    { key: 'deadline', zh: '办理期限', en: 'Deadline', aliases: ['截止时间', '办结期限', '要求办结时间', '到期时间', 'due', 'due date'], example: '2026-11-26 18:00' },
    { key: 'urgent', zh: '是否紧急', en: 'Urgent', aliases: ['紧急', '紧急程度'], help: { zh: '是或否', en: 'Yes or no' }, example: '否' },
    { key: 'channel', zh: '热线渠道', en: 'Hotline', aliases: ['渠道', '来源', 'source'], help: { zh: '设置里热线渠道的名称；只有一个时可不填', en: 'The name of the channel; may be left out where there is only one' }, example: '12345' },
  ],
  tickets: [
    { key: 'subject', zh: '标题', en: 'Subject', aliases: ['主题', '工单标题', '问题', '事由', 'title', 'summary'], required: true, example: '厨房水管漏水' },
    { key: 'description', zh: '描述', en: 'Description', aliases: ['问题描述', '详情', '内容', '工单内容', 'details', 'body'], example: '水槽下方接头处漏水，已放盆接着' },
    { key: 'type', zh: '工单类型', en: 'Type', aliases: ['类型', '模板', 'ticket type'], help: { zh: '名称或代码', en: 'Its name or key' }, example: '服务请求' },
    { key: 'category', zh: '分类', en: 'Category', aliases: ['问题分类', '类别', '故障类型', 'category path'], help: { zh: '名称，或用 / 连接的各级名称', en: 'Its name, or the names of its levels joined by /' }, example: '给排水/漏水' },
    { key: 'priority', zh: '优先级', en: 'Priority', aliases: ['紧急程度', '级别', 'urgency'], help: { zh: '紧急、高、普通、低', en: 'Urgent, high, normal, low' }, example: '高' },
    { key: 'status', zh: '状态', en: 'Status', aliases: ['工单状态', '当前状态', 'state'], help: { zh: '待受理、处理中、等待中、已解决、已关闭、已取消，或自定义状态的名称', en: 'New, open, waiting, resolved, closed, cancelled, or the name of a status of your own' }, example: '已关闭' },
    { key: 'requester.name', zh: '报修人', en: 'Requester', aliases: ['客户', '客户姓名', '联系人', '姓名', 'customer', 'customer name', 'reporter', 'contact name'], path: '/requester/name', example: '王芳' },
    { key: 'requester.phone', zh: '报修电话', en: 'Requester phone', aliases: ['电话', '手机', '手机号', '联系电话', 'phone', 'mobile', 'contact phone'], path: '/requester/phone', example: '13812345678' },
    { key: 'requester.email', zh: '报修邮箱', en: 'Requester e-mail', aliases: ['邮箱', 'email', 'mail', 'contact email'], path: '/requester/email', example: 'wang@example.com' },
    { key: 'requester.externalId', zh: '客户外部编号', en: 'Customer’s external id', aliases: ['客户编号', 'customer id', 'requester id'], path: '/requester/customerId', example: 'CRM-1024' },
    { key: 'asset', zh: '设备编号', en: 'Asset code', aliases: ['设备', '资产编号', 'asset'], path: '/assetId', example: 'XP-DT-01' },
    { key: 'team', zh: '班组', en: 'Team', aliases: ['处理班组', '受理班组', 'group', 'queue'], example: '水电班' },
    { key: 'assignee', zh: '处理人', en: 'Assignee', aliases: ['受理人', '负责人', '工程师', '经办人', 'owner', 'agent', 'assigned to'], help: { zh: '邮箱、手机，或唯一的姓名', en: 'E-mail, phone, or a name that only one has' }, example: 'chen@example.com' },
    { ...address, path: '/location/address' }, { ...lat, path: '/location/lat' }, { ...lng, path: '/location/lng' },
    tags('标签'),
    { key: 'channel', zh: '渠道', en: 'Channel', aliases: ['来源', '来源渠道', 'source'], help: { zh: '电话、门户、微信、邮件…', en: 'Phone, portal, WeChat, e-mail …' }, example: '电话' },
    { key: 'createdAt', zh: '创建时间', en: 'Created at', aliases: ['报修时间', '提交时间', '受理时间', '建单时间', 'created', 'creation date', 'opened at'], example: '2024-05-01 09:30' },
    { key: 'resolvedAt', zh: '解决时间', en: 'Resolved at', aliases: ['完成时间', '完工时间', 'resolved', 'solved at'], example: '2024-05-01 15:00' },
    { key: 'closedAt', zh: '关闭时间', en: 'Closed at', aliases: ['结单时间', '归档时间', 'closed', 'close date'], example: '2024-05-08 15:00' },
    { key: 'resolution', zh: '处理结果', en: 'Resolution', aliases: ['解决方案', '处理情况', '处理措施', 'solution'], example: '更换角阀，试水无渗漏' },
    { key: 'rating', zh: '评分', en: 'Rating', aliases: ['满意度', '星级', 'satisfaction', 'score', 'stars'], help: { zh: '1 到 5', en: '1 to 5' }, example: '5' },
    { key: 'comments', zh: '沟通记录', en: 'Comments', aliases: ['回复', '跟进记录', 'messages', 'replies', 'history'], json: true, help: { zh: 'JSON 列表：at 时间、author 作者（邮箱、姓名或 customer）、visibility 可见性（public 或 internal）、body 内容', en: 'A JSON list: at, author (e-mail, name or customer), visibility (public or internal), body' } },
    { ...externalId, aliases: [...externalId.aliases, '原工单号', '工单号', '工单编号', 'ticket id', 'ticket number', 'number', 'id'] },
  ],
};

/** Targets whose keys begin so take any further name. */
export const openTargets: Readonly<Partial<Record<ImportKind, { prefix: string; zh: string; en: string }>>> = {
  assets: { prefix: 'attributes.', zh: '自定义属性', en: 'Property of your own' },
  tickets: { prefix: 'fields.', zh: '自定义字段', en: 'Custom field' },
};

const longestName = 60;

/** The target of a key; undefined where there is none of this kind. */
export function targetOf(kind: ImportKind, key: string): Target | undefined {
  const fixed = importTargets[kind].find((target) => target.key === key);
  if (fixed) return fixed;
  const open = openTargets[kind];
  if (!open || !key.startsWith(open.prefix)) return undefined;
  const name = key.slice(open.prefix.length);
  if (name.trim() === '' || [...name].length > longestName) return undefined;
  return { key, zh: name, en: name, aliases: [], path: `/${open.prefix.slice(0, -1)}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` };
}

/** Where what a target says stands in the request that is checked. */
export const pathOf = (target: Target): string => target.path ?? `/${target.key}`;
