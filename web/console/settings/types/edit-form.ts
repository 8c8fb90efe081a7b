import { isObject } from '../../../../rules/conditions/json.ts';
import type { Column, ColumnKind, FieldDefinition, FieldKind, Form, Option, Section, TreeOption, Words } from '../../../../rules/forms/form.ts';

/** What a form that is being designed goes through (表单编辑): every change gives a new form. */

const kindLabels: Record<FieldKind, Words> = {
  text: { zh: '单行文本', en: 'Text' }, long_text: { zh: '多行文本', en: 'Long text' }, number: { zh: '数字', en: 'Number' }, money: { zh: '金额', en: 'Amount' }, date: { zh: '日期', en: 'Date' }, time: { zh: '时间', en: 'Time' },
  date_time: { zh: '日期时间', en: 'Date and time' }, boolean: { zh: '是否', en: 'Yes or no' }, choice: { zh: '单选', en: 'Choice' }, choices: { zh: '多选', en: 'Choices' }, tree: { zh: '级联', en: 'Tree' }, person: { zh: '员工', en: 'Colleague' },
  customer: { zh: '客户', en: 'Customer' }, asset: { zh: '设备', en: 'Asset' }, place: { zh: '地点', en: 'Place' }, file: { zh: '附件', en: 'Files' }, signature: { zh: '签名', en: 'Signature' }, formula: { zh: '公式', en: 'Formula' }, table: { zh: '明细表', en: 'Table' },
};

/** The name of a kind of field. */
export const kindName = (kind: FieldKind): Words => kindLabels[kind];

/** A key nobody has yet: `text`, `text2`, … */
export function freeKey(base: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  const plain = base.replace(/[^a-zA-Z0-9_]/g, '').replace(/^[^a-z]+/, '').slice(0, 55) || 'field';
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? plain : `${plain}${number}`;
    if (!used.has(key)) return key;
  }
}

const firstOptions = (): Option[] => [{ key: 'option1', label: { zh: '选项 1', en: 'Option 1' } }, { key: 'option2', label: { zh: '选项 2', en: 'Option 2' } }];
const ofKind = (kind: FieldKind): object => {
  switch (kind) {
    case 'money': return { currencies: ['CNY'] };
    case 'choice': case 'choices': case 'tree': return { options: firstOptions() };
    case 'formula': return { formula: 0, result: 'number' };
    case 'table': return { columns: [{ key: 'name', kind: 'text', label: { zh: '名称', en: 'Name' } }, { key: 'quantity', kind: 'number', label: { zh: '数量', en: 'Quantity' } }] };
    default: return {};
  }
};

/** A new field of a kind, ready to be published as it is. */
export function newField(kind: FieldKind, taken: Iterable<string>): FieldDefinition {
  return { key: freeKey(kind === 'date_time' ? 'dateTime' : kind === 'long_text' ? 'longText' : kind, taken), kind, label: kindLabels[kind], ...ofKind(kind) } as FieldDefinition;
}

export function newColumn(kind: ColumnKind, taken: Iterable<string>): Column {
  return newField(kind, taken) as Column;
}

/** Where a field is put: in a section (null for none), before a field of it, or at its end. */
export interface Spot { section: string | null; before: string | null }

const inSection = (field: FieldDefinition, section: string | null): boolean => (field.section ?? null) === section;

export function insertField(form: Form, field: FieldDefinition, spot: Spot): Form {
  const { section: _section, ...rest } = field;
  const placed = (spot.section === null ? rest : { ...rest, section: spot.section }) as FieldDefinition;
  const fields = form.fields.filter((one) => one.key !== field.key);
  const before = spot.before === null ? -1 : fields.findIndex((one) => one.key === spot.before);
  const last = fields.findLastIndex((one) => inSection(one, spot.section));
  fields.splice(before >= 0 ? before : last >= 0 ? last + 1 : fields.length, 0, placed);
  return { ...form, fields };
}

export function moveField(form: Form, key: string, spot: Spot): Form {
  const field = form.fields.find((one) => one.key === key);
  return field === undefined || spot.before === key ? form : insertField(form, field, spot);
}

/** The sections in order, those without one first. */
const sectionKeys = (form: Form): (string | null)[] => [null, ...(form.sections ?? []).map(({ key }) => key)];

/** One step up or down, over the edge of its section into the next one. */
export function stepField(form: Form, key: string, by: -1 | 1): Form {
  const field = form.fields.find((one) => one.key === key);
  if (field === undefined) return form;
  const section = field.section ?? null;
  const peers = form.fields.filter((one) => inSection(one, section)).map((one) => one.key);
  const at = peers.indexOf(key) + by;
  if (at >= 0 && at < peers.length) return insertField(form, field, { section, before: by < 0 ? peers[at]! : (peers[at + 1] ?? null) });
  const sections = sectionKeys(form);
  const next = sections.indexOf(section) + by;
  if (next < 0 || next >= sections.length) return form;
  const target = sections[next] ?? null;
  const first = form.fields.find((one) => inSection(one, target));
  return insertField(form, field, { section: target, before: by < 0 ? null : (first?.key ?? null) });
}

export function removeField(form: Form, key: string): Form {
  return { ...form, fields: form.fields.filter((field) => field.key !== key) };
}

export function duplicateField(form: Form, key: string): { form: Form; key: string } {
  const field = form.fields.find((one) => one.key === key);
  if (field === undefined) return { form, key };
  const copy = { ...field, key: freeKey(key, form.fields.map((one) => one.key)) };
  const peers = form.fields.filter((one) => inSection(one, field.section ?? null));
  return { form: insertField(form, copy, { section: field.section ?? null, before: peers[peers.indexOf(field) + 1]?.key ?? null }), key: copy.key };
}

/** Changes properties; undefined takes one away. */
export function patched<Thing extends object>(thing: Thing, patch: Readonly<Record<string, unknown>>): Thing {
  return Object.fromEntries(Object.entries({ ...thing, ...patch }).filter(([, value]) => value !== undefined)) as Thing;
}

export function changeField(form: Form, key: string, patch: Readonly<Record<string, unknown>>): Form {
  return { ...form, fields: form.fields.map((field) => (field.key === key ? patched(field, patch) : field)) };
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, from, to));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => {
    const path = Array.isArray(inner) ? inner[0] : inner;
    if (name === 'var' && typeof path === 'string' && (path === `fields.${from}` || path.startsWith(`fields.${from}.`))) {
      const next = `fields.${to}${path.slice(`fields.${from}`.length)}`;
      return [name, Array.isArray(inner) ? [next, ...inner.slice(1)] : next];
    }
    return [name, renamed(inner, from, to)];
  }));
}

/** Gives a field another key, also in the rules that look at it. */
export function renameField(form: Form, from: string, to: string): Form {
  const fields = form.fields.map((field) => {
    const { required, visible, readOnly } = field;
    const rules = { required: renamed(required, from, to), visible: renamed(visible, from, to), readOnly: renamed(readOnly, from, to), ...(field.kind === 'formula' ? { formula: renamed(field.formula, from, to) } : {}), ...(field.kind === 'table' ? { columns: renamed(field.columns, from, to) } : {}) };
    return patched({ ...field, key: field.key === from ? to : field.key }, rules);
  });
  return { ...form, fields, ...(form.sections ? { sections: form.sections.map((section) => patched(section, { visible: renamed(section.visible, from, to) })) } : {}) };
}

export function addSection(form: Form): { form: Form; key: string } {
  const sections = form.sections ?? [];
  const key = freeKey('section', sections.map((one) => one.key));
  return { form: { ...form, sections: [...sections, { key, label: { zh: '新分组', en: 'New section' } }] }, key };
}

export function changeSection(form: Form, key: string, patch: Readonly<Record<string, unknown>>): Form {
  return { ...form, sections: (form.sections ?? []).map((section: Section) => (section.key === key ? patched(section, patch) : section)) };
}

export function stepSection(form: Form, key: string, by: -1 | 1): Form {
  const sections = [...(form.sections ?? [])];
  const at = sections.findIndex((section) => section.key === key);
  const to = at + by;
  if (at < 0 || to < 0 || to >= sections.length) return form;
  [sections[at], sections[to]] = [sections[to]!, sections[at]!];
  return { ...form, sections };
}

/** Takes a section away; its fields stay, without one. */
export function removeSection(form: Form, key: string): Form {
  const sections = (form.sections ?? []).filter((section) => section.key !== key);
  const fields = form.fields.map((field) => (field.section === key ? patched(field, { section: undefined }) : field));
  return patched({ ...form, fields }, { sections: sections.length === 0 ? undefined : sections }) as Form;
}

/** All keys of options, those of a tree with all below them. */
export const optionKeys = (options: readonly TreeOption[]): string[] => options.flatMap((option) => [option.key, ...optionKeys(option.children ?? [])]);
