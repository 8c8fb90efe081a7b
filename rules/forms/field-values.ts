import type { Budget } from '../conditions/json-logic.ts';
import { addDays, isDay, isTime, normaliseInstant, dayIn } from '../conditions/days.ts';
import { places } from '../conditions/decimal.ts';
import { isObject, isStorable, own, pointer } from '../conditions/json.ts';
import { majorUnits } from './currencies.ts';
import { formLimits, type Column, type DayLimit, type FieldDefinition, type Money, type Option, type TreeOption, type ValueProblem, type ValueProblemCode } from './form.ts';
import { withFormat, withMask } from './text-formats.ts';

/** What checking an answer depends on beside its field. */
export interface ValueContext {
  /** YYYY-MM-DD. */
  today: string;
  timeZone: string;
  /** The answer as it was: what it holds of retired options may stay. */
  previous?: unknown;
  /** Old data: retired options are let through. */
  isImport?: boolean;
  /** What the rules of the form may still take, all together. */
  budget?: Budget;
}

/** An answer in the form it is stored in, or what is wrong with it. Paths are relative to the answer. */
export type Checked = { value: unknown; problems?: undefined } | { value?: undefined; problems: ValueProblem[] };

type Params = Readonly<Record<string, string | number>>;

export const fine = (value: unknown): Checked => ({ value });
export const wrong = (code: ValueProblemCode, params?: Params, path = ''): Checked => ({ problems: [{ path, code, ...(params ? { params } : {}) }] });
const notOfKind = (kind: string) => wrong('type', { kind });

/** null, absent, a text of spaces, a list without anything in it (空值). */
export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/**
 * Checks a value against its field's kind and limits, and brings it into the form it is stored in (校验与规范化). What is
 * empty becomes null. Formulas and tables are not checked here (see formula.ts and table.ts).
 */
export function checkValue(field: FieldDefinition | Column, given: unknown, context: ValueContext): Checked {
  if (isEmpty(given)) return fine(null);
  switch (field.kind) {
    case 'text': case 'long_text': return checkText(field, given);
    case 'number': return checkNumber(field, given);
    case 'money': return checkMoney(field, given);
    case 'date': return isDay(given) ? inDays(given, given, field, context) : wrong(typeof given === 'string' ? 'date' : 'type', { kind: 'date' });
    case 'time': return checkTime(field, given);
    case 'date_time': {
      const instant = normaliseInstant(given);
      if (instant === null) return wrong(typeof given === 'string' ? 'date_time' : 'type', { kind: 'date_time' });
      return inDays(instant, field.min === undefined && field.max === undefined ? '' : dayIn(instant, context.timeZone), field, context);
    }
    case 'boolean': return typeof given === 'boolean' ? fine(given) : notOfKind('boolean');
    case 'choice': return typeof given === 'string' ? checkOption(given, optionsOf(field.options), context) : notOfKind('choice');
    case 'choices': return checkChoices(field, given, context);
    case 'tree': return checkTree(field, given, context);
    case 'person': case 'customer': case 'asset': case 'signature': return checkReference(given, field.kind);
    case 'file': return checkFiles(field, given);
    case 'place': return checkPlace(field, given);
    case 'formula': case 'table': return notOfKind(field.kind);
  }
}

function checkText(field: Extract<FieldDefinition, { kind: 'text' | 'long_text' }>, given: unknown): Checked {
  if (typeof given !== 'string') return notOfKind('text');
  const isLong = field.kind === 'long_text';
  const most = field.maxLength ?? (isLong ? formLimits.longText : formLimits.text);
  // Far too long: not worth looking at.
  if (given.length > formLimits.longText * 4) return wrong('maxLength', { limit: most });
  if (!isStorable(given)) return wrong('text');
  const text = isLong ? given.replace(/\r\n?/g, '\n').trim() : given.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ').trim();
  if (text === '') return fine(null);
  if (!isLong && field.format !== undefined) {
    const formatted = withFormat(field.format, text);
    return formatted === null ? wrong('format', { format: field.format }) : withLength(formatted, field.minLength, most);
  }
  if (!isLong && field.mask !== undefined) {
    const masked = withMask(field.mask, text);
    return masked === null ? wrong('mask', { mask: field.mask }) : fine(masked);
  }
  return withLength(text, field.minLength, most);
}

function withLength(text: string, least = 0, most: number): Checked {
  // Characters are at most as many as code units; only in between they have to be counted.
  const length = text.length > most || text.length < least * 2 ? [...text].length : text.length;
  if (length > most) return wrong('maxLength', { limit: most });
  return length < least ? wrong('minLength', { limit: least }) : fine(text);
}

function checkNumber(field: Extract<FieldDefinition, { kind: 'number' }>, given: unknown): Checked {
  if (typeof given !== 'number' || !Number.isFinite(given)) return notOfKind('number');
  const { min = -formLimits.magnitude, max = formLimits.magnitude, decimals = 0 } = field;
  if (given < min) return wrong('minimum', { limit: min });
  if (given > max) return wrong('maximum', { limit: max });
  return places(given) > decimals ? wrong('decimals', { limit: decimals }) : fine(given + 0);
}

function checkMoney(field: Extract<FieldDefinition, { kind: 'money' }>, given: unknown): Checked {
  if (!isObject(given)) return notOfKind('money');
  const { amount, currency, ...more } = given;
  if (amount === null && Object.keys(more).length === 0) return fine(null);
  if (typeof amount !== 'number' || !Number.isInteger(amount) || Object.keys(more).length > 0) return notOfKind('money');
  if (typeof currency !== 'string' || !field.currencies.includes(currency)) return wrong('currency', { currencies: field.currencies.join(', ') }, '/currency');
  // The limits are those of the first currency; in another one they would be other sums.
  const isFirst = currency === field.currencies[0];
  const [min, max] = isFirst ? [field.min ?? -formLimits.magnitude, field.max ?? formLimits.magnitude] : [-formLimits.magnitude, formLimits.magnitude];
  if (amount < min) return wrong('minimum', { limit: `${majorUnits(min, currency)} ${currency}` }, '/amount');
  if (amount > max) return wrong('maximum', { limit: `${majorUnits(max, currency)} ${currency}` }, '/amount');
  return fine({ amount: amount + 0, currency } satisfies Money);
}

const relativePattern = /^today(?:([+-])(\d{1,5}))?$/;

/** A limit as a day: `today+7` from today on; null when it is neither that nor a day. */
export function dayLimit(limit: DayLimit, today: string): string | null {
  const match = relativePattern.exec(limit);
  if (match) return match[2] === undefined ? today : addDays(today, Number(match[2]) * (match[1] === '-' ? -1 : 1));
  return isDay(limit) ? limit : null;
}

function inDays(stored: string, day: string, { min, max }: { min?: DayLimit; max?: DayLimit }, { today }: ValueContext): Checked {
  const first = min === undefined ? null : dayLimit(min, today);
  const last = max === undefined ? null : dayLimit(max, today);
  if (first !== null && day < first) return wrong('minimum', { limit: first });
  return last !== null && day > last ? wrong('maximum', { limit: last }) : fine(stored);
}

function checkTime(field: Extract<FieldDefinition, { kind: 'time' }>, given: unknown): Checked {
  if (!isTime(given)) return wrong(typeof given === 'string' ? 'time' : 'type', { kind: 'time' });
  if (field.min !== undefined && given < field.min) return wrong('minimum', { limit: field.min });
  if (field.max !== undefined && given > field.max) return wrong('maximum', { limit: field.max });
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return field.step !== undefined && (minutes(given) - minutes(field.min ?? '00:00')) % field.step !== 0 ? wrong('step', { step: field.step }) : fine(given);
}

const optionMaps = new WeakMap<readonly Option[], ReadonlyMap<string, { retired: boolean; isLeaf: boolean; order: number }>>();

/** Options by key, those of a tree with all below them; looked up once for each list. */
export function optionsOf(options: readonly (Option | TreeOption)[]): ReadonlyMap<string, { retired: boolean; isLeaf: boolean; order: number }> {
  const known = optionMaps.get(options);
  if (known) return known;
  const map = new Map<string, { retired: boolean; isLeaf: boolean; order: number }>();
  const visit = (list: readonly TreeOption[], retired: boolean): void => {
    for (const option of list) {
      const isRetired = retired || option.retired === true;
      map.set(option.key, { retired: isRetired, isLeaf: !option.children || option.children.length === 0, order: map.size });
      if (option.children) visit(option.children, isRetired);
    }
  };
  visit(options, false);
  optionMaps.set(options, map);
  return map;
}

function checkOption(key: string, options: ReadonlyMap<string, { retired: boolean }>, context: ValueContext, path = ''): Checked {
  const option = options.get(key);
  if (!option) return wrong('option', { value: key.slice(0, 63) }, path);
  const mayStay = context.isImport === true || holds(context.previous, key);
  return option.retired && !mayStay ? wrong('option_retired', { value: key }, path) : fine(key);
}

function holds(previous: unknown, key: string): boolean {
  return previous === key || (Array.isArray(previous) && previous.includes(key));
}

function checkChoices(field: Extract<FieldDefinition, { kind: 'choices' }>, given: unknown, context: ValueContext): Checked {
  if (!Array.isArray(given) || given.some((key) => typeof key !== 'string')) return notOfKind('choices');
  const options = optionsOf(field.options);
  if (given.length > options.size) return wrong('maxItems', { limit: field.maxItems ?? options.size });
  const problems = given.flatMap((key, index) => checkOption(key as string, options, context, pointer('', index)).problems ?? []);
  if (problems.length > 0) return { problems };
  const keys = [...new Set(given as string[])].sort((a, b) => options.get(a)!.order - options.get(b)!.order);
  return withCount(keys, field.minItems, field.maxItems);
}

function withCount(items: readonly string[], least: number | undefined, most: number | undefined): Checked {
  if (least !== undefined && items.length < least) return wrong('minItems', { limit: least });
  return most !== undefined && items.length > most ? wrong('maxItems', { limit: most }) : fine(items);
}

function checkTree(field: Extract<FieldDefinition, { kind: 'tree' }>, given: unknown, context: ValueContext): Checked {
  if (typeof given !== 'string') return notOfKind('tree');
  const options = optionsOf(field.options);
  const checked = checkOption(given, options, context);
  if (checked.problems) return checked;
  return field.leavesOnly === true && !options.get(given)!.isLeaf && !holds(context.previous, given) ? wrong('leaf') : checked;
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function checkReference(given: unknown, kind: string, path = ''): Checked {
  if (typeof given !== 'string') return wrong('type', { kind }, path);
  const id = given.toLowerCase();
  return idPattern.test(id) ? fine(id) : wrong('reference', undefined, path);
}

function checkFiles(field: Extract<FieldDefinition, { kind: 'file' }>, given: unknown): Checked {
  if (!Array.isArray(given)) return notOfKind('file');
  const most = field.maxItems ?? formLimits.files;
  if (given.length > most) return wrong('maxItems', { limit: most });
  const checked = given.map((id, index) => checkReference(id, 'file', pointer('', index)));
  const problems = checked.flatMap((one) => one.problems ?? []);
  return problems.length > 0 ? { problems } : withCount([...new Set(checked.map((one) => one.value as string))], field.minItems, most);
}

function checkPlace(field: Extract<FieldDefinition, { kind: 'place' }>, given: unknown): Checked {
  if (!isObject(given) || Object.keys(given).some((name) => name !== 'lat' && name !== 'lng' && name !== 'address')) return notOfKind('place');
  const [lat, lng, address] = [own(given, 'lat') ?? null, own(given, 'lng') ?? null, own(given, 'address') ?? null];
  if (address !== null && typeof address !== 'string') return notOfKind('place');
  const words = checkText({ kind: 'text', key: 'address', label: { zh: '' }, maxLength: 300 }, address ?? '');
  if (words.problems) return { problems: words.problems.map((problem) => ({ ...problem, path: '/address' })) };
  const isDegrees = (value: unknown, most: number): value is number => typeof value === 'number' && Math.abs(value) <= most;
  if ((lat === null) !== (lng === null) || (lat !== null && !(isDegrees(lat, 90) && isDegrees(lng, 180)))) return wrong('place');
  if (lat === null && words.value === null) return fine(null);
  if (lat === null && field.coordinates === 'required') return wrong('place', { needs: 'coordinates' });
  // Seven places are a centimetre.
  const rounded = (value: unknown) => (value === null ? null : Math.round((value as number) * 1e7) / 1e7 + 0);
  return fine({ lat: rounded(lat), lng: rounded(lng), address: words.value });
}
