import { Button, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import type { Form } from '../../../../rules/forms/form.ts';
import { answersToSend, controlId, firstWrong, formState, nothingFilled, type Filling } from '../../../ui/form/filling.ts';
import '../../../ui/form/phone-form.css';
import { PhoneForm, type PhoneControlProps, type PhoneControls } from '../../../ui/form/phone-form.tsx';
import { actorVariables } from '../../form/actor.ts';
import { FieldControl } from '../../form/field-control.tsx';
import { FormView } from '../../form/form-view.tsx';
import { useTexts } from '../../i18n.ts';
import { focusControl } from '../../parts/field-item.tsx';
import { useSession } from '../../session/session.tsx';
import { useSettingsTexts } from '../settings-texts.ts';
import styles from './designer.module.css';

const none: Readonly<Record<string, string>> = {};
const drawn = (props: PhoneControlProps) => <FieldControl {...props} path={props.field.key} errors={none} />;
/** What a phone draws with means of its own is drawn here as the console does. */
const controls: PhoneControls = { file: drawn, signature: drawn, person: drawn, customer: drawn, asset: drawn };

/** The form as those will see it who fill it in (实时预览): by the same rule, on a desktop or a phone, as staff or as a customer. */
export function Preview({ form, device, broken }: { form: Form; device: 'desktop' | 'phone'; broken: boolean }) {
  const { language } = useTexts();
  const { t: say } = useSettingsTexts();
  const { me } = useSession();
  const [filling, setFilling] = useState<Filling>(nothingFilled);
  const [as, setAs] = useState<'staff' | 'customer'>('staff');
  const options = useMemo(() => ({ mode: 'create' as const, actor: as === 'customer' ? { kind: 'customer' as const } : actorVariables(me), ticket: { status: 'new', priority: 'normal', channel: as === 'customer' ? 'portal' : 'console', tags: [] }, timeZone: me.organization.timeZone }), [as, me]);
  const state = useMemo(() => (broken ? null : formState(form, filling, options, language)), [broken, form, filling, options, language]);
  if (state === null) return <p className={styles.nothing}>{say('preview.broken')}</p>;
  const answers = answersToSend(form, filling, state);

  function send(): void {
    const tried = { ...filling, tried: true };
    setFilling(tried);
    const wrong = firstWrong(form, formState(form, tried, options, language));
    if (wrong !== undefined) setTimeout(() => focusControl(controlId(wrong)));
  }

  return (
    <div className={styles.preview}>
      <div className={styles.previewBar}>
        <Segmented size="small" aria-label={say('preview.as')} value={as} options={(['staff', 'customer'] as const).map((kind) => ({ value: kind, label: say(`actor.${kind}`) }))} onChange={setAs} />
        <span className={styles.previewState} role="status">{filling.tried ? (state.wrong === 0 ? say('preview.fine') : say('preview.wrong', { count: state.wrong })) : ''}</span>
        <Button size="small" onClick={() => setFilling(nothingFilled)}>{say('preview.reset')}</Button>
        <Button size="small" type="primary" onClick={send}>{say('preview.send')}</Button>
      </div>
      {device === 'desktop' ? (
        <div className={styles.desktop}><FormView form={form} filling={filling} state={state} onChange={setFilling} /></div>
      ) : (
        <div className={styles.phone}><PhoneForm form={form} state={state} language={language} onChange={setFilling} controls={controls} /></div>
      )}
      <details className={styles.sent}>
        <summary>{say('preview.values')}</summary>
        <pre>{JSON.stringify(answers, null, 2)}</pre>
      </details>
    </div>
  );
}
