/**
 * How two tickets can belong together (关联类型), as seen from one of them: related 相关, a duplicate of another or having
 * one 重复, above or below it 父子, in its way or waiting for it 阻塞.
 */
export const linkKinds = ['related', 'duplicate_of', 'duplicated_by', 'parent', 'child', 'blocks', 'blocked_by'] as const;
export type LinkKind = (typeof linkKinds)[number];

/** The kinds that are kept; the others are the same seen from the other side. */
export type StoredLinkKind = 'related' | 'duplicate_of' | 'blocks' | 'parent';

interface LinkRule {
  zh: string;
  en: string;
  /** The same link seen from the other ticket. */
  inverse: LinkKind;
  /** As what it is kept. */
  stored: StoredLinkKind;
  /** Whether it is kept from this ticket's side. */
  forward: boolean;
}

export const linkRules: Record<LinkKind, LinkRule> = {
  related: { zh: '相关', en: 'Related', inverse: 'related', stored: 'related', forward: true },
  duplicate_of: { zh: '重复于', en: 'Duplicate of', inverse: 'duplicated_by', stored: 'duplicate_of', forward: true },
  duplicated_by: { zh: '被重复', en: 'Duplicated by', inverse: 'duplicate_of', stored: 'duplicate_of', forward: false },
  parent: { zh: '父工单', en: 'Parent', inverse: 'child', stored: 'parent', forward: true },
  child: { zh: '子工单', en: 'Child', inverse: 'parent', stored: 'parent', forward: false },
  blocks: { zh: '阻塞', en: 'Blocks', inverse: 'blocked_by', stored: 'blocks', forward: true },
  blocked_by: { zh: '被阻塞', en: 'Blocked by', inverse: 'blocks', stored: 'blocks', forward: false },
};

/** The tickets a link is kept under: from which to which. What has no direction runs from the smaller id to the larger. */
export function storedLink(kind: LinkKind, ticketId: string, otherId: string): { kind: StoredLinkKind; from: string; to: string } {
  const { stored, forward } = linkRules[kind];
  const straight = stored === 'related' ? ticketId < otherId : forward;
  return straight ? { kind: stored, from: ticketId, to: otherId } : { kind: stored, from: otherId, to: ticketId };
}

/** What a kept link is called from the side of the ticket it starts at, or of the one it leads to. */
export function seenAs(kind: StoredLinkKind, side: 'from' | 'to'): LinkKind {
  return side === 'from' ? kind : linkRules[kind].inverse;
}
