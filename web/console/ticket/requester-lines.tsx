import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { Static } from 'typebox';
import type { RevealedContact, Ticket } from '../../../contract/ticket.ts';
import { api } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { KnownLine } from '../parts/known-line.tsx';
import { useSession } from '../session/session.tsx';

/** Who asked (报修人). The number is masked until somebody needs it; looking is recorded. */
export function RequesterLines({ ticket }: { ticket: Ticket }) {
  const { t } = useTexts();
  const { may } = useSession();
  const { requester } = ticket;
  const reveal = useMutation({
    mutationFn: async () => (await api.post<Static<typeof RevealedContact>>(`/tickets/${ticket.id}/reveal`, {})).data,
    gcTime: 0,
  });
  const phone = reveal.data?.phone ?? requester.phone;
  const email = reveal.data?.email ?? requester.email;
  const hidden = reveal.data === undefined && (requester.phone !== null || requester.email !== null);
  const name = requester.name ?? t('ticket.anonymous');

  return (
    <>
      <KnownLine icon="customers" name={t('ticket.requester')}>
        {requester.customerId !== null && may('customer.read') ? (
          <Link to="/customers" search={{ id: requester.customerId }}>{name}</Link>
        ) : (
          name
        )}{' '}
        {requester.tier !== null && requester.tier !== 'normal' && <Badge tone="warning">{requester.tier === 'vip' ? t('tier.vip') : requester.tier}</Badge>}
      </KnownLine>
      {phone !== null && (
        <KnownLine icon="phone" name={t('record.phone')}>
          {reveal.data === undefined ? (
            <span>{phone}</span>
          ) : (
            <>
              <a href={`tel:${phone}`}>{phone}</a>
              <CopyButton text={phone} label={t('common.copy')} />
            </>
          )}
          {hidden && may('personal_data.reveal') && (
            <Button type="link" size="small" loading={reveal.isPending} onClick={() => reveal.mutate()} title={t('ticket.revealHint')}>
              {t('ticket.reveal')}
            </Button>
          )}
        </KnownLine>
      )}
      {email !== null && (
        <KnownLine icon="mail" name={t('record.email')}>
          {reveal.data === undefined ? email : <a href={`mailto:${email}`}>{email}</a>}
          {hidden && phone === null && may('personal_data.reveal') && (
            <Button type="link" size="small" loading={reveal.isPending} onClick={() => reveal.mutate()} title={t('ticket.revealHint')}>
              {t('ticket.reveal')}
            </Button>
          )}
        </KnownLine>
      )}
      {reveal.isError && <ProblemAlert error={reveal.error} />}
    </>
  );
}
