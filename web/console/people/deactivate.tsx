import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal } from 'antd';
import type { Staff, StaffDuties } from '../../../contract/organization.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { staffMember } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { usePeopleTexts } from './texts.ts';
import styles from './people.module.css';

const rows = ['openTickets', 'plannedVisits', 'visitUnderWay', 'tasks', 'approvals'] as const satisfies readonly (keyof StaffDuties)[];

/** Turns somebody's account off, or on again, from the version on the screen; says what happened. */
export function useSetActive() {
  const { t: say } = usePeopleTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ person, active }: { person: Staff; active: boolean }) => api.patch<Staff>(`/staff/${person.id}`, { active }, { ifMatch: `"${person.version}"` }),
    onSuccess: (_answer, { person, active }) => {
      for (const queryKey of [['staff'], ['teams'], ['tickets']]) void queryClient.invalidateQueries({ queryKey });
      void message.success(say(active ? 'activate.done' : 'deactivate.done', { name: person.name }));
    },
    onError: (error, { person }) => {
      // The newer version is fetched, and the next press goes out from it.
      if (asProblem(error).status === 412) void queryClient.invalidateQueries({ queryKey: staffMember(person.id).queryKey });
    },
  });
}

/** Asks before somebody's account is turned off (停用员工), with what they have in hand and what becomes of it. */
export function Deactivate({ person, onClose }: { person: Staff; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = usePeopleTexts();
  const duties = useQuery({ queryKey: ['staff', 'duties', person.id], queryFn: async ({ signal }) => (await api.get<StaffDuties>(`/staff/${person.id}/duties`, { signal })).data, gcTime: 0, staleTime: 0 });
  const set = useSetActive();
  const found = duties.data;
  const some = found === undefined ? [] : rows.filter((row) => found[row] > 0);
  return (
    <Modal
      open
      title={say('deactivate.title', { name: person.name })}
      onCancel={onClose}
      footer={
        <div className={styles.foot}>
          <Button autoFocus onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" danger disabled={found === undefined} loading={set.isPending} onClick={() => set.mutate({ person, active: false }, { onSuccess: onClose })}>{say('deactivate.do')}</Button>
        </div>
      }
    >
      {set.isError && <ProblemAlert error={set.error} />}
      <p className={styles.hint}>{say('deactivate.hint')}</p>
      {duties.isError && found === undefined && <ProblemAlert error={duties.error} onRetry={() => void duties.refetch()} />}
      {found !== undefined && some.length === 0 && <p className={styles.hint}>{say('deactivate.nothing')}</p>}
      {found !== undefined && some.length > 0 && (
        <dl className={styles.duties}>
          {some.map((row) => (
            <div key={row} data-urgent={row === 'visitUnderWay' || undefined}>
              <dt>{say(`duties.${row}`, { count: found[row] })}</dt>
              <dd>{say(`duties.${row}Then`)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Modal>
  );
}
