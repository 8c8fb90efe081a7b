import { Button, Modal } from 'antd';
import type { Staff } from '../../../contract/organization.ts';
import { useTexts } from '../i18n.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { useSession } from '../session/session.tsx';
import { usePeopleTexts } from './texts.ts';
import styles from './people.module.css';

/** What a new colleague has to be told to sign in (邀请): shown once, to be copied. */
export function Invitation({ person, account, password, onClose }: { person: Staff; account: string; password: string; onClose: () => void }) {
  const { t } = useTexts();
  const { t: say } = usePeopleTexts();
  const { me } = useSession();
  const address = person.job === 'technician' ? `${location.origin}/field/` : `${location.origin}/`;
  const text = say('invite.text', { name: person.name, organization: me.organization.name, address, account, password });
  return (
    <Modal open title={say('invite.title', { name: person.name })} onCancel={onClose} mask={{ closable: false }} footer={<div className={styles.foot}><Button onClick={onClose}>{t('common.close')}</Button></div>}>
      <p className={styles.hint}>{say('invite.hint')}</p>
      <pre className={styles.letter}>{text}</pre>
      <CopyButton text={text} label={say('invite.copy')} />
    </Modal>
  );
}
