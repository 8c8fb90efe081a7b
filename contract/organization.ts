import { Type, type Static } from 'typebox';
import { ChannelHealth } from './channel.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { factKinds, type FactKind } from './facts.ts';
import { staffSorts } from './record-sorts.ts';
import { permissions, type Permission } from '../rules/access/permissions.ts';

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
export const jobs = ['agent', 'technician', 'dispatcher', 'manager', 'administrator'] as const;
export const Job = OneOf(jobs);

const newNameEn = Type.Optional(Nullable(Type.String({ maxLength: limits.name })));
const position = Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, description: 'Place among its siblings, from 0; the others make room' }));
const active = Type.Optional(Type.Boolean({ description: 'false archives it: nothing new takes it, what has it keeps it; true takes it back into use' }));

/** The organization itself (企业设置). */
export const Organization = Closed({
  id: Id, slug: Type.String(), name: Type.String(), timeZone: Type.String({ description: 'IANA name' }), language: OneOf(['zh-CN', 'en']),
  settings: Closed({
    supportPhone: Nullable(Type.String({ description: 'Shown to customers at the portal' })),
    acceptanceDays: Type.Integer({ minimum: 1, maximum: 90, description: 'Days of silence after which a resolved ticket counts as accepted' }),
    photoWatermark: Type.Boolean({ description: 'Time, place and number of the ticket are written into photos taken on visits' }),
    trackDays: Type.Integer({ minimum: 1, maximum: 365, description: 'Days for which the way to and on a visit is kept' }),
    brandColour: Nullable(Type.String({ description: 'Of service reports, as #rrggbb; null: the usual' })),
  }),
  logo: Nullable(Type.String({ description: 'Stands on service reports; data URL of a PNG' })),
  version: Type.Integer(),
}, { title: 'Organization' });
export type Organization = Static<typeof Organization>;
export const UpdateOrganization = Closed({
  name: Type.Optional(name), timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })), language: Type.Optional(OneOf(['zh-CN', 'en'])),
  settings: Type.Optional(Closed({
    supportPhone: Type.Optional(Nullable(Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' }))),
    acceptanceDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
    photoWatermark: Type.Optional(Type.Boolean()),
    trackDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 365 })),
    brandColour: Type.Optional(Nullable(Type.String({ pattern: '^#[0-9a-fA-F]{6}$' }))),
  }, { minProperties: 1, description: 'Those named are changed' })),
  logo: Type.Optional(Nullable(Type.String({ maxLength: 300_000, pattern: '^data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$', description: 'Data URL of a PNG, JPEG or WebP; it is made to fit 640 by 240 pixels. null removes it' }))),
}, { title: 'UpdateOrganization', minProperties: 1 });
export type UpdateOrganization = Static<typeof UpdateOrganization>;

export const Department = Closed({ id: Id, name: Type.String(), nameEn: Nullable(Type.String()), parentId: Nullable(Id), position: Type.Integer(), active: Type.Boolean(), version: Type.Integer() }, { title: 'Department' });
export type Department = Static<typeof Department>;
export const DepartmentPage = Page(Department);
export const UpdateDepartment = Closed({
  name: Type.Optional(name), nameEn: newNameEn, parentId: Type.Optional(Nullable(Id)), position, active,
  moveTo: Type.Optional(Id),
}, { title: 'UpdateDepartment', minProperties: 1, description: 'With active: false, `moveTo` names the department that takes its people, teams and departments' });
export const CreateDepartment = Closed({ name, nameEn: Type.Optional(Type.String({ maxLength: limits.name })), parentId: Type.Optional(Id) });

export const Team = Closed({
  id: Id, name: Type.String(), nameEn: Nullable(Type.String()), department: Nullable(Reference), lead: Nullable(Reference), memberCount: Type.Integer(), active: Type.Boolean(), version: Type.Integer(),
}, { title: 'Team' });
export type Team = Static<typeof Team>;
export const TeamPage = Page(Team);
/** A team with the people in it; members who have left are not shown. */
export const TeamDetail = Closed({ ...Team.properties, members: Type.Array(Reference) }, { title: 'TeamDetail' });
export type TeamDetail = Static<typeof TeamDetail>;
const someMembers = Type.Optional(Type.Array(Id, { maxItems: 500, uniqueItems: true }));
export const UpdateTeam = Closed({
  name: Type.Optional(name), nameEn: newNameEn, departmentId: Type.Optional(Id), active,
  leadId: Type.Optional(Nullable(Id)), addMemberIds: someMembers, removeMemberIds: someMembers,
}, { title: 'UpdateTeam', minProperties: 1 });
export const CreateTeam = Closed({ name, nameEn: Type.Optional(Type.String({ maxLength: limits.name })), departmentId: Id, memberIds: Type.Optional(Type.Array(Id, { maxItems: 500, uniqueItems: true })) });

const level = Type.Integer({ minimum: 1, maximum: 5 });
/** A skill somebody has (技能等级). */
export const Skill = Closed({ id: Id, skill: Type.String({ description: 'Its name, in the language of the reader' }), level });
const SkillSaid = Closed({ skill: Type.String({ minLength: 1, maxLength: limits.name, description: 'Id, or either name' }), level });

export const skillLimits = { skills: 500 } as const;
/** A skill people can have (技能). */
export const SkillDefinition = Closed({
  id: Id, name: Type.String(), nameEn: Nullable(Type.String()), active: Type.Boolean(), staffCount: Type.Integer({ description: 'Active people who have it' }), version: Type.Integer(),
}, { title: 'SkillDefinition' });
export type SkillDefinition = Static<typeof SkillDefinition>;
export const SkillDefinitionPage = Page(SkillDefinition);
export const CreateSkill = Closed({ name, nameEn: newNameEn }, { title: 'CreateSkill' });
export const UpdateSkill = Closed({ name: Type.Optional(name), nameEn: newNameEn, active }, { title: 'UpdateSkill', minProperties: 1 });
export const Staff = Closed({
  id: Id, name: Type.String(), email: Nullable(Type.String()), phone: Nullable(Type.String({ description: 'As the mask policy shows it to the caller' })), job: Job,
  department: Nullable(Reference), teams: Type.Array(Reference), skills: Type.Array(Skill), roles: Type.Array(Reference),
  openTickets: Type.Integer({ description: 'Tickets assigned and not yet resolved' }), active: Type.Boolean(),
  absent: Nullable(Closed({ from: Timestamp, to: Timestamp, cover: Nullable(Reference) }, { description: 'Away now; what is assigned to them reaches their cover, too' })), version: Type.Integer(),
}, { title: 'Staff' });
export type Staff = Static<typeof Staff>;
export const StaffPage = Page(Staff);
export const ListStaff = Closed({
  ...pageQuery, sort: Type.Optional(OneOf(staffSorts, { description: 'createdAt when absent; Chinese names by pinyin' })), job: Type.Optional(Job), team: Type.Optional(Id), skill: Type.Optional(Id),
  active: Type.Optional(Type.Boolean({ description: 'Those who are there, or with `false` those who have left; both when absent' })),
  q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of the name or of the e-mail address; also the pinyin of a Chinese name: initials, syllables, the beginning of one, or a mixture' })),
});
export const CreateStaff = Closed({
  name, email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })), phone: Type.Optional(Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' })),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })), job: Job, departmentId: Type.Optional(Id),
  teamIds: Type.Optional(Type.Array(Id, { maxItems: 50, uniqueItems: true })), roleIds: Type.Optional(Type.Array(Id, { maxItems: 20, uniqueItems: true })),
  skills: Type.Optional(Type.Array(SkillSaid, { maxItems: 50 })),
}, { title: 'CreateStaff' });
export type CreateStaff = Static<typeof CreateStaff>;
export const UpdateStaff = Closed({
  email: Type.Optional(Nullable(Type.String({ format: 'email', maxLength: 254 }))),
  phone: Type.Optional(Nullable(Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' }))),
  name: Type.Optional(name), active: Type.Optional(Type.Boolean()), departmentId: Type.Optional(Nullable(Id)), job: Type.Optional(Job),
  teamIds: Type.Optional(Type.Array(Id, { maxItems: 50, uniqueItems: true })), roleIds: Type.Optional(Type.Array(Id, { maxItems: 20, uniqueItems: true })),
  skills: Type.Optional(Type.Array(SkillSaid, { maxItems: 50 })),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A new password, for somebody who forgot theirs; ends their sessions, and has to be changed when they sign in next' })),
  resetSecondFactor: Type.Optional(Type.Literal(true, { description: 'Turns two-factor sign-in off, for somebody who lost their device; ends their sessions' })),
}, { title: 'UpdateStaff', minProperties: 1 });
export type UpdateStaff = Static<typeof UpdateStaff>;

/** What is in somebody's hands now (名下工作), whoever asks; what becomes of it when they leave stands beside each. */
export const StaffDuties = Closed({
  openTickets: Type.Integer({ description: 'Unfinished tickets assigned to them; they go back to the queue of their team' }),
  plannedVisits: Type.Integer({ description: 'Visits they have not set out for; they are called off' }),
  visitUnderWay: Type.Integer({ description: 'Visits they are travelling to or on; they stay, for a colleague to take over' }),
  tasks: Type.Integer({ description: 'Open tasks of flows that wait for them by name; they stay, to be reassigned' }),
  approvals: Type.Integer({ description: 'Open approvals of flows that wait for them by name; they stay, to be reassigned' }),
}, { title: 'StaffDuties' });
export type StaffDuties = Static<typeof StaffDuties>;

export const Grant = Closed({ permission: OneOf(Object.keys(permissions) as Permission[]), scope: OneOf(['own', 'team', 'department', 'organization']), ticketTypeIds: Type.Optional(Type.Array(Id, { maxItems: 100 })) });
export const Role = Closed({ id: Id, key: Nullable(Type.String()), name: Type.String(), nameEn: Nullable(Type.String()), grants: Type.Array(Grant), active: Type.Boolean(), staffCount: Type.Integer({ description: 'Active people who hold it' }), version: Type.Integer() }, { title: 'Role' });
export type Role = Static<typeof Role>;
export const RolePage = Page(Role);
export const UpdateRole = Closed({ name: Type.Optional(name), nameEn: newNameEn, grants: Type.Optional(Type.Array(Grant, { maxItems: 200 })), active }, { title: 'UpdateRole', minProperties: 1 });
export const CreateRole = Closed({ name, nameEn: Type.Optional(Type.String({ maxLength: limits.name })), grants: Type.Array(Grant, { maxItems: 200 }) });

/** A skill that work needs, and how much of it (所需技能). */
export const SkillNeed = Closed({ skillId: Id, level: Type.Integer({ minimum: 1, maximum: 5 }) }, { title: 'SkillNeed' });
export type SkillNeed = Static<typeof SkillNeed>;
/** Somebody who comes beside the one who leads (同行人员要求), with what they have to know. */
export const CrewPlace = Closed({ skills: Type.Array(SkillNeed, { maxItems: 10 }) }, { title: 'CrewPlace' });
export type CrewPlace = Static<typeof CrewPlace>;
export const crewLimits = { others: 3 } as const;
const needs = {
  serviceMinutes: Nullable(Type.Integer({ minimum: 5, maximum: 1_440, description: 'How long the work takes on site; null: as the category above says' })),
  skills: Nullable(Type.Array(SkillNeed, { maxItems: 10, description: 'What whoever is sent has to know; null: as the category above says' })),
  crew: Nullable(Type.Array(CrewPlace, { maxItems: crewLimits.others, description: 'Who has to come beside the one who leads, one entry for each; null: as the category above says; an empty list: nobody' })),
};
export const Category = Closed({ id: Id, name: Type.String(), nameEn: Nullable(Type.String()), parentId: Nullable(Id), path: Type.Array(Type.String()), level: Type.Integer({ minimum: 1, maximum: 3 }), team: Nullable(Reference), ...needs, position: Type.Integer(), active: Type.Boolean(), version: Type.Integer() }, { title: 'Category' });
export type Category = Static<typeof Category>;
export const CategoryPage = Page(Category);
export const UpdateCategory = Closed({
  name: Type.Optional(name), nameEn: newNameEn, parentId: Type.Optional(Nullable(Id)), teamId: Type.Optional(Nullable(Id)), serviceMinutes: Type.Optional(needs.serviceMinutes), skills: Type.Optional(needs.skills), crew: Type.Optional(needs.crew), position, active,
}, { title: 'UpdateCategory', minProperties: 1 });

export const categoryImportLimits = { rows: 5_000, bytes: 5_000_000 } as const;
const columnName = Type.Optional(Type.String({ minLength: 1, maxLength: 100 }));
/** Which column of a file says what; those left out are recognized by their names, or by their order where there are no more than three. */
export const CategoryColumns = Closed({ level1: columnName, level2: columnName, level3: columnName, path: columnName, team: columnName }, { title: 'CategoryColumns', minProperties: 1 });
export type CategoryColumns = Static<typeof CategoryColumns>;
/** Categories as text (导入分类): JSON Lines (objects, or arrays of names) or CSV with or without a heading. */
export const ImportCategories = Closed({
  text: Type.String({ minLength: 1 }),
  format: Type.Optional(OneOf(['jsonl', 'csv'], { description: 'Told by what it looks like when absent' })),
  columns: Type.Optional(CategoryColumns),
  dryRun: Type.Optional(Type.Boolean({ description: 'Says what would happen and changes nothing' })),
}, { title: 'ImportCategories' });
export const CategoryImport = Closed({
  dryRun: Type.Boolean(), rows: Type.Integer(), made: Type.Integer(), present: Type.Integer(), refused: Type.Integer(),
  categoriesMade: Type.Integer({ description: 'Categories of all levels; a row may make up to three' }),
  results: Type.Array(Closed({
    row: Type.Integer({ description: 'Line of the file it begins on, from 1' }),
    outcome: OneOf(['made', 'present', 'refused']),
    path: Type.Array(Type.String()), categoryId: Nullable(Id),
    column: Nullable(Type.String()), code: Nullable(Type.String()), message: Nullable(Type.String({ description: 'Why it was refused, in the language of Accept-Language' })),
  })),
}, { title: 'CategoryImport' });
export type CategoryImport = Static<typeof CategoryImport>;
export const CreateCategory = Closed({ name, nameEn: Type.Optional(Type.String({ maxLength: limits.name })), parentId: Type.Optional(Id), teamId: Type.Optional(Id), serviceMinutes: Type.Optional(needs.serviceMinutes), skills: Type.Optional(needs.skills), crew: Type.Optional(needs.crew) });

export type { Customer } from './customer.ts';
export type { Asset } from './asset.ts';

export const ChannelAccount = Closed({ id: Id, kind: Type.String(), name: Type.String(), address: Nullable(Type.String({ description: 'Where customers reach it: a URL or an e-mail address' })), active: Type.Boolean(),
  health: Nullable(ChannelHealth),
}, { title: 'ChannelAccount' });
export const ChannelPage = Page(ChannelAccount);

/** Which entries of the audit trail are asked for (审计筛选). */
export const auditFilters = {
  kind: Type.Optional(Type.String({ maxLength: 600, description: 'One or several kinds of facts separated by commas; `staff.*` means all that begin so' })),
  actor: Type.Optional(Id),
  actorKind: Type.Optional(OneOf(['staff', 'api_key', 'customer', 'system', 'rule'])),
  subject: Type.Optional(Id),
  ticket: Type.Optional(Type.String({ maxLength: 64, description: 'Id or number' })),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'RFC 3339; up to, and not including' })),
  q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of who did it, or of what the entry says' })),
};
export const ListAudit = Closed({ ...pageQuery, ...auditFilters }, { title: 'ListAudit' });
export const ExportAudit = Closed(auditFilters, { title: 'ExportAudit' });
export type AuditFilters = Static<typeof ExportAudit>;
export const auditKinds = Object.keys(factKinds) as FactKind[];

/** One entry of the audit trail (审计日志). */
export const AuditEntry = Closed({ id: Type.String(), kind: Type.String(), title: Type.String(), at: Timestamp, recordedAt: Timestamp, actor: Closed({ kind: Type.String(), id: Nullable(Id), name: Nullable(Type.String()) }), ticketId: Nullable(Id), subjectId: Nullable(Id), data: Type.Record(Type.String(), Type.Unknown()) }, { title: 'AuditEntry' });
export type AuditEntry = Static<typeof AuditEntry>;
/** A page may hold fewer entries than asked for, even none, and still have a next one: so far has been looked. */
export const AuditPage = Closed({ items: Type.Array(AuditEntry), lookedBackTo: NullableTimestamp, nextCursor: Nullable(Type.String()) }, { title: 'AuditPage' });
export { NullableTimestamp };
