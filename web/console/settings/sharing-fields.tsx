import { useQuery } from '@tanstack/react-query';
import { Form, Select } from 'antd';
import { teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { useSettingsTexts } from './settings-texts.ts';

export type Sharing = { kind: 'personal' | 'team' | 'shared'; teamId?: string };

/** For whom something of the desk is (共享范围): oneself, a team, everybody. */
export function SharingFields() {
  const kind = Form.useWatch<Sharing['kind'] | undefined>('kind');
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may, me } = useSession();
  const teamList = useQuery({ ...teams, enabled: may('organization.read') });
  const known = teamList.data?.map((team) => ({ value: team.id, label: localName(team, language) })) ?? me.teams.map((team) => ({ value: team.id, label: team.name }));
  return (
    <>
      <Form.Item name="kind" label={say('share.kind')}>
        <Select options={(['personal', 'team', 'shared'] as const).map((one) => ({ value: one, label: say(`share.${one}`), disabled: one === 'shared' ? !may('macro.share', 'organization') : one === 'team' && !may('macro.share', 'team') }))} />
      </Form.Item>
      {kind === 'team' && (
        <Form.Item name="teamId" label={t('filter.team')} rules={[{ required: true, message: t('common.required') }]}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={known} />
        </Form.Item>
      )}
    </>
  );
}
