import { DraftEvaluation, EvaluateDraft } from '../../../../contract/day-plan.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { reckonDraft, viewDraft } from './draft.ts';

/**
 * What a day would come to as somebody would have it (方案评估): times, travel, lateness, the rules it breaks, and the difference to how
 * things stand. Nothing is saved, so it may be asked at every move of a hand.
 */
export const evaluateDraft = useCase({
  summary: 'Evaluate a draft of a day without saving it',
  body: EvaluateDraft,
  answer: DraftEvaluation,
  async run(context, { body }) {
    const configuration = await configurationOf(context);
    return viewDraft(context, configuration, await reckonDraft(context, configuration, body));
  },
});
