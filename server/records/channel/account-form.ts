import { noticeLimits, type AccountField } from '../../../contract/notice.ts';
import { Refusal, type InputError } from '../../platform/errors/refusal.ts';

/** What was filled in: what may be shown, and what is sealed. */
export interface FilledForm {
  values: Record<string, string>;
  secrets: Record<string, string>;
}

/**
 * Reads the settings of an account against the form of its kind (渠道账号表单): a secret that is left out stays; what is shown and is left out
 * is taken away, once anything is given.
 *
 * @param kept what stood there, secrets opened
 * @param given what the caller sends; undefined leaves all as it is
 */
export function fillAccountForm(form: readonly AccountField[], kept: Readonly<Record<string, string>>, given: Readonly<Record<string, string>> | undefined): FilledForm {
  const filled: FilledForm = { values: {}, secrets: {} };
  const problems: InputError[] = [];
  for (const field of form) {
    const value = (given?.[field.name] ?? (field.secret || given === undefined ? kept[field.name] : undefined) ?? field.standard ?? '').trim();
    const problem = problemWith(field, value);
    if (problem) problems.push({ path: `/settings/${field.name}`, ...problem });
    if (value !== '') (field.secret ? filled.secrets : filled.values)[field.name] = value;
  }
  for (const { name, neededWith } of form) {
    if (neededWith !== undefined && filled.values[name] === undefined && (filled.values[neededWith] ?? filled.secrets[neededWith]) !== undefined) problems.push({ path: `/settings/${name}`, code: 'required' });
  }
  for (const name of Object.keys(given ?? {})) {
    if (!form.some((field) => field.name === name)) problems.push({ path: `/settings/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, code: 'unknown', message: { zh: '没有这一项', en: 'is not asked for' } });
  }
  // All at once, each beside its field.
  if (problems.length > 0) throw new Refusal('invalid_input', {}, { errors: problems });
  return filled;
}

function problemWith(field: AccountField, value: string): Omit<InputError, 'path'> | null {
  if (value === '') return field.optional ? null : { code: 'required' };
  const longest = field.secret ? noticeLimits.secret : noticeLimits.field;
  if (value.length > longest) return { code: 'maxLength', message: { zh: `不能超过 ${longest} 个字`, en: `takes at most ${longest} characters` } };
  // What goes into a header or a command of a protocol is one line.
  if (/\p{Cc}/u.test(value)) return { code: 'pattern', message: { zh: '不能换行', en: 'takes one line' } };
  if (field.choices && !field.choices.includes(value)) return { code: 'enum', message: { zh: '不是可选的值', en: 'is not one of the choices' } };
  if (field.pattern && !new RegExp(field.pattern).test(value)) return { code: 'pattern', message: { zh: '格式不对', en: 'has the wrong form' } };
  if (field.name === 'port' && !(Number(value) >= 1 && Number(value) <= 65_535)) return { code: 'maximum', message: { zh: '端口应在 1 到 65535 之间', en: 'is between 1 and 65535' } };
  return null;
}
