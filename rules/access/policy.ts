import type { Grant, Permission, Scope } from './permissions.ts';

/** The person asking, reduced to what access depends on (访问者). */
export interface Subject {
  staffId: string;
  teamIds: readonly string[];
  /** Their department and everything below it. */
  departmentIds: readonly string[];
  /** Absent colleagues they stand in for now: tickets of those count as their own (请假代理). */
  coversFor?: readonly string[] | undefined;
  grants: readonly Grant[];
  /** An API key may be narrower than its owner. */
  onlyPermissions?: ReadonlySet<string> | undefined;
}

/** What access to a ticket depends on. */
export interface TicketAccess {
  typeId: string;
  departmentId: string | null;
  teamId: string | null;
  assigneeId: string | null;
  /** The staff member who made it. */
  creatorId: string | null;
  /** Technicians of its visits and others who take part. */
  participantIds: readonly string[];
}

/** One way in: all that is given must hold. `people`: assignee, creator or participant is this person. */
export interface Path {
  typeIds?: readonly string[];
  people?: string;
  teamIds?: readonly string[];
  departmentIds?: readonly string[];
}

/** Which tickets a permission reaches: any of the paths; no path, no ticket. The same value is read by both forms. */
export type Reach = readonly Path[];

/** What a subject's grants reach for one permission (权限范围). */
export function reachOf(subject: Subject, permission: Permission): Reach {
  if (subject.onlyPermissions && !subject.onlyPermissions.has(permission)) return [];
  const paths: Path[] = [];
  for (const grant of subject.grants) {
    if (grant.permission !== permission) continue;
    const narrowed = grant.ticketTypeIds ? { typeIds: grant.ticketTypeIds } : {};
    if (grant.scope === 'organization') {
      paths.push(narrowed);
      continue;
    }
    // A wider scope includes the narrower ones.
    paths.push({ ...narrowed, people: subject.staffId });
    for (const absent of subject.coversFor ?? []) paths.push({ ...narrowed, people: absent });
    if (grant.scope === 'own') continue;
    if (subject.teamIds.length > 0) paths.push({ ...narrowed, teamIds: subject.teamIds });
    if (grant.scope === 'department' && subject.departmentIds.length > 0) paths.push({ ...narrowed, departmentIds: subject.departmentIds });
  }
  return paths;
}

/** Whether what is this person's is the subject's to do: their own, or that of somebody they stand in for. */
export function actsFor(subject: Subject, staffId: string | null): boolean {
  return staffId !== null && (staffId === subject.staffId || (subject.coversFor?.includes(staffId) ?? false));
}

/** Whether a subject holds a permission at all, however narrow. */
export function holds(subject: Subject, permission: Permission): boolean {
  if (subject.onlyPermissions && !subject.onlyPermissions.has(permission)) return false;
  return subject.grants.some((grant) => grant.permission === permission);
}

/** The widest scope in which a subject holds a permission, or null. */
export function widestScope(subject: Subject, permission: Permission): Scope | null {
  if (!holds(subject, permission)) return null;
  const order: Scope[] = ['organization', 'department', 'team', 'own'];
  return order.find((scope) => subject.grants.some((grant) => grant.permission === permission && grant.scope === scope)) ?? null;
}

/** The row form of the policy: may this reach touch this ticket? Its SQL form is `reachCondition` in records/access. */
export function permits(reach: Reach, ticket: TicketAccess): boolean {
  return reach.some((path) =>
    (!path.typeIds || path.typeIds.includes(ticket.typeId)) &&
    (path.people === undefined || ticket.assigneeId === path.people || ticket.creatorId === path.people || ticket.participantIds.includes(path.people)) &&
    (!path.teamIds || (ticket.teamId !== null && path.teamIds.includes(ticket.teamId))) &&
    (!path.departmentIds || (ticket.departmentId !== null && path.departmentIds.includes(ticket.departmentId))),
  );
}
