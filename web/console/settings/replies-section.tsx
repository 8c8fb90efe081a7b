import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Form, Input } from 'antd';
import { useState } from 'react';
import type { CannedReply } from '../../../contract/desk.ts';
import { whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { ArchivedSwitch, usePatch } from './archivable.tsx';
import { Rows, Section } from './section.tsx';
import { useSettingsTexts } from './settings-texts.ts';
import { SharingFields, type Sharing } from './sharing-fields.tsx';
import { VariableText } from './variable-text.tsx';
import styles from './section.module.css';

const inUse = whole<CannedReply>('canned-replies');
const archivedReplies = whole<CannedReply>('canned-replies?archived=true');
type Values = Sharing & { name: string; shortcut?: string; category?: string; body: string };

/** Canned replies (快捷回复): one's own, a team's, everybody's. */
export function RepliesSection() {
  const { t } = useTexts();
  const { t: say } = useSettingsTexts();
  const [archived, setArchived] = useState(false);
  const list = useQuery(archived ? archivedReplies : inUse);
  const [editing, setEditing] = useState<CannedReply | 'new' | null>(null);
  const [typed, setTyped] = useState('');
  const patch = usePatch('canned-replies');
  const wanted = typed.trim().toLowerCase();
  return (
    <Section
      title={say('replies.title')}
      hint={say('replies.hint', { variables: '{{customer.name}}' })}
      action={
        <span className={styles.end}>
          <ArchivedSwitch checked={archived} onChange={setArchived} />
          <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEditing('new')}>{say('replies.new')}</Button>
        </span>
      }
    >
      <Input allowClear prefix={<Icon name="search" size={14} />} aria-label={say('replies.search')} placeholder={say('replies.search')} style={{ maxWidth: 320, marginBottom: 12 }} value={typed} onChange={(event) => setTyped(event.target.value)} />
      <Rows query={list}>
        {(items) => (
          <div className={styles.card}>
            {items.filter((reply) => wanted === '' || `${reply.name} ${reply.shortcut ?? ''} ${reply.body}`.toLowerCase().includes(wanted)).map((reply) => (
              <div key={reply.id} className={styles.row}>
                <span className={styles.main}>
                  <span className={styles.name}>{reply.name}</span> {reply.shortcut !== null && <code className={styles.muted}>/{reply.shortcut}</code>}
                  <span className={styles.muted} style={{ display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{reply.body}</span>
                </span>
                <span className={styles.end}>
                  {reply.category !== null && <span className={styles.muted}>{reply.category}</span>}
                  <span className={styles.muted}>{say('replies.used', { count: reply.useCount })}</span>
                  <Badge tone={reply.kind === 'shared' ? 'accent' : 'neutral'}>{reply.kind === 'team' && reply.team !== null ? reply.team.name : say(`share.${reply.kind}`)}</Badge>
                  {reply.editable && (
                    <Dropdown trigger={['click']} menu={{ items: [{ key: 'edit', label: say('types.edit') }, reply.active ? { key: 'archive', label: say('types.archive'), danger: true } : { key: 'restore', label: say('types.restore') }], onClick: ({ key }) => (key === 'edit' ? setEditing(reply) : patch.mutate({ record: reply, patch: { active: key === 'restore' } })) }}>
                      <Button type="text" size="small" icon={<Icon name="more" />} aria-label={say('admin.actions', { name: reply.name })} />
                    </Dropdown>
                  )}
                </span>
              </div>
            ))}
          </div>
        )}
      </Rows>
      {editing !== null && (
        <CreateForm<Values>
          title={editing === 'new' ? say('replies.new') : editing.name}
          path={editing === 'new' ? '/canned-replies' : `/canned-replies/${editing.id}`}
          version={editing === 'new' ? undefined : editing.version}
          outdates={['canned-replies', 'canned-replies?archived=true']}
          initialValues={editing === 'new' ? { kind: 'personal' } : { kind: editing.kind, name: editing.name, shortcut: editing.shortcut ?? '', category: editing.category ?? '', body: editing.body, ...(editing.team === null ? {} : { teamId: editing.team.id }) }}
          toBody={(values) => ({ kind: values.kind, name: values.name.trim(), body: values.body, shortcut: values.shortcut?.trim() || null, category: values.category?.trim() || null, ...(values.kind === 'team' && values.teamId !== undefined ? { teamId: values.teamId } : {}) })}
          fields={['kind', 'teamId', 'name', 'shortcut', 'category', 'body']}
          onClose={() => setEditing(null)}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} /></Form.Item>
          <Form.Item name="body" label={say('replies.body')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><VariableText rows={5} /></Form.Item>
          <Form.Item name="shortcut" label={say('replies.shortcut')} extra={say('replies.shortcutHint')} rules={[{ pattern: /^[^\s/]*$/, message: say('replies.shortcutHint') }]}><Input maxLength={40} prefix="/" /></Form.Item>
          <Form.Item name="category" label={say('replies.category')}><Input maxLength={100} /></Form.Item>
          <SharingFields />
        </CreateForm>
      )}
    </Section>
  );
}
