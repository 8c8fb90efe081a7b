import type { HumanNode } from './definition.ts';
import { hold, releaseHold, type Run } from './run.ts';
import type { Token } from './state.ts';

/**
 * Somebody who has a step left the organization (处理人离职). Nothing is decided in their place: what they had claimed is free
 * again for those it was for, and where it cannot go on without them, it is held until somebody hands it over, or has those who
 * act found out anew.
 *
 * @returns whether it concerned them
 */
export function vacate(run: Run, token: Token, node: HumanNode, who: string, name: string): boolean {
  const hadClaimed = token.claimedBy === who;
  if (hadClaimed) {
    delete token.claimedBy;
    run.effects.push({ do: 'change_task', activation: token.id, change: 'released' });
  }
  const isNew = !token.left?.includes(who) && (token.seats ?? []).some((seat) => !seat.vote && seat.who.kind === 'person' && seat.who.id === who);
  if (isNew) {
    token.left = [...(token.left ?? []), who];
    if (!token.hold && needsThoseWhoLeft(token, node)) hold(run, token, 'performer_left', { detail: name });
  }
  return hadClaimed || isNew;
}

/** Whether nobody is left who can finish it: of a task and of an approval by any one, all have left; else one is enough. */
function needsThoseWhoLeft(token: Token, node: HumanNode): boolean {
  const open = (token.seats ?? []).filter((seat) => !seat.vote);
  const gone = open.filter((seat) => seat.who.kind === 'person' && token.left?.includes(seat.who.id));
  return node.kind === 'approval' && node.mode !== 'any' ? gone.length > 0 : gone.length === open.length;
}

/** Looks at it again after its seats have changed. */
export function lookAgain(run: Run, token: Token, node: HumanNode): void {
  if (!token.left) return;
  const name = token.hold?.detail;
  if (token.hold?.code === 'performer_left') releaseHold(run, token);
  if (needsThoseWhoLeft(token, node)) hold(run, token, 'performer_left', name === undefined ? {} : { detail: name });
}
