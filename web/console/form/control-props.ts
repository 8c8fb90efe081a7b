import type { Column, FieldDefinition } from '../../../rules/forms/form.ts';

/** What the control of a field is given (字段控件). */
export type ControlProps<Field extends FieldDefinition | Column = FieldDefinition | Column> = {
  field: Field;
  id: string;
  /** Where it stands: `key`, or `table/0/column`. */
  path: string;
  value: unknown;
  required: boolean;
  invalid: boolean;
  describedBy?: string;
  /** What is wrong, by path; for what has parts. */
  errors: Readonly<Record<string, string>>;
  /** The rows of a table as the rule sees them, with their formulas reckoned. */
  rows?: unknown;
  /** The control stands in a table, whose head is its label. */
  label?: string;
  onChange: (value: unknown) => void;
  onLeave: () => void;
};
