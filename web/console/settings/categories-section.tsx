import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Category } from '../../../contract/organization.ts';
import { categories, teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { Rows, Section } from './section.tsx';
import styles from './section.module.css';
import own from './categories-section.module.css';

/** Categories (分类): a tree of three levels; a category's tickets go to its team. */
export function CategoriesSection() {
  const { t, language } = useTexts();
  const { may } = useSession();
  const list = useQuery(categories);
  const teamList = useQuery({ ...teams, enabled: may('organization.read') });
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [parent, setParent] = useState<Category | 'top' | null>(null);
  const writable = may('settings.write');

  function toggle(id: string): void {
    const next = new Set(unfolded);
    if (!next.delete(id)) next.add(id);
    setUnfolded(next);
  }

  function branch(items: readonly Category[], parentId: string | null): ReactNode {
    return items
      .filter((category) => category.parentId === parentId)
      .map((category) => {
        const children = items.filter((one) => one.parentId === category.id).length;
        const open = unfolded.has(category.id);
        return (
          <li key={category.id}>
            <div className={own.category} style={{ paddingLeft: 12 + (category.level - 1) * 24 }}>
              {children > 0 ? (
                <button type="button" className={own.toggle} aria-expanded={open} aria-label={localName(category, language)} onClick={() => toggle(category.id)}>
                  <Icon name={open ? 'chevronDown' : 'chevronRight'} size={14} />
                </button>
              ) : (
                <span className={own.toggle} />
              )}
              <span className={category.level === 1 ? styles.name : undefined}>{localName(category, language)}</span>
              {children > 0 && <span className={styles.muted}>{children}</span>}
              <span className={own.end}>
                {category.team !== null && <span className={styles.muted}>{category.team.name}</span>}
                {writable && category.level < 3 && (
                  <Button type="text" size="small" icon={<Icon name="plus" size={14} />} aria-label={t('settings.newCategoryBelow', { name: localName(category, language) })} title={t('settings.newCategoryBelow', { name: localName(category, language) })} onClick={() => setParent(category)} />
                )}
              </span>
            </div>
            {open && <ul>{branch(items, category.id)}</ul>}
          </li>
        );
      });
  }

  return (
    <Section
      title={t('settings.categories')}
      hint={t('settings.categoriesHint')}
      action={writable && <Button type="primary" icon={<Icon name="plus" />} onClick={() => setParent('top')}>{t('settings.newCategory')}</Button>}
    >
      <Rows query={list}>{(items) => <ul className={styles.card}>{branch(items, null)}</ul>}</Rows>
      {parent !== null && (
        <CreateForm
          title={parent === 'top' ? t('settings.newCategory') : t('settings.newCategoryBelow', { name: localName(parent, language) })}
          path="/categories"
          outdates={['categories']}
          toBody={(values: { name: string; nameEn?: string; teamId?: string }) => ({
            name: values.name.trim(),
            ...(values.nameEn?.trim() ? { nameEn: values.nameEn.trim() } : {}),
            ...(values.teamId === undefined ? {} : { teamId: values.teamId }),
            ...(parent === 'top' ? {} : { parentId: parent.id }),
          })}
          labels={{ name: t('record.name') }}
          onClose={() => setParent(null)}
          onDone={() => {
            if (parent !== 'top') setUnfolded(new Set([...unfolded, parent.id]));
          }}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <Form.Item name="teamId" label={t('settings.categoryTeam')} extra={t('settings.categoryTeamHint')}>
            <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={(teamList.data ?? []).map((team) => ({ value: team.id, label: localName(team, language) }))} />
          </Form.Item>
        </CreateForm>
      )}
    </Section>
  );
}
