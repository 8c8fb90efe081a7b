import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form } from 'antd';
import { useRef, useState, type ReactNode } from 'react';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { fieldWords } from '../parts/field-words.ts';
import { useWide } from '../parts/wide.ts';
import { useCustomerTexts } from './texts.ts';
import { ContestBox, type Chosen } from './contest-box.tsx';
import { compareEdits, isEmpty, sameValue, type Contest } from './compare-edits.ts';
import styles from './edit-form.module.css';

/** A field of the form by its name, with what it is called and how its value reads in one line. */
export type EditField = { name: string; label: string; show?: (value: unknown) => ReactNode };

type Props<Values extends object, Record> = {
  title: string;
  /** Where the values go: POST to it for a new record, PATCH for one that is there. */
  path: string;
  /** The record as it was when the form opened; absent for a new one. */
  version?: number | undefined;
  values: Partial<Values>;
  fields: readonly EditField[];
  /** The request of what is to be saved: everything that was filled in of a new record, what was changed of another. */
  toBody: (values: Partial<Values>) => object;
  /** The record as it is now, asked for when somebody else was quicker. */
  reload?: () => Promise<{ version: number; values: Partial<Values> }>;
  /** The cached lists that change with it, by the first part of their keys. */
  outdates: readonly string[];
  /** Fields a refusal may name beside those of the form, and the field it is shown at. */
  placedAt?: Readonly<{ [path: string]: string }>;
  onClose: () => void;
  onDone?: (record: Record) => void;
  children: ReactNode;
};

const plain = (path: string): string => path.replace(/^\//, '');

/**
 * A form in a drawer that makes or changes a record (编辑表单). Only what was changed is sent. When somebody else saved in
 * the meantime, their changes are taken in, and where both changed the same one chooses; nothing typed is lost.
 */
export function EditForm<Values extends object, Record = unknown>(props: Props<Values, Record>) {
  const { title, path, values, fields, toBody, reload, outdates, placedAt = {}, onClose, onDone, children } = props;
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const wide = useWide(560);
  const [form] = Form.useForm<Values>();
  const base = useRef<{ version: number | undefined; values: Partial<Values> }>({ version: props.version, values });
  const [contest, setContest] = useState<{ both: Contest[]; chosen: Chosen } | null>(null);
  const isNew = props.version === undefined;
  const named = (path: string): string => placedAt[plain(path)] ?? plain(path).split('/')[0] ?? '';
  const placed = [...fields.map(({ name }) => name), ...Object.keys(placedAt)];

  const save = useMutation({
    mutationFn: async (typed: Values): Promise<Record | null> => {
      const entries = Object.entries(typed);
      if (isNew) return postOnce<Record>(path, toBody(Object.fromEntries(entries.filter(([, value]) => !isEmpty(value))) as Partial<Values>));
      const changed = entries.filter(([name, value]) => !sameValue(value, base.current.values[name as keyof Values]));
      if (changed.length === 0) return null;
      const body = toBody(Object.fromEntries(changed) as Partial<Values>);
      if (Object.keys(body).length === 0) return null;
      return (await api.patch<Record>(path, body, { ifMatch: `"${base.current.version}"` })).data;
    },
    onSuccess: (record) => {
      for (const name of outdates) void queryClient.invalidateQueries({ queryKey: [name] });
      if (record !== null) {
        void message.success(isNew ? t('common.created') : t('common.saved'));
        onDone?.(record);
      }
      onClose();
    },
    onError: async (error) => {
      const problem = asProblem(error);
      if (problem.status === 412 && reload !== undefined) return takeIn();
      const refused = problem.errors.filter((one) => placed.includes(plain(one.path)) || placed.includes(plain(one.path).split('/')[0] ?? ''));
      form.setFields(refused.map((one) => ({ name: named(one.path) as never, errors: [fieldWords(one)] })));
      if (refused[0] !== undefined) form.scrollToField(named(refused[0].path) as never, { block: 'center', focus: true });
    },
  });
  const stale = save.isError && asProblem(save.error).status === 412;

  async function takeIn(): Promise<void> {
    const theirs = await reload?.().catch(() => undefined);
    if (theirs === undefined) return;
    const mine = form.getFieldsValue(true) as Values;
    const { adopted, both } = compareEdits(fields.map(({ name }) => name), base.current.values, mine, theirs.values);
    base.current = theirs;
    form.setFieldsValue(adopted as Parameters<typeof form.setFieldsValue>[0]);
    setContest({ both, chosen: Object.fromEntries(both.map(({ name }) => [name, 'mine'])) });
  }

  function choose({ name, mine, theirs }: Contest, which: 'mine' | 'theirs'): void {
    setContest((before) => before && { ...before, chosen: { ...before.chosen, [name]: which } });
    form.setFieldsValue({ [name]: which === 'mine' ? mine : theirs } as Parameters<typeof form.setFieldsValue>[0]);
  }

  const words = (name: string, value: unknown): ReactNode => {
    if (isEmpty(value)) return <span className={styles.empty}>{say('conflict.empty')}</span>;
    const shown = fields.find((field) => field.name === name)?.show?.(value);
    return shown ?? (Array.isArray(value) ? value.join(t('common.listSeparator')) : String(value));
  };

  return (
    <Drawer
      open
      size={wide ? 480 : '100%'}
      title={title}
      onClose={onClose}
      footer={
        <div className={styles.foot}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {isNew ? t('common.create') : t('common.save')}
          </Button>
        </div>
      }
    >
      <Form form={form} className={styles.fields} layout="vertical" validateTrigger="onBlur" initialValues={values as Parameters<typeof form.setFieldsValue>[0]} onFinish={(typed: Values) => save.mutate({ ...(form.getFieldsValue(true) as Values), ...typed })} scrollToFirstError={{ block: 'center', focus: true }}>
        {save.isError && !(stale && contest !== null) && (
          <div className={styles.problem}>
            <ProblemAlert error={save.error} placed={placed} />
          </div>
        )}
        {contest !== null && (
          <ContestBox both={contest.both} chosen={contest.chosen} label={(name) => fields.find((field) => field.name === name)?.label ?? name} words={words} onChoose={choose} />
        )}
        {children}
        <button type="submit" hidden />
      </Form>
    </Drawer>
  );
}
