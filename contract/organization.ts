import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery } from './common.ts';
import { permissions, type Permission } from '../rules/access/permissions.ts';

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: '\\S' });
export const jobs = ['agent', 'technician', 'dispatcher', 'manager', 'administrator'] as const;
export const Job = OneOf(jobs);

export const Department = Closed({ id: Id, name: Type.String(), nameEn: Nullable(Type.String()), parentId: Nullable(Id), version: Type.Integer() }, { title: 'Department' });
export type Department = Static<typeof Department>;
export const DepartmentPage = Page(Department);
export const CreateDepartment = Closed({ name, nameEn: Type.Optional(Type.String({ maxLength: limits.name })), parentId: Type.Optional(Id) });

export const Team = Closed({ id: Id, name: Type.String(), nameEn: Nullable(Type.String()), department: Nullable(Reference), memberCount: Type.Integer(), version: Type.Integer() }, { title: 'Team' });
export type Team = Static<typeof Team>;
export const TeamPage = Page(Team);
export const CreateTeam = Closed({ name, nameEn: Type.Optional(Type.String({ maxLength: limits.name })), departmentId: Id, memberIds: Type.Optional(Type.Array(Id, { maxItems: 500, uniqueItems: true })) });

export const Skill = Closed({ skill: Type.String({ maxLength: 60 }), level: Type.Integer({ minimum: 1, maximum: 5 }) });
export const Staff = Closed({
  id: Id, name: Type.String(), email: Nullable(Type.String()), phone: Nullable(Type.String({ description: 'Masked' })), job: Job,
  department: Nullable(Reference), teams: Type.Array(Reference), skills: Type.Array(Skill), roles: Type.Array(Reference),
  openTickets: Type.Integer({ description: 'Tickets assigned and not yet resolved' }), active: Type.Boolean(), version: Type.Integer(),
}, { title: 'Staff' });
export type Staff = Static<typeof Staff>;
export const StaffPage = Page(Staff);
export const ListStaff = Closed({ ...pageQuery, job: Type.Optional(Job), team: Type.Optional(Id), q: Type.Optional(Type.String({ maxLength: 100 })) });
export const CreateStaff = Closed({
  name, email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })), phone: Type.Optional(Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' })),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })), job: Job, departmentId: Type.Optional(Id),
  teamIds: Type.Optional(Type.Array(Id, { maxItems: 50, uniqueItems: true })), roleIds: Type.Optional(Type.Array(Id, { maxItems: 20, uniqueItems: true })),
  skills: Type.Optional(Type.Array(Skill, { maxItems: 50 })),
}, { title: 'CreateStaff' });
export type CreateStaff = Static<typeof CreateStaff>;
export const UpdateStaff = Closed({
  name: Type.Optional(name), active: Type.Optional(Type.Boolean()), departmentId: Type.Optional(Nullable(Id)), job: Type.Optional(Job),
  teamIds: Type.Optional(Type.Array(Id, { maxItems: 50, uniqueItems: true })), roleIds: Type.Optional(Type.Array(Id, { maxItems: 20, uniqueItems: true })),
  skills: Type.Optional(Type.Array(Skill, { maxItems: 50 })),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A new password, for somebody who forgot theirs; ends their sessions' })),
  resetSecondFactor: Type.Optional(Type.Literal(true, { description: 'Turns two-factor sign-in off, for somebody who lost their device; ends their sessions' })),
}, { title: 'UpdateStaff', minProperties: 1 });
export type UpdateStaff = Static<typeof UpdateStaff>;

export const Grant = Closed({ permission: OneOf(Object.keys(permissions) as Permission[]), scope: OneOf(['own', 'team', 'department', 'organization']), ticketTypeIds: Type.Optional(Type.Array(Id, { maxItems: 100 })) });
export const Role = Closed({ id: Id, key: Nullable(Type.String()), name: Type.String(), nameEn: Nullable(Type.String()), grants: Type.Array(Grant), version: Type.Integer() }, { title: 'Role' });
export type Role = Static<typeof Role>;
export const RolePage = Page(Role);
export const CreateRole = Closed({ name, nameEn: Type.Optional(Type.String({ maxLength: limits.name })), grants: Type.Array(Grant, { maxItems: 200 }) });

export const Category = Closed({ id: Id, name: Type.String(), nameEn: Nullable(Type.String()), parentId: Nullable(Id), path: Type.Array(Type.String()), level: Type.Integer({ minimum: 1, maximum: 3 }), team: Nullable(Reference), version: Type.Integer() }, { title: 'Category' });
export type Category = Static<typeof Category>;
export const CategoryPage = Page(Category);
export const CreateCategory = Closed({ name, nameEn: Type.Optional(Type.String({ maxLength: limits.name })), parentId: Type.Optional(Id), teamId: Type.Optional(Id) });

export const TicketType = Closed({ id: Id, key: Type.String(), name: Type.String(), nameEn: Nullable(Type.String()), isDefault: Type.Boolean(), fields: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of each field of its own' }), version: Type.Integer() }, { title: 'TicketType' });
export type TicketType = Static<typeof TicketType>;
export const TicketTypePage = Page(TicketType);

export const Customer = Closed({
  id: Id, name: Type.String(), phone: Nullable(Type.String({ description: 'Masked' })), email: Nullable(Type.String({ description: 'Masked' })), tier: Nullable(Type.String()),
  account: Nullable(Reference), address: Nullable(Type.String()), ticketCount: Type.Integer(), createdAt: Timestamp, version: Type.Integer(),
}, { title: 'Customer' });
export type Customer = Static<typeof Customer>;
export const CustomerPage = Page(Customer);
export const ListCustomers = Closed({ ...pageQuery, q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of the name, or of the phone number (3 digits or more)' })) });
export const CreateCustomer = Closed({ name, phone: Type.Optional(Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' })), email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })), tier: Type.Optional(Type.String({ maxLength: 40 })), address: Type.Optional(Type.String({ maxLength: 300 })) });

export const Asset = Closed({
  id: Id, code: Type.String(), name: Type.String(), model: Nullable(Type.String()), serialNumber: Nullable(Type.String()), customer: Nullable(Reference),
  address: Nullable(Type.String()), criticality: OneOf(['low', 'normal', 'high']), warrantyUntil: Nullable(Type.String({ format: 'date' })), scanUrl: Type.String({ description: 'What the QR code on the asset opens' }), createdAt: Timestamp, version: Type.Integer(),
}, { title: 'Asset' });
export type Asset = Static<typeof Asset>;
export const AssetPage = Page(Asset);
export const ListAssets = Closed({ ...pageQuery, q: Type.Optional(Type.String({ maxLength: 100 })) });
export const CreateAsset = Closed({
  code: Type.String({ minLength: 1, maxLength: 64, pattern: '^\\S+$' }), name, model: Type.Optional(Type.String({ maxLength: 100 })), serialNumber: Type.Optional(Type.String({ maxLength: 100 })),
  customerId: Type.Optional(Id), address: Type.Optional(Type.String({ maxLength: 300 })), lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })), lng: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  criticality: Type.Optional(OneOf(['low', 'normal', 'high'])), warrantyUntil: Type.Optional(Type.String({ format: 'date' })),
});

export const ChannelAccount = Closed({ id: Id, kind: Type.String(), name: Type.String(), address: Nullable(Type.String({ description: 'Where customers reach it: a URL or an e-mail address' })), active: Type.Boolean() }, { title: 'ChannelAccount' });
export const ChannelPage = Page(ChannelAccount);

/** One entry of the audit trail (审计日志). */
export const AuditEntry = Closed({ id: Type.String(), kind: Type.String(), title: Type.String(), at: Timestamp, actor: Closed({ kind: Type.String(), id: Nullable(Id), name: Nullable(Type.String()) }), ticketId: Nullable(Id), subjectId: Nullable(Id), data: Type.Record(Type.String(), Type.Unknown()) });
export const AuditPage = Page(AuditEntry);
export { NullableTimestamp };
