import type { FactKind } from '../../../contract/facts.ts';
import { automationFacts, stretchMilliseconds } from '../../../rules/automation/definition.ts';
import type { Clock } from '../../platform/clock/clock.ts';
import { isImported, type Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { activeRules, type ActiveRule } from '../../records/automation/active-rules.ts';
import { addWork, type NewWork } from '../../records/automation/work.ts';

/** What was recorded longer ago is no news: after an upgrade, or in a company that came with its history. */
const newsDays = 3;
const kinds: ReadonlySet<FactKind> = new Set(automationFacts);

/** Puts down what the rules have to be asked about (自动化规则的读取者). It asks none itself: a batch holds nobody up. */
export const askRules = (clock: Clock): Reader => ({
  name: 'automation',
  kinds,
  async react(transaction, facts) {
    const now = clock.now();
    const news = facts.filter((fact) => fact.ticketId !== null && !isImported(fact) && fact.recordedAt.getTime() > now.getTime() - newsDays * 86_400_000);
    if (news.length === 0) return;
    const byTenant = Map.groupBy(news, (fact) => fact.tenantId);
    const rulesOf = await activeRules(transaction, [...byTenant.keys()].sort());
    for (const [tenantId, rules] of rulesOf) await addWork({ ...transaction, tenantId }, tenantId, byTenant.get(tenantId)!.flatMap((fact) => workOf(fact, rules)), now);
  },
});

function workOf(fact: Fact, rules: readonly ActiveRule[]): NewWork[] {
  const listening = rules.filter((rule) => listensTo(rule, fact));
  const common = { ticket_id: fact.ticketId!, fact_position: fact.position };
  const work: NewWork[] = [];
  // Those that act at once do so in their order: one piece of work for all of them.
  if (listening.some((rule) => waitOf(rule) === 0)) work.push({ kind: 'fact', ...common, due_at: fact.recordedAt });
  for (const rule of listening) {
    const wait = waitOf(rule);
    if (wait > 0) work.push({ kind: 'after', rule_id: rule.id, ...common, due_at: new Date(fact.occurredAt.getTime() + wait) });
  }
  return work;
}

/** Whether a rule is to be asked about a fact: it happened after the rule came into use. */
export function listensTo({ definition: { trigger }, effectiveFrom }: ActiveRule, fact: Fact): boolean {
  return trigger.kind === 'facts' && (trigger.facts as readonly string[]).includes(fact.kind) && fact.recordedAt >= effectiveFrom;
}

/** How long after a fact a rule acts, in milliseconds. */
export const waitOf = ({ definition: { trigger } }: ActiveRule): number => (trigger.kind === 'facts' && trigger.after ? stretchMilliseconds(trigger.after) : 0);
