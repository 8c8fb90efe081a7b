import { Type } from 'typebox';
import type { FactKind } from '../../../contract/facts.ts';
import { Closed } from '../../../contract/common.ts';
import { permits, reachOf, type Reach, type Subject } from '../../../rules/access/policy.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import { stream } from '../../platform/http/use-case.ts';
import type { Happening } from '../../platform/realtime/hub.ts';
import { audienceIn, takesPart, type Audience } from '../../records/conversation/side/audience.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { endOfWay } from '../../records/ticket/alias.ts';
import { presentFact } from '../../records/ticket/present-fact.ts';
import { openEventStream } from './event-stream.ts';
import { hearsOf } from './heard-with.ts';

// After one of these a connection may be entitled to more or less than before: it has to come anew. Those of the first
// kind concern the person or credential they name, the others (seldom) may concern anybody.
const credentialKinds: ReadonlySet<FactKind> = new Set(['session.ended', 'session.revoked', 'password.changed', 'api_key.revoked', 'staff.changed']);
// Where the link of a merged ticket leads.
const leading: ReadonlySet<FactKind> = new Set(['ticket.merged', 'ticket.unmerged']);
const structureKinds: ReadonlySet<FactKind> = new Set(['role.changed', 'team.changed', 'department.changed']);
const coverKinds: ReadonlySet<FactKind> = new Set(['absence.planned', 'absence.changed', 'absence.cancelled']);

/** What happens, as it happens, as far as the receiver may see it (实时消息). */
export const showFeed = stream({
  summary: 'Follow what happens, as server-sent events',
  query: Closed({ lastEventId: Type.Optional(Type.String({ maxLength: 60 })) }),
  produces: 'text/event-stream',
  async run(context, request, reply) {
    const configuration = await context.transact(configurationOf);
    return openEventStream(context, request, reply, (caller) => {
      if (caller.kind !== 'staff') throw new Error('the feed is for staff');
      const subject = caller.subject;
      const reach = reachOf(subject, 'ticket.read');
      const audience = audienceIn(subject, configuration);
      return {
        expiresAt: earliest(caller.expiresAt, caller.accessChangesAt ?? null),
        ends: ({ fact }) => structureKinds.has(fact.kind) || widens(fact, subject) || changesCover(fact, subject)
          || (credentialKinds.has(fact.kind) && (fact.subjectId === caller.credentialId || fact.subjectId === subject.staffId)),
        render: (happening) => renderForStaff(happening, subject, reach, audience),
      };
    });
  },
});

/** Where a customer's page learns that its ticket changed; it then asks for the ticket anew. */
export const showProgressFeed = stream({
  summary: 'Follow a ticket by its link, as server-sent events',
  params: Closed({ token: Type.String({ maxLength: 400 }) }),
  produces: 'text/event-stream',
  async run(context, request, reply) {
    const { caller } = context;
    if (caller.kind !== 'link') throw new Error('this feed is for holders of a link');
    // A merged ticket goes on as another: what happens there is news here.
    const leadsTo = () => context.transact((inner) => endOfWay(inner, caller.ticketId));
    const followed = new Set([caller.ticketId, await leadsTo()]);
    await openEventStream(context, request, reply, () => ({
      expiresAt: null,
      // Where it leads has changed: the page comes anew and is told.
      ends: ({ fact }) => leading.has(fact.kind) && followed.has(fact.ticketId ?? ''),
      // Not what happened: that may be none of the customer's business. The page asks for what it may show.
      render: ({ fact }) => (followed.has(fact.ticketId ?? '') && visibleToCustomer(fact) ? { event: 'changed', data: {} } : null),
    }));
    // A merge may have come before anything was listened to.
    followed.add(await leadsTo());
  },
});

/** Whether somebody reaches further now: they are in a new team, or have a new department below their own. */
function widens({ kind, data }: Fact, subject: Subject): boolean {
  if (kind === 'team.created') return ((data['members'] ?? []) as { id: string }[]).some(({ id }) => id === subject.staffId);
  if (kind === 'department.created') return subject.departmentIds.includes((data['parent'] as { id: string } | null)?.id ?? '');
  return false;
}

/** Whether it says anew for whom somebody stands in. */
function changesCover({ kind, data }: Fact, subject: Subject): boolean {
  return coverKinds.has(kind) && (data['coverId'] === subject.staffId || data['coverBefore'] === subject.staffId);
}

function earliest(one: Date | null, other: Date | null): Date | null {
  return one && other ? (one < other ? one : other) : one ?? other;
}

function visibleToCustomer(fact: Fact): boolean {
  return fact.data['visibility'] !== 'internal' && fact.kind !== 'personal_data.revealed';
}

function renderForStaff({ fact, access }: Happening, subject: Subject, reach: Reach, audience: Audience): { event: string; data: unknown } | null {
  if (fact.ticketId === null) {
    if (!hearsOf(subject, fact)) return null;
    // Who needs more asks for the record, and gets it as far as it is theirs to see: a customer's name may be masked.
    const actor = fact.actor.kind === 'customer' ? { ...fact.actor, name: null } : fact.actor;
    return { event: 'fact', data: { id: String(fact.position), kind: fact.kind, ticketId: null, number: null, at: fact.occurredAt, actor, subjectId: fact.subjectId, data: {} } };
  }
  if (!access) return null;
  if (permits(reach, access)) {
    // Not what was answered: the page asks for what it may show.
    const { number, ...data } = presentFact(fact.data);
    return { event: 'fact', data: { id: String(fact.position), kind: fact.kind, ticketId: fact.ticketId, number: number ?? null, at: fact.occurredAt, actor: fact.actor, subjectId: fact.subjectId, data } };
  }
  // Whoever takes part in a conversation beside it hears of that, and of nothing else.
  if (fact.kind.startsWith('side_conversation.') && isFor(audience, fact)) {
    return { event: 'fact', data: { id: String(fact.position), kind: fact.kind, ticketId: null, number: fact.data['number'] ?? null, at: fact.occurredAt, actor: fact.actor, subjectId: fact.subjectId, data: {} } };
  }
  // It may just have left the receiver's sight: then their lists have to let it go.
  const before = fact.data['before'] as Before | undefined;
  if (before && permits(reach, { ...access, ...pick(before) })) return { event: 'hidden', data: { ticketId: fact.ticketId } };
  return null;
}

function isFor(audience: Audience, { data }: Fact): boolean {
  const asked = data['audience'] as { teamId: string | null; departmentId: string | null } | undefined;
  return asked !== undefined && takesPart(audience, { team_id: asked.teamId, department_id: asked.departmentId });
}

type Before = Partial<Record<'teamId' | 'departmentId' | 'assigneeId', string | null>> & { participantIds?: string[] };

function pick(before: Before) {
  return {
    ...(before.participantIds ? { participantIds: before.participantIds } : {}),
    ...('teamId' in before ? { teamId: before.teamId ?? null } : {}),
    ...('departmentId' in before ? { departmentId: before.departmentId ?? null } : {}),
    ...('assigneeId' in before ? { assigneeId: before.assigneeId ?? null } : {}),
  };
}

