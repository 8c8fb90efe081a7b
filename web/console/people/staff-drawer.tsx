import { useQuery } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { Staff } from '../../../contract/organization.ts';
import { asProblem } from '../../ui/api.ts';
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
import { weekdays } from '../../../rules/calendar/calendar.ts';
import { weekdayNames } from '../../../rules/calendar/describe-calendar.ts';
import { Deactivate, useSetActive } from './deactivate.tsx';
import { PlanAbsence } from './plan-absence.tsx';
import { PhoneLineEditor } from '../calls/phone-line.tsx';
import { phoneLineOf } from '../calls/data.ts';
import { useCallTexts } from '../calls/texts.ts';
import { shiftsOf } from './records.ts';
import { ResetPassword } from './reset-password.tsx';
import { ShiftEditor } from './shift-editor.tsx';
import { hoursText } from './shift-hours.ts';
import { StaffForm } from './staff-form.tsx';
import { usePeopleTexts } from './texts.ts';
import own from './people.module.css';
import shiftStyles from './shifts.module.css';
import styles from './staff-drawer.module.css';

/** A colleague (员工详情): who it is, and what is at hand. */
export function StaffDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, language } = useTexts();
  const { t: say } = usePeopleTexts();
  const { may, me } = useSession();
  const [open, setOpen] = useState<'edit' | 'password' | 'absence' | 'shifts' | 'line' | 'deactivate' | null>(null);
  const { data, error, refetch } = useQuery(staffMember(id));
  const { t: sayCall } = useCallTexts();
  const shifts = useQuery(shiftsOf('staff', id)).data;
  const extension = useQuery(phoneLineOf(id)).data?.extension ?? null;
  const { message } = App.useApp();
  const set = useSetActive();
  const activate = (person: Staff): void => set.mutate({ person, active: true }, { onError: (error) => void message.error(asProblem(error).errors[0]?.message ?? asProblem(error).title) });
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
            {(data.active || data.id !== me.id) && (
              <Dropdown
                trigger={['click']}
                menu={{
                  items: !data.active ? [{ key: 'activate', icon: <Icon name="reopen" size={14} />, label: say('activate.action') }] : [{ key: 'absence', icon: <Icon name="clock" size={14} />, label: say('people.planAbsence') }, { key: 'shifts', icon: <Icon name="board" size={14} />, label: say('shifts.edit') }, { key: 'line', icon: <Icon name="phone" size={14} />, label: sayCall('line.set') }, ...(data.id === me.id ? [] : [{ key: 'password', icon: <Icon name="key" size={14} />, label: say('reset.do') }, { type: 'divider' as const }, { key: 'deactivate', icon: <Icon name="cancel" size={14} />, label: say('deactivate.action'), danger: true }])],
                  onClick: ({ key }) => (key === 'activate' ? activate(data) : setOpen(key as 'password' | 'absence' | 'shifts' | 'line' | 'deactivate')),
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
            [sayCall('line'), extension],
            [t('staff.department'), data.department?.name],
            [t('staff.teams'), data.teams.map((team) => team.name).join(t('common.listSeparator'))],
            [t('staff.roles'), data.roles.map((role) => role.name).join(t('common.listSeparator'))],
            [
              t('staff.skills'),
              data.skills.length === 0 ? null : (
                <span key="skills" className={styles.skills}>
                  {data.skills.map((skill) => (
                    <Badge key={skill.id}>{skill.skill} {skill.level}</Badge>
                  ))}
                </span>
              ),
            ],
            [
              say('shifts.title'),
              shifts === undefined ? null : shifts.effective.source === 'none' ? say('shifts.none') : (
                <span key="shifts" className={shiftStyles.facts}>
                  {shifts.effective.team !== null && <span className={shiftStyles.off}>{say('shifts.fromTeam', { name: shifts.effective.team.name })}</span>}
                  {weekdays.map((weekday) => ({ weekday, windows: shifts.effective.windows.filter((window) => window.weekday === weekday) })).filter(({ windows }) => windows.length > 0).map(({ weekday, windows }) => (
                    <span key={weekday}>{weekdayNames[language === 'en' ? 'en' : 'zh'][weekday]} {hoursText(windows)}</span>
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
      {open === 'shifts' && data !== undefined && <ShiftEditor kind="staff" id={data.id} name={data.name} onClose={() => setOpen(null)} />}
      {open === 'line' && data !== undefined && <PhoneLineEditor person={data} onClose={() => setOpen(null)} />}
      {open === 'deactivate' && data !== undefined && <Deactivate person={data} onClose={() => setOpen(null)} />}
      {open === 'absence' && data !== undefined && <PlanAbsence person={data} onClose={() => setOpen(null)} />}
    </RecordDrawer>
  );
}
