import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { preferenceKinds, type PreferenceKind, type PreferenceSubject, type TechnicianPreference } from '../../../contract/technician-preference.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { StaffSelect } from '../parts/staff-select.tsx';
import { usePreferenceTexts } from './preference-texts.ts';
import styles from './preferences.module.css';

const tones = { preferred: 'accent', required: 'warning', banned: 'danger' } as const;

/** Whom a customer, a place or an asset wants, has to have, or does not accept. */
const preferencesOf = (of: PreferenceSubject, id: string) => queryOptions({
  queryKey: ['technician-preferences', of, id],
  queryFn: async ({ signal }) => (await api.get<{ items: TechnicianPreference[] }>('/technician-preferences', { query: { of, subjectId: id }, signal })).data.items,
  staleTime: 60_000,
});

/** Whom a customer, a place or an asset wants, has to have, or does not accept (指定工程师), each with its reason. */
export function Preferences({ of, id, writable }: { of: PreferenceSubject; id: string; writable: boolean }) {
  const { t: say } = usePreferenceTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const list = useQuery(preferencesOf(of, id));
  const [adding, setAdding] = useState(false);
  const remove = useMutation({
    mutationFn: (preference: string) => api.delete(`/technician-preferences/${preference}`),
    onError: (error) => void message.error(asProblem(error).title),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: ['technician-preferences'] }),
  });
  return (
    <div className={styles.wishes}>
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && !adding && <p className={styles.none}>{say('wish.none')}</p>}
      {list.data !== undefined && list.data.length > 0 && (
        <ul className={styles.list}>
          {list.data.map((one) => (
            <li key={one.id}>
              <span className={styles.words}>
                <span className={styles.name}><bdi>{one.technician.name}</bdi> <Badge tone={tones[one.kind]}>{say(`wish.${one.kind}`)}</Badge></span>
                {one.reason !== null && <span className={styles.reason} dir="auto">{one.reason}</span>}
              </span>
              {writable && <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('wish.remove', { name: one.technician.name })} loading={remove.isPending && remove.variables === one.id} onClick={() => remove.mutate(one.id)} />}
            </li>
          ))}
        </ul>
      )}
      {writable && (adding ? <Add of={of} id={id} onClose={() => setAdding(false)} /> : <Button size="small" type="dashed" icon={<Icon name="plus" size={14} />} onClick={() => setAdding(true)}>{say('wish.add')}</Button>)}
    </div>
  );
}

function Add({ of, id, onClose }: { of: PreferenceSubject; id: string; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = usePreferenceTexts();
  const queryClient = useQueryClient();
  const [staffId, setStaffId] = useState<string>();
  const [kind, setKind] = useState<PreferenceKind>('preferred');
  const [reason, setReason] = useState('');
  const save = useMutation({
    mutationFn: () => postOnce('/technician-preferences', { of, subjectId: id, staffId, kind, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }),
    onSuccess: onClose,
    onSettled: () => {
      for (const name of ['technician-preferences', 'proposals']) void queryClient.invalidateQueries({ queryKey: [name] });
    },
  });
  return (
    <div className={styles.add} role="group" aria-label={say('wish.title')}>
      <StaffSelect autoFocus value={staffId} placeholder={say('wish.who')} onChange={setStaffId} />
      <Select value={kind} aria-label={say('wish.kind')} onChange={setKind} options={preferenceKinds.map((value) => ({ value, label: say(`wish.${value}`) }))} />
      <Input value={reason} maxLength={1_000} placeholder={say('wish.reason')} aria-label={say('wish.reason')} onChange={(event) => setReason(event.target.value)} onPressEnter={() => staffId !== undefined && save.mutate()} />
      {save.isError && <ProblemAlert error={save.error} />}
      <p className={styles.reason}>{say('wish.hint')}</p>
      <span className={styles.deeds}>
        <Button size="small" onClick={onClose}>{t('common.cancel')}</Button>
        <Button size="small" type="primary" disabled={staffId === undefined} loading={save.isPending} onClick={() => save.mutate()}>{say('wish.save')}</Button>
      </span>
    </div>
  );
}
