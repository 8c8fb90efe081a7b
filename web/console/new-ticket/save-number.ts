import { api, asProblem } from '../../ui/api.ts';
import { numberOf, type RequesterDraft } from './requester-draft.ts';

/** Puts a number that somebody called from into their profile (保存来电号码), if that is wanted; says why it could not be. */
export async function saveNumber(draft: RequesterDraft, shown = ''): Promise<string | null> {
  const number = numberOf(draft, shown);
  if (draft.customer === undefined || draft.saveNumber !== true || number === undefined) return null;
  try {
    await api.post(`/customers/${draft.customer.id}/contact-points`, { kind: 'phone', value: number });
    return null;
  } catch (error) {
    const problem = asProblem(error);
    return problem.errors[0]?.message ?? problem.title;
  }
}
