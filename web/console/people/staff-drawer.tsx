import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { ProblemAlert } from '../../ui/react/index.ts';
import { formatExact } from '../../ui/time.ts';
import { staffMember } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { FactsTable } from '../parts/facts-table.tsx';
import { Icon } from '../parts/icon.tsx';
import { jobTexts, unfinished } from '../parts/names.ts';
import { RecordDrawer } from '../parts/record-drawer.tsx';
import { RelatedTickets } from '../parts/related-tickets.tsx';
import { useSession } from '../session/session.tsx';
import { PlanAbsence } from './plan-absence.tsx';
import { ResetPassword } from './reset-password.tsx';
import { StaffForm } from './staff-form.tsx';
import { usePeopleTexts } from './texts.ts';
import own from './people.module.css';
import styles from './staff-drawer.module.css';

/** A colleague (员工详情): who it is, and what is at hand. */
export function StaffDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, language } = useTexts();
  const { t: say } = usePeopleTexts();
  const { may, me } = useSession();
  const [open, setOpen] = useState<'edit' | 'password' | 'absence' | null>(null);
  const { data, error, refetch } = useQuery(staffMember(id));
  return (
    <RecordDrawer
      title={data?.name ?? t('nav.people')}
      onClose={onClose}
      extra={
        data !== undefined &&
        may('organization.write') && (
          <span className={own.actions}>
            <Button icon={<Icon name="edit" />} onClick={() => setOpen('edit')}>
              {t('record.edit')}
            </Button>
            {data.active && (
              <Dropdown
                trigger={['click']}
                menu={{
                  items: [{ key: 'absence', icon: <Icon name="clock" size={14} />, label: say('people.planAbsence') }, ...(data.id === me.id ? [] : [{ key: 'password', icon: <Icon name="key" size={14} />, label: say('reset.do') }])],
                  onClick: ({ key }) => setOpen(key as 'password' | 'absence'),
                }}
              >
                <Button icon={<Icon name="more" />} aria-label={say('people.actions')} />
              </Dropdown>
            )}
          </span>
        )
      }
    >
      {data === undefined && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {data?.absent != null && (
        <p className={own.banner} role="status">
          {say('people.absentUntil', { time: formatExact(data.absent.to, language) })}{t('common.listSeparator')}{data.absent.cover === null ? say('people.noCover') : say('people.cover', { name: data.absent.cover.name })}
        </p>
      )}
      {data !== undefined && (
        <FactsTable
          rows={[
            [t('staff.job'), t(jobTexts[data.job])],
            [t('staff.state'), data.active ? null : t('staff.inactive')],
            [t('record.email'), data.email],
            [t('record.phone'), data.phone],
            [t('staff.department'), data.department?.name],
            [t('staff.teams'), data.teams.map((team) => team.name).join(t('common.listSeparator'))],
            [t('staff.roles'), data.roles.map((role) => role.name).join(t('common.listSeparator'))],
            [
              t('staff.skills'),
              data.skills.length === 0 ? null : (
                <span key="skills" className={styles.skills}>
                  {data.skills.map((skill) => (
                    <Badge key={skill.skill}>{skill.skill} {skill.level}</Badge>
                  ))}
                </span>
              ),
            ],
          ]}
        />
      )}
      {may('ticket.read') && <RelatedTickets title={t('staff.atHand')} filter={{ assignee: id, status: unfinished, sort: 'priority' }} />}
      {open === 'edit' && data !== undefined && <StaffForm person={data} onClose={() => setOpen(null)} />}
      {open === 'password' && data !== undefined && <ResetPassword person={data} onClose={() => setOpen(null)} />}
      {open === 'absence' && data !== undefined && <PlanAbsence person={data} onClose={() => setOpen(null)} />}
    </RecordDrawer>
  );
}
