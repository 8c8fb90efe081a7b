import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form, type FormProps } from 'antd';
import type { ReactNode } from 'react';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { fieldWords } from './field-words.ts';
import { useWide } from './wide.ts';
import styles from './create-form.module.css';

type Props<Values extends object, Record> = {
  title: string;
  /** Where the values go: POST to `/path`, or PATCH when `version` is given. */
  path: string;
  version?: number;
  /** The cached lists that change with it, by the first part of their keys. */
  outdates: readonly string[];
  initialValues?: Partial<Values>;
  /** What the server is sent; what was left empty is left out. */
  toBody?: (values: Values) => object;
  /** The fields at which a refusal can stand, by their path. */
  fields: readonly string[];
  /** In pixels, for what needs more room. */
  width?: number;
  onClose: () => void;
  onDone?: (record: Record) => void;
  children: ReactNode;
};

/** Leaves out what was left empty: the API takes absent, not blank. */
function filled(values: object): object {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => {
    const plain = typeof value === 'string' ? value.trim() : value;
    return plain === '' || plain === undefined || plain === null ? [] : [[name, plain]];
  }));
}

const plain = (path: string): string => path.replace(/^\//, '');

/** A form in a drawer that makes or changes one record (新建与编辑). Refusals stand beside their fields; nothing typed is lost. */
export function CreateForm<Values extends object, Record = unknown>(props: Props<Values, Record>) {
  const { title, path, version, outdates, initialValues, toBody = filled, fields, width = 480, onClose, onDone, children } = props;
  const { t } = useTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const wide = useWide(width + 80);
  const [form] = Form.useForm<Values>();

  const save = useMutation({
    mutationFn: async (values: Values) =>
      version === undefined
        ? postOnce<Record>(path, toBody(values))
        : (await api.patch<Record>(path, toBody(values), { ifMatch: `"${version}"` })).data,
    onSuccess: (record) => {
      for (const name of outdates) void queryClient.invalidateQueries({ queryKey: [name] });
      void message.success(version === undefined ? t('common.created') : t('common.saved'));
      onDone?.(record);
      onClose();
    },
    onError: (error) => {
      const refused = asProblem(error).errors.filter(({ path }) => fields.includes(plain(path)));
      form.setFields(refused.map((one) => ({ name: plain(one.path).split('/') as never, errors: [fieldWords(one)] })));
      if (refused[0] !== undefined) form.scrollToField(plain(refused[0].path).split('/') as never, { block: 'center', focus: true });
    },
  });

  const submit: FormProps<Values>['onFinish'] = (values) => save.mutate(values);
  return (
    <Drawer
      open
      size={wide ? width : '100%'}
      title={title}
      onClose={onClose}
      footer={
        <div className={styles.foot}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => form.submit()}>
            {version === undefined ? t('common.create') : t('common.save')}
          </Button>
        </div>
      }
    >
      <Form form={form} className={styles.fields} layout="vertical" validateTrigger="onBlur" initialValues={initialValues as Parameters<typeof form.setFieldsValue>[0]} onFinish={submit} scrollToFirstError={{ block: 'center', focus: true }}>
        {save.isError && (
          <div className={styles.problem}>
            <ProblemAlert error={save.error} placed={fields} />
          </div>
        )}
        {children}
        <button type="submit" hidden />
      </Form>
    </Drawer>
  );
}
