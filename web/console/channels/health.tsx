import type { ChannelHealth, InboxMessage } from '../../../contract/channel.ts';
import { Badge } from '../parts/badge.tsx';
import { useChannelTexts } from './texts.ts';

const tones = { unused: 'neutral', well: 'success', refusing: 'danger', off: 'neutral' } as const;
const words = { unused: 'state.unused', well: 'state.well', refusing: 'state.refusing', off: 'state.off' } as const;

/** Whether it is not a call that was refused, but an account that cannot be reached. */
export const isUnreachable = ({ lastRefusal }: Pick<ChannelHealth, 'lastRefusal'>): boolean => lastRefusal?.startsWith('account:') ?? false;

/** How a channel fares, in a word (渠道状态). */
export function HealthBadge({ health }: { health: ChannelHealth }) {
  const { t: say } = useChannelTexts();
  const unreachable = health.state === 'refusing' && isUnreachable(health);
  if (health.state === 'well' && health.replies.failingSince !== null) return <Badge tone="danger">{say('state.unanswered')}</Badge>;
  return <Badge tone={tones[health.state]}>{say(unreachable ? 'state.unreachable' : words[health.state])}</Badge>;
}

const stateTones = { waiting: 'accent', done: 'success', passed_over: 'neutral', quarantined: 'danger' } as const;

/** What became of a message, in a word (收件状态). */
export function StateBadge({ state }: { state: InboxMessage['state'] }) {
  const { t: say } = useChannelTexts();
  return <Badge tone={stateTones[state]}>{say(`messages.${state}`)}</Badge>;
}
