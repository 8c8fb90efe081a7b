import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Input, Modal } from 'antd';
import { useState } from 'react';
import type { FormDraft, TicketType } from '../../../../contract/form.ts';
import { compareForms } from '../../../../rules/forms/compare-forms.ts';
import type { Form } from '../../../../rules/forms/form.ts';
import { api } from '../../../ui/api.ts';
import { ProblemAlert } from '../../../ui/react/index.ts';
import { Property } from './property-controls.tsx';
import { useSettingsTexts } from '../settings-texts.ts';
import { Differences } from './differences.tsx';
import styles from './designer.module.css';

type Props = { typeId: string; published: Form; draft: FormDraft; onClose: () => void; onPublished: (draft: FormDraft) => void };

/** What is about to change, and why (发布): then the draft becomes the next version. */
export function PublishDialog({ typeId, published, draft, onClose, onPublished }: Props) {
  const { t: say } = useSettingsTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [note, setNote] = useState('');
  const { fields, sections } = compareForms(published, draft.form);
  const check = useQuery({ queryKey: ['form-draft', typeId, 'uses', draft.version], queryFn: async () => (await api.get<FormDraft>(`/ticket-types/${typeId}/draft`)).data.uses, gcTime: 0 });
  const publish = useMutation({
    mutationFn: async () => {
      const { data: type } = await api.post<TicketType>(`/ticket-types/${typeId}/publish`, note.trim() === '' ? {} : { note: note.trim() }, { ifMatch: `"${draft.version}"` });
      return { type, draft: (await api.get<FormDraft>(`/ticket-types/${typeId}/draft`)).data };
    },
    onSuccess: (done) => {
      void queryClient.invalidateQueries({ queryKey: ['ticket-types'] });
      void message.success(say('publish.done', { version: done.type.formVersion }));
      onPublished(done.draft);
      onClose();
    },
  });
  return (
    <Modal open width={640} title={say('publish.title')} onCancel={onClose} okText={say('designer.publish')} confirmLoading={publish.isPending} onOk={() => publish.mutate()}>
      {publish.isError && <ProblemAlert error={publish.error} />}
      {(check.data?.length ?? 0) > 0 && (
        <div className={styles.uses} role="alert">
          <strong>{say('designer.usesTitle')}</strong>
          <ul>{check.data?.map((use) => <li key={`${use.field} ${use.id}`}>{say('designer.uses', { field: use.field, name: use.name === '' ? say('designer.someonesView') : use.name })}</li>)}</ul>
        </div>
      )}
      <Property label={say('publish.note')}>
        <Input.TextArea autoFocus autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} placeholder={say('publish.noteExample')} value={note} onChange={(event) => setNote(event.target.value)} />
      </Property>
      <h3 className={styles.propertiesTitle}>{say('publish.changes')}</h3>
      <Differences fields={fields} sections={sections} />
    </Modal>
  );
}
