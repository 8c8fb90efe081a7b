import { pointer } from '../conditions/json.ts';
import { isSame } from './apply-form.ts';
import { isEmpty } from './field-values.ts';
import type { AppliedForm, Form, FormValues, ValueProblem } from './form.ts';

/**
 * Answers that were given to fields which other answers hide (填了隐藏字段), of whatever type: nothing of them would be stored, and
 * whoever gave them would not be told. None where nothing is answered, or what stands there already; and none for formulas,
 * whose given values never count.
 *
 * @param applied what `applyForm` made of all of it
 */
export function hiddenAnswers(form: Form, applied: AppliedForm, given: FormValues, previous: FormValues): ValueProblem[] {
  return form.fields.filter(({ key, kind }) => kind !== 'formula' && Object.hasOwn(given, key) && applied.states[key]?.visible === false && !Object.hasOwn(applied.values, key)
    && !isEmpty(given[key]) && !(Object.hasOwn(previous, key) && isSame(previous[key], given[key])) && !applied.problems.some(({ path }) => path === pointer('', key)))
    .map(({ key }) => ({ path: pointer('', key), code: 'hidden' }));
}
