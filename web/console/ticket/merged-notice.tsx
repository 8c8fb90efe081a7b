import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button } from 'antd';
import type { Ticket } from '../../../contract/ticket.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { useRenewTogether } from './renew-together.ts';
import styles from './together.module.css';

/** Says that a ticket goes on as another (已合并), and lets the merge be undone. */
export function MergedNotice({ ticket }: { ticket: Ticket }) {
  const { t } = useTexts();
  const { may } = useSession();
  const { message } = App.useApp();
  const renew = useRenewTogether(ticket);
  const target = ticket.mergedInto;
  const undo = useMutation({
    mutationFn: () => postOnce(`/tickets/${ticket.id}/unmerge`, {}),
    onSuccess: () => {
      renew(target?.number);
      void message.success(t('merge.undone'));
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  if (target === null) return null;
  return (
    <div className={styles.merged} role="status">
      <Icon name="transfer" />
      <span className={styles.mergedWords}>
        {t('merge.isMerged')} {target.id === null ? <b>{target.number}</b> : <Link to="/tickets/$number" params={{ number: target.number }}>{target.number}</Link>}
        {t('common.listSeparator')}{t('merge.goThere')}
      </span>
      {may('ticket.update') && <Button size="small" loading={undo.isPending} onClick={() => undo.mutate()}>{t('merge.undo')}</Button>}
    </div>
  );
}
