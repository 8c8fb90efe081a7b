import { Type, type Static } from 'typebox';
import { fieldKinds, formLimits, type Form as FormRule } from '../rules/forms/form.ts';
import { priorities, ticketStatuses, waitingReasons } from '../rules/ticket/lifecycle.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const nameEn = Type.Optional(Nullable(Type.String({ maxLength: limits.name })));
const description = Type.Optional(Nullable(Type.String({ maxLength: 1_000 })));
const position = Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, description: 'Place among its siblings, from 0; the others make room' }));
const active = Type.Optional(Type.Boolean({ description: 'false archives it: nothing new takes it, what has it keeps it; true takes it back into use' }));
const words = (maxLength: number) => ({ type: 'object', required: ['zh'], additionalProperties: false, properties: { zh: { type: 'string', maxLength }, en: { type: 'string', maxLength } } });

/** How many of each an organization may have. */
export const configurationLimits = { ticketTypes: 200, statuses: 100, templates: 1_000 } as const;

/** Lists of what can be archived. */
export const ListArchivable = Closed({ ...pageQuery, archived: Type.Optional(Type.Boolean({ description: 'Whether those no longer in use are listed too; they are not when absent' })) });
export type ListArchivable = Static<typeof ListArchivable>;

/**
 * A form (表单): the fields of a ticket type as data. Only its outline is described here; what each kind of field may
 * say is checked by the rule that both faces and the server share, and told field by field.
 */
export const Form = Type.Unsafe<FormRule>({
  title: 'Form', type: 'object', required: ['fields'], additionalProperties: false,
  properties: {
    fields: {
      type: 'array', maxItems: formLimits.fields, description: 'In the order they are shown',
      items: {
        title: 'FieldDefinition', type: 'object', required: ['key', 'kind', 'label'],
        properties: {
          key: { type: 'string', minLength: 1, maxLength: formLimits.key, description: 'Stable: a field is never given another kind under the same key' },
          kind: { type: 'string', enum: [...fieldKinds] },
          label: words(formLimits.label),
        },
      },
    },
    sections: {
      type: 'array', maxItems: formLimits.sections,
      items: {
        title: 'FormSection', type: 'object', required: ['key', 'label'],
        properties: { key: { type: 'string', minLength: 1, maxLength: formLimits.key }, label: words(formLimits.label) },
      },
    },
  },
});

/** What is wrong with a draft, beside the field it concerns. */
export const FormProblem = Closed({
  path: Type.String({ description: 'JSON pointer into the form, such as /fields/3/formula' }),
  field: Nullable(Type.String({ description: 'Key of the field' })),
  code: Type.String(),
  message: Type.String({ description: 'In the language of Accept-Language' }),
}, { title: 'FormProblem' });
export type FormProblem = Static<typeof FormProblem>;

/** Something that looks at a field the draft no longer has. */
export const FieldUse = Closed({
  field: Type.String(),
  kind: OneOf(['view', 'template', 'macro', 'automation_rule', 'flow'], { description: 'What uses it' }),
  id: Id,
  name: Type.String({ description: 'Empty when it belongs to somebody else alone' }),
}, { title: 'FieldUse' });
export type FieldUse = Static<typeof FieldUse>;

/** One line of the list of ticket types. */
export const TicketTypeSummary = Closed({
  id: Id, key: Type.String(), name: Type.String(), nameEn: Nullable(Type.String()), description: Nullable(Type.String()),
  isDefault: Type.Boolean(), offered: Type.Boolean({ description: 'Whether customers may choose it at the portal; the default one is always there' }), active: Type.Boolean(), position: Type.Integer(),
  formVersion: Type.Integer({ description: 'The published version of its form' }),
  hasDraft: Type.Boolean({ description: 'Whether changes of its form wait to be published' }),
  fields: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of each field of the published form' }),
  version: Type.Integer(),
}, { title: 'TicketTypeSummary' });
export type TicketTypeSummary = Static<typeof TicketTypeSummary>;
export const TicketTypePage = Page(TicketTypeSummary);

/** A ticket type in full (工单类型). */
export const TicketType = Closed({
  ...TicketTypeSummary.properties,
  form: Form,
  schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of the values, derived from the published form' }),
}, { title: 'TicketType' });
export type TicketType = Static<typeof TicketType>;

export const CreateTicketType = Closed({
  key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: 'Stable name for programs' }),
  name, nameEn, description, offered: Type.Optional(Type.Boolean()),
  copyFrom: Type.Optional(Id),
  form: Type.Optional(Form),
}, { title: 'CreateTicketType' });
export type CreateTicketType = Static<typeof CreateTicketType>;

export const UpdateTicketType = Closed({
  name: Type.Optional(name), nameEn, description, position, active, offered: Type.Optional(Type.Boolean()),
  isDefault: Type.Optional(Type.Literal(true, { description: 'Makes it the type of requests that name none' })),
}, { title: 'UpdateTicketType', minProperties: 1 });
export type UpdateTicketType = Static<typeof UpdateTicketType>;

/** The form as it is being worked on (草稿); the published one where nothing has been changed. */
export const FormDraft = Closed({
  typeId: Id,
  form: Form,
  basedOn: Type.Integer({ description: 'The published version when the draft was begun' }),
  published: Type.Integer({ description: 'The published version now' }),
  changed: Type.Boolean({ description: 'Whether there is anything to publish' }),
  changedAt: NullableTimestamp,
  changedBy: Nullable(Reference),
  problems: Type.Array(FormProblem, { description: 'What keeps it from being published' }),
  uses: Type.Array(FieldUse, { description: 'What looks at fields that are about to go' }),
  version: Type.Integer(),
}, { title: 'FormDraft' });
export type FormDraft = Static<typeof FormDraft>;

export const UpdateFormDraft = Closed({ form: Form }, { title: 'UpdateFormDraft' });
export const CheckForm = Closed({ form: Form }, { title: 'CheckForm' });
export const FormCheck = Closed({ problems: Type.Array(FormProblem), uses: Type.Array(FieldUse) }, { title: 'FormCheck' });
export const PublishForm = Closed({ note: Type.Optional(Type.String({ maxLength: 500, description: 'What changed, for colleagues' })) }, { title: 'PublishForm' });

/** One line of a form's history (版本). */
export const FormVersionSummary = Closed({
  number: Type.Integer(), publishedAt: Timestamp, publishedBy: Nullable(Closed({ id: Nullable(Id), name: Nullable(Type.String()) })), note: Nullable(Type.String()),
  restored: Nullable(Type.Integer({ description: 'The earlier version that was published anew' })),
  current: Type.Boolean(), fieldCount: Type.Integer(),
}, { title: 'FormVersionSummary' });
export const FormVersionPage = Page(FormVersionSummary);
/** One version of a form in full; it never changes. */
export const FormVersion = Closed({
  ...FormVersionSummary.properties, typeId: Id, form: Form,
  schema: Type.Record(Type.String(), Type.Unknown()),
}, { title: 'FormVersion' });
export type FormVersion = Static<typeof FormVersion>;

const versionName = Type.String({ pattern: '^([1-9][0-9]{0,8}|draft)$', description: 'A version’s number, or `draft`' });
export const CompareForms = Closed({ from: versionName, to: versionName }, { title: 'CompareForms' });
/** What differs between two versions of a form (版本对比). */
export const FormDifference = Closed({
  from: Type.String(), to: Type.String(),
  fields: Type.Array(Closed({
    key: Type.String(), change: OneOf(['added', 'removed', 'changed', 'moved']),
    label: Closed({ zh: Type.String(), en: Type.Optional(Type.String()) }),
    properties: Type.Array(Closed({ property: Type.String(), before: Type.Unknown(), after: Type.Unknown() }), { description: 'null where it was not there' }),
  })),
  sections: Type.Array(Closed({
    key: Type.String(), change: OneOf(['added', 'removed', 'changed', 'moved']),
    label: Closed({ zh: Type.String(), en: Type.Optional(Type.String()) }),
    properties: Type.Array(Closed({ property: Type.String(), before: Type.Unknown(), after: Type.Unknown() })),
  })),
}, { title: 'FormDifference' });
export type FormDifference = Static<typeof FormDifference>;

/** Colours a status may have, by the faces' tokens. */
export const statusColors = ['neutral', 'accent', 'success', 'warning', 'danger', 'violet', 'teal'] as const;

/** A status of an organization's own (自定义状态), in one of the fixed classes. */
export const TicketStatus = Closed({
  id: Id, class: OneOf(ticketStatuses), name: Type.String(), nameEn: Nullable(Type.String()), color: OneOf(statusColors),
  waitingFor: Nullable(OneOf(waitingReasons, { description: 'Of the class waiting: for whom' })),
  active: Type.Boolean(), position: Type.Integer(), version: Type.Integer(),
}, { title: 'TicketStatus' });
export type TicketStatus = Static<typeof TicketStatus>;
export const TicketStatusPage = Page(TicketStatus);
export const CreateTicketStatus = Closed({
  class: OneOf(ticketStatuses), name, nameEn, color: Type.Optional(OneOf(statusColors)),
  waitingFor: Type.Optional(OneOf(waitingReasons, { description: 'Needed in the class waiting, and only there' })),
}, { title: 'CreateTicketStatus' });
export const UpdateTicketStatus = Closed({
  name: Type.Optional(name), nameEn, color: Type.Optional(OneOf(statusColors)), waitingFor: Type.Optional(OneOf(waitingReasons)), position, active,
}, { title: 'UpdateTicketStatus', minProperties: 1 });

const presets = {
  subject: Type.Optional(Nullable(Type.String({ maxLength: limits.subject }))),
  description: Type.Optional(Nullable(Type.String({ maxLength: limits.description }))),
  categoryId: Type.Optional(Nullable(Id)),
  teamId: Type.Optional(Nullable(Id)),
  priority: Type.Optional(Nullable(OneOf(priorities))),
  fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: formLimits.fields })),
  tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: limits.tags, uniqueItems: true })),
  checklist: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200, pattern: visible }), { maxItems: 50, description: 'Items the ticket’s checklist starts with' })),
  checklistIds: Type.Optional(Type.Array(Id, { maxItems: 20, uniqueItems: true, description: 'Checklist templates that are put onto the ticket' })),
};

/** What a new ticket can start from (工单模板). */
export const TicketTemplate = Closed({
  id: Id, name: Type.String(), nameEn: Nullable(Type.String()), type: Closed({ id: Id, key: Type.String(), name: Type.String() }),
  subject: Nullable(Type.String()), description: Nullable(Type.String()), category: Nullable(Closed({ id: Id, path: Type.Array(Type.String()) })), team: Nullable(Reference),
  priority: Nullable(OneOf(priorities)), fields: Type.Record(Type.String(), Type.Unknown()), tags: Type.Array(Type.String()), checklist: Type.Array(Type.String()), checklists: Type.Array(Reference),
  active: Type.Boolean(), position: Type.Integer(), version: Type.Integer(),
}, { title: 'TicketTemplate' });
export type TicketTemplate = Static<typeof TicketTemplate>;
export const TicketTemplatePage = Page(TicketTemplate);
export const ListTicketTemplates = Closed({ ...ListArchivable.properties, type: Type.Optional(Id) });
export const CreateTicketTemplate = Closed({ name, nameEn, type: Type.Optional(Type.String({ maxLength: 64, description: 'Id or key of the ticket type; the default one when absent' })), ...presets }, { title: 'CreateTicketTemplate' });
export type CreateTicketTemplateBody = Static<typeof CreateTicketTemplate>;
export const UpdateTicketTemplate = Closed({ name: Type.Optional(name), nameEn, position, active, ...presets }, { title: 'UpdateTicketTemplate', minProperties: 1 });
export type UpdateTicketTemplateBody = Static<typeof UpdateTicketTemplate>;
