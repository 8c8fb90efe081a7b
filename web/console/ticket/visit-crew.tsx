import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { VisitSummary } from '../../../contract/visit.ts';
import { isVisitOver } from '../../../rules/ticket/visit-lifecycle.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { usePreferenceTexts } from '../dispatch/preference-texts.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import { CrewSelect } from './crew-select.tsx';
import styles from './visit-progress.module.css';

/** Who comes along to a visit (同行人员), and a change of that by whoever may give the ticket out. */
export function VisitCrew({ visit }: { visit: VisitSummary }) {
  const { t, language } = useTexts();
  const { t: say } = usePreferenceTexts();
  const { may } = useSession();
  const [changing, setChanging] = useState(false);
  const mayChange = may('ticket.assign') && !isVisitOver(visit.status);
  if (visit.members.length === 0 && !mayChange) return null;
  return (
    <p className={styles.crew}>
      {visit.members.length > 0 && <span>{say('crew.title')}{t('common.colon')}{visit.members.map(({ name }) => name).join(language === 'en' ? ', ' : '、')}</span>}
      {mayChange && <Button type="link" size="small" onClick={() => setChanging(true)}>{say('crew.change')}</Button>}
      {changing && <Change visit={visit} onClose={() => setChanging(false)} />}
    </p>
  );
}

function Change({ visit, onClose }: { visit: VisitSummary; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = usePreferenceTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [members, setMembers] = useState([...visit.members]);
  const [override, setOverride] = useState('');
  const save = useMutation({
    mutationFn: () => api.patch(`/visits/${visit.id}/members`, { members: members.map(({ id }) => id), ...(override.trim() === '' ? {} : { override: override.trim() }) }, { ifMatch: `"${visit.version}"` }),
    onSuccess: () => {
      void message.success(say('crew.saved'));
      onClose();
    },
    onSettled: () => {
      for (const name of ['ticket', 'tickets', 'proposals']) void queryClient.invalidateQueries({ queryKey: [name] });
    },
  });
  const refused = save.isError && asProblem(save.error).code === 'override_needed';
  return (
    <Modal open title={`${say('crew.title')} · ${visit.technician.name}`} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ loading: save.isPending, disabled: refused && override.trim() === '' }} onOk={() => save.mutate()} onCancel={onClose}>
      {save.isError && <ProblemAlert error={save.error} />}
      <CrewSelect value={members} except={visit.technician.id} onChange={setMembers} />
      {(refused || override !== '') && (
        <label>
          {say('override.needed')}
          <Input.TextArea value={override} maxLength={1_000} autoSize={{ minRows: 1, maxRows: 4 }} placeholder={say('override.placeholder')} onChange={(event) => setOverride(event.target.value)} />
        </label>
      )}
    </Modal>
  );
}
