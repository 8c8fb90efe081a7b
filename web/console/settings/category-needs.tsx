import { useQuery } from '@tanstack/react-query';
import { Button, Form, InputNumber, Segmented, Select } from 'antd';
import { crewLimits, type Category, type CrewPlace, type SkillNeed } from '../../../contract/organization.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { skills as skillList } from '../people/records.ts';
import people from '../people/staff-form.module.css';
import { useSettingsTexts } from './settings-texts.ts';

/** What a category's work needs, as it is entered. */
export interface NeedValues {
  serviceMinutes?: number | null;
  ownSkills?: boolean;
  skills?: { skillId?: string; level?: number }[];
  ownCrew?: boolean;
  /** Of those who come along: skills, all from the same level. */
  crew?: { skillIds?: string[]; level?: number | null }[];
}

export const needsOf = ({ serviceMinutes, skills, crew }: Pick<Category, 'serviceMinutes' | 'skills' | 'crew'>): NeedValues => ({
  serviceMinutes, ownSkills: skills !== null, skills: skills ?? [], ownCrew: crew !== null,
  crew: (crew ?? []).map((one) => ({ skillIds: one.skills.map(({ skillId }) => skillId), level: Math.max(1, ...one.skills.map(({ level }) => level)) })),
});

/** As the API takes it; lines without a skill are left away. */
export const needsBody = ({ serviceMinutes, ownSkills, skills, ownCrew, crew }: NeedValues): { serviceMinutes: number | null; skills: SkillNeed[] | null; crew: CrewPlace[] | null } => ({
  serviceMinutes: serviceMinutes ?? null,
  skills: ownSkills ? (skills ?? []).flatMap(({ skillId, level }) => (skillId === undefined ? [] : [{ skillId, level: level ?? 1 }])) : null,
  crew: ownCrew ? (crew ?? []).map(({ skillIds, level }) => ({ skills: (skillIds ?? []).map((skillId) => ({ skillId, level: level ?? 1 })) })) : null,
});

/** How long the work takes on site and who can do it (上门要求), or that it is as with the category above. */
export function CategoryNeeds() {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const list = useQuery(skillList);
  const own = Form.useWatch('ownSkills') as boolean | undefined;
  const ownCrew = Form.useWatch('ownCrew') as boolean | undefined;
  return (
    <>
      <Form.Item name="serviceMinutes" label={say('category.minutes')} extra={say('category.minutesHint')}>
        <InputNumber min={5} max={1_440} precision={0} suffix={say('category.minutesUnit')} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="ownSkills" label={say('category.skills')} style={{ marginBottom: own ? 8 : undefined }}>
        <Segmented block options={[{ value: false, label: say('category.skillsAbove') }, { value: true, label: say('category.skillsOwn') }]} />
      </Form.Item>
      {own && (
        <Form.List name="skills">
          {(fields, { add, remove }) => (
            <div className={people.skills} role="group" aria-label={say('category.skills')}>
              {fields.map((field) => (
                <div key={field.key} className={people.skill}>
                  <Form.Item name={[field.name, 'skillId']} noStyle>
                    <Select showSearch={{ optionFilterProp: 'label' }} placeholder={t('staff.skill')} aria-label={t('staff.skill')} options={(list.data ?? []).map((skill) => ({ value: skill.id, label: localName(skill, language) }))} />
                  </Form.Item>
                  <Form.Item name={[field.name, 'level']} noStyle initialValue={1}>
                    <InputNumber min={1} max={5} precision={0} aria-label={say('category.levelAtLeast')} prefix="≥" />
                  </Form.Item>
                  <Button type="text" icon={<Icon name="close" />} aria-label={t('common.remove')} onClick={() => remove(field.name)} />
                </div>
              ))}
              {fields.length === 0 && <span>{say('category.skillsNone')}</span>}
              <Button type="dashed" block icon={<Icon name="plus" />} onClick={() => add()} disabled={fields.length >= 10}>{t('staff.addSkill')}</Button>
            </div>
          )}
        </Form.List>
      )}
      <Form.Item name="ownCrew" label={say('category.crew')} style={{ marginBottom: ownCrew ? 8 : undefined }}>
        <Segmented block options={[{ value: false, label: say('category.crewAbove') }, { value: true, label: say('category.crewOwn') }]} />
      </Form.Item>
      {ownCrew && (
        <Form.List name="crew">
          {(fields, { add, remove }) => (
            <div className={people.skills} role="group" aria-label={say('category.crew')}>
              {fields.map((field) => (
                <div key={field.key} className={people.skill}>
                  <Form.Item name={[field.name, 'skillIds']} noStyle>
                    <Select
                      mode="multiple" maxCount={10} showSearch={{ optionFilterProp: 'label' }} placeholder={`${say('category.crewPerson', { count: field.name + 2 })} · ${say('category.crewAny')}`} aria-label={say('category.crewPerson', { count: field.name + 2 })}
                      options={(list.data ?? []).map((skill) => ({ value: skill.id, label: localName(skill, language) }))}
                    />
                  </Form.Item>
                  <Form.Item name={[field.name, 'level']} noStyle initialValue={1}>
                    <InputNumber min={1} max={5} precision={0} aria-label={say('category.levelAtLeast')} prefix="≥" />
                  </Form.Item>
                  <Button type="text" icon={<Icon name="close" />} aria-label={t('common.remove')} onClick={() => remove(field.name)} />
                </div>
              ))}
              {fields.length === 0 && <span>{say('category.crewAlone')}</span>}
              <Button type="dashed" block icon={<Icon name="plus" />} onClick={() => add({ skillIds: [], level: 1 })} disabled={fields.length >= crewLimits.others}>{say('category.crewAdd')}</Button>
            </div>
          )}
        </Form.List>
      )}
    </>
  );
}
