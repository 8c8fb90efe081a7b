import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Form, Input, Popconfirm, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import dayjs from 'dayjs';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { ApiKeyCreated, ApiKeySummary } from '../../../contract/session.ts';
import { permissions, type Permission } from '../../../rules/access/permissions.ts';
import { api, asProblem } from '../../ui/api.ts';
import { Ago, RelativeTime } from '../../ui/react/index.ts';
import { whole } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { CreateForm } from '../parts/create-form.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { Rows, Section } from './section.tsx';
import styles from './section.module.css';

type ApiKey = Static<typeof ApiKeySummary>;
const apiKeys = whole<ApiKey>('api-keys');

/** API keys (接口密钥): for programs that work with tickets. A key is shown once. */
export function ApiKeysSection() {
  const { t, language } = useTexts();
  const { me } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const list = useQuery(apiKeys);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Static<typeof ApiKeyCreated> | null>(null);
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`/api-keys/${id}`),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['api-keys'] }),
    onError: (error) => void message.error(asProblem(error).title),
  });
  const held = [...new Set(me.permissions.map((grant) => grant.permission))];

  return (
    <Section
      title={t('settings.apiKeys')}
      hint={t('settings.apiKeysHint')}
      action={<Button type="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>{t('settings.newApiKey')}</Button>}
    >
      {made !== null && (
        <Alert
          type="success"
          style={{ marginBottom: 16 }}
          title={t('settings.keyShownOnce')}
          description={<span style={{ display: 'flex', alignItems: 'center', gap: 8, overflowWrap: 'anywhere' }}><code>{made.key}</code><CopyButton text={made.key} label={t('common.copy')} /></span>}
          closable={{ onClose: () => setMade(null), 'aria-label': t('common.close') }}
        />
      )}
      <Rows query={list} empty={t('settings.noApiKeys')}>
        {(items) => (
          <div className={styles.card}>
            {items.map((key) => (
              <div key={key.id} className={styles.row}>
                <span className={styles.main}>
                  <span className={styles.name}>{key.name}</span> <code className={styles.muted}>{key.prefix}…</code>
                  <span className={styles.muted} style={{ display: 'block' }}>
                    {key.staff.name} · {key.permissions === null ? t('settings.allPermissions') : t('settings.grantCount', { count: key.permissions.length })} · {key.lastUsedAt === null ? t('settings.neverUsed') : <>{t('settings.lastUsed')} <Ago value={key.lastUsedAt} /></>}
                    {key.expiresAt !== null && <> · {t('settings.expires')} <RelativeTime value={key.expiresAt} /></>}
                  </span>
                </span>
                {key.revokedAt === null ? (
                  <Popconfirm title={t('settings.revokeAsk', { name: key.name })} okText={t('settings.revoke')} okButtonProps={{ danger: true }} onConfirm={() => revoke.mutate(key.id)}>
                    <Button size="small" danger>{t('settings.revoke')}</Button>
                  </Popconfirm>
                ) : (
                  <Badge>{t('settings.revoked')}</Badge>
                )}
              </div>
            ))}
          </div>
        )}
      </Rows>
      {creating && (
        <CreateForm
          title={t('settings.newApiKey')}
          path="/api-keys"
          outdates={['api-keys']}
          toBody={(values: { name: string; permissions?: Permission[]; expiresAt?: Dayjs }) => ({
            name: values.name.trim(),
            ...(values.permissions === undefined || values.permissions.length === 0 ? {} : { permissions: values.permissions }),
            ...(values.expiresAt == null ? {} : { expiresAt: values.expiresAt.endOf('day').toISOString() }),
          })}
          fields={['name']}
          onClose={() => setCreating(false)}
          onDone={setMade}
        >
          <Form.Item name="name" label={t('record.name')} rules={[{ required: true, whitespace: true, message: t('common.required') }]}><Input autoFocus maxLength={100} placeholder={t('settings.apiKeyExample')} /></Form.Item>
          <Form.Item name="permissions" label={t('settings.permissions')} extra={t('settings.apiKeyPermissionsHint')}>
            <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={held.map((permission) => ({ value: permission, label: permissions[permission][language === 'en' ? 'en' : 'zh'] }))} />
          </Form.Item>
          <Form.Item name="expiresAt" label={t('settings.expiresOn')}><DatePicker style={{ width: '100%' }} minDate={dayjs()} /></Form.Item>
        </CreateForm>
      )}
    </Section>
  );
}
