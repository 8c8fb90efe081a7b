import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Form, Input, Select } from 'antd';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import type { Category } from '../../../contract/organization.ts';
import { categories, teams, whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { ArchivedSwitch, usePatch } from './archivable.tsx';
import { CategoryNeeds, needsBody, needsOf, type NeedValues } from './category-needs.tsx';
import { Rows, Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import styles from './section.module.css';
import own from './categories-section.module.css';

const CategoryImportDialog = lazy(async () => ({ default: (await import('./category-import.tsx')).CategoryImportDialog }));
const all = whole<Category>('categories?archived=true');
type Editing = { category: Category } | { parent: Category | null };
type Values = { name: string; nameEn?: string; teamId?: string; parentId?: string } & NeedValues;

/** Categories (分类): a tree of three levels, renamed, moved, ordered and archived; a category's tickets go to its team. */
export function CategoriesSection() {
  const { t, language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { may } = useSession();
  const writable = may('settings.write');
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? all : categories);
  const teamList = useQuery({ ...teams, enabled: may('organization.read') });
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<Editing | null>(null);
  const [importing, setImporting] = useState(false);
  const [typed, setTyped] = useState('');
  const patch = usePatch('categories');

  const items = useMemo(() => list.data ?? [], [list.data]);
  const below = useMemo(() => Map.groupBy(items, (category) => category.parentId), [items]);
  const wanted = typed.trim().toLowerCase();
  const matching = useMemo(() => {
    if (wanted === '') return null;
    const shown = new Set<string>();
    const byId = new Map(items.map((category) => [category.id, category]));
    for (const category of items) {
      if (!`${category.name} ${category.nameEn ?? ''}`.toLowerCase().includes(wanted)) continue;
      for (let one: Category | undefined = category; one !== undefined; one = one.parentId === null ? undefined : byId.get(one.parentId)) shown.add(one.id);
    }
    return shown;
  }, [items, wanted]);

  function toggle(id: string): void {
    const next = new Set(unfolded);
    if (!next.delete(id)) next.add(id);
    setUnfolded(next);
  }

  function line(category: Category, index: number, siblings: readonly Category[]): ReactNode {
    const children = below.get(category.id) ?? [];
    const open = matching !== null || unfolded.has(category.id);
    const name = localName(category, language);
    return (
      <li key={category.id}>
        <div className={own.category} style={{ paddingLeft: 12 + (category.level - 1) * 24 }}>
          {children.length > 0 ? (
            <button type="button" className={own.toggle} aria-expanded={open} aria-label={name} onClick={() => toggle(category.id)}>
              <Icon name={open ? 'chevronDown' : 'chevronRight'} size={14} />
            </button>
          ) : (
            <span className={own.toggle} />
          )}
          <span className={category.level === 1 ? styles.name : undefined}>{name}</span>
          {children.length > 0 && <span className={styles.muted}>{children.length}</span>}
          {!category.active && <Badge>{say('types.archived')}</Badge>}
          <span className={own.end}>
            {category.team !== null && <span className={styles.muted}>{category.team.name}</span>}
            {writable && (
              <Dropdown
                trigger={['click']}
                menu={{
                  items: [
                    { key: 'edit', label: say('types.edit') },
                    ...(category.level < 3 ? [{ key: 'below', label: say('category.addBelow') }] : []),
                    { key: 'up', label: say('types.up'), disabled: index === 0 || matching !== null },
                    { key: 'down', label: say('types.down'), disabled: index === siblings.length - 1 || matching !== null },
                    category.active ? { key: 'archive', label: say('types.archive'), danger: true } : { key: 'restore', label: say('types.restore') },
                  ],
                  onClick: ({ key }) => {
                    if (key === 'edit') setEditing({ category });
                    else if (key === 'below') setEditing({ parent: category });
                    else patch.mutate({ record: category, patch: key === 'up' ? { position: index - 1 } : key === 'down' ? { position: index + 1 } : { active: key === 'restore' } });
                  },
                }}
              >
                <Button type="text" size="small" icon={<Icon name="more" size={14} />} aria-label={say('admin.actions', { name })} />
              </Dropdown>
            )}
          </span>
        </div>
        {open && children.length > 0 && <ul>{branch(children)}</ul>}
      </li>
    );
  }
  function branch(siblings: readonly Category[]): ReactNode {
    return siblings.map((category, index) => (matching === null || matching.has(category.id) ? line(category, index, siblings) : null));
  }

  const known = editing !== null && 'category' in editing ? editing.category : null;
  const parents = items.filter((category) => category.active && category.level < 3 && category.id !== known?.id && !(known !== null && category.parentId === known.id));

  return (
    <Section
      title={t('settings.categories')}
      hint={t('settings.categoriesHint')}
      action={writable && (
        <span className={styles.end}>
          <Button onClick={() => setImporting(true)}>{say('category.import')}</Button>
          <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing({ parent: null })}>{t('settings.newCategory')}</Button>
        </span>
      )}
    >
      <div className={own.tools}>
        <Input allowClear className={own.search} prefix={<Icon name="search" size={14} />} aria-label={say('category.search')} placeholder={say('category.search')} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <Button type="text" size="small" onClick={() => setUnfolded(unfolded.size > 0 ? new Set() : new Set(items.map(({ id }) => id)))}>{unfolded.size > 0 ? say('category.collapse') : say('category.expand')}</Button>
        <ArchivedSwitch checked={archived} onChange={setArchived} />
      </div>
      <Rows query={list}>{() => (matching?.size === 0 ? <p className={styles.muted}>{say('category.noMatch')}</p> : <ul className={`${styles.card} ${own.list}`}>{branch(below.get(null) ?? [])}</ul>)}</Rows>
      {editing !== null && (
        <CreateForm<Values>
          title={known !== null ? localName(known, language) : 'parent' in editing && editing.parent !== null ? t('settings.newCategoryBelow', { name: localName(editing.parent, language) }) : t('settings.newCategory')}
          path={known === null ? '/categories' : `/categories/${known.id}`}
          version={known?.version}
          outdates={['categories', 'categories?archived=true']}
          initialValues={known !== null ? { name: known.name, nameEn: known.nameEn ?? '', parentId: known.parentId ?? '', ...(known.team === null ? {} : { teamId: known.team.id }), ...needsOf(known) } : { parentId: ('parent' in editing && editing.parent?.id) || '', ownSkills: false, ownCrew: false }}
          toBody={({ name, nameEn, teamId, parentId, ...needs }) => known === null
            ? { name: name.trim(), ...(nameEn?.trim() ? { nameEn: nameEn.trim() } : {}), ...(teamId === undefined ? {} : { teamId }), ...(parentId ? { parentId } : {}), ...needsBody(needs) }
            : { name: name.trim(), nameEn: nameEn?.trim() || null, teamId: teamId ?? null, ...needsBody(needs), ...((parentId || null) === known.parentId ? {} : { parentId: parentId || null }) }}
          fields={['name', 'nameEn', 'parentId', 'teamId', 'serviceMinutes', 'skills']}
          onClose={() => setEditing(null)}
          onDone={() => {
            if ('parent' in editing && editing.parent !== null) setUnfolded(new Set([...unfolded, editing.parent.id]));
          }}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="nameEn" label={t('settings.nameEn')}><Input maxLength={100} /></Form.Item>
          <Form.Item name="parentId" label={say('category.parent')}>
            <Select showSearch={{ optionFilterProp: 'label' }} options={[{ value: '', label: say('category.top') }, ...parents.map((category) => ({ value: category.id, label: category.path.join(' / ') }))]} />
          </Form.Item>
          <Form.Item name="teamId" label={t('settings.categoryTeam')} extra={t('settings.categoryTeamHint')}>
            <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={(teamList.data ?? []).map((team) => ({ value: team.id, label: localName(team, language) }))} />
          </Form.Item>
          <CategoryNeeds />
        </CreateForm>
      )}
      {importing && <Suspense fallback={null}><CategoryImportDialog onClose={() => setImporting(false)} /></Suspense>}
    </Section>
  );
}
