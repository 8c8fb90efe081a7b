import { reckonPriority, sureCategory, withCategory } from '../../../rules/priority/priority.ts';
import type { Context } from '../../platform/context.ts';
import { build, sharedStatement } from '../../platform/db/database.ts';
import { guessesOf, stands } from '../completion/guesses.ts';
import { isImportantTier } from '../customer/tiers.ts';
import { configurationOf, type Configuration } from '../organization/configuration.ts';
import { changeTicket, type TicketPatch } from './change.ts';
import { priorityRank, type TicketRow } from './row.ts';

/** What a category is called, in every language it has a name in. */
export const namesOf = ({ name, nameEn }: { name: string; nameEn: string | null }): string[] => (nameEn === null ? [name] : [name, nameEn]);

const findTier = sharedStatement<{ id: string }, { tier: string | null }>('customer.tier_of', `
  SELECT given.place, c.tier FROM json_to_recordset($2) AS given (place integer, id uuid) CROSS JOIN LATERAL (SELECT tier FROM customer WHERE tenant_id = $1 AND customer.id = given.id OFFSET 0) c`);

/**
 * A danger that is only told of later, or that only the category tells of, counts as at the beginning (重算优先级): it raises the priority nobody set, and never
 * lowers it. A category that was guessed counts where the guess is sure.
 *
 * @param text all that was said
 */
export async function raisePriority(context: Context, ticket: TicketRow, text: string): Promise<TicketRow> {
  if (ticket.priority_explanation.overridden) return ticket;
  // Who they are and what it is about is looked up only where that could make it more pressing than it is.
  const category = ticket.category_id === null ? undefined : (await configurationOf(context)).categories.get(ticket.category_id);
  const most = reckonPriority({ text, ...(category ? { categoryNames: namesOf(category) } : {}), customerTier: ticket.customer_id, isImportantTier: true, assetCriticality: ticket.asset_id === null ? null : 'high' });
  if (priorityRank(most.priority) >= ticket.priority) return ticket;
  const [customer, asset, names] = await Promise.all([
    ticket.customer_id === null ? undefined : context.transaction.queryTogether(findTier, { id: ticket.customer_id }).then(([found]) => found),
    ticket.asset_id === null ? undefined : context.transaction.first(build.selectFrom('asset').select('criticality').where('tenant_id', '=', context.tenantId).where('id', '=', ticket.asset_id)),
    sureNames(context, ticket),
  ]);
  const tier = customer?.tier ?? null;
  const reckoned = reckonPriority({ text, ...(names ? { categoryNames: names } : {}), customerTier: tier, isImportantTier: await isImportantTier(context, tier), assetCriticality: (asset?.criticality ?? null) as 'low' | 'normal' | 'high' | null });
  const rank = priorityRank(reckoned.priority);
  if (rank >= ticket.priority) return ticket;
  return changeTicket(context, ticket, { priority: rank, priority_explanation: { score: reckoned.score, overridden: false, factors: reckoned.factors } }, { kind: 'ticket.changed', data: { filled: ['priority'] } });
}

/** The priority that nobody set, as a category has it that a person gives (改分类重算优先级). */
export function priorityWith(configuration: Configuration, ticket: TicketRow, categoryId: string | null): Pick<TicketPatch, 'priority' | 'priority_explanation'> {
  if (ticket.priority_explanation.overridden) return {};
  const category = categoryId === null ? undefined : configuration.categories.get(categoryId);
  const reckoned = withCategory(ticket.priority_explanation, category ? namesOf(category) : []);
  return reckoned === null ? {} : { priority: priorityRank(reckoned.priority), priority_explanation: { score: reckoned.score, overridden: false, factors: reckoned.factors } };
}

async function sureNames(context: Context, ticket: TicketRow): Promise<string[] | null> {
  const category = ticket.category_id === null ? undefined : (await configurationOf(context)).categories.get(ticket.category_id);
  if (!category) return null;
  const guess = (await guessesOf(context.transaction, ticket.id)).find(({ field }) => field === 'category');
  return guess && guess.confirmed_at === null && stands(ticket, guess) && Number(guess.confidence) < sureCategory ? null : namesOf(category);
}
