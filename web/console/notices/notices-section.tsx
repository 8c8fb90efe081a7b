import { Segmented } from 'antd';
import { useState } from 'react';
import { Section } from '../settings/section.tsx';
import { AccountsPart } from './accounts-part.tsx';
import { DeliveriesPart } from './deliveries-part.tsx';
import { PolicyPart } from './policy-part.tsx';
import { TemplatesPart } from './templates-part.tsx';
import { useNoticeTexts } from './texts.ts';
import styles from './notices.module.css';

const parts = { channels: AccountsPart, templates: TemplatesPart, policy: PolicyPart, deliveries: DeliveriesPart } as const;
type Part = keyof typeof parts;
const tabTexts = { channels: 'tab.channels', templates: 'tab.templates', policy: 'tab.policy', deliveries: 'tab.deliveries' } as const satisfies Record<Part, string>;

/** How staff are told outside of the program (通知渠道): channels, words, what happens when nobody answers, what became of each message. */
export function NoticesSection() {
  const { t } = useNoticeTexts();
  const [part, setPart] = useState<Part>('channels');
  const Content = parts[part];
  return (
    <Section title={t('title')} hint={t('hint')}>
      <Segmented<Part> className={styles.tabs} value={part} onChange={setPart} aria-label={t('title')} options={(Object.keys(parts) as Part[]).map((value) => ({ value, label: t(tabTexts[value]) }))} />
      <Content />
    </Section>
  );
}
