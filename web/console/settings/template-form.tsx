import { useQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import type { CreateTicketTemplateBody, TicketTemplate } from '../../../contract/form.ts';
import type { Priority } from '../../../rules/ticket/lifecycle.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import { checklistTemplates } from '../data/desk.ts';
import { teams, ticketTypes } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { CategorySelect } from '../parts/category-select.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { PresetFields } from './preset-fields.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './templates-section.module.css';

type Values = {
  name: string; nameEn?: string; type?: string; subject?: string; description?: string; categoryId?: string; teamId?: string; priority: Priority | 'automatic';
  tags?: string[]; checklistIds?: string[]; checklist?: string; fields?: Record<string, unknown>;
};
const lines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
const kept = (text: string | undefined): string | null => (text?.trim() ? text.trim() : null);

function toBody(values: Values, fresh: boolean): CreateTicketTemplateBody {
  const nameEn = values.nameEn?.trim();
  return {
    name: values.name.trim(), ...(nameEn ? { nameEn } : fresh ? {} : { nameEn: null }), ...(fresh && values.type !== undefined ? { type: values.type } : {}),
    subject: kept(values.subject), description: kept(values.description), categoryId: values.categoryId ?? null, teamId: values.teamId ?? null,
    priority: values.priority === 'automatic' ? null : values.priority, tags: values.tags ?? [], checklist: lines(values.checklist ?? ''), checklistIds: values.checklistIds ?? [], fields: values.fields ?? {},
  };
}

/** Makes or changes a template (工单模板表单): whatever a ticket of its kind always says. */
export function TemplateForm({ template, onClose }: { template: TicketTemplate | null; onClose: () => void }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const types = useQuery(ticketTypes).data ?? [];
  return (
    <CreateForm<Values>
      title={template === null ? say('templates.new') : localName(template, language)}
      path={template === null ? '/ticket-templates' : `/ticket-templates/${template.id}`}
      version={template?.version}
      outdates={['ticket-templates', 'ticket-templates?archived=true']}
      initialValues={template === null ? { priority: 'automatic', type: types.find((type) => type.isDefault)?.id } : {
        name: template.name, nameEn: template.nameEn ?? '', type: template.type.id, subject: template.subject ?? '', description: template.description ?? '', categoryId: template.category?.id, teamId: template.team?.id,
        priority: template.priority ?? 'automatic', tags: template.tags, checklist: template.checklist.join('\n'), checklistIds: template.checklists.map(({ id }) => id), fields: template.fields,
      }}
      toBody={(values) => toBody(values, template === null)}
      fields={['name', 'nameEn', 'type', 'subject', 'description', 'categoryId', 'teamId', 'priority', 'tags', 'checklist', 'checklistIds']}
      onClose={onClose}
    >
      <Fields fresh={template === null} />
    </CreateForm>
  );
}

function Fields({ fresh }: { fresh: boolean }) {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const types = useQuery(ticketTypes).data ?? [];
  const teamList = useQuery({ ...teams, enabled: may('organization.read') }).data ?? [];
  const checklists = useQuery(checklistTemplates).data ?? [];
  const type = Form.useWatch<string | undefined>('type');
  const form = Form.useFormInstance<Values>();
  return (
    <>
      <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
      <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
      <Form.Item name="type" label={t('newTicket.type')} extra={fresh ? undefined : say('templates.typeStays')}>
        <Select disabled={!fresh} options={types.map((one) => ({ value: one.id, label: localName(one, language) }))} onChange={() => form.setFieldValue('fields', {})} />
      </Form.Item>
      <Form.Item name="subject" label={t('ticket.subject')} extra={say('templates.subjectHint')}><Input maxLength={200} /></Form.Item>
      <Form.Item name="description" label={t('ticket.description')}><Input.TextArea autoSize={{ minRows: 3, maxRows: 12 }} maxLength={20_000} /></Form.Item>
      <Form.Item name="categoryId" label={t('filter.category')}><Category /></Form.Item>
      <Form.Item name="priority" label={t('filter.priority')}>
        <Select options={[{ value: 'automatic', label: t('newTicket.automatic') }, ...priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) }))]} />
      </Form.Item>
      {teamList.length > 0 && (
        <Form.Item name="teamId" label={t('filter.team')} extra={say('templates.teamHint')}>
          <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={teamList.map((team) => ({ value: team.id, label: localName(team, language) }))} />
        </Form.Item>
      )}
      <Form.Item name="tags" label={t('ticket.tags')}><Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，']} maxCount={20} /></Form.Item>
      <Form.Item name="checklistIds" label={say('checklists.title')}><Select mode="multiple" maxCount={20} options={checklists.map((one) => ({ value: one.id, label: localName(one, language) }))} /></Form.Item>
      <Form.Item name="checklist" label={say('templates.items')} extra={say('macros.itemsHint')}><Input.TextArea autoSize={{ minRows: 2, maxRows: 10 }} /></Form.Item>
      {type !== undefined && (
        <section className={styles.presets}>
          <h3>{say('templates.fields')}</h3>
          <Form.Item name="fields" noStyle><PresetFields key={type} typeId={type} /></Form.Item>
        </section>
      )}
    </>
  );
}

function Category({ id, value, onChange = () => {} }: { id?: string; value?: string; onChange?: (id: string | undefined) => void }) {
  const { t } = useTexts();
  return <CategorySelect id={id} wholePath placeholder={t('ticket.chooseCategory')} value={value} onChange={onChange} />;
}
