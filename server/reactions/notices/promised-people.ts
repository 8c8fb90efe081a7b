import { noticeChannels, type NoticeChannel } from '../../../contract/notice.ts';
import { slaMetricNames, type SlaMetric, type SlaRecipient } from '../../../rules/sla/policy.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import type { Fact } from '../../platform/facts/fact.ts';

const findMembers = statement<{ team_id: string; staff_id: string }>('notices.members', 'SELECT team_id, staff_id FROM team_member WHERE tenant_id = $1 AND team_id = ANY($2::uuid[])');
const findLeads = statement<{ id: string; lead_id: string }>('notices.leads', 'SELECT id, lead_id FROM team WHERE tenant_id = $1 AND id = ANY($2::uuid[]) AND lead_id IS NOT NULL');
const findRolePeople = statement<{ role_id: string; staff_id: string }>('notices.role_people', 'SELECT role_id, staff_id FROM staff_role WHERE tenant_id = $1 AND role_id = ANY($2::uuid[])');
// Of the department itself, else of the nearest above that has some.
const findManagers = statement<{ department_id: string; staff_id: string; depth: number }>('notices.department_managers', `
  WITH RECURSIVE up (origin, id, parent_id, depth) AS (
    SELECT id, id, parent_id, 0 FROM department WHERE tenant_id = $1 AND id = ANY($2::uuid[])
    UNION ALL SELECT up.origin, d.id, d.parent_id, up.depth + 1 FROM up JOIN department d ON d.tenant_id = $1 AND d.id = up.parent_id WHERE up.depth < 20)
  SELECT up.origin AS department_id, s.id AS staff_id, up.depth FROM up JOIN staff s ON s.tenant_id = $1 AND s.department_id = up.id AND s.job = 'manager' AND s.active ORDER BY up.depth, s.id`);

export const isPromise = (fact: Pick<Fact, 'kind'>): boolean => fact.kind === 'sla.warned' || fact.kind === 'sla.breached' || fact.kind === 'sla.escalated';
// A policy from before ids were looked up may name anything: what is none is nobody, and keeps nobody else from being told.
const whomOf = (fact: Fact): readonly SlaRecipient[] => (Array.isArray(fact.data['whom']) ? fact.data['whom'] as SlaRecipient[] : []).filter((one) => !('id' in one) || isId(one.id));
const nowOf = (fact: Fact) => (fact.data['now'] ?? {}) as { assigneeId?: string | null; teamId?: string | null; departmentId?: string | null };

/** The channels that a fact asks for beside those people chose (指定渠道): the rung of a ladder may say some. */
export function channelsOf(fact: Pick<Fact, 'data'>): NoticeChannel[] {
  const said = fact.data['channels'];
  return Array.isArray(said) ? noticeChannels.filter((channel) => said.includes(channel)) : [];
}

/** What was promised by when, by the clock and in the language of the organization (时限摘要). */
export function promiseInWords({ data }: Pick<Fact, 'data'>, { language, timeZone }: { language: string; timeZone: string }): string | null {
  const metric = data['metric'] as SlaMetric;
  if (!Object.hasOwn(slaMetricNames, metric)) return null;
  const english = language === 'en';
  const due = typeof data['dueAt'] === 'string' ? new Intl.DateTimeFormat(english ? 'en-GB' : 'zh-CN', { timeZone, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(data['dueAt'])) : null;
  const name = slaMetricNames[metric][english ? 'en' : 'zh'];
  return due === null ? name : english ? `${name}: due ${due}` : `${name}时限 ${due}`;
}

/** Whom a promise that is about to be broken, or was, concerns (时限通知对象), by the position of the fact. */
export async function promisedPeople(transaction: Transaction, facts: readonly Fact[], watchers: ReadonlyMap<string, readonly string[]>): Promise<Map<number, string[]>> {
  const { tenantId } = transaction;
  const promises = facts.filter(isPromise);
  if (promises.length === 0) return new Map();
  const ids = (kind: 'team' | 'role') => [...new Set(promises.flatMap((fact) => whomOf(fact).flatMap((one) => (one.kind === kind ? [one.id] : []))))];
  const present = (pick: (fact: Fact) => string | null | undefined) => [...new Set(promises.map(pick).filter((id) => typeof id === 'string'))];
  const [members, leads, roles, managers] = await Promise.all([
    transaction.query(findMembers, [tenantId, ids('team')]), transaction.query(findLeads, [tenantId, present((fact) => nowOf(fact).teamId)]),
    transaction.query(findRolePeople, [tenantId, ids('role')]), transaction.query(findManagers, [tenantId, present((fact) => nowOf(fact).departmentId)]),
  ]);
  const managersOf = (departmentId: string | null | undefined): string[] => {
    const all = managers.filter((row) => row.department_id === departmentId);
    return all.filter((row) => row.depth === all[0]!.depth).map((row) => row.staff_id);
  };
  return new Map(promises.map((fact) => {
    const now = nowOf(fact);
    const people = whomOf(fact).flatMap((one): (string | null | undefined)[] => {
      switch (one.kind) {
        case 'assignee': return [now.assigneeId];
        case 'team_lead': return leads.filter((row) => row.id === now.teamId).map((row) => row.lead_id);
        case 'manager': return managersOf(now.departmentId);
        case 'department_head': return managersOf(now.departmentId).slice(0, 1);
        case 'watchers': return [...watchers.get(fact.ticketId ?? '') ?? []];
        case 'staff': return [one.id];
        case 'team': return members.filter((row) => row.team_id === one.id).map((row) => row.staff_id);
        case 'role': return roles.filter((row) => row.role_id === one.id).map((row) => row.staff_id);
      }
    });
    return [fact.position, [...new Set(people.filter((id) => typeof id === 'string'))]];
  }));
}
