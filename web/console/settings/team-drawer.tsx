import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import type { TeamDetail, UpdateTeam } from '../../../contract/organization.ts';
import type { Static } from 'typebox';
import { api, asProblem } from '../../ui/api.ts';
import { Avatar, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { RecordDrawer } from '../parts/record-drawer.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { StaffSelect } from '../parts/staff-select.tsx';
import { useSession } from '../session/session.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';
import own from './organization-section.module.css';

/** A team (班组): its name, department, lead and people; each change is made at once. */
export function TeamDrawer({ id, departments, onClose }: { id: string; departments: { value: string; label: string }[]; onClose: () => void }) {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const key = ['teams', 'one', id];
  const query = useQuery({ queryKey: key, queryFn: async ({ signal }) => (await api.get<TeamDetail>(`/teams/${id}`, { signal })).data });
  const [name, setName] = useState<string | null>(null);
  const [nameEn, setNameEn] = useState<string | null>(null);
  const team = query.data;
  const writable = may('organization.write');
  const change = useMutation({
    mutationFn: async (patch: Static<typeof UpdateTeam>) => (await api.patch<TeamDetail>(`/teams/${id}`, patch, { ifMatch: `"${team?.version ?? 0}"` })).data,
    onSuccess: () => void message.success(t('common.saved')),
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
    },
    onSettled: () => {
      setName(null);
      setNameEn(null);
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => ['teams', 'teams?archived=true', 'staff'].includes(String(queryKey[0])) });
    },
  });

  return (
    <RecordDrawer
      title={team === undefined ? '' : localName(team, language)}
      onClose={onClose}
      extra={team !== undefined && writable && (team.active ? (
        <Popconfirm title={say('admin.archiveAsk', { name: localName(team, language) })} okText={say('types.archive')} okButtonProps={{ danger: true }} onConfirm={() => change.mutate({ active: false })}>
          <Button danger size="small">{say('types.archive')}</Button>
        </Popconfirm>
      ) : <Button size="small" onClick={() => change.mutate({ active: true })}>{say('types.restore')}</Button>)}
    >
      {query.isPending && <Delayed><RowSkeleton rows={5} height={40} /></Delayed>}
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {team !== undefined && (
        <div className={own.form}>
          <label>{t('record.name')}<Input disabled={!writable} maxLength={100} value={name ?? team.name} onChange={(event) => setName(event.target.value)} onBlur={() => { if (name !== null && name.trim() !== '' && name.trim() !== team.name) change.mutate({ name: name.trim() }); }} /></label>
          <label>{t('settings.nameEn')}<Input disabled={!writable} maxLength={100} value={nameEn ?? team.nameEn ?? ''} onChange={(event) => setNameEn(event.target.value)} onBlur={() => { if (nameEn !== null && nameEn.trim() !== (team.nameEn ?? '')) change.mutate({ nameEn: nameEn.trim() || null }); }} /></label>
          <label>{t('staff.department')}<Select disabled={!writable} aria-label={t('staff.department')} value={team.department?.id} options={departments} onChange={(departmentId: string) => change.mutate({ departmentId })} /></label>
          <label>{say('organization.lead')}<Select disabled={!writable} allowClear aria-label={say('organization.lead')} value={team.lead?.id} options={team.members.map((member) => ({ value: member.id, label: member.name }))} onChange={(leadId: string | undefined) => change.mutate({ leadId: leadId ?? null })} /></label>
          <h3>{say('organization.members')} <span className={styles.muted}>{team.members.length}</span></h3>
          {writable && <StaffSelect value={undefined} placeholder={say('organization.addMember')} onChange={(member) => { if (member !== undefined && !team.members.some((one) => one.id === member)) change.mutate({ addMemberIds: [member] }); }} />}
          {team.members.length === 0 && <p className={styles.muted}>{say('organization.noMembers')}</p>}
          <ul className={own.members}>
            {team.members.map((member) => (
              <li key={member.id}>
                <Avatar name={member.name} size={26} /> {member.name}
                {writable && <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('organization.removeMember', { name: member.name })} onClick={() => change.mutate({ removeMemberIds: [member.id] })} />}
              </li>
            ))}
          </ul>
        </div>
      )}
    </RecordDrawer>
  );
}
