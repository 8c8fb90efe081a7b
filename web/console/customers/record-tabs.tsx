import { Link } from '@tanstack/react-router';
import { useSession } from '../session/session.tsx';
import { useCustomerTexts } from './texts.ts';
import styles from './record-tabs.module.css';

/** Customers, accounts and what was imported side by side (客户、单位、导入), as one heading. */
export function RecordTabs() {
  const { t: say } = useCustomerTexts();
  const { may } = useSession();
  return (
    <nav className={styles.tabs} aria-label={say('list.records')}>
      {may('customer.read') && <Link to="/customers" search={{}} className={styles.tab} activeProps={{ 'aria-current': 'page' }} activeOptions={{ includeSearch: false, exact: true }}>{say('list.customers')}</Link>}
      {may('customer.read') && <Link to="/accounts" search={{}} className={styles.tab} activeProps={{ 'aria-current': 'page' }} activeOptions={{ includeSearch: false, exact: true }}>{say('list.accounts')}</Link>}
      {may('import.run') && <Link to="/imports" search={{}} className={styles.tab} activeProps={{ 'aria-current': 'page' }} activeOptions={{ includeSearch: false, exact: true }}>{say('list.imports')}</Link>}
    </nav>
  );
}
