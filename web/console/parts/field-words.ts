import type { FormRule } from 'antd';
import type { ProblemError } from '../../ui/api-problem.ts';
import { phoneProblem } from '../../../rules/text/phone-number.ts';
import { language } from '../../ui/preferences.ts';
import { t } from '../i18n.ts';

/** What is wrong with a phone number as somebody typed it, in words; undefined when it will do or there is none. */
export function phoneWords(typed: string): string | undefined {
  if (typed.trim() === '') return undefined;
  switch (phoneProblem(typed)) {
    case null:
      return undefined;
    case 'incomplete':
      return /^\D*(86)?1/.test(typed.trim()) ? t('field.mobileIncomplete') : t('field.phoneIncomplete');
    case 'areaCode':
      return t('field.phoneAreaCode');
    case 'wrong':
      return t('field.phoneWrong');
  }
}

/** The same as a rule of a form; a phone number left empty is none of its business. */
export const phoneRule: FormRule = { validator: (_rule, typed: string | undefined) => checkPhone(typed) };

/** The same as a check of its own, for a number that may be wrong in one place and stand as it is in another. */
export function checkPhone(typed: string | undefined): Promise<void> {
  const words = phoneWords(typed ?? '');
  return words === undefined ? Promise.resolve() : Promise.reject(new Error(words));
}

/**
 * The sentence for a refused value, to stand at its field (字段提示). The server speaks of characters and patterns;
 * people are told what to do.
 */
export function fieldWords({ path, code, message }: ProblemError): string {
  const field = path.split('/').at(-1);
  if (field === 'phone' && ['minLength', 'maxLength', 'pattern'].includes(code)) return t('field.phoneWrong');
  if (field === 'email' && code === 'format') return t('record.emailWrong');
  if (code === 'required' || code === 'minLength' || code === 'pattern') return t('common.required');
  return language() === 'en' ? message.charAt(0).toUpperCase() + message.slice(1) : message;
}
