import { permissions, reaches, type Grant } from './permissions.ts';
import { holds, type Subject } from './policy.ts';

/**
 * The first of some grants that is wider than what the subject holds (越权授予), or undefined when they may hand out all
 * of them. A scoped permission has to be held at least that far, for at least those ticket types; any other is held
 * for the whole organization or not at all.
 */
export function exceedsOwn(subject: Subject, grants: readonly Grant[]): Grant | undefined {
  return grants.find((grant) => {
    if (!holds(subject, grant.permission)) return true;
    if (!permissions[grant.permission].scoped) return false;
    const wideEnough = subject.grants.filter((own) => own.permission === grant.permission && reaches(own.scope, grant.scope));
    if (wideEnough.some((own) => own.ticketTypeIds === undefined)) return false;
    // Narrowed grants of one's own may cover the wanted types together.
    return grant.ticketTypeIds === undefined || !grant.ticketTypeIds.every((type) => wideEnough.some((own) => own.ticketTypeIds!.includes(type)));
  });
}
