import { phonePattern, visible } from './common.ts';
import type { Language } from './refusals.ts';

/** The part of an Ajv error that a sentence needs. */
export interface ValidationError {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
}

/** One step of a JSON pointer (RFC 6901, 3): a property's name, in which a slash would look like the next step. */
export function pointerStep(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

const typeNames: Readonly<Record<string, { zh: string; en: string }>> = {
  string: { zh: '文字', en: 'text' }, number: { zh: '数字', en: 'a number' }, integer: { zh: '整数', en: 'a whole number' }, boolean: { zh: '是或否（true 或 false）', en: 'true or false' }, array: { zh: '列表', en: 'a list' }, object: { zh: '对象', en: 'an object' },
};
const formatNames: Readonly<Record<string, { zh: string; en: string }>> = {
  email: { zh: '邮箱地址', en: 'e-mail address' }, date: { zh: '日期，例如 2026-11-21', en: 'date, such as 2026-11-21' }, 'date-time': { zh: '时间，例如 2026-11-21T09:30:00+08:00', en: 'time, such as 2026-11-21T09:30:00+08:00' }, uuid: { zh: '编号（UUID）', en: 'id (UUID)' },
};

/** What is wrong with one input: where (JSON pointer), a stable code (the JSON Schema keyword) and a sentence (校验说明). */
export function describeValidationError(error: ValidationError, language: Language): { path: string; code: string; message: string } {
  const zh = language !== 'en';
  const { keyword, params } = error;
  let path = error.instancePath;
  let message: string;
  switch (keyword) {
    case 'required':
      path += pointerStep(String(params['missingProperty']));
      message = zh ? '必须填写' : 'is required';
      break;
    case 'additionalProperties':
      path += pointerStep(String(params['additionalProperty']));
      message = zh ? '不认识这个字段' : 'is not a known property';
      break;
    case 'type':
      message = zh ? `应为${typeNames[String(params['type'])]?.zh ?? ` ${String(params['type'])}`}` : `must be ${typeNames[String(params['type'])]?.en ?? `of type ${String(params['type'])}`}`;
      break;
    case 'enum':
      message = zh ? `应为其中之一：${(params['allowedValues'] as unknown[]).join('、')}` : `must be one of: ${(params['allowedValues'] as unknown[]).join(', ')}`;
      break;
    case 'minLength':
      message = zh ? `至少 ${String(params['limit'])} 个字` : `needs at least ${String(params['limit'])} characters`;
      break;
    case 'maxLength':
      message = zh ? `最多 ${String(params['limit'])} 个字` : `takes at most ${String(params['limit'])} characters`;
      break;
    case 'minimum':
      message = zh ? `不能小于 ${String(params['limit'])}` : `must not be less than ${String(params['limit'])}`;
      break;
    case 'maximum':
      message = zh ? `不能大于 ${String(params['limit'])}` : `must not be more than ${String(params['limit'])}`;
      break;
    case 'minItems': case 'minProperties':
      message = zh ? `至少 ${String(params['limit'])} 项` : `needs at least ${String(params['limit'])} entries`;
      break;
    case 'maxItems': case 'maxProperties':
      message = zh ? `最多 ${String(params['limit'])} 项` : `takes at most ${String(params['limit'])} entries`;
      break;
    case 'uniqueItems':
      message = zh ? '不能重复' : 'must not repeat';
      break;
    case 'format':
      message = zh ? `不是有效的${formatNames[String(params['format'])]?.zh ?? ` ${String(params['format'])}`}` : `is not a valid ${formatNames[String(params['format'])]?.en ?? String(params['format'])}`;
      break;
    case 'pattern':
      if (params['pattern'] === visible) message = zh ? '不能只有空格或看不见的字符' : 'has to have something to see';
      else if (params['pattern'] === phonePattern) message = zh ? '不是有效的电话号码' : 'is not a valid phone number';
      else message = zh ? '格式不对' : 'has the wrong form';
      break;
    case 'text':
      message = zh ? '含有不能保存的字符' : 'holds characters that cannot be stored';
      break;
    default:
      message = zh ? '填写得不对' : 'is not valid';
  }
  return { path: path || '/', code: keyword, message };
}
