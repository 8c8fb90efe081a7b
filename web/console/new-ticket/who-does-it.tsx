import { useQuery } from '@tanstack/react-query';
import { Input, Select } from 'antd';
import { teams } from '../data/records.ts';
import { usePreferenceTexts } from '../dispatch/preference-texts.ts';
import { useTexts } from '../i18n.ts';
import { FieldItem } from '../parts/field-item.tsx';
import { localName } from '../parts/names.ts';
import { StaffSelect } from '../parts/staff-select.tsx';
import { useSession } from '../session/session.tsx';
import styles from './new-ticket-drawer.module.css';

type Value = { team?: string | undefined; assignee?: string | undefined; override?: string | undefined; tags?: string[] | undefined };
type Props = { value: Value; whyNeeded: boolean; errors: { team?: string; assignee?: string; tags?: string }; teamOfTemplate: string | undefined; onChange: (part: Value) => void };

/** Who is to do it, and what it is marked with (班组、处理人、标签); left empty, the category decides. */
export function WhoDoesIt({ value, whyNeeded, errors, teamOfTemplate, onChange }: Props) {
  const { t, language } = useTexts();
  const { t: sayCrew } = usePreferenceTexts();
  const { may } = useSession();
  const list = useQuery({ ...teams, enabled: may('organization.read') });
  return (
    <>
      <div className={styles.pair}>
        {may('organization.read') && (
          <FieldItem id="ticket-team" label={t('filter.team')} error={errors.team}>
            <Select
              id="ticket-team" allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={teamOfTemplate ?? t('newTicket.teamByCategory')} value={value.team}
              options={(list.data ?? []).filter((team) => team.active).map((team) => ({ value: team.id, label: localName(team, language) }))}
              onChange={(team: string | undefined) => onChange({ team })}
            />
          </FieldItem>
        )}
        {may('ticket.assign') && may('organization.read') && (
          <FieldItem id="ticket-assignee" label={t('filter.assignee')} error={errors.assignee}>
            <StaffSelect id="ticket-assignee" placeholder={t('newTicket.nobodyYet')} value={value.assignee} onChange={(assignee) => onChange({ assignee, override: undefined })} />
          </FieldItem>
        )}
      </div>
      {value.assignee !== undefined && (whyNeeded || (value.override ?? '') !== '') && (
        <FieldItem id="ticket-override" label={sayCrew('override.needed')}>
          <Input.TextArea id="ticket-override" value={value.override ?? ''} maxLength={1_000} autoSize={{ minRows: 1, maxRows: 4 }} placeholder={sayCrew('override.placeholder')} onChange={(event) => onChange({ override: event.target.value })} />
        </FieldItem>
      )}
      <FieldItem id="ticket-tags" label={t('ticket.tags')} error={errors.tags}>
        <Select
          id="ticket-tags" mode="tags" open={false} suffixIcon={null} maxCount={20} placeholder={t('ticket.addTags')} value={value.tags ?? []} tokenSeparators={[',', '，', '、']}
          onChange={(tags: string[]) => onChange({ tags: [...new Set(tags.map((tag) => tag.trim().slice(0, 40)).filter((tag) => tag !== ''))] })}
        />
      </FieldItem>
    </>
  );
}
