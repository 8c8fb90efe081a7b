import { Form } from 'antd';
import type { ReactNode } from 'react';

/** What a control says of itself when its field is wrong. */
export function wrong(id: string, error: string | undefined): { 'aria-invalid'?: true; 'aria-describedby'?: string } {
  return error === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `${id}-error` };
}

/** A labelled field of a form that keeps its values itself (表单项); what is wrong stands below it. */
export function FieldItem({ id, label, error, extra, children }: { id: string; label: string; error?: string; extra?: ReactNode; children: ReactNode }) {
  return (
    <Form.Item
      label={label}
      htmlFor={id}
      extra={extra}
      validateStatus={error === undefined ? undefined : 'error'}
      help={error === undefined ? undefined : <span id={`${id}-error`}>{error}</span>}
    >
      {children}
    </Form.Item>
  );
}

/** Sets the focus on a control, in sight. */
export function focusControl(id: string): void {
  const control = document.getElementById(id);
  control?.scrollIntoView({ block: 'center' });
  control?.focus({ preventScroll: true });
}
