import type { Rule } from '../conditions/json.ts';

/** Words in Chinese, and in English where there are any. */
export interface Words { zh: string; en?: string }

/** Kinds of fields (字段类型). */
export const fieldKinds = [
  'text', 'long_text', 'number', 'money', 'date', 'time', 'date_time', 'boolean', 'choice', 'choices', 'tree',
  'person', 'customer', 'asset', 'place', 'file', 'signature', 'formula', 'table',
] as const;
export type FieldKind = (typeof fieldKinds)[number];

/** Kinds a column of a table may have. */
export const columnKinds = ['text', 'long_text', 'number', 'money', 'date', 'time', 'date_time', 'boolean', 'choice', 'choices', 'person', 'customer', 'asset', 'formula'] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** Named formats of texts (文本格式); there are no free patterns, see the README. */
export const textFormats = ['phone', 'email', 'url', 'cn_id', 'cn_uscc', 'cn_plate', 'cn_postcode', 'digits'] as const;
export type TextFormat = (typeof textFormats)[number];

/** Limits of every form: what is beyond is refused. Lengths in characters (code points); `steps` of all rules of a form together, each time it is applied. */
export const formLimits = {
  fields: 300, sections: 50, options: 2_000, treeDepth: 5, columns: 20, rows: 200, key: 63, label: 100, help: 1_000, unit: 20, mask: 60,
  text: 500, longText: 20_000, files: 20, decimals: 6, magnitude: 999_999_999_999_999, formBytes: 1_000_000, steps: 100_000,
} as const;

/** What a field's or section's key looks like; an option's key may also begin with a digit and hold `-` and `.`. */
export const keyPattern = /^[a-z][a-zA-Z0-9_]{0,62}$/;
export const optionKeyPattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/;

/** Always, never, or by a JsonLogic rule over {@link FormVariables}. */
export type Condition = Rule;

/** One of several answers (选项). It is retired, never removed, once a ticket may hold it. */
export interface Option { key: string; label: Words; retired?: boolean; color?: string }
export interface TreeOption extends Option { children?: TreeOption[] }

interface Base {
  /** Stable; a field is never given another kind under the same key. */
  key: string;
  label: Words;
  help?: Words;
  /** Key of the section it stands in. */
  section?: string;
  /** An empty answer is refused; false when absent. */
  required?: Condition;
  /** True when absent. */
  visible?: Condition;
  /** False when absent. */
  readOnly?: Condition;
  /** Who may see it at all (可见范围); staff only, when absent. */
  audience?: 'staff' | 'everyone';
  /** Shown masked wherever answers are shown, with the formulas that read it; revealing is recorded. For texts, long ones too, not in tables. */
  masked?: boolean;
  /** Wants an index, so that views may sort and filter by it at speed. */
  indexed?: boolean;
  width?: 'half' | 'full';
}

/** A day as `YYYY-MM-DD`, or relative to the day of filling in: `today`, `today+7`, `today-30`. */
export type DayLimit = string;

export interface TextField extends Base { kind: 'text'; default?: string; minLength?: number; maxLength?: number; format?: TextFormat; /** `9` digit, `A` capital letter, `a` letter, `*` letter or digit, `\` takes the next character literally; all else stands for itself. */ mask?: string; placeholder?: Words }
export interface LongTextField extends Base { kind: 'long_text'; default?: string; minLength?: number; maxLength?: number; placeholder?: Words }
/** `decimals`: how many places are kept, 0 when absent. */
export interface NumberField extends Base { kind: 'number'; default?: number; min?: number; max?: number; decimals?: number; unit?: Words }
/** `min`, `max` in minor units of the first currency. */
export interface MoneyField extends Base { kind: 'money'; currencies: string[]; default?: Money; min?: number; max?: number }
export interface DateField extends Base { kind: 'date'; default?: DayLimit; min?: DayLimit; max?: DayLimit }
/** `default`, `min`, `max` as `HH:MM`; `step` in minutes. */
export interface TimeField extends Base { kind: 'time'; default?: string; min?: string; max?: string; step?: number }
/** `default` may be `now`; `min`, `max` are days in the organization's time zone, both included. */
export interface DateTimeField extends Base { kind: 'date_time'; default?: string; min?: DayLimit; max?: DayLimit }
export interface BooleanField extends Base { kind: 'boolean'; default?: boolean }
export interface ChoiceField extends Base { kind: 'choice'; options: Option[]; default?: string }
export interface ChoicesField extends Base { kind: 'choices'; options: Option[]; default?: string[]; minItems?: number; maxItems?: number }
/** `leavesOnly`: only entries without children may be chosen. Keys are unique in the whole tree. */
export interface TreeField extends Base { kind: 'tree'; options: TreeOption[]; leavesOnly?: boolean; default?: string }
/** `default` of a person may be `me`. */
export interface PersonField extends Base { kind: 'person'; default?: string; teams?: string[] }
export interface CustomerField extends Base { kind: 'customer' }
export interface AssetField extends Base { kind: 'asset' }
export interface PlaceField extends Base { kind: 'place'; coordinates?: 'optional' | 'required' }
export type FileFamily = 'image' | 'video' | 'audio' | 'pdf' | 'document';
export interface FileField extends Base { kind: 'file'; minItems?: number; maxItems?: number; accept?: FileFamily[] }
export interface SignatureField extends Base { kind: 'signature' }
export type FormulaResult = 'number' | 'money' | 'text' | 'boolean' | 'date';
/** Reckoned, never typed. A money result is reckoned in minor units. `decimals`: 2 when absent (numbers only). */
export interface FormulaField extends Base { kind: 'formula'; formula: Rule; result: FormulaResult; decimals?: number; currency?: string; unit?: Words }
export interface TableField extends Base { kind: 'table'; columns: Column[]; minRows?: number; maxRows?: number }

export type FieldDefinition =
  | TextField | LongTextField | NumberField | MoneyField | DateField | TimeField | DateTimeField | BooleanField | ChoiceField | ChoicesField | TreeField
  | PersonField | CustomerField | AssetField | PlaceField | FileField | SignatureField | FormulaField | TableField;
/** A column of a table; its rules may also look at `row`. Columns are shown or not for the whole table: `visible` is not theirs. */
export type Column = Extract<FieldDefinition, { kind: ColumnKind }>;

/** A group of fields under one heading (分组). */
export interface Section { key: string; label: Words; help?: Words; visible?: Condition }

/** A form as data (表单): fields in the order they are shown. */
export interface Form { fields: FieldDefinition[]; sections?: Section[] }

/** Integer minor units and an ISO 4217 code: {amount: 1250, currency: 'CNY'} is ¥12.50. */
export interface Money { amount: number; currency: string }
/** WGS-84. */
export interface Place { lat?: number | null; lng?: number | null; address?: string | null }

/** Answers by field key (表单值). null: left empty on purpose; absent: never answered. */
export type FormValues = Readonly<Record<string, unknown>>;

/** The ticket's part of what a rule may look at: `ticket.status`, … Ids of what is referred to. */
export interface TicketVariables {
  status?: string; statusId?: string | null; priority?: string; type?: string; category?: string | null; channel?: string; team?: string | null; department?: string | null;
  assignee?: string | null; waitingFor?: string | null; tags?: readonly string[]; subject?: string; customer?: string | null; customerTier?: string | null; asset?: string | null;
}
/** The acting person's part: `actor.kind`, … `roles` are the keys of their roles. */
export interface ActorVariables { kind: 'staff' | 'customer' | 'api_key' | 'system' | 'rule'; id?: string | null; teams?: readonly string[]; departments?: readonly string[]; roles?: readonly string[] }

export const ticketVariables = ['status', 'statusId', 'priority', 'type', 'category', 'channel', 'team', 'department', 'assignee', 'waitingFor', 'tags', 'subject', 'customer', 'customerTier', 'asset'] as const;
export const actorVariables = ['kind', 'id', 'teams', 'departments', 'roles'] as const;

/** All a form's rules may look at; `row` in a table's columns. `now` RFC 3339, `today` YYYY-MM-DD in the organization's time zone. */
export interface FormVariables {
  fields: FormValues;
  ticket: TicketVariables;
  actor: ActorVariables;
  now: string;
  today: string;
  row?: FormValues;
}

/** How a form is being filled in. */
export interface ApplyOptions {
  /** create: defaults are filled in; update: `values` are changes over `previous`; import: old data, read-only and retired options are let through. */
  mode: 'create' | 'update' | 'import';
  previous?: FormValues;
  ticket?: TicketVariables;
  actor: ActorVariables;
  /** RFC 3339. */
  now: string;
  /** IANA; for `today`. */
  timeZone: string;
  /** Keys whose problems are told; all of them when absent. In an update also those changed, and what the change brought about; when absent, these alone. */
  touched?: readonly string[];
}

/** What is wrong with an answer: `path` is a JSON pointer into the values. Sentences: contract/form-problems.ts. */
export interface ValueProblem { path: string; code: ValueProblemCode; params?: Readonly<Record<string, string | number>> }

export const valueProblemCodes = [
  'required', 'type', 'unknown_field', 'read_only', 'hidden', 'minLength', 'maxLength', 'minimum', 'maximum', 'decimals', 'minItems', 'maxItems', 'minRows', 'maxRows',
  'format', 'mask', 'text', 'option', 'option_retired', 'leaf', 'currency', 'date', 'time', 'date_time', 'step', 'place', 'reference', 'too_long',
] as const;
export type ValueProblemCode = (typeof valueProblemCodes)[number];

/** Why a formula has no value. */
export const formulaFailures = ['missing', 'division_by_zero', 'not_a_number', 'too_large', 'wrong_type', 'too_long', 'bad_rule'] as const;
export type FormulaFailure = (typeof formulaFailures)[number];

/** How one field is to be drawn now. */
export interface FieldState {
  visible: boolean;
  required: boolean;
  readOnly: boolean;
  /** Why a formula's value is null. */
  failure?: FormulaFailure;
}

/** What became of the answers. Without problems, `values` are what is stored. */
export interface AppliedForm {
  values: Record<string, unknown>;
  problems: ValueProblem[];
  /** By field key. */
  states: Record<string, FieldState>;
}
