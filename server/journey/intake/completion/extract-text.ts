import { ExtractedText, ExtractText } from '../../../../contract/completion.ts';
import { limits } from '../../../../contract/common.ts';
import { subjectOf } from '../../../../rules/intake/conversation.ts';
import { reckonPriority, sureCategory } from '../../../../rules/priority/priority.ts';
import { holds } from '../../../../rules/access/policy.ts';
import { staffOf } from '../../../platform/context.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { intakeSettingOf } from '../../../records/completion/intake-setting.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { namesOf } from '../../../records/ticket/raise-priority.ts';
import { findType } from '../../../records/ticket/references.ts';
import { guessesFrom, readWords } from './understand.ts';

/** Reads a text as it would be read on a ticket, and keeps nothing (来话抽取): for whoever pastes what somebody said into a new ticket. */
export const extractText = useCase({
  summary: 'Read what a text names',
  body: ExtractText,
  answer: ExtractedText,
  async run(context, { body: { text, type } }) {
    const configuration = await configurationOf(context);
    const { form } = findType(configuration, type);
    const read = await readWords(context, configuration, subjectOf(text), text, (await intakeSettingOf(context.transaction)).order_masks);
    const category = read.category ? configuration.categories.get(read.category.id) : undefined;
    const guesses = guessesFrom(read, form, configuration.organization.timeZone);
    const address = guesses.find(({ field }) => field === 'address');
    // As when the ticket is opened, but that a category that is sure counts already.
    const reckoned = reckonPriority({ text, ...(category && read.category!.confidence >= sureCategory ? { categoryNames: namesOf(category) } : {}), customerTier: null, isImportantTier: false, assetCriticality: read.asset?.criticality ?? null });
    const fields = Object.fromEntries(guesses.flatMap(({ field, value }) => (field.startsWith('fields.') ? [[field.slice('fields.'.length), value]] : [])));
    return {
      found: read.found, subject: [...subjectOf(text)].slice(0, limits.subject).join(''),
      category: category ? { id: category.id, path: [...context.language === 'en' ? category.pathEn : category.path], confidence: Math.round(read.category!.confidence * 100) / 100, words: read.category!.words } : null,
      asset: read.asset && holds(staffOf(context), 'asset.read') ? { id: read.asset.id, code: read.asset.code, name: read.asset.name } : null,
      address: address ? { value: String(address.value), words: address.words, confidence: address.confidence } : null,
      priority: { priority: reckoned.priority, words: reckoned.factors.flatMap(({ detail }) => detail ?? []) },
      fields,
    };
  },
});
