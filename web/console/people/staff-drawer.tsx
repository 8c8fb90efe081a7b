import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { ProblemAlert } from '../../ui/react/index.ts';
import { staffMember } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { FactsTable } from '../parts/facts-table.tsx';
import { Icon } from '../parts/icon.tsx';
import { jobTexts, unfinished } from '../parts/names.ts';
import { RecordDrawer } from '../parts/record-drawer.tsx';
import { RelatedTickets } from '../parts/related-tickets.tsx';
import { useSession } from '../session/session.tsx';
import { StaffForm } from './staff-form.tsx';
import styles from './staff-drawer.module.css';

/** A colleague (员工详情): who it is, and what is at hand. */
export function StaffDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTexts();
  const { may } = useSession();
  const [editing, setEditing] = useState(false);
  const { data, error, refetch } = useQuery(staffMember(id));
  return (
    <RecordDrawer
      title={data?.name ?? t('nav.people')}
      onClose={onClose}
      extra={
        data !== undefined &&
        may('organization.write') && (
          <Button icon={<Icon name="edit" />} onClick={() => setEditing(true)}>
            {t('record.edit')}
          </Button>
        )
      }
    >
      {data === undefined && <ProblemAlert error={error} onRetry={() => void refetch()} />}
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
      {editing && data !== undefined && <StaffForm person={data} onClose={() => setEditing(false)} />}
    </RecordDrawer>
  );
}
